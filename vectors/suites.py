"""Crypto suites: known answers with their sources, and a chain on which keys of every suite sign.

SM2 and ML-DSA draw a nonce, so that a file made anew has other signatures, which hold as well.
"""

from __future__ import annotations

import hashlib
from typing import Any

from chain import CHAIN as CHAIN_1
from chain import key_of, name_of
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from gongshi.flows.alliance_to_ledger import SIZES
from gongshi.ledger.codec import sign_entry
from gongshi.ledger.entries import certify_key, certify_suite_key, end_mandate, grant_mandate
from gongshi.ledger.records import Block, Genesis, Member, Op
from gongshi.ledger.rules import apply
from gongshi.ledger.state import encode_genesis, found_state
from gongshi.seal.adapters.openssl_sm2 import find_openssl_sm2
from gongshi.seal.signing import SigningKey, make_signing_key
from gongshi.seal.suites.ed25519 import ED25519
from gongshi.seal.suites.ml_dsa_44 import ML_DSA_44
from gongshi.seal.suites.sm2 import make_sm2
from gongshi.seal.suites.suite import Suite
from gongshi.terms.instant import Instant
from gongshi.wiring import CHECKS, KINDS
from gongshi_verifier import cose, sm2
from gongshi_verifier.suites import compute_key_id, possession_bytes

CHAIN = CHAIN_1.replace("chain-1", "chain-suites")
MEMBERS = ("bank", "institute", "ministry", "payments")
BEGIN = 1_464_710_400_000

# GB/T 32918.5-2017, annex A.2 (also GM/T 0003.5-2012, A.2): M = "message digest", the default identifier, and the nonce k.
SM2_SECRET = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8"  # noqa: S105 - published
SM2_PUBLIC = (
    "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)
SM2_SIGNATURE = (
    "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
)


def get_suites() -> tuple[Suite, ...]:
    """Give the suites by which the vectors are signed; SM2 by the system's library, without which they are not made."""
    library = find_openssl_sm2()
    assert library is not None, "this system's libcrypto has no SM2"
    return (ED25519, make_sm2(library), ML_DSA_44)


def suite_key(name: str, suite: Suite) -> SigningKey:
    """Give a test key of a suite; the seed is that of `chain.seed_of` over NAME/SUITE."""
    return make_signing_key(hashlib.sha256(f"gongshi vectors {name}/{suite.name}".encode()).digest(), suite)


def make_suites() -> dict[str, Any]:
    """Give known answers, and per suite signatures to accept and to refuse, each with why."""
    return {
        "sm3": {
            "source": "GB/T 32905-2016, annex A",
            "cases": [
                {"message": b"abc".hex(), "digest": "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"},
                {
                    "message": (b"abcd" * 16).hex(),
                    "digest": "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
                },
            ],
        },
        "sm4": {
            "source": "GB/T 32907-2016, annex A",
            "key": "0123456789abcdeffedcba9876543210",
            "block": "0123456789abcdeffedcba9876543210",
            "cases": [
                {"times": 1, "encrypted": "681edf34d206965e86b3e94f536e4246"},
                {"times": 1_000_000, "encrypted": "595298c7c6fd271f0402f804c33d3f66"},
            ],
            "ours": _make_sm4(),
        },
        "sm2_example": {
            "source": "GB/T 32918.5-2017, annex A.2",
            "identifier": sm2.IDENTIFIER.hex(),
            "secret": SM2_SECRET,
            "public": SM2_PUBLIC,
            "message": b"message digest".hex(),
            "digest": "f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640",
            "signature": SM2_SIGNATURE,
        },
        "suites": [_make_suite(suite) for suite in get_suites()],
    }


def _make_sm4() -> list[dict[str, str]]:
    """Give blocks of our own, so that more than one key and block stand against each other."""
    made = []
    for number in range(4):
        key, block = (hashlib.sha256(f"sm4 {part} {number}".encode()).digest()[:16] for part in ("key", "block"))
        encryptor = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()  # noqa: S305 - one block, as the standard shows it
        made.append({"key": key.hex(), "block": block.hex(), "encrypted": encryptor.update(block).hex()})
    return made


def _make_suite(suite: Suite) -> dict[str, Any]:
    key, message = suite_key("vectors", suite), b"gongshi"
    signature = key.sign(message)
    other = suite_key("other", suite)
    refuse = [
        ("another message", key.public, b"gongshj", signature),
        ("another key", other.public, message, signature),
        ("one bit", key.public, message, bytes([signature[0] ^ 1]) + signature[1:]),
        ("a byte short", key.public, message, signature[:-1]),
        ("a byte long", key.public, message, signature + b"\0"),
        ("zeroes", key.public, message, bytes(len(signature))),
        ("a key a byte short", key.public[:-1], message, signature),
        *(_sm2_edges(key, message, signature) if suite.algorithm == cose.SM2 else ()),
    ]
    return {
        "suite": suite.name,
        "algorithm": suite.algorithm,
        "seed": key.seed.hex(),
        "public": key.public.hex(),
        "key_id": key.id.hex(),
        "possession": {
            "chain": CHAIN,
            "organisation": "bank",
            "statement": possession_bytes(CHAIN, "bank", suite.name, key.public).hex(),
            "signature": key.sign(possession_bytes(CHAIN, "bank", suite.name, key.public)).hex(),
        },
        "accept": [{"public": key.public.hex(), "message": message.hex(), "signature": signature.hex()}],
        "refuse": [
            {"why": why, "public": public.hex(), "message": text.hex(), "signature": bent.hex()}
            for why, public, text, bent in refuse
        ],
    }


def _sm2_edges(key: SigningKey, message: bytes, signature: bytes) -> list[tuple[str, bytes, bytes, bytes]]:
    r, s = signature[:32], signature[32:]
    order, field = sm2.N.to_bytes(32, "big"), sm2.P.to_bytes(32, "big")
    opposite = (sm2.N - int.from_bytes(r, "big")).to_bytes(32, "big")
    bent = key.public[:-1] + bytes([key.public[-1] ^ 1])
    return [
        ("r is 0", key.public, message, bytes(32) + s),
        ("s is 0", key.public, message, r + bytes(32)),
        ("r is n", key.public, message, order + s),
        ("s is n", key.public, message, r + order),
        ("r + s is n", key.public, message, r + opposite),
        ("r and s changed about", key.public, message, s + r),
        ("a key off the curve", bent, message, signature),
        ("a key of zeroes", bytes(64), message, signature),
        ("x is p", field + key.public[32:], message, signature),
        ("a SEC1 key", b"\x04" + key.public, message, signature),
    ]


def make_chain_suites() -> dict[str, Any]:
    """Give a chain on which members certify a key of each suite and sign with it, and refusals that leave no trace."""
    members = tuple(
        Member(name, name_of(name).as_json(), "member", True, key_of(name, "root").public) for name in MEMBERS
    )
    kinds = {f"{name}/{version}": 0 for name, version in KINDS if name.startswith("ledger.")}
    genesis = Genesis(CHAIN, Instant(BEGIN), members, {**SIZES, "kinds": kinds, "namespaces": {"members": "map"}})
    ed25519, gm, pq = get_suites()
    keys = {name: suite_key(name, suite) for name, suite in zip(MEMBERS[:3], (gm, ed25519, pq), strict=True)}
    state, blocks, sequence = found_state(genesis), [], 0

    def sign(key: SigningKey, *ops: Op) -> bytes:
        nonlocal sequence
        sequence += 1
        return sign_entry(key, CHAIN, sequence, state.height + 10, ops)

    def certificate(owner: str, key: SigningKey, **changes: Any) -> bytes:
        op = certify_suite_key(key, CHAIN, owner, bytes(32))
        return sign(key_of(owner, "root"), Op(op.kind, op.version, {**op.body, **changes}))

    def block(*entries: bytes) -> None:
        nonlocal state
        applied = apply(state, Block(state.height + 1, Instant(state.time + 1000), entries), KINDS, CHECKS)
        state = applied.state
        blocks.append(
            {
                "height": state.height,
                "time": state.time,
                "entries": [data.hex() for data in entries],
                "results": [
                    {"leaf": r.leaf} if r.problem is None else {"refused": r.problem.code} for r in applied.results
                ],
                "header": applied.logged.header.hex(),
                "log_size": state.log.size,
                "log_root": state.log.root().hex(),
                "roots": {name: root.hex() for name, root in sorted(state.roots().items())},
                "app_hash": applied.logged.app_hash.hex(),
            }
        )

    until = BEGIN + 10**9
    block(*(certificate(name, key) for name, key in keys.items()))
    old = key_of("payments", "sign")
    block(sign(key_of("payments", "root"), certify_key(old.public, bytes(32))))
    block(*(sign(key, grant_mandate(f"{name}-expert", ["expert"], until)) for name, key in keys.items()))
    block(sign(old, grant_mandate("payments-expert", ["expert"], until)))
    fresh = [suite_key("fresh", suite) for suite in (ed25519, gm, pq)]
    for key in fresh:
        another = suite_key("another", key.suite)
        block(
            certificate(
                "payments",
                key,
                possession=another.sign(possession_bytes(CHAIN, "payments", key.suite.name, key.public)),
            ),
            certificate(
                "payments", key, possession=key.sign(possession_bytes(CHAIN, "bank", key.suite.name, key.public))
            ),
            certificate(
                "payments", key, possession=key.sign(possession_bytes(CHAIN_1, "payments", key.suite.name, key.public))
            ),
            certificate("payments", key, suite="rot13"),
            certificate("payments", key, public=key.public[:-1]),
            certificate("payments", keys[MEMBERS[0]]),
        )
    data = sign(keys["bank"], end_mandate("bank-expert"))
    block(data[:-1] + bytes([data[-1] ^ 1]), _under_another(keys["bank"], ED25519, sequence))
    block(sign(keys["ministry"], end_mandate("ministry-expert")))
    return {"chain": CHAIN, "genesis": encode_genesis(genesis).hex(), "blocks": blocks}


def _under_another(key: SigningKey, suite: Suite, sequence: int) -> bytes:
    """Give an entry of a key whose header names another suite; everything else about it is right."""
    posing = SigningKey(key.seed, key.public, Suite(key.suite.name, suite.algorithm, key.suite.derive, key.suite.sign))
    assert posing.id == compute_key_id(key.public, key.suite.name)
    return sign_entry(posing, CHAIN, sequence, 12, [end_mandate("bank-expert")])
