"""The alliance's own ledger under the suite, on an engine that commits at once and on one that commits late."""

from __future__ import annotations

import pytest

from gongshi.flows.alliance_to_ledger import get_parameters
from gongshi.flows.pilots_to_lab import get_currency
from gongshi.lab.adapters.embedded_bench import EmbeddedBench
from gongshi.lab.adapters.machine import get_machine, read_stopwatch_ns
from gongshi.lab.measure import measure_throughput
from gongshi.lab.rules import run_case, run_suite
from gongshi.lab.suites import get_cases
from gongshi.lab.targets.embedded import EmbeddedTarget
from gongshi.lab.twins import get_twin, get_twins
from gongshi.wiring import KINDS, NAMESPACES


def make_target(delay=0):
    return EmbeddedTarget(EmbeddedBench(KINDS, delay), get_currency(), get_parameters(KINDS, NAMESPACES))


@pytest.mark.parametrize("delay", [0, 3])
@pytest.mark.parametrize("case", get_cases(), ids=lambda case: case.id)
def test_the_ledger_passes(case, delay):
    verdict = run_case(make_target(delay), case, seed=2016)
    assert (verdict.outcome, verdict.seen) == ("pass", None)


@pytest.mark.parametrize("catalogue", sorted(get_twins()))
def test_its_twin_fails(catalogue):
    case = next(case for case in get_cases() if case.catalogue == catalogue)
    assert run_case(get_twin(catalogue, make_target()), case, seed=2016).outcome == "fail"


def test_two_runs_are_one():
    first, again = (run_suite(make_target(), get_cases(), 5).verdicts for _ in range(2))
    assert first == again


def test_the_load_is_measured():
    measured = measure_throughput(make_target(), read_stopwatch_ns, 100, machine=get_machine(), taken=1, seed=1)
    assert measured.rate_tenths.median > 0
