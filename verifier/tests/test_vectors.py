"""Other people's cases: C2SP's Ed25519 edges, transparency-dev's Merkle proofs, the COSE working group's messages.

They are read in place from the folder that DATA names; without it these tests skip. Whatever our written rule decides
otherwise than the source of a case is listed here with the reason, and the lists are exact: a new deviation fails, and so does
one that has gone.
"""

from __future__ import annotations

import base64
import binascii
import collections
import json
import os
import zipfile
from pathlib import Path

import pytest

from gongshi_verifier import cbor, cose
from gongshi_verifier.ed25519 import check_signature, refuse_signature
from gongshi_verifier.merkle import check_consistency, check_inclusion

TAG_SIGN1 = b"\xd2"


@pytest.fixture(scope="module")
def vectors():
    folder = Path(os.environ.get("DATA", "")) / "vectors"
    if not os.environ.get("DATA") or not folder.is_dir():
        pytest.skip("shared data not present")
    return folder


def read_zip(path: Path) -> dict[str, dict]:
    with zipfile.ZipFile(path) as archive:
        return {name: json.loads(archive.read(name)) for name in archive.namelist() if name.endswith(".json")}


# --- Ed25519 ---

# RFC 8032 leaves these open or allows them; the ledger's rule refuses them, because libraries differ on them and would fork it.
REFUSED_BY_RULE = {
    "low_order_A": "a key of small order signs everything",
    "low_order_R": "a commitment of small order is refused with it",
    "non_canonical_A": "one point has one encoding",
    "non_canonical_R": "one point has one encoding",
    # The equation is cofactorless: what holds only up to a small component does not hold.
    "low_order_residue": "holds only when both sides are multiplied by the cofactor",
}
# A component of small order in A or R is accepted when the cofactorless equation holds with it.
ACCEPTED_BY_RULE = {"low_order_component_A", "low_order_component_R", "reencoded_k"}


def test_all_ed25519_edges(vectors):
    cases = json.loads((vectors / "ed25519-cctv.json").read_text())
    counted: collections.Counter[str] = collections.Counter()
    for case in cases:
        public, signature = bytes.fromhex(case["key"]), bytes.fromhex(case["sig"])
        flags = set(case["flags"] or ())
        accepted = check_signature(public, case["msg"].encode(), signature)
        assert flags <= REFUSED_BY_RULE.keys() | ACCEPTED_BY_RULE, "a flag that the rule does not speak of"
        assert accepted is not bool(flags & REFUSED_BY_RULE.keys()), case
        counted["accepted" if accepted else refuse_signature(public, signature) or "equation"] += 1
    print("ed25519-cctv:", len(cases), dict(counted))
    assert len(cases) == 914
    assert sum(counted.values()) == 914


# --- Merkle ---


def read_hashes(case) -> tuple[bytes, ...]:
    return tuple(base64.b64decode(item) for item in case.get("proof") or ())


def judge_merkle(kind: str, case) -> bool | None:
    """Judge by our functions; None where they claim nothing.

    The verifier claims inclusion and consistency. A subtree [start, end) of the drafts for Merkle tree certificates is
    judged where it is one of ours in other words: its inclusion is inclusion in a tree of its size, once the subtree is one
    (start is a multiple of the power of two that holds it); its consistency is ours where it begins at 0 and holds something.
    """
    try:
        hashes = read_hashes(case)
        root, leaf = (base64.b64decode(case.get(name) or "") for name in ("root", "leafHash"))
        roots = [base64.b64decode(case.get(name) or "") for name in ("root1", "root2")]
    except (binascii.Error, TypeError):
        return False
    if kind == "inclusion":
        return check_inclusion(leaf, case["leafIdx"], case["treeSize"], hashes, root)
    if kind == "consistency":
        return check_consistency(case["size1"], roots[0], case["size2"], roots[1], hashes)
    start, end = case["start"], case["end"]
    is_subtree = 0 <= start < end and start % (1 << (end - start - 1).bit_length()) == 0
    if kind == "subtreeinclusion":
        return is_subtree and check_inclusion(leaf, case["leafIdx"] - start, end - start, hashes, root)
    if start != 0 or end == 0:
        return None
    return is_subtree and check_consistency(end, roots[0], case["size"], roots[1], hashes)


# Cases that the rule here decides otherwise than their source: case → reason. (The source also calls growth from the empty
# tree useless and refuses it; here it holds for the empty tree's own root, and no case has that root beside a whole one.)
_SHORT = "accepted there for equal sizes and any equal roots: a root here has 32 bytes, and these have 12"
MERKLE_DEVIATIONS = {
    "testdata/consistency/additional/sizes-are-equal-one-and-proof-is-empty.json": _SHORT,
    "testdata/subtreeconsistency/additional/sizes-are-equal-one-and-proof-is-empty.json": _SHORT,
}


def test_all_merkle_proofs(vectors):
    counted: collections.Counter[str] = collections.Counter()
    deviating, total = [], 0
    for name, case in read_zip(vectors / "merkle-proofs.zip").items():
        kind, total = name.split("/")[1], total + 1
        accepted = judge_merkle(kind, case)
        if accepted is None:
            counted[f"{kind} not claimed"] += 1
            continue
        counted[f"{kind} {'accepted' if accepted else 'refused'}"] += 1
        if accepted is bool(case["wantErr"]):
            deviating.append(name)
    print("merkle-proofs:", total, dict(counted))
    for name, reason in MERKLE_DEVIATIONS.items():
        print(f"  {name}: {reason}")
    assert total == 518
    assert sorted(deviating) == sorted(MERKLE_DEVIATIONS)


# --- COSE ---

_SUITE = "ECDSA: the house signs with Ed25519 alone, and the reader knows no other"
_MANY = "COSE_Sign, for several signers: an entry has one"
# The source says pass, and the reader refuses: case → reason.
COSE_REFUSED = {
    **{f"ecdsa-examples/ecdsa-0{number}.json": _MANY for number in (1, 2, 3, 4)},
    **{f"eddsa-examples/eddsa-0{number}.json": _MANY for number in (1, 2)},
    **{f"ecdsa-examples/ecdsa-sig-0{number}.json": _SUITE for number in (1, 2, 3, 4)},
    "eddsa-examples/eddsa-sig-02.json": "Ed448: the house signs with Ed25519 alone",
    "sign1-tests/sign-pass-01.json": "an empty protected header: it names no algorithm",
    "sign1-tests/sign-pass-02.json": _SUITE,
    "sign1-tests/sign-pass-03.json": _SUITE,
}


def unwrap(case) -> bytes:
    """Give the message as the house would write it.

    Without the tag 18, and with nothing in the unprotected header, which no signature covers: these put the key's id there.
    """
    data = bytes.fromhex(case["output"]["cbor"])
    try:
        value = cbor.decode(data.removeprefix(TAG_SIGN1))
    except cbor.CborError:
        return data
    return cbor.encode([value[0], {}, *value[2:]])


def key_of(signer) -> bytes:
    if "x_hex" in signer["key"]:
        return bytes.fromhex(signer["key"]["x_hex"])
    return base64.urlsafe_b64decode(signer["key"]["x"] + "==")


def judge_cose(case) -> str:
    try:
        message = cose.parse_sign1(unwrap(case))
    except cose.CoseError as error:
        return error.reason
    signer = case["input"]["sign0"]
    external = bytes.fromhex(signer.get("external", ""))
    return "accepted" if cose.check_sign1(message, key_of(signer), external) else "signature"


def test_all_cose_messages(vectors):
    cases = read_zip(vectors / "cose-eddsa-sign1.zip")
    judged = {name: judge_cose(case) for name, case in cases.items()}
    print("cose-eddsa-sign1:", len(cases), dict(collections.Counter(judged.values())))
    for name, reason in COSE_REFUSED.items():
        print(f"  {name}: {judged[name]}: {reason}")
    assert len(cases) == 21
    assert not [name for name, case in cases.items() if case.get("fail") and judged[name] == "accepted"]
    passing = {name for name, case in cases.items() if not case.get("fail")}
    assert {name for name in passing if judged[name] != "accepted"} == set(COSE_REFUSED)
    # As they are, all are refused: the house's own messages have nothing outside the signature and no tag.
    for case in cases.values():
        with pytest.raises(cose.CoseError):
            cose.parse_sign1(bytes.fromhex(case["output"]["cbor"]))


def test_what_cose_signatures_cover(vectors):
    """Whatever the algorithm, the bytes that are signed are those of the standard."""
    cases = read_zip(vectors / "cose-eddsa-sign1.zip")
    compared = 0
    for name, case in cases.items():
        if "sign0" in case["input"] and not case.get("fail") and not name.endswith("sign-pass-01.json"):
            message = cose.parse_sign1(unwrap(case))
            external = bytes.fromhex(case["input"]["sign0"].get("external", ""))
            assert message.signed_bytes(external).hex().upper() == case["intermediates"]["ToBeSign_hex"], name
            compared += 1
    assert compared == 8


def test_an_ed25519_signature_among_several_signers_holds_by_itself(vectors):
    case = read_zip(vectors / "cose-eddsa-sign1.zip")["eddsa-examples/eddsa-01.json"]
    _, _, _, signatures = cbor.decode(bytes.fromhex(case["output"]["cbor"])[2:])
    signed = bytes.fromhex(case["intermediates"]["signers"][0]["ToBeSign_hex"])
    assert check_signature(key_of(case["input"]["sign"]["signers"][0]), signed, signatures[0][2])
