from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongshi.ledger.entries import KINDS, certify_key, end_mandate, get_roles, grant_mandate, revoke_key
from gongshi.ledger.records import At, Op
from gongshi.ledger.state import Draft
from gongshi.terms.digest import Digest
from tests.ledger.worlds import at_work, key_of, note

UNTIL = 2**62
ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.binary(max_size=33) | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["public", "sealing", "from", "key", "mandate", "roles", "until"]), inner)
    ),
)


def rooted(machine, organisation, op):
    """Let the root act; its sequence is its own."""
    return machine.act(organisation, op, purpose="root", sequence=machine.state.height + 10)


def code(problem):
    return problem and problem.code


def test_certificate_enters_the_key_from_its_height_on():
    machine = at_work()
    assert rooted(machine, "alpha", certify_key(key_of("alpha", "second").public, b"s" * 32, 9)) is None
    record = machine.state.get("members", f"key/{key_of('alpha', 'second').id.hex()}")
    assert (record["org"], record["purpose"], record["from"], record["until"]) == ("alpha", "sign", 9, None)
    assert machine.state.get("members", "sealing/alpha") == b"s" * 32


def test_certificate_does_not_reach_into_the_past():
    machine = at_work()
    rooted(machine, "alpha", certify_key(key_of("alpha", "second").public, bytes(32), 0))
    assert machine.state.get("members", f"key/{key_of('alpha', 'second').id.hex()}")["from"] == machine.state.height


def test_key_that_is_known_is_nobody_elses():
    machine = at_work()
    assert code(rooted(machine, "beta", certify_key(key_of("alpha").public, bytes(32)))) == "ledger.key.known"
    assert code(rooted(machine, "beta", certify_key(key_of("alpha", "root").public, bytes(32)))) == "ledger.key.known"


@pytest.mark.parametrize(
    "op",
    [
        certify_key(b"short", bytes(32)),
        certify_key(bytes(32), b"short"),
        certify_key(bytes(32), bytes(32), -1),
        Op("ledger.key.certify", 1, None),
        revoke_key(b"short", 1),
        revoke_key(bytes(16), -1),
        Op("ledger.key.revoke", 1, {}),
    ],
)
def test_form_of_keys(op):
    assert code(rooted(at_work(), "alpha", op)) == "ledger.key.form"


def test_only_own_signing_keys_are_revoked():
    machine = at_work()
    for key in (key_of("beta").id, key_of("alpha", "root").id, bytes(16)):
        assert code(rooted(machine, "alpha", revoke_key(key, 9))) == "ledger.key.not_own"


def test_revocation_takes_effect_after_its_block_and_is_never_put_off():
    machine = at_work()
    assert rooted(machine, "alpha", revoke_key(key_of("alpha").id, 40)) is None
    assert code(rooted(machine, "alpha", revoke_key(key_of("alpha").id, 50))) == "ledger.key.revoked"
    assert rooted(machine, "alpha", revoke_key(key_of("alpha").id, 0)) is None
    assert machine.state.get("members", f"key/{key_of('alpha').id.hex()}")["until"] == machine.state.height + 1
    assert code(machine.act("alpha", note("a", 1))) == "ledger.key.revoked"
    assert code(rooted(machine, "alpha", revoke_key(key_of("alpha").id, 90))) == "ledger.key.revoked"


def test_mandate_is_granted_renewed_and_ended_by_its_organisation():
    machine = at_work()
    assert machine.act("alpha", grant_mandate("clerk", ["expert"], UNTIL)) is None
    assert machine.act("alpha", grant_mandate("clerk", ["expert", "analyst"], UNTIL)) is None
    assert machine.act("alpha", note("a", 1), mandate="clerk") is None
    assert code(machine.act("beta", grant_mandate("clerk", ["expert"], UNTIL))) == "ledger.mandate.taken"
    assert code(machine.act("beta", end_mandate("clerk"))) == "ledger.mandate.unknown"
    assert code(machine.act("alpha", end_mandate("nobody"))) == "ledger.mandate.unknown"
    assert machine.act("alpha", end_mandate("clerk")) is None
    assert code(machine.act("alpha", note("a", 2), mandate="clerk")) == "ledger.mandate.ended"


def test_what_follows_the_end_in_its_block_comes_too_late():
    machine = at_work()
    machine.act("alpha", grant_mandate("clerk", ["expert"], UNTIL))
    ending, late = machine.sign("alpha", end_mandate("clerk")), machine.sign("alpha", note("a", 1), mandate="clerk")
    assert [code(result.problem) for result in machine.block(ending, late).results] == [None, "ledger.mandate.ended"]


@pytest.mark.parametrize(
    "op",
    [
        grant_mandate("Clerk", ["expert"], UNTIL),
        grant_mandate("clerk", [], UNTIL),
        grant_mandate("clerk", ["king"], UNTIL),
        grant_mandate("clerk", ["expert"] * 9, UNTIL),
        grant_mandate("clerk", ["expert"], -1),
        end_mandate(""),
        Op("ledger.mandate.end", 1, []),
    ],
)
def test_form_of_mandates(op):
    assert code(at_work().act("alpha", op)) == "ledger.mandate.form"


def test_roles_are_those_of_the_mandate():
    machine = at_work()
    machine.act("alpha", grant_mandate("clerk", ["expert", "issuer"], UNTIL))
    draft = Draft(machine.state)

    def at(mandate):
        return At(9, machine.state.time, "toy", "alpha", key_of("alpha").id, "sign", mandate, Digest(bytes(32)))

    assert get_roles(draft, at("clerk")) == {"expert", "issuer"}
    assert get_roles(draft, at(None)) == frozenset()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@given(body=ANY)
def test_no_body_makes_a_judgement_fail(kind, body):
    """Whatever a stranger writes into an operation is accepted or refused; an exception would stop every ledger at this block."""
    machine = at_work()
    rooted(machine, "alpha", Op(kind.name, 1, body)) if kind.purpose == "root" else machine.act(
        "alpha", Op(kind.name, 1, body)
    )
