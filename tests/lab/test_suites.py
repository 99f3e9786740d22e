"""Each case passes on a healthy ledger and fails on its twin; each twin breaks its own clause and no other."""

from __future__ import annotations

import pytest

from gongshi.lab.rules import run_case, run_suite
from gongshi.lab.suites import get_cases
from gongshi.lab.twins import get_twin, get_twins
from tests.lab.reference import ReferenceLedger

CASES = get_cases()
NAMED = {16, 18, 20, 21, 22, 26, 49, 102}


def test_the_suite_holds_the_named_clauses_and_every_case_has_a_twin():
    numbers = [case.catalogue for case in CASES]
    assert set(numbers) >= NAMED
    assert len(numbers) == len(set(numbers)) >= 10
    assert set(get_twins()) == set(numbers)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_healthy_ledger_passes(case):
    verdict = run_case(ReferenceLedger(), case, seed=2016)
    assert (verdict.outcome, verdict.seen) == ("pass", None)


@pytest.mark.parametrize("catalogue", sorted(get_twins()))
def test_a_twin_fails_its_own_clause_and_no_other(catalogue):
    run = run_suite(get_twin(catalogue, ReferenceLedger()), CASES, seed=2016)
    failed = {verdict.catalogue: verdict for verdict in run.verdicts if verdict.outcome == "fail"}
    assert set(failed) == {catalogue}
    assert failed[catalogue].step is not None
    assert failed[catalogue].seen.where
    assert failed[catalogue].seen.code != "lab.step.broke"
    assert run.about.kind == "twin"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_other_seeds_agree(seed):
    assert {verdict.outcome for verdict in run_suite(ReferenceLedger(), CASES, seed).verdicts} == {"pass"}
