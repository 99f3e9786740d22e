from dataclasses import replace

import pytest

from gongshi.ledger.records import Op
from gongshi.supervision.entries import (
    SUPERVISION,
    get_alerts_place,
    get_comparison_place,
    record_alerts,
    record_comparison,
)
from gongshi.terms.digest import compute_digest
from gongshi.terms.problem import Problem
from tests.supervision.ledgers import BANK, COMPANY, LAB, MINISTRY, Ledger

PAST, MANIFEST, EVIDENCE, BATCH = (compute_digest(name) for name in (b"past", b"manifest", b"evidence", b"batch"))
OPTIONS = [compute_digest(b"option a"), compute_digest(b"option b")]
ALERTS = record_alerts("a", OPTIONS[0], PAST, 3, 17, BATCH)
COMPARISON = record_comparison(PAST, MANIFEST, OPTIONS, EVIDENCE)


@pytest.fixture
def ledger():
    return Ledger()


def with_alerts(ledger, organisation=MINISTRY):
    for option in OPTIONS:
        assert ledger.act(organisation, record_alerts("a", option, PAST, 3, 17, BATCH)) is None


def test_alerts_are_entered_once_by_each_supervisor(ledger):
    assert ledger.act(MINISTRY, ALERTS) is None
    known = Problem("supervision.alerts.known", values={"option": "a", "batch": BATCH.hex()})
    assert ledger.act(MINISTRY, ALERTS) == known
    other = record_alerts("a", OPTIONS[0], PAST, 3, 16, compute_digest(b"another batch"))
    assert ledger.act(MINISTRY, other) == known
    assert ledger.act(BANK, other) is None, "two supervisors may disagree, and it shows"
    places = [ledger.state.get(SUPERVISION, get_alerts_place(name, PAST, OPTIONS[0])) for name in (MINISTRY, BANK)]
    assert [place["alerts"] for place in places] == [17, 16]


def test_only_a_supervisor_enters_alerts_and_comparisons(ledger):
    assert ledger.act(LAB, ALERTS) == Problem("supervision.entry.role", values={"organisation": LAB})
    assert ledger.act(MINISTRY, ALERTS, mandate=None).code == "supervision.entry.role"
    assert ledger.act(COMPANY, ALERTS).code == "supervision.entry.role", "a supervisor's mandate is not enough"
    with_alerts(ledger)
    assert ledger.act(LAB, COMPARISON).code == "supervision.entry.role"


def test_alerts_as_of_a_height_that_is_not_there_yet(ledger):
    ahead = ledger.state.height + 2
    refused = ledger.act(MINISTRY, replace(ALERTS, body={**ALERTS.body, "as_of": ahead}))
    assert refused == Problem("supervision.alerts.ahead", values={"as_of": ahead, "height": ahead - 1})


def test_a_comparison_comes_after_the_same_supervisors_alerts_of_every_option(ledger):
    missing = Problem("supervision.comparison.alerts_missing", values={"option": OPTIONS[0].hex()})
    assert ledger.act(MINISTRY, COMPARISON) == missing
    with_alerts(ledger, BANK)
    assert ledger.act(MINISTRY, COMPARISON) == missing
    assert ledger.act(MINISTRY, ALERTS) is None
    assert ledger.act(MINISTRY, COMPARISON) == Problem(
        "supervision.comparison.alerts_missing", values={"option": OPTIONS[1].hex()}
    )
    assert ledger.act(BANK, COMPARISON) is None
    assert ledger.state.get(SUPERVISION, get_comparison_place(EVIDENCE))["org"] == BANK
    known = Problem("supervision.comparison.known", values={"evidence": EVIDENCE.hex()})
    assert ledger.act(BANK, COMPARISON) == known


@pytest.mark.parametrize(
    ("op", "field", "value"),
    [
        (ALERTS, "option", "Not An Id"),
        (ALERTS, "rules", b"short"),
        (ALERTS, "columns", "text"),
        (ALERTS, "as_of", -1),
        (ALERTS, "alerts", True),
        (ALERTS, "batch", None),
        (COMPARISON, "options", OPTIONS[:1]),
        (COMPARISON, "options", [OPTIONS[0], b"short"]),
        (COMPARISON, "manifest", b""),
        (COMPARISON, "columns", 1),
        (COMPARISON, "evidence", "text"),
    ],
)
def test_a_field_of_another_form_is_named(ledger, op, field, value):
    refused = ledger.act(MINISTRY, Op(op.kind, 1, {**op.body, field: value}))
    assert refused == Problem(f"{op.kind}.form", values={"field": field, "reason": "form"})


@pytest.mark.parametrize("op", [ALERTS, COMPARISON])
def test_a_field_too_few_or_too_many_is_named(ledger, op):
    more = ledger.act(MINISTRY, Op(op.kind, 1, {**op.body, "extra": 1}))
    assert more == Problem(f"{op.kind}.form", values={"field": "extra", "reason": "unknown"})
    fewer = ledger.act(MINISTRY, Op(op.kind, 1, {name: value for name, value in op.body.items() if name != "columns"}))
    assert fewer == Problem(f"{op.kind}.form", values={"field": "columns", "reason": "missing"})
