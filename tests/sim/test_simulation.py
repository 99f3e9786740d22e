"""The alliance under weather and dishonesty: `SEEDS=` says how many seeds, `SEED=` replays one."""

from __future__ import annotations

import os

import pytest

from tests.sim.run import run_seed

_CHUNK = 5


def _seeds() -> list[list[int]]:
    if os.environ.get("SEED"):
        return [[int(os.environ["SEED"])]]
    seeds = list(range(int(os.environ.get("SEEDS") or 100)))
    return [seeds[start : start + _CHUNK] for start in range(0, len(seeds), _CHUNK)]


@pytest.mark.parametrize("seeds", _seeds(), ids=lambda seeds: f"{seeds[0]}-{seeds[-1]}")
def test_the_alliance_holds_together(seeds: list[int]) -> None:
    """
    200 steps a seed; after each: supply conserved, log consistent, refusals without a trace, promises kept, nobody got in
    each that wrote: the disk holds the state, tables equal their rebuild, each closed ballot recounts under the published policy
    """
    for seed in seeds:
        run_seed(seed)


@pytest.mark.parametrize("seed", [1, 4])
def test_a_seed_replays_exactly(seed: int) -> None:
    """
    the same seed -> the same entries, the same weather, the same commitments
    """
    first, second = run_seed(seed), run_seed(seed)
    assert first.trace == second.trace
    assert first.engine.state.app_hash() == second.engine.state.app_hash()
    assert first.engine.height == second.engine.height
