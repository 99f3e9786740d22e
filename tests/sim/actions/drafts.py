"""Work items move through the stages, drafts get revisions, comments live their whole life."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from gongshi.group.comments import CHANGES
from gongshi.group.entries import (
    attach_evidence,
    move_stage,
    open_workitem,
    post_comment,
    post_draft,
    reply_to_resolution,
    resolve_comment,
    set_milestone,
    sign_evidence,
)
from gongshi.group.records import Draft, Milestone, Stage
from gongshi.group.rules import REPLIES, RESOLUTIONS
from gongshi.group.stages import BALLOT_ROWS, get_moves
from gongshi.terms.clause import Clause
from gongshi.terms.digest import Digest, compute_digest
from gongshi.terms.instant import MS_PER_DAY, day_of
from gongshi.terms.text import Text
from tests.sim.world import COMMITTEE, World

_GOOD = (20, 60, 99, 0)


def open_item(world: World) -> None:
    number = world.rng.randint(0, 3)
    title = Text(f"项目{number}", f"Item {number}")
    due = world.clocks["institute"].now() + world.rng.choice((-1, 90)) * MS_PER_DAY
    world.send(world.pick(("institute", "institute", "ministry")), open_workitem(COMMITTEE, title, f"as-{number}", due))


def move(world: World) -> None:
    """Move an item on, mostly along the good way, with its reasons or without."""
    item = world.pick(world.keys_of("groups", "item/"))
    record = world.get("groups", f"item/{item}")
    stage, moves = Stage(*record["stage"]), get_moves(Stage(*record["stage"]))
    if not moves:
        return
    if world.rng.random() < 0.9 and not _is_ready(world, record):
        post(world)
        return
    good = [target for target in moves if target.sub in _GOOD and target.major <= 60]
    target = good[-1] if good and world.rng.random() < 0.9 else world.pick(moves)
    rows = (0, 10, 20, 30, 40, 50, 60)
    passed = [row for row in rows if stage.sub == 99 and stage.major < row < target.major]
    skipped = {row: "not needed" for row in passed if world.rng.random() < 0.97}
    reason = "as decided" if world.rng.random() < 0.95 else None
    world.send("institute", move_stage(item, stage, target, reason, skipped))


def _is_ready(world: World, record: Any) -> bool:
    """A text before its ballot, a verdict before the end of the vote."""
    major, sub = record["stage"]
    if major not in BALLOT_ROWS or sub not in (0, 20):
        return True
    if sub == 0 or record["ballot"] is None:
        return record["draft"] is not None and sub == 0
    return world.get("ballots", f"ballot/{record['ballot']}")["verdict"] is not None


def milestone(world: World) -> None:
    item = world.pick(world.keys_of("groups", "item/"))
    day = day_of(world.time.instant) + timedelta(days=world.rng.randint(-5, 60))
    name = world.pick(("summit", "paper"))
    text = Text("峰会", "Summit")
    world.send("institute", set_milestone(Milestone(name, item, "meeting", text, day, world.rng.random() < 0.2)))


def _make_draft(world: World, name: str, revision: int) -> Draft:
    words = world.rng.randint(0, 2)
    clauses = tuple(
        Clause(
            f"clause-{n:03d}", f"5.{n}", Text(f"条款{n}", f"Clause {n}"), Text(f"应{words * n}", f"It {words * n}."), n
        )
        for n in (16, 20, 102)
    )
    return Draft(name, Text("要求", "Requirements"), revision, clauses)


def post(world: World) -> None:
    """Post the next revision, or by mistake one that is not next; the document is kept before."""
    item = world.pick(world.keys_of("groups", "item/"))
    name = f"draft-{item[3:11]}"
    known = world.get("groups", f"draft/{name}")
    revision = (known["revision"] if known else 0) + world.rng.choice((1, 1, 1, 1, 0, 2))
    draft = _make_draft(world, name, revision)
    world.blobs.put(draft.encode())
    world.send(world.pick(world.names), post_draft(item, draft))


def sign_run(world: World) -> None:
    digest = compute_digest(f"run {world.rng.randint(0, 4)}".encode())
    world.send(world.pick(world.names), sign_evidence(digest, world.pick(("lab.run", "lab.bench"))))


def attach_run(world: World) -> None:
    draft = world.pick(world.keys_of("groups", "draft/"))
    if draft is not None:
        digest = Digest(world.get("groups", f"draft/{draft}")["digest"])
        run = compute_digest(f"run {world.rng.randint(0, 4)}".encode())
        world.send(world.pick(world.names), attach_evidence(draft, digest, [run]))


def comment(world: World) -> None:
    draft = world.pick(world.keys_of("groups", "draft/"))
    if draft is None:
        return
    clauses = world.get("groups", f"draft/{draft}")["clauses"]
    clause = world.pick(sorted(clauses))
    name, said = world.pick(world.names), f"say {world.rng.randint(0, 20)}"
    kind = world.pick(("te", "te", "ed", "ge"))
    world.send(name, post_comment(name, draft, clause, Digest(clauses[clause]), kind, said))


def resolve(world: World) -> None:
    name = world.pick(world.keys_of("groups", "comment/"))
    if name is None:
        return
    record = world.get("groups", f"comment/{name}")
    resolution = world.pick(sorted(RESOLUTIONS))
    revision, hunk = None, None
    if resolution in CHANGES and world.rng.random() < 0.7:
        revision, hunk = Digest(world.get("groups", f"draft/{record['draft']}")["digest"]), record["clause"]
    author = record["org"] if resolution == "withdrawn" and world.rng.random() < 0.8 else "institute"
    reason = "for this reason" if world.rng.random() < 0.9 else None
    world.send(author, resolve_comment(name, resolution, reason, revision, hunk))


def reply(world: World) -> None:
    name = world.pick(world.keys_of("groups", "comment/"))
    if name is not None:
        owner = world.get("groups", f"comment/{name}")["org"]
        author = owner if world.rng.random() < 0.9 else world.pick(world.names)
        world.send(author, reply_to_resolution(name, world.pick(sorted(REPLIES))))


ACTIONS = [
    (open_item, 2),
    (move, 26),
    (milestone, 1),
    (post, 6),
    (sign_run, 2),
    (attach_run, 2),
    (comment, 5),
    (resolve, 7),
    (reply, 3),
]
