"""The desk on an engine that commits late, with keys that are missing and sequences that are under way."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from gongshi.flows.desk import Desk, EntryRefusedError, NoKeysError, NoReceiptError
from gongshi.group.entries import sign_evidence
from gongshi.group.queries import list_evidence
from gongshi.ledger.codec import decode_entry
from gongshi.ledger.engines.embedded import EmbeddedEngine
from gongshi.ledger.records import Pending, Proof
from gongshi.wiring import KINDS, House
from gongshi_verifier.ed25519 import check_signature
from gongshi_verifier.merkle import check_inclusion, hash_leaf
from gongshi_verifier.note import parse_checkpoint


def act_of(name: str):
    return sign_evidence(hashlib.sha256(name.encode()).digest(), "lab.run")


def late(house: House, delay: int) -> Desk:
    """Give the desk on an engine that commits so many blocks late."""
    log = house.engine._log_key
    engine = EmbeddedEngine(house.store, KINDS, house.desk.clock, log, check_signature, delay)
    return replace(house.desk, engine=engine, _sequences={})


@pytest.mark.parametrize("delay", [0, 1, 3])
def test_an_act_ends_with_a_proof_however_late_the_engine(house: House, delay: int) -> None:
    """
    engine commits `delay` blocks late; act -> proof under the newest checkpoint, and the tables have it
    """
    desk = late(house, delay)
    proof = desk.act("ministry", act_of("one"))
    checkpoint = parse_checkpoint(proof.checkpoint)
    data = next(e.entry.data for b in desk.engine.blocks(proof.height) for e in b.entries if e.leaf == proof.leaf)
    assert check_inclusion(hash_leaf(data), proof.leaf, checkpoint.size, proof.path, checkpoint.root)
    with desk.read() as connection:
        assert [row["org"] for row in list_evidence(connection, "lab.run")] == ["ministry"]


def test_a_ticket_promises_nothing_yet(house: House) -> None:
    """
    engine 3 blocks late; submit -> pending, and nothing in the tables; three blocks later -> proof
    """
    desk = late(house, 3)
    ticket = desk.submit("ministry", act_of("one"))
    for _ in range(3):
        desk.engine.advance()
        assert isinstance(desk.engine.receipt(ticket), Pending)
    desk.engine.advance()
    assert isinstance(desk.engine.receipt(ticket), Proof)


def test_entries_under_way_have_rising_sequences(house: House) -> None:
    """
    three entries of one key before a block -> n+1, n+2, n+3; a desk that is opened anew goes on above what is committed
    """
    desk = late(house, 3)
    tickets = [desk.submit("ministry", act_of(name)) for name in ("one", "two", "three")]
    assert [proof.leaf for proof in desk.settle(*tickets)] == sorted(proof.leaf for proof in desk.settle(*tickets))
    entry = decode_entry(replace(desk, _sequences={}).sign("ministry", [act_of("four")]), 1 << 20)
    assert entry.sequence == desk.engine.get("members", f"seq/{entry.key_id.hex()}") + 1


def test_an_engine_that_never_answers_gives_no_receipt(house: House) -> None:
    """
    engine 1,000 blocks late -> NoReceiptError with the ticket, by which one may ask again
    """
    desk = late(house, 1000)
    with pytest.raises(NoReceiptError) as caught:
        desk.act("ministry", act_of("one"))
    assert isinstance(desk.engine.receipt(caught.value.ticket), Pending)


def test_a_refusal_says_why(house: House) -> None:
    """
    the same evidence signed twice by one organisation -> group.evidence.signed
    """
    house.desk.act("ministry", act_of("one"))
    with pytest.raises(EntryRefusedError) as caught:
        house.desk.act("ministry", act_of("one"))
    assert caught.value.problem.code == "group.evidence.signed"


def test_a_desk_signs_only_for_the_keys_that_it_was_started_with(house: House) -> None:
    """
    a desk with the institute's keys alone, asked to sign for the ministry -> NoKeysError, nothing submitted
    """
    desk = replace(house.desk, keyrings={"institute": house.desk.keyrings["institute"]})
    height = desk.engine.height
    with pytest.raises(NoKeysError) as caught:
        desk.act("ministry", act_of("one"))
    assert caught.value.organisation == "ministry"
    desk.engine.advance()
    assert desk.engine.height == height
