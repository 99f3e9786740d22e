"""Runs one seed: an action or two, the mail, a block, the invariants; 200 times. What breaks names seed, step and trace."""

from __future__ import annotations

from unittest.mock import patch

from gongshi.ledger.audit import DivergenceError
from gongshi.seal import envelope
from tests.sim.actions import take_one
from tests.sim.faults import Wrapping
from tests.sim.invariants import EACH_CHANGE, EACH_STEP, Invariant
from tests.sim.world import World, make_world

STEPS = 200


class BrokenError(AssertionError):
    """An invariant does not hold; `SEED=` replays exactly this run."""

    def __init__(self, name: str, found: str, world: World) -> None:
        trace = "\n  ".join(world.trace[-60:])
        super().__init__(f"{name}: {found}\nSEED={world.seed} step {world.step}; what happened before:\n  {trace}")
        self.name, self.seed, self.step = name, world.seed, world.step


def run_seed(seed: int, steps: int = STEPS) -> World:
    """Let a seed run; BrokenError at the first invariant that does not hold."""
    world = make_world(seed)
    with patch.object(envelope, "_SUITE", Wrapping(world.rng)):
        _run(world, steps)
    return world


def _run(world: World, steps: int) -> None:
    compared = None
    for step in range(1, steps + 1):
        world.step = step
        try:
            _live(world)
            _check(world, EACH_STEP)
            world.catch_up()
            if world.written() != compared:
                _check(world, EACH_CHANGE)
                compared = world.written()
        except BrokenError:
            raise
        except DivergenceError as error:
            raise BrokenError("recovers_what_was_committed", str(error), world) from error
        except Exception as error:
            raise BrokenError("works_without_a_fault", repr(error), world) from error


def _live(world: World) -> None:
    for _ in range(world.rng.randint(1, 3)):
        take_one(world)
    if world.rng.random() < 0.7:
        world.work()


def _check(world: World, invariants: tuple[Invariant, ...]) -> None:
    for invariant in invariants:
        found = invariant(world)
        if found is not None:
            raise BrokenError(invariant.__name__, found, world)
