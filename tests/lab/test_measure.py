"""Figures come from the stopwatch alone, and only when every payment succeeded."""

from __future__ import annotations

import pytest

from gongshi.lab.measure import SAMPLES, WARM_UP, measure_throughput
from gongshi.lab.ports import LabError
from gongshi.lab.rules import throughput_evidence
from tests.lab.reference import ReferenceLedger


class Loaded:
    about = ReferenceLedger.about

    def __init__(self, lost=0):
        self.lost, self.loads, self.state = lost, 0, ""

    def open(self, seed):
        self.state = "open"

    def close(self):
        self.state = "closed"

    def prepare_load(self, payments):
        return payments

    def commit_load(self, load):
        self.loads += 1
        return load - self.lost


def test_warm_up_is_not_timed_and_the_median_is_printed():
    """Elapsed per load: 99 s for the warm-up, then 1, 2, 4, 5, 10 s."""
    ticks = iter([0, 99, 0, 1, 0, 2, 0, 4, 0, 5, 0, 10])
    target = Loaded()
    measured = measure_throughput(target, lambda: next(ticks) * 10**9, 100, machine={"cores": "2"}, taken=5, seed=1)
    assert measured.rate_tenths.samples == (1000, 500, 250, 200, 100)
    assert (target.loads, target.state) == (WARM_UP + SAMPLES, "closed")
    evidence = throughput_evidence(measured)
    assert evidence.figures["payments_per_second"].printed() == "25.0"
    assert (evidence.kind, evidence.times, evidence.environment["cores"]) == ("lab.throughput", {"taken": 5}, "2")


def test_a_lost_payment_spoils_the_figure():
    target = Loaded(lost=1)
    with pytest.raises(LabError) as raised:
        measure_throughput(target, iter(range(1, 99)).__next__, 100, machine={}, taken=5, seed=1)
    assert (raised.value.reason, target.state) == ("load", "closed")
