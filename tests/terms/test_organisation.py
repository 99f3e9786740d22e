"""Organisations and mandates are records; the roles are words that stand once each."""

from gongshi.ledger.schema import is_id
from gongshi.terms.organisation import ROLES, Mandate, Organisation
from gongshi.terms.text import Text


def test_records_compare_by_what_they_say():
    name = Text("银行", "Bank")
    assert Organisation("bank", name, "member", voting=True) == Organisation("bank", name, "member", voting=True)
    assert Organisation("bank", name, "member", voting=True) != Organisation("bank", name, "member", voting=False)
    assert Mandate("m-1", "bank", ("expert",), 7) != Mandate("m-1", "bank", ("expert",), 8)


def test_roles_are_words_that_an_entry_can_carry():
    assert len(set(ROLES)) == len(ROLES)
    assert all(is_id(role.replace("_", "-")) for role in ROLES)
