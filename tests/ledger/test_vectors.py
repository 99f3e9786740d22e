"""Chain 1 replays to the hashes that are written in it, block by block, in this release and in every later one."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongshi.ledger.adapters.sqlite_store import SqliteStore
from gongshi.ledger.codec import decode_entry
from gongshi.ledger.engines.embedded import EmbeddedEngine
from gongshi.ledger.records import Block, Entry, Genesis, Member
from gongshi.ledger.rules import apply
from gongshi.ledger.state import State, encode_genesis, found_state
from gongshi.seal.signing import make_signing_key
from gongshi.terms.canonical import decode_cbor
from gongshi.terms.problem import Problem
from gongshi.wiring import KINDS
from gongshi_verifier import cbor
from gongshi_verifier.ed25519 import check_signature
from gongshi_verifier.entry import EntryError, parse_entry

VECTORS = Path(__file__).parents[2] / "vectors"
CHAIN: dict[str, Any] = json.loads((VECTORS / "chain-1.json").read_text(encoding="utf-8"))


def read_genesis() -> Genesis:
    _, chain, time, members, params = decode_cbor(bytes.fromhex(CHAIN["genesis"]))
    return Genesis(chain, time, tuple(Member(*member) for member in members), params)


def replay(blocks: list[dict[str, Any]]) -> tuple[State, list[dict[str, Any]]]:
    """Give the last state, and each block as the vectors write it down."""
    state, written = found_state(read_genesis()), []
    for stated in blocks:
        entries = tuple(bytes.fromhex(data) for data in stated["entries"])
        applied = apply(state, Block(stated["height"], stated["time"], entries), KINDS, check_signature)
        state = applied.state
        results = [{"leaf": r.leaf} if r.problem is None else {"refused": r.problem.code} for r in applied.results]
        written.append(
            {
                **{name: stated[name] for name in ("height", "time", "entries")},
                "results": results,
                "header": applied.logged.header.hex(),
                "log_size": state.log.size,
                "log_root": state.log.root().hex(),
                "roots": {name: root.hex() for name, root in sorted(state.roots().items())},
                "app_hash": applied.logged.app_hash.hex(),
            }
        )
    return state, written


def test_the_chain_replays_to_what_is_written_in_it():
    _, written = replay(CHAIN["blocks"])
    for stated, found in zip(CHAIN["blocks"], written, strict=True):
        assert found == stated, f"height {stated['height']}"


def test_the_app_hash_is_what_the_readme_says():
    """Computed here from the written parts, with the verifier's encoder and none of the ledger's code."""
    params = cbor.decode(bytes.fromhex(CHAIN["genesis"]))[4]
    parameters = hashlib.sha256(cbor.encode(params)).digest()
    parent = hashlib.sha256(bytes.fromhex(CHAIN["genesis"])).digest()
    for block in CHAIN["blocks"]:
        roots = {name: bytes.fromhex(root) for name, root in block["roots"].items()}
        content = [1, block["log_size"], bytes.fromhex(block["log_root"]), roots, parameters]
        assert hashlib.sha256(cbor.encode(content)).hexdigest() == block["app_hash"]
        if block["header"]:
            header = ["gongshi/header", 1, CHAIN["chain"], block["height"], block["time"], parent, roots, parameters]
            assert cbor.encode(header).hex() == block["header"]
            parent = hashlib.sha256(bytes.fromhex(block["header"])).digest()


def test_a_block_in_which_nothing_is_accepted_does_not_move_the_hash():
    quiet = [place for place, block in enumerate(CHAIN["blocks"]) if not block["header"]]
    assert len(quiet) > 2
    for place in quiet:
        assert all("refused" in result for result in CHAIN["blocks"][place]["results"])
        assert CHAIN["blocks"][place]["app_hash"] == CHAIN["blocks"][place - 1]["app_hash"]


def accepted(block: dict[str, Any]) -> list[bytes]:
    return [bytes.fromhex(d) for d, result in zip(block["entries"], block["results"], strict=True) if "leaf" in result]


def test_every_kind_that_exists_stands_in_a_chain_of_the_vectors():
    found = set()
    for path in VECTORS.glob("chain-*.json"):
        for block in json.loads(path.read_text(encoding="utf-8"))["blocks"]:
            found |= {(kind, version) for data in accepted(block) for kind, version, _ in parse_entry(data).ops}
    assert found == set(KINDS), "a new kind comes with a new chain, and before the first release with chain 1 made anew"


def test_house_and_verifier_read_the_entries_alike():
    for block in CHAIN["blocks"]:
        for data in accepted(block):
            ours, theirs = decode_entry(data, len(data)), parse_entry(data)
            assert isinstance(ours, Entry)
            assert [(op.kind, op.version, op.body) for op in ours.ops] == list(theirs.ops)
            assert (ours.chain, ours.key_id, ours.mandate, ours.digest) == (
                theirs.chain,
                theirs.key_id,
                theirs.mandate,
                theirs.digest,
            )


ENTRIES = [data for block in CHAIN["blocks"] for data in accepted(block)]


@settings(max_examples=400)
@given(st.sampled_from(ENTRIES), st.randoms(use_true_random=False))
def test_house_and_verifier_agree_on_which_bent_bytes_are_an_entry(data, rng):
    """What one of them reads and the other does not would stand on the ledger and fail in a reader's hands."""
    bent = bytearray(data)
    for _ in range(rng.randint(1, 2)):
        bent[rng.randrange(len(bent))] = rng.randrange(256)
    ours = decode_entry(bytes(bent), len(bent))
    try:
        theirs = parse_entry(bytes(bent))
    except EntryError:
        assert isinstance(ours, Problem)
        return
    assert isinstance(ours, Entry)
    assert (ours.mandate, [op.body for op in ours.ops]) == (theirs.mandate, [body for _, _, body in theirs.ops])


def test_a_version_that_is_true_is_refused_by_both():
    """To Python alone, true is 1."""
    protected, unprotected, payload, signature = cbor.decode(ENTRIES[0])
    content = [True, *cbor.decode(payload)[1:]]
    data = cbor.encode([protected, unprotected, cbor.encode(content), signature])
    assert isinstance(decode_entry(data, len(data)), Problem)
    with pytest.raises(EntryError):
        parse_entry(data)


def test_the_genesis_and_its_seeds_belong_together():
    genesis = read_genesis()
    assert encode_genesis(genesis).hex() == CHAIN["genesis"]
    for member in genesis.members:
        assert make_signing_key(bytes.fromhex(CHAIN["seeds"][f"{member.id}/root"])).public == member.root


WHOLE = [block["height"] for block in CHAIN["blocks"] if all("leaf" in result for result in block["results"])]


@pytest.mark.parametrize("height", [WHOLE[0], WHOLE[len(WHOLE) // 2], WHOLE[-1]])
def test_an_entry_with_a_byte_bent_is_refused_and_the_hash_is_another(height):
    blocks = json.loads(json.dumps(CHAIN["blocks"][:height]))
    data = bytearray.fromhex(blocks[-1]["entries"][0])
    data[-1] ^= 1
    blocks[-1]["entries"][0] = data.hex()
    _, written = replay(blocks)
    assert written[-1]["results"][0] == {"refused": "ledger.entry.signature"}
    assert written[-1]["app_hash"] != CHAIN["blocks"][height - 1]["app_hash"]


class _Clock:
    """Gives each block the time that is written in the vectors."""

    instant = 0

    def now(self) -> int:
        return self.instant


def test_the_engine_commits_to_the_same_hashes_and_finds_them_again(tmp_path):
    """Blocks of one entry are submitted to the embedded engine; opening it anew re-derives every hash from what is on disk."""
    blocks = [block for block in CHAIN["blocks"] if block["height"] <= 24]
    store, clock = SqliteStore(tmp_path / "ledger.db"), _Clock()
    store.found(read_genesis())
    engine = EmbeddedEngine(store, KINDS, clock, make_signing_key(bytes(32)), check_signature)
    for block in blocks:
        for data in block["entries"]:
            engine.submit(bytes.fromhex(data))
        clock.instant = block["time"]
        engine.advance()
        assert engine.state.app_hash().hex() == block["app_hash"]
    again = EmbeddedEngine(store, KINDS, clock, make_signing_key(bytes(32)), check_signature)
    assert again.state.app_hash().hex() == blocks[-1]["app_hash"]
    store.close()
