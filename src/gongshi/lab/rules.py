"""The lab's verbs: play a case step by step, run a suite, and turn what came of it into evidence."""

from __future__ import annotations

import random
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from gongshi.lab.ports import LabError, NotOfferedError, Target
from gongshi.lab.records import OUTCOMES, About, Mark, Outcome, Run, Spread, TestCase, Throughput, Verdict, suite_digest
from gongshi.lab.scene import Scene
from gongshi.terms.clause import Clause
from gongshi.terms.digest import compute_digest
from gongshi.terms.evidence import Evidence
from gongshi.terms.problem import Problem
from gongshi.terms.quantity import Quantity, count_of
from gongshi.terms.text import Text

TOOL = "gongshi.lab 1"
_NO_CASE = Text("套件中没有该条款的测试", "the suite has no test of this clause")


def run_suite(target: Target, cases: Iterable[TestCase], seed: int) -> Run:
    """Play every case on a target that is opened anew for it; the order is that of the catalogue."""
    told = tuple(sorted(cases, key=lambda case: case.catalogue))
    verdicts = tuple(run_case(target, case, seed) for case in told)
    return Run(suite_digest(told), target.about, seed, told, verdicts)


def run_case(target: Target, case: TestCase, seed: int) -> Verdict:
    """Open the target, play the steps until one finds something wrong, close it, and judge."""
    target.open(seed)
    try:
        step, seen = play_steps(Scene(target, random.Random(f"{seed}/{case.id}")), case)
    finally:
        target.close()
    return judge_case(case, target.marks.get(case.catalogue), step, seen)


def play_steps(scene: Scene, case: TestCase) -> tuple[int | None, Problem | None]:
    """Give the index of the first failing step and what was seen there, or two Nones."""
    for index, step in enumerate(case.steps):
        try:
            seen = step.act(scene)
        except NotOfferedError as error:
            seen = Problem("lab.step.unsupported", values={"ability": error.ability})
        except LabError as error:
            seen = Problem("lab.step.broke", values={"reason": error.reason, "detail": error.detail})
        if seen is not None:
            return index, replace(seen, where=step.id)
    return None, None


def judge_case(case: TestCase, mark: Mark | None, step: int | None, seen: Problem | None) -> Verdict:
    """Judge by what was seen and by what the target had said beforehand; a marked case that passes is news."""
    outcome: Outcome = "pass"
    if step is not None:
        outcome = mark.kind if mark else "fail"
    return Verdict(
        case.catalogue,
        case.id,
        outcome,
        step,
        seen,
        mark.reason if mark else None,
        news=mark is not None and step is None,
    )


def worst_outcome(outcomes: Iterable[Outcome]) -> Outcome:
    """Give the verdict on a whole: the worst of its items (catalogue 107); of nothing it is `not_applicable`."""
    return min(outcomes, key=OUTCOMES.index, default="not_applicable")


def conformance_evidence(run: Run, clauses: Sequence[Clause]) -> Evidence:
    """Tie a run to the clauses that it tests at their revisions; no clock enters, so the same run has the same id."""
    subjects = {clause.id: clause.digest() for clause in clauses}
    outcomes = [verdict.outcome for verdict in run.verdicts]
    figures: dict[str, Quantity] = {outcome: count_of(outcomes.count(outcome), "case") for outcome in OUTCOMES}
    return Evidence(
        kind="lab.conformance",
        subjects={**subjects, "suite": run.suite},
        tool=TOOL,
        environment={**run.about.versions, **run.about.environment},
        seed=run.seed,
        times={},
        figures={**figures, "cases": count_of(len(outcomes), "case")},
        results={
            "target": _target_json(run.about),
            "verdict": worst_outcome(outcomes),
            "verdicts": [{**verdict.as_json(), "steps": _steps_json(run, verdict)} for verdict in run.verdicts],
            "clauses": {clause.id: _clause_json(run, clause) for clause in clauses},
        },
    )


def _target_json(about: About) -> dict[str, object]:
    return {"id": about.id, "name": about.name.as_json(), "kind": about.kind}


def _steps_json(run: Run, verdict: Verdict) -> list[object]:
    case = next(case for case in run.cases if case.id == verdict.case)
    return [{"id": step.id, "text": step.text.as_json()} for step in case.steps]


def _clause_json(run: Run, clause: Clause) -> dict[str, object]:
    verdict = run.verdict(clause.catalogue) if clause.catalogue is not None else None
    if verdict is None:
        return {"catalogue": clause.catalogue, "outcome": "not_applicable", "reason": _NO_CASE.as_json()}
    return {
        "catalogue": clause.catalogue,
        "outcome": verdict.outcome,
        "step": verdict.seen.where if verdict.seen else None,
    }


def compute_spread(samples: Sequence[int]) -> Spread:
    """Give the median and the interquartile range of at least five samples, rounded to integers."""
    assert len(samples) >= 5
    low, middle, high = statistics.quantiles(samples, n=4, method="inclusive")
    return Spread(tuple(samples), round(middle), round(high - low))


def compute_rate_tenths(payments: int, elapsed_ns: int) -> int:
    """Give payments a second, times ten."""
    assert elapsed_ns > 0
    return payments * 10_000_000_000 // elapsed_ns


def throughput_evidence(measured: Throughput) -> Evidence:
    """Give a measured figure its evidence; it stands apart from conformance because it differs from run to run."""
    rate = measured.rate_tenths
    return Evidence(
        kind="lab.throughput",
        subjects={"load_model": compute_digest(measured.load_model.en.encode())},
        tool=TOOL,
        environment={**measured.about.versions, **measured.about.environment, **measured.machine},
        seed=None,
        times={"taken": measured.taken},
        figures={
            "payments_per_second": Quantity(rate.median, 1, "payment/s"),
            "payments_per_second_iqr": Quantity(rate.spread, 1, "payment/s"),
            "samples": count_of(len(rate.samples), "sample"),
            "warm_up": count_of(measured.warm_up, "sample"),
            "payments_a_sample": count_of(measured.payments, "payment"),
        },
        results={
            "target": _target_json(measured.about),
            "load_model": measured.load_model.as_json(),
            "samples_tenths": list(rate.samples),
        },
    )


def untested_clauses(clauses: Sequence[Clause], cases: Iterable[TestCase]) -> list[Problem]:
    """Find clauses that name a catalogue number for which there is no case (catalogue 105)."""
    tested: set[int] = {case.catalogue for case in cases}
    return [
        Problem("lab.clause.untested", clause.id, {"catalogue": clause.catalogue})
        for clause in clauses
        if clause.catalogue is not None and clause.catalogue not in tested
    ]


def outcomes_by_catalogue(run: Run) -> Mapping[int, Outcome]:
    """Give each case's outcome by catalogue number."""
    return {verdict.catalogue: verdict.outcome for verdict in run.verdicts}
