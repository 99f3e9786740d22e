from __future__ import annotations

import os
import subprocess
import sys

import pytest

from gongshi.ledger.entries import certify_key, grant_mandate, revoke_key
from gongshi.ledger.records import Op
from gongshi.ledger.rules import make_kinds
from gongshi.ledger.state import found_state
from gongshi_verifier.merkle import compute_root, hash_leaf
from tests.ledger.worlds import BEGIN, KINDS, Machine, at_work, certificate, coin, genesis, key_of, note, refused, seal


def codes(applied) -> list[str | None]:
    return [result.problem and result.problem.code for result in applied.results]


def judge(machine: Machine, data: bytes, **more: int) -> str | None:
    return codes(machine.block(data, **more))[0]


def test_accepted_entry_is_a_leaf_and_the_header_is_the_next():
    machine = at_work()
    size = machine.state.log.size
    first, second = machine.sign("alpha", note("a", 1)), machine.sign("beta", note("b", 2))
    applied = machine.block(first, second)
    assert [result.leaf for result in applied.results] == [size, size + 1]
    assert applied.leaves == (first, second, applied.logged.header)
    assert machine.state.log.size == size + 3
    assert [(one.leaf, one.organisation) for one in applied.logged.entries] == [(size, "alpha"), (size + 1, "beta")]
    assert machine.state.get("notes", "b") == 2
    assert applied.logged.app_hash == machine.state.app_hash()


def test_log_is_over_all_leaves():
    machine, leaves = Machine(), []
    for data in (certificate("alpha"), certificate("beta"), seal("alpha", note("a", 1), sequence=1)):
        leaves += machine.block(data).leaves
    assert machine.state.log.root() == compute_root([hash_leaf(leaf) for leaf in leaves])


def test_unreadable_bytes():
    assert judge(at_work(), b"\xff") == "ledger.entry.malformed"


def test_entry_above_the_governed_size():
    machine = at_work()
    assert judge(machine, machine.sign("alpha", note("a", "x" * (1 << 16)))) == "ledger.entry.oversized"


def test_entry_of_another_chain():
    machine = at_work()
    assert judge(machine, machine.sign("alpha", note("a", 1), chain="other")) == "ledger.entry.other_chain"


def test_entry_lives_through_its_last_height():
    machine = at_work()
    height = machine.state.height + 1
    assert judge(machine, machine.sign("alpha", note("a", 1), until=height)) is None
    assert judge(machine, machine.sign("alpha", note("a", 2), until=height)) == "ledger.entry.expired"


def test_entry_may_not_live_longer_than_the_window():
    machine = at_work()
    height = machine.state.height + 1
    assert judge(machine, machine.sign("alpha", note("a", 1), until=height + 101)) == "ledger.entry.window"
    assert judge(machine, machine.sign("alpha", note("a", 1), until=height + 101)) is None


def test_unknown_key():
    machine = at_work()
    assert judge(machine, machine.sign("alpha", note("a", 1), key=key_of("gamma"))) == "ledger.key.unknown"


def test_key_before_its_height():
    machine = Machine()
    machine.block(seal("alpha", certify_key(key_of("alpha").public, bytes(32), 4), sequence=1, purpose="root"))
    assert judge(machine, seal("alpha", note("a", 1), sequence=1)) == "ledger.key.not_yet"
    assert judge(machine, seal("alpha", note("a", 1), sequence=1), height=4) is None


def test_revoked_key_ends_at_its_height():
    machine = at_work()
    until = machine.state.height + 3
    machine.block(seal("alpha", revoke_key(key_of("alpha").id, until), sequence=2, purpose="root"))
    assert judge(machine, machine.sign("alpha", note("a", 1))) is None
    assert machine.state.height == until - 1
    assert judge(machine, machine.sign("alpha", note("a", 2))) == "ledger.key.revoked"
    assert judge(machine, machine.sign("beta", note("a", 2))) is None


def test_sequence_rises_with_every_entry_of_a_key():
    machine = at_work()
    data = machine.sign("alpha", note("a", 1), sequence=5)
    assert codes(machine.block(data, data)) == [None, "ledger.entry.sequence"]
    assert judge(machine, data) == "ledger.entry.sequence"
    assert judge(machine, machine.sign("alpha", note("a", 2), sequence=4)) == "ledger.entry.sequence"
    assert judge(machine, machine.sign("beta", note("a", 2), sequence=4)) is None
    assert judge(machine, machine.sign("alpha", note("a", 2), sequence=6)) is None


def test_refused_entry_does_not_use_up_its_sequence():
    machine = at_work()
    assert judge(machine, machine.sign("alpha", refused(), sequence=5)) == "toy.note.empty"
    assert judge(machine, machine.sign("alpha", note("a", 1), sequence=5)) is None


def test_forged_signature():
    machine = at_work()
    data = machine.sign("alpha", note("a", 1))
    assert judge(machine, data[:-1] + bytes([data[-1] ^ 1])) == "ledger.entry.signature"
    assert judge(machine, data) is None


def test_mandate_is_known_of_the_signer_and_not_over():
    machine = at_work()
    machine.act("alpha", grant_mandate("alpha-clerk", ["expert"], machine.state.time + 5000))
    assert judge(machine, machine.sign("alpha", note("a", 1), mandate="nobody")) == "ledger.mandate.unknown"
    assert judge(machine, machine.sign("beta", note("a", 1), mandate="alpha-clerk")) == "ledger.mandate.unknown"
    until = machine.state.get("members", "mandate/alpha-clerk")["until"]
    assert judge(machine, machine.sign("alpha", note("a", 1), mandate="alpha-clerk"), time=until) is None
    assert (
        judge(machine, machine.sign("alpha", note("a", 1), mandate="alpha-clerk"), time=until + 1)
        == "ledger.mandate.ended"
    )


def test_kind_is_known_active_and_signed_by_the_right_key():
    machine = at_work()
    assert judge(machine, machine.sign("alpha", Op("toy.other", 1, {}))) == "ledger.kind.unknown"
    assert judge(machine, machine.sign("alpha", Op("toy.note", 2, ["a", 1]))) == "ledger.kind.unknown"
    assert judge(machine, machine.sign("alpha", revoke_key(key_of("alpha").id, 9))) == "ledger.key.purpose"
    assert judge(machine, seal("alpha", note("a", 1), sequence=7, purpose="root")) == "ledger.key.purpose"


@pytest.mark.parametrize(
    ("activation", "expected"), [({"toy.note/1": 9}, "ledger.kind.inactive"), ({}, "ledger.kind.inactive")]
)
def test_kind_waits_for_its_activation_height(activation, expected):
    machine = Machine(found_state(genesis(kinds={"ledger.key.certify/1": 0, **activation})))
    machine.block(certificate("alpha"))
    assert judge(machine, machine.sign("alpha", note("a", 1))) == expected
    if activation:
        assert judge(machine, machine.sign("alpha", note("a", 1)), height=9) is None


def test_entry_is_accepted_whole_or_refused_whole():
    """Three operations, the last of which is refused: none of them is on the ledger, and what came before stands."""
    machine = at_work()
    before = machine.state.app_hash()
    problem = machine.act("alpha", note("a", 1), coin("c", 7), refused())
    assert problem.code == "toy.note.empty"
    assert problem.where.endswith("/2")
    assert machine.state.app_hash() == before
    applied = machine.block(
        machine.sign("alpha", note("a", 1), coin("c", 7)),
        machine.sign("beta", note("a", 2), coin("c", 5), refused()),
        machine.sign("beta", coin("c", 1)),
    )
    assert codes(applied) == [None, "toy.note.empty", None]
    assert machine.state.get("notes", "a") == 1
    assert machine.state.amount("coins", "c") == machine.state.trees["coins"].total() == 8


def test_entries_of_one_block_see_each_other_in_order():
    machine = at_work()
    machine.block(
        machine.sign("alpha", note("a", 1)), machine.sign("beta", note("a", 2)), machine.sign("alpha", note("b", 3))
    )
    assert machine.state.get("notes", "a") == 2


def test_block_without_an_accepted_entry_changes_nothing():
    machine = at_work()
    before = machine.state
    applied = machine.block(b"\xff", machine.sign("alpha", refused()))
    assert codes(applied) == ["ledger.entry.malformed", "toy.note.empty"]
    assert (applied.leaves, applied.logged.header, dict(applied.writes)) == ((), b"", {})
    assert machine.state.app_hash() == before.app_hash() == applied.logged.app_hash
    assert (machine.state.log, machine.state.parent, machine.state.trees) == (before.log, before.parent, before.trees)
    assert machine.state.height == before.height + 1
    assert [result.problem.code for result in applied.logged.refused] == codes(applied)


def test_time_and_height_rise():
    machine = at_work()
    with pytest.raises(AssertionError):
        machine.block(height=machine.state.height)
    with pytest.raises(AssertionError):
        machine.block(time=machine.state.time)


def test_a_kind_is_registered_once():
    with pytest.raises(AssertionError):
        make_kinds((KINDS["toy.note", 1],), (KINDS["toy.note", 1],))


def walk() -> list[str]:
    """A fixed walk with refusals of many kinds; gives the app hash of every block and every refusal with its values."""
    machine, told = at_work(), []
    for number in range(30):
        entries = [
            machine.sign("alpha", note(f"n{number % 7}", {"v": number, "w": [number]}), coin(f"c{number % 5}", number)),
            machine.sign("beta", note(f"n{number % 3}", None if number % 4 == 0 else number)),
            machine.sign("alpha", refused() if number % 2 else note("x", number), sequence=number),
            machine.sign("beta", Op("ledger.mandate.grant", 1, {"x": 1, "y": 2, "z": 3})),
        ]
        applied = machine.block(*entries)
        told.append(applied.logged.app_hash.hex())
        told += [str(result.problem) for result in applied.results]
    return told


def test_two_machines_agree():
    assert walk() == walk()
    assert len(set(walk())) > 30


@pytest.mark.parametrize("hash_seed", ["0", "1", "2016"])
def test_processes_with_other_hash_seeds_zones_and_locales_agree(hash_seed):
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "TZ": "Pacific/Auckland", "LC_ALL": "C"}
    program = "from tests.ledger.test_rules import walk; print('\\n'.join(walk()))"
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == walk()


def test_time_of_a_judgement_is_that_of_the_block():
    machine = at_work()
    logged = machine.block(machine.sign("alpha", note("a", 1)), time=BEGIN + 10**9).logged
    assert logged.time == machine.state.time == BEGIN + 10**9
