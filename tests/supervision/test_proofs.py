import json
from dataclasses import replace

import pytest

from gongshi.supervision.proofs import check_alert, encode_batch, explain_alert
from gongshi.supervision.records import Option
from gongshi.supervision.rules import run_option, run_rule
from gongshi.terms.digest import digest_to_text
from gongshi.terms.text import Text
from tests.supervision.worlds import RATES, columns_of, customers_of, row, rule_of

RULES = {
    "temporal_cycle": rule_of("temporal_cycle", conserving=1),
    "structuring": rule_of("structuring", threshold_fen=1_000),
    "mirror_transfer": rule_of("mirror_transfer"),
    "large_value": rule_of("large_value", threshold_fen=2_500),
}
OWNERS = {"client_abroad": "client"}
ROWS = [
    row(1, "a", "b", 0, 100, height=3),
    row(2, "b", "a", 1, 95, height=4),
    *(row(10 + n, "d", "e", 10 + n, 900, height=5) for n in range(3)),
    row(20, "client", "pool", 20, 450, height=6),
    row(21, "pool_abroad", "client_abroad", 30, 500, "declared", "XX", height=7),
    row(30, "x", "y", 40, 7, height=9),
]
CUSTOMERS = customers_of(ROWS, OWNERS)
OPTION = Option("o", Text("名", "n"), Text("注", "n"), tuple(RULES.values()))


def alerts_of(typology):
    return run_rule(columns_of(ROWS, OWNERS), RULES[typology])


def rows_of(alert):
    return [one for one in ROWS if one.id in alert.rows]


def codes(alert, rule, rows, customers=CUSTOMERS):
    return [problem.code for problem in check_alert(alert, rule, rows, customers, RATES)]


@pytest.mark.parametrize("typology", RULES)
def test_an_alert_holds_on_its_rows_alone(typology):
    alerts = alerts_of(typology)
    assert alerts
    for alert in alerts:
        assert codes(alert, RULES[typology], rows_of(alert)) == []


@pytest.mark.parametrize("typology", RULES)
def test_what_is_bent_in_a_claim_is_named(typology):
    alert, rule = alerts_of(typology)[0], RULES[typology]
    rows = rows_of(alert)
    assert codes(replace(alert, rule_digest=b"x" * 32), rule, rows) == ["supervision.alert.rule_differs"]
    assert codes(replace(alert, rule="other"), rule, rows) == ["supervision.alert.rule_differs"]
    assert codes(replace(alert, version=9), rule, rows) == ["supervision.alert.rule_differs"]
    assert codes(replace(alert, typology="other"), rule, rows) == ["supervision.alert.rule_differs"]
    assert codes(alert, rule, rows[1:]) == ["supervision.alert.rows_differ"]
    assert codes(alert, rule, [*rows, ROWS[-1]]) == ["supervision.alert.rows_differ"]
    assert codes(replace(alert, id="al-other"), rule, rows) == ["supervision.alert.not_held"]
    assert codes(replace(alert, as_of=alert.as_of + 1), rule, rows) == ["supervision.alert.height_differs"]
    assert codes(replace(alert, accounts=("x",)), rule, rows) == ["supervision.alert.parties_differ"]
    assert codes(replace(alert, time=alert.time + 1), rule, rows) == ["supervision.alert.parties_differ"]


def test_a_row_with_another_amount_does_not_hold():
    alert, rule = alerts_of("temporal_cycle")[0], RULES["temporal_cycle"]
    rows = [replace(one, amount=1) if one.id == alert.rows[-1] else one for one in rows_of(alert)]
    assert codes(alert, rule, rows) == ["supervision.alert.not_held"]


def test_without_the_link_of_owners_a_mirror_does_not_hold():
    alert, rule = alerts_of("mirror_transfer")[0], RULES["mirror_transfer"]
    assert codes(alert, rule, rows_of(alert), customers_of(ROWS)) == ["supervision.alert.not_held"]


def test_a_row_that_cannot_be_judged_is_told_first():
    alert, rule = alerts_of("mirror_transfer")[0], RULES["mirror_transfer"]
    found = check_alert(alert, rule, rows_of(alert), CUSTOMERS, {})
    assert [problem.code for problem in found] == ["supervision.rate.missing", "supervision.alert.rows_differ"]


@pytest.mark.parametrize("typology", RULES)
def test_an_alert_explained_gives_rule_rows_customers_and_conditions_that_hold(typology):
    columns, rule = columns_of(ROWS, OWNERS), RULES[typology]
    for alert in alerts_of(typology):
        document = explain_alert(columns, rule, alert)
        assert document["columns"] == digest_to_text(columns.digest)
        assert document["rule"] == rule.as_json()
        assert [bytes.fromhex(one["id"]) for one in document["rows"]] == list(alert.rows)
        parties = {party for one in document["rows"] for party in (one["payer"], one["payee"])}
        assert set(document["customers"]) == parties
        holds = {
            "<": lambda value, bound: value < bound,
            "<=": lambda value, bound: value <= bound,
            "==": lambda value, bound: value == bound,
            ">=": lambda value, bound: value >= bound,
            "!=": lambda value, bound: value != bound,
        }
        assert document["conditions"]
        assert all(holds[one["relation"]](one["value"], one["bound"]) for one in document["conditions"])


def test_a_batch_is_canonical_and_holds_every_alert():
    columns = columns_of(ROWS, OWNERS)
    run = run_option(columns, OPTION)
    batch = encode_batch(columns, run)
    assert batch == encode_batch(columns_of(ROWS[::-1], OWNERS), run)
    document = json.loads(batch)
    assert [claim["alert"]["id"] for claim in document["alerts"]] == [alert.id for alert in run.alerts]
    assert document["option_digest"] == digest_to_text(OPTION.digest())
    assert document["stopped"] == 0


def test_an_alert_is_not_explained_by_another_rule():
    with pytest.raises(AssertionError):
        explain_alert(columns_of(ROWS, OWNERS), RULES["structuring"], alerts_of("temporal_cycle")[0])
