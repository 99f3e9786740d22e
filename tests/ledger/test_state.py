from __future__ import annotations

from dataclasses import replace

import pytest

from gongshi.ledger.state import Draft, encode_genesis, found_state, read_roots
from gongshi.terms.canonical import decode_cbor, encode_cbor
from gongshi.terms.digest import compute_digest
from tests.ledger.worlds import BEGIN, at_work, genesis, key_of, note


def test_founding_enters_members_with_their_roots_and_nothing_else():
    state = found_state(genesis())
    assert state.height == 0
    assert state.time == BEGIN
    assert state.get("members", "org/alpha") == {
        "name": {"zh": "alpha", "en": "alpha"},
        "kind": "bank",
        "voting": True,
        "root": key_of("alpha", "root").id,
    }
    assert state.get("members", f"key/{key_of('beta', 'root').id.hex()}")["purpose"] == "root"
    assert len(list(state.trees["members"].leaves())) == 4
    assert state.get("notes", "a") is None
    assert state.amount("coins", "a") == 0


def test_app_hash_is_the_written_commitment():
    """SHA-256 over CBOR [1, log size, log root, namespace roots, digest of the parameters]."""
    state = at_work().state
    content = [1, state.log.size, state.log.root(), state.roots(), compute_digest(encode_cbor(dict(state.params)))]
    assert state.app_hash() == compute_digest(encode_cbor(content))


@pytest.mark.parametrize("change", [{"entry_bytes_max": 1}, {"kinds": {}}, {"more": 1}])
def test_app_hash_moves_with_the_parameters(change):
    assert found_state(genesis(**change)).app_hash() != found_state(genesis()).app_hash()


def test_app_hash_does_not_move_with_height_and_time():
    state = found_state(genesis())
    assert replace(state, height=7, time=BEGIN + 1).app_hash() == state.app_hash()


def test_header_commits_to_the_block():
    machine = at_work()
    before = machine.state
    logged = machine.block(machine.sign("alpha", note("a", 1))).logged
    name, version, chain, height, time, parent, roots, params = decode_cbor(logged.header)
    assert (name, version, chain, height, time) == ("gongshi/header", 1, "toy", before.height + 1, logged.time)
    assert parent == before.parent != compute_digest(encode_genesis(genesis()))
    assert roots == machine.state.roots() == read_roots(logged.header)
    assert params == machine.state.params_digest()


def test_parent_of_the_first_header_is_the_genesis():
    assert found_state(genesis()).parent == compute_digest(encode_genesis(genesis()))


def test_draft_reads_its_own_writes_and_forgets_what_was_dropped():
    machine = at_work()
    machine.act("alpha", note("a", 1))
    draft = Draft(machine.state)
    draft.put("notes", "a", 2)
    draft.put("coins", "c", [], 5)
    assert (draft.get("notes", "a"), draft.amount("coins", "c")) == (2, 5)
    draft.drop()
    assert (draft.get("notes", "a"), draft.amount("coins", "c")) == (1, 0)
    draft.remove("notes", "a")
    draft.keep()
    assert draft.get("notes", "a") is None
    assert draft.amount("notes", "a") == 0
    assert draft.writes == {("notes", "a"): None}
    assert machine.state.get("notes", "a") == 1


def test_amounts_are_never_negative_and_stand_in_sum_trees_only():
    draft = Draft(found_state(genesis()))
    with pytest.raises(AssertionError):
        draft.put("coins", "c", [], -1)
    with pytest.raises(AssertionError):
        draft.put("notes", "a", 1, 1)


def test_digest_of_the_parameters_is_computed_once_and_follows_a_change():
    state = at_work().state
    later = replace(state, height=state.height + 1)
    assert later.params_digest() is state.params_digest()
    changed = replace(later, params={**later.params, "more": 1})
    assert changed.params_digest() == compute_digest(encode_cbor(dict(changed.params))) != state.params_digest()
    assert later.params_digest() == compute_digest(encode_cbor(dict(later.params)))
