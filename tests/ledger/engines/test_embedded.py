from __future__ import annotations

import threading

import pytest

from gongshi.ledger.adapters.sqlite_store import StoreError
from gongshi.ledger.records import Pending, Proof, Refused
from gongshi.terms.canonical import encode_cbor
from gongshi_verifier.merkle import check_consistency, check_inclusion, hash_leaf
from gongshi_verifier.note import parse_checkpoint
from gongshi_verifier.state import check_absence, check_presence
from tests.ledger.worlds import BEGIN, NAMES, World, certificate, coin, genesis, note, refused, seal


@pytest.fixture
def world(tmp_path):
    return World(tmp_path / "ledger.sqlite").begin()


def proves(engine, data: bytes, receipt: Proof) -> bool:
    checkpoint = parse_checkpoint(receipt.checkpoint)
    return check_inclusion(hash_leaf(data), receipt.leaf, checkpoint.size, receipt.path, checkpoint.root)


def test_ticket_promises_nothing_until_the_block(world):
    data = world.sign("alpha", note("a", 1))
    ticket = world.engine.submit(data)
    assert isinstance(world.engine.receipt(ticket), Pending)
    assert world.engine.get("notes", "a") is None
    world.engine.advance()
    receipt = world.engine.receipt(ticket)
    assert isinstance(receipt, Proof)
    assert proves(world.engine, data, receipt)
    assert world.engine.get("notes", "a") == 1


def test_old_receipt_is_proved_under_the_newest_checkpoint(world):
    data = world.sign("alpha", note("a", 1))
    first = world.settle(data)
    for number in range(9):
        world.act("beta", note("b", number))
    later = world.engine.receipt(world.engine.submit(data))
    assert (later.leaf, later.height) == (first.leaf, first.height)
    assert later.checkpoint != first.checkpoint
    assert proves(world.engine, data, later)


def test_growth_is_proved_between_checkpoints(world):
    old = parse_checkpoint(world.engine.checkpoint())
    for number in range(5):
        world.act("beta", note("b", number))
    new = parse_checkpoint(world.engine.checkpoint())
    path = world.engine.prove_growth(old.size)
    assert check_consistency(old.size, old.root, new.size, new.root, path)


def test_state_is_proved_under_its_root(world):
    world.act("alpha", note("a", [1, 2]), coin("c", 5))
    root = world.engine.state.trees["notes"].root()
    proof = world.engine.prove("notes", "a")
    assert check_presence("a", encode_cbor([1, 2]), 0, proof.steps, root, is_sum=False)
    absent = world.engine.prove("notes", "z")
    assert check_absence("z", absent.leaf, absent.steps, root, is_sum=False)


def test_same_bytes_twice_are_one_entry(world):
    data = world.sign("alpha", coin("c", 5))
    first, second = world.engine.submit(data), world.engine.submit(data)
    assert first == second
    world.engine.advance()
    height = world.engine.height
    again = world.engine.submit(data)
    world.engine.advance()
    assert world.engine.height == height
    assert world.engine.receipt(again).height == height
    assert world.engine.state.amount("coins", "c") == 5


def test_refused_entry_may_come_again_and_is_judged_anew(world):
    """It would live too long now and not later: refused first, pending when it comes again, then accepted."""
    data = seal("alpha", note("a", 1), sequence=1, until=200)
    world.sequences["alpha"] = 1
    refusal = world.settle(data)
    assert isinstance(refusal, Refused)
    assert refusal.problem.code == "ledger.entry.window"
    assert dict(refusal.problem.values) == {"valid_until": 200, "limit": 100}
    for number in range(100):
        world.act("beta", note("b", number))
    ticket = world.engine.submit(data)
    assert isinstance(world.engine.receipt(ticket), Pending)
    world.engine.advance()
    assert isinstance(world.engine.receipt(ticket), Proof)


def test_refusal_is_told_with_its_values_and_is_no_leaf(world):
    size = parse_checkpoint(world.engine.checkpoint()).size
    receipt = world.act("alpha", refused())
    assert isinstance(receipt, Refused)
    assert (receipt.problem.code, dict(receipt.problem.values)) == ("toy.note.empty", {"height": 3})
    assert parse_checkpoint(world.engine.checkpoint()).size == size


def test_nothing_waiting_makes_no_block(world):
    height = world.engine.height
    world.engine.advance()
    assert world.engine.height == height


def test_group_commit_makes_one_block_of_what_waits(world):
    before, commits = world.engine.height, []
    commit = world.store.commit
    world.store.commit = lambda *given: (commits.append(1), commit(*given))
    tickets = [world.engine.submit(world.sign(name, coin("c", 1))) for _ in range(50) for name in NAMES]
    world.engine.advance()
    assert {world.engine.receipt(ticket).height for ticket in tickets} == {before + 1}
    assert len(commits) == 1
    assert world.engine.state.amount("coins", "c") == 100


def test_block_holds_no_more_than_its_limit(tmp_path):
    """An entry of about 1,100 bytes, blocks of at most 3,000: two to a block, in the order in which they came."""
    world = World(tmp_path / "ledger.sqlite", block_bytes_max=3000).begin()
    entries = [world.sign("alpha", note(f"a{number}", "x" * 1000)) for number in range(5)]
    tickets = [world.engine.submit(data) for data in entries]
    for _ in range(3):
        world.engine.advance()
    heights = [world.engine.receipt(ticket).height for ticket in tickets]
    assert heights == [3, 3, 4, 4, 5]
    for block in world.engine.blocks(3):
        assert sum(len(logged.entry.data) for logged in block.entries) <= 3000


def test_entry_larger_than_a_block_goes_alone(tmp_path):
    world = World(tmp_path / "ledger.sqlite", block_bytes_max=500).begin()
    large, small = world.sign("alpha", note("a", "x" * 1000)), world.sign("beta", note("b", 1))
    tickets = [world.engine.submit(data) for data in (large, small)]
    world.engine.advance()
    assert isinstance(world.engine.receipt(tickets[0]), Proof)
    assert isinstance(world.engine.receipt(tickets[1]), Pending)


def test_engine_that_commits_three_blocks_late(tmp_path):
    """The entry is pending through three advances and in the fourth's block; the result is that of a prompt engine."""
    late = World(tmp_path / "late.sqlite", delay_blocks=3)
    prompt = World(tmp_path / "prompt.sqlite")
    ticket = late.engine.submit(certificate("alpha"))
    for _ in range(3):
        late.engine.advance()
        assert isinstance(late.engine.receipt(ticket), Pending)
        assert late.engine.height == 0
    late.engine.advance()
    assert isinstance(late.engine.receipt(ticket), Proof)
    prompt.settle(certificate("alpha"))
    for world in (late, prompt):
        assert isinstance(world.settle(certificate("beta")), Proof)
        world.act("alpha", note("a", 1), coin("c", 3))
    assert late.engine.state.roots() == prompt.engine.state.roots()


def test_blocks_tell_what_happened(world):
    world.act("alpha", note("a", 1))
    world.act("beta", refused())
    blocks = list(world.engine.blocks(2))
    assert [block.height for block in blocks] == [2, 3, 4]
    assert [[(e.organisation, e.entry.ops[0].kind) for e in block.entries] for block in blocks] == [
        [("beta", "ledger.key.certify")],
        [("alpha", "toy.note")],
        [],
    ]
    assert [result.problem.code for result in blocks[2].refused] == ["toy.note.empty"]
    assert blocks[1].app_hash == blocks[2].app_hash == world.engine.state.app_hash()
    assert list(world.engine.blocks(5)) == []


def test_time_rises_even_when_the_clock_does_not(tmp_path):
    world = World(tmp_path / "ledger.sqlite")
    world.engine._clock = type("Stuck", (), {"now": lambda _: BEGIN - 10**9})()
    world.begin()
    assert [block.time for block in world.engine.blocks(1)] == [BEGIN + 1, BEGIN + 2]


def test_engine_says_what_it_is(world):
    assert world.engine.chain == "toy"
    assert world.engine.genesis == genesis()
    assert world.engine.vkey.name == "toy"


def test_commit_that_failed_leaves_the_entry_waiting(world):
    commit = world.store.commit

    def fail(*_):
        raise StoreError("full", world.path)

    world.store.commit = fail
    data = world.sign("alpha", coin("c", 5))
    ticket = world.engine.submit(data)
    before = world.engine.state
    with pytest.raises(StoreError):
        world.engine.advance()
    assert world.engine.state is before
    assert isinstance(world.engine.receipt(ticket), Pending)
    world.store.commit = commit
    world.engine.advance()
    assert isinstance(world.engine.receipt(ticket), Proof)
    assert world.reopen().state.amount("coins", "c") == 5


def test_readers_and_a_writer_at_once_see_whole_blocks(world):
    """Checkpoints drawn while blocks are made are always those of a block's end, and grow from each other."""
    seen, stop, failed = [], threading.Event(), []

    def read():
        while not stop.is_set():
            seen.append(world.engine.checkpoint())
            try:
                for block in world.engine.blocks(1):
                    assert block.header
            except Exception as error:  # noqa: BLE001 - told by the assertion below
                failed.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(60):
        world.act("alpha", note("a", number))
    stop.set()
    reader.join()
    ends = {0, 2, 4, *range(4, 4 + 2 * 60 + 1, 2)}
    assert failed == []
    assert {parse_checkpoint(text).size for text in seen} <= ends
    assert len(seen) > 1


def test_reopened_engine_goes_on(world):
    world.act("alpha", coin("c", 5))
    world.reopen()
    assert isinstance(world.act("alpha", coin("c", 6)), Proof)
    assert world.reopen().state.trees["coins"].total() == 11
