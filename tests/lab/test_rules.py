"""Verdicts, evidence and figures."""

from __future__ import annotations

import dataclasses

import pytest

from gongshi.lab.ports import LabError, NotOfferedError
from gongshi.lab.records import Mark, Step, TestCase
from gongshi.lab.rules import (
    compute_rate_tenths,
    compute_spread,
    conformance_evidence,
    outcomes_by_catalogue,
    run_case,
    run_suite,
    untested_clauses,
    worst_outcome,
)
from gongshi.lab.suites import get_cases
from gongshi.lab.twins import get_twin
from gongshi.terms.clause import Clause
from gongshi.terms.digest import digest_to_text
from gongshi.terms.problem import Problem
from gongshi.terms.text import Text
from tests.lab.reference import ReferenceLedger

WORD = Text("甲", "a")
CLAUSES = [
    Clause("replay", "1", WORD, WORD, 16),
    Clause("proof", "2", WORD, WORD, 22),
    Clause("terms", "3", WORD, WORD),
]


def case_of(*acts, catalogue=999):
    steps = tuple(Step(f"s{place}", WORD, act) for place, act in enumerate(acts))
    return TestCase(catalogue, "case", WORD, WORD, steps)


def raising(error):
    def act(scene):
        raise error

    return act


def test_a_case_stops_at_its_first_failing_step():
    seen = []
    case = case_of(lambda scene: None, lambda scene: Problem("lab.step.state"), lambda scene: seen.append(1))
    verdict = run_case(ReferenceLedger(), case, seed=1)
    assert (verdict.outcome, verdict.step, verdict.seen.where, seen) == ("fail", 1, "s1", [])


@pytest.mark.parametrize(
    ("error", "code"),
    [(NotOfferedError("prove"), "lab.step.unsupported"), (LabError("gone", "evm", "x"), "lab.step.broke")],
)
def test_a_target_that_cannot_or_breaks_fails_the_step_and_is_closed(error, code):
    ledger = ReferenceLedger()
    verdict = run_case(ledger, case_of(raising(error)), seed=1)
    assert (verdict.outcome, verdict.seen.code, ledger.opened) == ("fail", code, 0)


def test_a_mark_turns_a_failure_into_what_was_said_beforehand():
    marks = {999: Mark("never", WORD)}
    verdict = run_case(ReferenceLedger(marks), case_of(lambda scene: Problem("lab.step.state")), seed=1)
    assert (verdict.outcome, verdict.reason, verdict.step, verdict.news) == ("never", WORD, 0, False)


def test_a_sudden_pass_is_news():
    verdict = run_case(ReferenceLedger({999: Mark("notimpl", WORD)}), case_of(lambda scene: None), seed=1)
    assert (verdict.outcome, verdict.news) == ("pass", True)


def test_the_whole_is_as_good_as_its_worst_item():
    assert worst_outcome(["pass", "notimpl", "fail"]) == "fail"
    assert worst_outcome(["pass", "never"]) == "never"
    assert worst_outcome([]) == "not_applicable"


def test_the_same_seed_gives_the_same_evidence():
    first, again = (conformance_evidence(run_suite(ReferenceLedger(), get_cases(), 7), CLAUSES) for _ in range(2))
    assert first.id() == again.id()
    assert first.times == {}
    assert conformance_evidence(run_suite(ReferenceLedger(), get_cases(), 8), CLAUSES).id() != first.id()


def test_evidence_names_the_failing_step_and_the_clause_at_its_revision():
    run = run_suite(get_twin(16, ReferenceLedger()), get_cases(), 7)
    evidence = conformance_evidence(run, CLAUSES)
    document = evidence.as_json()
    results = document["results"]
    assert results["clauses"]["replay"] == {"catalogue": 16, "outcome": "fail", "step": "replay"}
    assert results["clauses"]["proof"]["outcome"] == "pass"
    assert results["clauses"]["terms"]["outcome"] == "not_applicable"
    assert (results["verdict"], evidence.figures["fail"].value) == ("fail", 1)
    assert document["subjects"]["replay"] == digest_to_text(CLAUSES[0].digest())
    changed = dataclasses.replace(CLAUSES[0], statement=Text("乙", "b"))
    assert conformance_evidence(run, [changed]).as_json()["subjects"]["replay"] != document["subjects"]["replay"]


def test_a_clause_without_a_case_is_found():
    assert untested_clauses([*CLAUSES, Clause("far", "4", WORD, WORD, 85)], get_cases()) == [
        Problem("lab.clause.untested", "far", {"catalogue": 85})
    ]
    assert outcomes_by_catalogue(run_suite(ReferenceLedger(), get_cases(), 7))[22] == "pass"


def test_spread_is_median_and_interquartile_range():
    spread = compute_spread([50, 10, 20, 40, 30])
    assert (spread.median, spread.spread, spread.samples) == (30, 20, (50, 10, 20, 40, 30))
    with pytest.raises(AssertionError):
        compute_spread([1, 2, 3, 4])


def test_rate_is_payments_a_second_times_ten():
    assert compute_rate_tenths(200, 500_000_000) == 4_000
