"""An alert is a claim about rows on the ledger: the rule is run again, and what does not hold is named."""

import dataclasses
import hashlib

import pytest
from alerted import CYCLE, MIRROR, STRUCTURING, Alerted, cycle, declare, large, mirror, pay, rule_of, structuring
from makings import codes, found, sign_entry

from gongshi_verifier.verify import verify_file


def check(alerted, policy=True, **changes):
    return verify_file(alerted.dossier(**changes), None, alerted.world.policy() if policy else None)


def failed(report):
    assert codes(report) == ["verify.alert.not_held"]
    return report.findings[0].values["condition"]


@pytest.mark.parametrize("make", [cycle, mirror, structuring, large])
def test_an_alert_of_each_typology_holds(make):
    alerted = make()
    report = check(alerted)
    assert (report.exit_code, found(report)) == (0, [])
    assert report.facts["accounts"] == alerted.accounts
    assert (report.facts["supervisors"], report.facts["option_leaves"]) == (["ministry"], [alerted.entered])
    assert check(alerted, policy=False).exit_code == 3


def test_every_supervisor_who_entered_the_option_is_named():
    alerted = cycle()
    rules = hashlib.sha256(alerted.option_bytes).digest()
    alerted.world.act("institute", "supervision.alerts", {"rules": rules})
    assert check(alerted).facts["supervisors"] == ["institute", "ministry"]


def test_what_the_rows_cannot_show_is_said():
    assert "pool" in check(mirror()).facts["needs_the_whole_ledger"]
    assert check(cycle()).facts["needs_the_whole_ledger"] == "-"
    assert check(mirror()).facts["sum_fen"] == 1_800_000


def test_an_altered_row_is_not_in_the_log():
    """The operator himself signs the batch anew, with one fen more: the log holds the first."""
    alerted = cycle()
    body = {"currency": "e-CNY", "rows": [pay(1, "a", "b", 100_001, 1)[1]]}
    entries = alerted.world.all()
    anew = sign_entry(alerted.world.key("bank"), ["pilots.pay", 1, body], sequence=4)
    entries[3] = dataclasses.replace(entries[3], data=anew)
    report = verify_file(
        alerted.world.dossier("alert", alerted.content(), entries=entries), None, alerted.world.policy()
    )
    assert found(report) == [("verify.entry.inclusion", "leaf 3")]


def test_a_missing_row_is_named():
    alerted = cycle()
    rest = [item for item in alerted.world.all() if item.leaf != 4]
    report = verify_file(alerted.world.dossier("alert", alerted.content(), entries=rest), None, alerted.world.policy())
    assert found(report) == [("verify.alert.row_missing", "leaf 4, operation 0, row 0")]
    assert found(check(alerted, rows=alerted.places[:2])) == [("verify.alert.id", alerted.content()["alert"])]


@pytest.mark.parametrize("place", [[99, 0, 0], [3, 1, 0], [3, 0, 1], [3, -1, 0], [3, 0, -1], [0, 0, 0]])
def test_a_place_where_no_row_stands_is_named(place):
    alerted = cycle()
    rows = [[alerted.places[0][0], *place], *alerted.places[1:]]
    assert codes(check(alerted, rows=rows)) == ["verify.alert.row_missing"]


def test_a_place_where_another_row_stands_is_named():
    alerted = cycle()
    rows = [[alerted.places[0][0], *alerted.places[1][1:]], *alerted.places[1:]]
    assert found(check(alerted, rows=rows)) == [("verify.alert.rows_differ", "leaf 4, operation 0, row 0")]


def test_another_id_is_named():
    assert found(check(cycle(), alert="al-another")) == [("verify.alert.id", "al-another")]


def test_another_rule_is_named():
    milder = rule_of("temporal_cycle", keep_ppm=1)
    alerted, other = cycle(), Alerted(milder, CYCLE, ("a", "b", "c"))
    assert codes(check(alerted, rule=other.rule_bytes)) == ["verify.alert.rule_differs"]
    swapped = {name: other.content()[name] for name in ("rule", "rule_digest")}
    assert codes(check(alerted, **swapped)) == ["verify.alert.id"]
    swapped["alert"] = other.content()["alert"]
    assert codes(check(alerted, **swapped)) == ["verify.alert.option"]
    assert codes(check(alerted, **swapped, option=other.option_bytes)) == ["verify.alert.option"]


@pytest.mark.parametrize("option", [{"rules": []}, {"rules": 7}, [], {"rules": [True]}])
def test_an_option_without_the_rule_is_named(option):
    assert codes(check(cycle(option=option))) == ["verify.alert.option"]


def test_an_option_that_does_not_read_is_named():
    assert codes(check(cycle(), option=b"{")) == ["verify.alert.option"]


def test_a_typology_that_is_not_known_here_is_no_verdict():
    report = check(Alerted(rule_of("fan_out"), CYCLE, ("a",)))
    assert (codes(report), report.exit_code) == (["verify.alert.typology"], 2)


def test_the_accounts_and_the_time_are_those_of_the_rows():
    assert codes(check(cycle(), accounts=["b", "c", "a"])) == ["verify.alert.id"]
    assert codes(check(cycle(changes={"accounts": ["b", "c", "a"]}))) == ["verify.alert.party"]
    assert codes(check(cycle(), time=0)) == ["verify.alert.party"]


def test_a_party_of_whom_nothing_is_said_is_named():
    alerted = cycle()
    customers = {name: who for name, who in alerted.content()["customers"].items() if name != "b"}
    assert found(check(alerted, customers=customers)) == [("verify.alert.customers", "b")]


@pytest.mark.parametrize(
    "rates",
    [
        {},
        {"HKD": b"{"},
        {"HKD": b"[]"},
        {"HKD": b'{"1":[9,10]}'},
        {"HKD": b'{"20514":[9,0]}'},
        {"HKD": b'{"20514":[9]}'},
        {"HKD": b'{"20514":[-9,10]}'},
    ],
)
def test_a_rate_comes_from_a_posted_table(rates):
    alerted = mirror()
    for table in rates.values():
        digest = hashlib.sha256(table).digest()
        alerted.world.act("institute", "pilots.rates.post", {"currency": "HKD", "table": digest})
    assert found(check(alerted, rates=rates)) == [("verify.alert.rate", "leaf 4, operation 0, row 0")]


def test_a_table_that_nobody_posted_is_not_taken():
    assert codes(check(mirror(posted=False))) == ["verify.alert.rate"]


def test_the_order_of_rows_and_their_number():
    assert failed(check(Alerted(rule_of("temporal_cycle"), CYCLE[::-1], ("a", "b", "c")))) == "order"
    assert failed(check(Alerted(rule_of("temporal_cycle"), (CYCLE[0], CYCLE[0]), ("a",)))) == "order"
    assert failed(check(Alerted(rule_of("temporal_cycle")))) == "rows"


def test_a_rule_holds_from_its_first_day_to_its_last():
    for dates, holds in (
        ({"valid_from": "2026-03-02", "valid_to": "2026-03-02"}, True),
        ({"valid_from": "2026-03-03"}, False),
        ({"valid_to": "2026-03-01"}, False),
    ):
        report = check(Alerted(rule_of("temporal_cycle", **dates), CYCLE, ("a", "b", "c")))
        assert report.ok is holds
        assert holds or failed(report) == "in_force"


@pytest.mark.parametrize(
    ("scope", "condition"),
    [({"kinds": ["cash_in"]}, "kinds"), ({"zones": ["HK"]}, "zones"), ({"currencies": []}, "currencies")],
)
def test_rows_outside_the_scope_do_not_count(scope, condition):
    assert failed(check(Alerted(rule_of("temporal_cycle", scope), CYCLE, ("a", "b", "c")))) == condition


def test_a_payment_to_oneself_does_not_count():
    assert failed(check(Alerted(rule_of("temporal_cycle"), (pay(1, "a", "a", 5, 1),), ("a",)))) == "to_another"


CYCLES = {
    "amount_min_fen": (rule_of("temporal_cycle", amount_min_fen=98_001), CYCLE),
    "length": (rule_of("temporal_cycle", length_max=2), CYCLE),
    "span_ms": (rule_of("temporal_cycle", window_s=7200), CYCLE),
    "follows": (rule_of("temporal_cycle"), (CYCLE[0], pay(2, "x", "c", 99_000, 2), CYCLE[2])),
    "returns_to": (rule_of("temporal_cycle"), CYCLE[:2]),
    "accounts": (
        rule_of("temporal_cycle"),
        (CYCLE[0], pay(2, "b", "a", 99_000, 2), pay(3, "a", "c", 98_500, 3), pay(4, "c", "a", 98_000, 4)),
    ),
    "step_fen": (rule_of("temporal_cycle", keep_ppm=990_000), CYCLE),
}


@pytest.mark.parametrize("condition", CYCLES)
def test_each_condition_of_a_cycle(condition):
    rule, rows = CYCLES[condition]
    assert failed(check(Alerted(rule, rows, ("a", "b", "c")))) == condition


def test_a_cycle_that_need_not_conserve():
    rising = (CYCLE[0], pay(2, "b", "a", 900_000, 2))
    assert failed(check(Alerted(rule_of("temporal_cycle"), rising, ("a", "b")))) == "step_fen"
    assert check(Alerted(rule_of("temporal_cycle", conserving=0), rising, ("a", "b"))).ok


SAME = {"client": "person", "client-hk": "person"}
MIRRORS = {
    "one_home_one_foreign": (rule_of("mirror_transfer"), (MIRROR[0],), SAME),
    "amount_min_fen": (rule_of("mirror_transfer", amount_min_fen=900_001), MIRROR, SAME),
    "apart_ms": (rule_of("mirror_transfer", window_s=3599), MIRROR, SAME),
    "foreign_fen": (rule_of("mirror_transfer"), (MIRROR[0], declare(2, "pool-hk", "client-hk", 1_030_002, 2)), SAME),
    "owner": (rule_of("mirror_transfer"), MIRROR, {}),
    "pool": (rule_of("mirror_transfer"), (MIRROR[0], declare(2, "pool", "client-hk", 1_000_000, 2)), SAME),
}


@pytest.mark.parametrize("condition", MIRRORS)
def test_each_condition_of_a_mirror_transfer(condition):
    rule, rows, owners = MIRRORS[condition]
    assert failed(check(Alerted(rule, rows, owners=owners))) == condition


def test_two_rows_at_home_or_two_abroad_are_no_mirror():
    for rows in ((MIRROR[0], pay(2, "x", "y", 900_000, 2)), (declare(1, "x", "y", 9, 1), MIRROR[1])):
        assert failed(check(Alerted(rule_of("mirror_transfer"), rows, owners=SAME))) == "one_home_one_foreign"


STRUCTURED = {
    "customer": (rule_of("structuring"), (*STRUCTURING[:2], pay(3, "d", "f", 4_900_000, 3)), {}),
    "holders": (rule_of("structuring"), STRUCTURING, {"e": "institution"}),
    "rows": (rule_of("structuring", rows_min=4), STRUCTURING, {}),
    "smallest_fen": (rule_of("structuring"), (*STRUCTURING[:2], pay(3, "d", "e", 3_999_999, 3)), {}),
    "largest_fen": (rule_of("structuring"), (*STRUCTURING[:2], pay(3, "d", "e", 5_000_000, 3)), {}),
    "sum_fen": (rule_of("structuring", rows_min=1), STRUCTURING[:1], {}),
    "span_ms": (rule_of("structuring", window_s=7200), STRUCTURING, {}),
}


@pytest.mark.parametrize("condition", STRUCTURED)
def test_each_condition_of_structuring(condition):
    rule, rows, holders = STRUCTURED[condition]
    assert failed(check(Alerted(rule, rows, ("e",), holders=holders))) == condition


def test_structuring_by_linked_accounts_and_by_the_payer():
    spread = (*STRUCTURING[:2], pay(3, "d", "f", 4_900_000, 3))
    linked = {"e": "one", "f": "one"}
    assert check(Alerted(rule_of("structuring"), spread, ("e", "f"), owners=linked)).ok
    assert failed(check(Alerted(rule_of("structuring", linked=0), spread, ("e", "f"), owners=linked))) == "customer"
    assert check(Alerted(rule_of("structuring", incoming=0), spread, ("d",))).ok
    watched = rule_of("structuring", {"holders": ["institution"]})
    assert check(Alerted(watched, STRUCTURING, ("e",), holders={"e": "institution"})).ok


LARGE = {
    "customer": (rule_of("large_value"), (*STRUCTURING[:2], pay(3, "x", "f", 4_900_000, 3)), {}),
    "holders": (rule_of("large_value"), STRUCTURING, {"d": "institution", "e": "institution"}),
    "last_day": (rule_of("large_value"), (*STRUCTURING[:2], pay(3, "d", "e", 4_900_000, 25)), {}),
    "sum_fen": (rule_of("large_value", threshold_fen=9_800_000), STRUCTURING, {}),
}


@pytest.mark.parametrize("condition", LARGE)
def test_each_condition_of_a_large_value(condition):
    rule, rows, holders = LARGE[condition]
    assert failed(check(Alerted(rule, rows, ("e",), holders=holders))) == condition


def test_a_large_value_is_about_the_payer_or_the_payee():
    assert check(Alerted(rule_of("large_value"), STRUCTURING, ("d",))).ok
    assert check(Alerted(rule_of("large_value"), STRUCTURING, ("e",))).ok
    only = Alerted(rule_of("large_value"), STRUCTURING, ("e",), holders={"e": "institution"})
    assert codes(check(only)) == ["verify.alert.party"]


FORMS = {
    "-": {"more": 1},
    "alert": {"alert": 7},
    "accounts": {"accounts": "a"},
    "time": {"time": -1},
    "rule": {"rule": "text"},
    "option": {"option": "text"},
    "rule_digest": {"rule_digest": "text"},
    "rows": {"rows": {}},
    "customers": {"customers": []},
    "rates": {"rates": {"HKD": "text"}},
}


@pytest.mark.parametrize("field", FORMS)
def test_a_field_of_another_form_is_named(field):
    report = check(cycle(), **FORMS[field])
    assert found(report) == [("verify.alert.form", field)]


@pytest.mark.parametrize("rows", [[7], [[b"", 0, 0]], [["", 0, 0, 0]], [[b"", 0, 0, True]]])
def test_places_of_another_form(rows):
    assert found(check(cycle(), rows=rows)) == [("verify.alert.form", "rows")]


@pytest.mark.parametrize("customers", [{"a": "x"}, {"a": ["x"]}, {"a": ["x", 1]}])
def test_customers_of_another_form(customers):
    assert found(check(cycle(), customers=customers)) == [("verify.alert.form", "customers")]


def test_a_rule_must_carry_all_parameters_of_its_typology_and_no_others():
    rule = rule_of("temporal_cycle")
    for parameters in ({}, {**rule["parameters"], "more": 1}):
        report = check(Alerted({**rule, "parameters": parameters}, CYCLE, ("a", "b", "c")))
        assert found(report) == [("verify.alert.form", "rule")]


@pytest.mark.parametrize(
    "row",
    [
        7,
        [],
        ["text", "a", "b", 1, "pay", 1],
        [bytes(16), 1, "b", 1, "pay", 1],
        [bytes(16), "a", "b", 0, "pay", 1],
        [bytes(16), "a", "b", True, "pay", 1],
        [bytes(16), "a", "b", 1, "pay", -1],
        [bytes(16), "a", "b", 1, 7, 1],
        [bytes(16), "a", "b", 1, "pay", 1, 1, 1],
    ],
)
def test_a_row_of_another_form_is_no_row(row):
    alerted = cycle()
    alerted.places[0][1] = alerted.world.act("bank", "pilots.pay", {"currency": "e-CNY", "rows": [row]})
    assert codes(check(alerted)) == ["verify.alert.row_missing"]


@pytest.mark.parametrize(
    ("kind", "body"), [("pilots.fund", {"rows": [CYCLE[0][1]]}), ("pilots.pay", {"rows": 7}), ("pilots.pay", 7)]
)
def test_rows_are_taken_from_payments_and_declarations_only(kind, body):
    alerted = cycle()
    alerted.places[0][1] = alerted.world.act("bank", kind, body)
    assert codes(check(alerted)) == ["verify.alert.row_missing"]
