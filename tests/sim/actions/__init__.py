"""What may happen in a step, a family a file. An action sends signed entries by mail or touches the outside world; it judges nothing."""

from __future__ import annotations

from tests.sim.actions import ballots, dishonest, drafts, exchange, members, pilots, rooms, weather
from tests.sim.world import World

FAMILIES = (ballots, dishonest, drafts, exchange, members, pilots, rooms, weather)
ACTIONS = [action for family in FAMILIES for action in family.ACTIONS]
WEIGHTS = [weight for _, weight in ACTIONS]


def take_one(world: World) -> None:
    """Draw an action and let it happen; one that finds nothing to act on leaves no trace."""
    ((act, _),) = world.rng.choices(ACTIONS, WEIGHTS)
    act(world)
