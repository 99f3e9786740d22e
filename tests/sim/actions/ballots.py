"""Ballots are opened with marks of interest, voted on in time and too late, once and twice, and closed rightly and wrongly."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache

from gongshi.group.adapters.rule_folder import load_rules
from gongshi.group.count import count
from gongshi.group.entries import cast_vote, close_ballot, open_ballot
from gongshi.group.kinds.ballots import rule_from_body, voters_from_body
from gongshi.group.records import POSITIONS, BallotRule, Vote, Voter
from gongshi.terms.digest import Digest
from gongshi.terms.instant import day_of, end_of_day
from tests.sim.world import COMMITTEE, World

_MARKS = ("drafter", "drafters_employer")


@cache
def _rules() -> dict[str, BallotRule]:
    rules = load_rules()
    assert isinstance(rules, dict)
    return rules


def open_one(world: World) -> None:
    items = [n for n in world.keys_of("groups", "item/") if world.get("groups", f"item/{n}")["stage"][1] == 20]
    item = world.pick(items)
    record = None if item is None else world.get("groups", f"item/{item}")
    if record is None or record["draft"] is None or record["ballot"] is not None:
        return
    draft = Digest(world.get("groups", f"draft/{record['draft']}")["digest"])
    rule = world.pick([_rules()["alliance-charter"], *(_rules()[name] for name in sorted(_rules()))])
    members = world.get("groups", f"committee/{COMMITTEE}")["members"]
    voters = [
        Voter(name, member_class, tuple(mark for mark in _MARKS if world.rng.random() < 0.15))
        for name, member_class, is_voting in members
        if is_voting and world.rng.random() < 0.995
    ]
    now = world.time.instant
    days = rule.period_days + world.rng.choice((-2, 1, 1, 2))
    closes = end_of_day(day_of(now) + timedelta(days=max(days, 1)))
    world.send("institute", open_ballot(item, draft, rule, voters, now, closes))


def vote(world: World) -> None:
    """Cast papers in one ballot, mostly as it is open; with own technical comments, or none, or those of another."""
    ballots = world.keys_of("ballots", "ballot/")
    alive = [one for one in ballots if world.get("ballots", f"ballot/{one}")["closes_at"] > world.time.instant]
    ballot = world.pick(alive if world.rng.random() < 0.9 else ballots)
    if ballot is None:
        return
    for _ in range(world.rng.randint(1, 4)):
        name = world.pick(world.names)
        technical = _technical(world, ballot, name)
        world.send(name, cast_vote(ballot, world.pick(POSITIONS), technical))


def _technical(world: World, ballot: str, name: str) -> list[str]:
    item = world.get("ballots", f"ballot/{ballot}")["item"]
    draft = world.get("groups", f"item/{item}")["draft"]
    found = []
    for one in world.keys_of("groups", "comment/"):
        record = world.get("groups", f"comment/{one}")
        if (record["org"], record["draft"], record["type"]) == (name, draft, "te") or world.rng.random() < 0.01:
            found.append(one)
    return found if world.rng.random() < 0.7 else []


def wait_and_close(world: World) -> None:
    """Let the period pass and close the ballot."""
    ballot = _pick_ballot(world)
    if ballot is not None:
        record = world.get("ballots", f"ballot/{ballot}")
        if record["closes_at"] < world.time.instant or len(record["votes"]) > 4 or world.rng.random() < 0.1:
            world.time.instant = max(world.time.instant, record["closes_at"] + 120_000)
            _close(world, ballot)


def close_early(world: World) -> None:
    """Close whatever there is, with the right count or with one paper left out: refused where it should be."""
    ballot = world.pick(world.keys_of("ballots", "ballot/"))
    if ballot is not None:
        _close(world, ballot, leave_out=world.rng.random() < 0.5)


def close_wrongly(world: World) -> None:
    """Close with a tally that says more yes than there is."""
    ballot = world.pick(world.keys_of("ballots", "ballot/"))
    if ballot is not None:
        _close(world, ballot, added=1)


def _close(world: World, ballot: str, added: int = 0, *, leave_out: bool = False) -> None:
    record = world.get("ballots", f"ballot/{ballot}")
    votes = [Vote(name, position, tuple(te), entry=entry) for name, entry, position, te in record["votes"]]
    votes = votes[1:] if leave_out else votes
    tally = count(rule_from_body(record["rule"]), voters_from_body(record["electorate"]), votes)
    world.send("institute", close_ballot(ballot, votes, replace(tally, yes=tally.yes + added)))


def _pick_ballot(world: World) -> str | None:
    ballots = world.keys_of("ballots", "ballot/")
    waiting = [one for one in ballots if world.get("ballots", f"ballot/{one}")["verdict"] is None]
    found: str | None = world.pick(waiting if waiting and world.rng.random() < 0.9 else ballots)
    return found


ACTIONS = [(open_one, 12), (vote, 14), (wait_and_close, 6), (close_early, 1), (close_wrongly, 1)]
