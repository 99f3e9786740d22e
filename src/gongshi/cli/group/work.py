"""Work items, their stages, their drafts, and what waits for whom."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from gongshi import __version__
from gongshi.cli.alliance import get_founding
from gongshi.cli.context import Context
from gongshi.cli.errors import ProblemsError
from gongshi.flows.evidence import sign
from gongshi.flows.group_decisions import move, post
from gongshi.flows.watch_to_group import Asked, Assessed, open_item
from gongshi.group.evidence import make_alliance_evidence, make_plan_evidence
from gongshi.group.founding import stage_of
from gongshi.group.queries import (
    get_committees,
    get_drafts,
    get_item,
    get_items,
    get_mandates,
    get_milestones,
    waiting_for_all,
)
from gongshi.group.records import Draft, WorkItem
from gongshi.group.stages import STAGES
from gongshi.terms.evidence import evidence_id
from gongshi.terms.instant import instant_to_iso
from gongshi.terms.problem import Problem
from gongshi.watch.store import list_assessments
from gongshi.wiring import House, load_draft

By = Annotated[str, typer.Option("--by", help="The mandate under which you act.")]
ItemId = Annotated[str, typer.Option("--item", help="The work item; the newest where none is named.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the family."""
    app.command("open-item")(open_workitem)
    app.command()(items)
    app.command()(stage)
    app.command()(draft)
    app.command()(waiting)
    app.command()(sign_plan)


def open_workitem(
    context: typer.Context,
    plan: Annotated[str, typer.Option(help="The item of the founding file whose calendar it takes.")],
    assessment: Annotated[str, typer.Option(help="The assessment that asks for it; the newest by default.")] = "",
    by: By = "",
) -> None:
    """Open the work item that an assessment asks for, with its due day and milestones."""
    here: Context = context.obj
    with here.open() as house:
        asked = _read_plan(house, plan)
        with house.desk.read() as connection:
            found = [one for id_, _, one in list_assessments(connection) if assessment in ("", id_)]
        if not found:
            raise ProblemsError([Problem("watch.assessment.unknown", assessment)])
        secretary = here.actor(house, "secretariat", given=by)
        wanted = replace(asked, title=found[-1].work_item)
        item = open_item(house.desk, secretary, wanted, Assessed(found[-1], None))
        shown = get_item_or_fail(house, item)
    if here.as_json:
        here.give(_row(shown))
    here.tell("cli.group.item", id=item, title=shown.title.in_(here.language), due=instant_to_iso(shown.due)[:10])


def _read_plan(house: House, plan: str) -> Asked:
    founding = get_founding(house)
    for item in founding.items:
        if item.id == plan:
            milestones = [one for one in founding.milestones if one.item == plan]
            return Asked(item.committee, item.title, item.due, milestones)
    raise ProblemsError([Problem("group.workitem.unknown", plan, {"item": plan})])


def items(context: typer.Context) -> None:
    """List the work items and where they stand."""
    here: Context = context.obj
    with here.open() as house, house.desk.read() as connection:
        rows = [_row(item) for item in get_items(connection)]
    here.give(rows, ("id", "title", "stage", "name", "due"))


def stage(
    context: typer.Context,
    to: Annotated[str, typer.Argument(help="The stage to move to, such as 40.20.")],
    item: ItemId = "",
    reason: Annotated[str, typer.Option(help="The decision's reason.")] = "",
    skip: Annotated[list[str] | None, typer.Option(help="ROW=REASON for a row that is left out.")] = None,
    by: By = "",
) -> None:
    """Move a work item to a stage; a move that the matrix does not have is refused."""
    here: Context = context.obj
    with here.open() as house:
        found = get_item_or_fail(house, item)
        if found.stage.code == to or to in [change.stage.code for change in found.history]:
            here.tell("cli.group.stage_before", id=found.id, stage=to)
            return
        skipped = dict(_read_skip(one) for one in skip or [])
        try:
            target = stage_of(to)
        except KeyError:
            raise ProblemsError([Problem("group.stage.unknown", to, {"stage": to})]) from None
        secretary = here.actor(house, "secretariat", given=by)
        proof = move(house.desk, secretary, found, target, reason or None, skipped)
    if here.as_json:
        here.give({"item": found.id, "stage": to, "height": proof.height, "leaf": proof.leaf})
    here.tell("cli.group.stage", id=found.id, stage=to, name=STAGES[target].in_(here.language))


def _read_skip(text: str) -> tuple[int, str]:
    row, _, reason = text.partition("=")
    if not row.isdigit():
        raise ProblemsError([Problem("group.stage.form", text, {"field": "skip"})])
    return int(row), reason


def draft(
    context: typer.Context,
    folder: Path,
    revision: Annotated[int, typer.Option(help="The revision that the folder is read at.")] = 1,
    item: ItemId = "",
    by: By = "",
) -> None:
    """Post a draft's revision from its folder of clauses."""
    here: Context = context.obj
    with here.open() as house:
        text = load_draft(folder, revision)
        if not isinstance(text, Draft):
            raise ProblemsError(text)
        with house.desk.read() as connection:
            known = [row["revision"] for row in get_drafts(connection) if row["id"] == text.id]
        if revision not in known:
            post(
                house.desk, here.actor(house, "expert", "researcher", given=by), get_item_or_fail(house, item).id, text
            )
    if here.as_json:
        here.give({"draft": text.id, "revision": revision, "clauses": len(text.clauses)})
    here.tell(
        "cli.group.draft",
        id=text.id,
        title=text.title.in_(here.language),
        revision=revision,
        clauses=len(text.clauses),
    )


def waiting(context: typer.Context) -> None:
    """Say what waits for whom, what is due first coming first."""
    here: Context = context.obj
    with here.open() as house, house.desk.read() as connection:
        found = waiting_for_all(connection, house.desk.now())
    rows = [
        {
            "organisation": name,
            "kind": here.say(f"group.waiting.{one.kind}"),
            "name": one.name if isinstance(one.name, str) else one.name.as_json(),
            "due": "" if one.due is None else instant_to_iso(one.due)[:10],
        }
        for name, listed in found.items()
        for one in listed
    ]
    here.give(rows, ("organisation", "kind", "name", "due"))


def sign_plan(context: typer.Context, item: ItemId = "", by: By = "") -> None:
    """Sign the alliance and the item's plan as evidence, for a publication to print."""
    here: Context = context.obj
    with here.open() as house:
        found = get_item_or_fail(house, item)
        with house.desk.read() as connection:
            milestones = [one for one in get_milestones(connection) if one.item == found.id]
            committees, mandates = get_committees(connection), get_mandates(connection)
        secretary = here.actor(house, "secretariat", given=by)
        founding = get_founding(house)
        documents = (
            make_plan_evidence(found, milestones, __version__, founding.zone),
            make_alliance_evidence(committees, mandates, __version__, house.desk.now()),
        )
        signed = [sign(house.desk, secretary.organisation, one, secretary.mandate) for one in documents]
    if here.as_json:
        here.give([evidence_id(digest) for digest in signed])
    here.tell("cli.group.plan", milestones=len(milestones), evidence=", ".join(evidence_id(d) for d in signed))


def get_item_or_fail(house: House, item: str) -> WorkItem:
    """Give a work item, the newest where none is named, or fail with the problem."""
    with house.desk.read() as connection:
        found = get_item(connection, item) if item else next(iter(reversed(get_items(connection))), None)
    if found is None:
        raise ProblemsError([Problem("group.workitem.unknown", item, {"item": item or "-"})])
    return found


def _row(item: WorkItem) -> dict[str, object]:
    return {
        "id": item.id,
        "title": item.title.as_json(),
        "stage": item.stage.code,
        "name": STAGES[item.stage].as_json(),
        "due": instant_to_iso(item.due)[:10],
    }
