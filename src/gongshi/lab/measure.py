"""How fast: one closed loop on a loaded target, warmed up, sampled at least five times, timed by a stopwatch that is passed in."""

from __future__ import annotations

from collections.abc import Mapping

from gongshi.lab.ports import LabError, Loaded, Stopwatch
from gongshi.lab.records import Throughput
from gongshi.lab.rules import compute_rate_tenths, compute_spread
from gongshi.terms.instant import Instant
from gongshi.terms.text import Text

SAMPLES = 5
WARM_UP = 1


def measure_throughput(
    target: Loaded, stopwatch: Stopwatch, payments: int, *, machine: Mapping[str, str], taken: Instant, seed: int
) -> Throughput:
    """Time `SAMPLES` loads of `payments` each, after `WARM_UP` untimed ones; LabError when any payment did not succeed."""
    target.open(seed)
    try:
        for _ in range(WARM_UP):
            _time_load(target, stopwatch, payments)
        rates = [compute_rate_tenths(payments, _time_load(target, stopwatch, payments)) for _ in range(SAMPLES)]
    finally:
        target.close()
    return Throughput(target.about, payments, WARM_UP, compute_spread(rates), describe_load(payments), machine, taken)


def _time_load(target: Loaded, stopwatch: Stopwatch, payments: int) -> int:
    load = target.prepare_load(payments)
    start = stopwatch()
    succeeded = target.commit_load(load)
    elapsed = stopwatch() - start
    if succeeded != payments:
        raise LabError("load", target.about.id, f"{succeeded} of {payments} payments succeeded")
    return elapsed


def describe_load(payments: int) -> Text:
    """Tell the load model."""
    return Text(
        f"闭环负载：每个样本提交 {payments} 笔事先签名的付款并等待全部提交；预热 {WARM_UP} 个样本，计时 {SAMPLES} 个样本；单进程，本机。",
        f"closed loop: each sample commits {payments} payments signed beforehand and waits for all of them; "
        f"{WARM_UP} warm-up and {SAMPLES} timed samples; one process, one machine.",
    )
