from dataclasses import replace
from datetime import date

import pytest

from gongshi.supervision.records import Manifest, Option, Ring, alert_id
from gongshi.terms.instant import instant_from_iso
from gongshi.terms.text import Text
from tests.supervision.worlds import rule_of

RULE = rule_of("structuring")
NAME = Text("名", "name")


def test_a_rule_digest_changes_with_every_field_that_changes_its_meaning():
    others = [
        replace(RULE, version=2),
        replace(RULE, valid_to=date(2030, 1, 1)),
        replace(RULE, parameters={**RULE.parameters, "linked": 0}),
        replace(RULE, scope={"kinds": ("pay",)}),
        replace(RULE, to_confirm=NAME),
    ]
    assert len({RULE.digest(), *(rule.digest() for rule in others)}) == len(others) + 1


@pytest.mark.parametrize(
    ("time", "in_force"),
    [
        ("2025-11-30T23:59:59.999+08:00", False),
        ("2025-12-01T00:00:00+08:00", True),
        ("2025-12-31T23:59:59.999+08:00", True),
        ("2026-01-01T00:00:00+08:00", False),
    ],
)
def test_a_rule_is_in_force_from_the_first_to_the_last_of_its_days_at_home(time, in_force):
    rule = replace(RULE, valid_from=date(2025, 12, 1), valid_to=date(2025, 12, 31))
    assert rule.is_in_force(instant_from_iso(time)) is in_force


def test_two_options_that_say_the_same_have_one_digest():
    option = Option("o", NAME, NAME, (RULE,))
    assert option.digest() == Option("o", NAME, NAME, (rule_of("structuring"),)).digest()
    assert option.digest() != replace(option, rules=()).digest()


def test_one_payment_is_two_reports():
    rows = ((1).to_bytes(16),)
    ids = {alert_id(RULE.digest(), rows, accounts) for accounts in (("payer",), ("payee",), ("payer", "payee"))}
    assert len(ids) == 3
    assert all(id_.startswith("al-") and len(id_) == 29 for id_ in ids)


def test_a_manifest_is_named_by_what_it_holds():
    ring = Ring("ring-1", "mirror", False, ((1).to_bytes(16),), {"a": "pool"})
    assert Manifest(1, (ring,)).digest() != Manifest(1, (replace(ring, innocent=True),)).digest()
