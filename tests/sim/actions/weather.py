"""What nobody signs: time passes, clocks drift and jump, the power goes, projections are dropped or interrupted."""

from __future__ import annotations

import sqlalchemy as sa

from gongshi.ledger.ports import Blobs
from gongshi.ledger.projection import Projection, catch_up, drop
from gongshi.ledger.records import LoggedEntry
from gongshi.terms.instant import MS_PER_DAY
from tests.sim.faults import PowerLostError
from tests.sim.world import World


class Interrupted:
    """A projection during which the power goes at the nth entry."""

    def __init__(self, projection: Projection, after: int) -> None:
        self.name, self.version, self.metadata = projection.name, projection.version, projection.metadata
        self._projection, self._after = projection, after

    def on_entry(self, connection: sa.Connection, logged: LoggedEntry, blobs: Blobs) -> None:
        self._projection.on_entry(connection, logged, blobs)
        self._after -= 1
        if self._after < 0:
            raise PowerLostError


def wait_hours(world: World) -> None:
    world.time.instant += world.rng.randint(1, 30) * 3_600_000


def wait_days(world: World) -> None:
    world.time.instant += world.rng.randint(1, 4) * MS_PER_DAY


def drift(world: World) -> None:
    """A clock is set anew, forward or back; block time does not go back with it."""
    clock = world.pick([*world.clocks.values(), world.engine_clock])
    clock.drift = world.rng.randint(-7_200_000, 7_200_000)
    world.say("a clock is set")


def power_goes(world: World) -> None:
    world.say("the power goes")
    world.crash()


def power_will_go(world: World) -> None:
    world.disk.stop_after = world.rng.randint(0, 40)
    world.say(f"the power will go after {world.disk.stop_after} writes")


def drop_tables(world: World) -> None:
    chosen = [one for one in world.projections if world.rng.random() < 0.5]
    world.say(f"dropped: {', '.join(one.name for one in chosen)}")
    drop(world.database, chosen)


def interrupt_tables(world: World) -> None:
    """The power goes while the projections catch up with some blocks: what was being read is read again."""
    for _ in range(world.rng.randint(1, 4)):
        world.work()
    world.say("the power goes while projections catch up")
    cut = [Interrupted(one, world.rng.randint(0, 3)) for one in world.projections]
    try:
        catch_up(world.engine, world.database, cut, world.blobs)
    except PowerLostError:
        world.crash()


ACTIONS = [
    (wait_hours, 4),
    (wait_days, 1),
    (drift, 1),
    (power_goes, 0.6),
    (power_will_go, 1.5),
    (drop_tables, 0.5),
    (interrupt_tables, 0.5),
]
