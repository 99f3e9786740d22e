"""The group's pages: work items with their stages, drafts with comments and tests beside each clause, what waits, the exchange."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from gongshi.flows.desk import EntryRefusedError, NoKeysError
from gongshi.flows.group_decisions import comment_on
from gongshi.group.queries import (
    get_attached,
    get_ballots,
    get_clauses,
    get_comments,
    get_committees,
    get_drafts,
    get_exchanges,
    get_item,
    get_items,
    get_mandates,
    get_milestones,
    waiting_for,
    waiting_for_all,
)
from gongshi.group.records import COMMENT_TYPES, Comment
from gongshi.group.stages import STAGES
from gongshi.terms.clause import Clause
from gongshi.terms.problem import Problem
from gongshi.web.pages import page
from gongshi.web.readers import DeskRequest, members_only
from gongshi.web.seat import get_seat
from gongshi.web.stages import lay_out_stages
from gongshi.web.views.lab import Cell, make_matrix

TEXT_MAX = 4000


def group(request: DeskRequest) -> HttpResponse:
    """Give the work programme: items, drafts, ballots, who sits in the committees."""
    with get_seat().desk.read() as connection:
        items, drafts = get_items(connection), {row["id"]: row for row in get_drafts(connection)}
        ballots, committees = get_ballots(connection), get_committees(connection)
        mandates = get_mandates(connection)
    return page(
        request,
        "group/group.html",
        items=[(item, STAGES[item.stage]) for item in items],
        drafts=drafts.values(),
        ballots=ballots,
        committees=committees,
        mandates={one.id: [m for m in mandates if m.organisation == one.id] for one in _members(committees)},
    )


def _members(committees: Any) -> list[Any]:
    return [member.organisation for committee in committees for member in committee.members]


def item(request: DeskRequest, id_: str) -> HttpResponse:
    """Give a work item: its stage line, every step with who took it and why, its drafts, ballots and milestones."""
    with get_seat().desk.read() as connection:
        found = get_item(connection, id_)
        if found is None:
            raise Http404
        drafts = get_drafts(connection, id_)
        ballots = [one for one in get_ballots(connection) if one.item == id_]
        milestones = [one for one in get_milestones(connection) if one.item == id_]
    return page(
        request,
        "group/item.html",
        item=found,
        stage=STAGES[found.stage],
        stages=lay_out_stages(found),
        history=[(change, STAGES[change.stage]) for change in reversed(found.history)],
        drafts=drafts,
        ballots=ballots,
        milestones=milestones,
    )


@dataclass(frozen=True)
class ClauseView:
    """A clause with what stands beside it: its tests by system, its comments, and its wording in the revision before."""

    clause: Clause
    cells: tuple[tuple[Any, Cell | None], ...]
    comments: tuple[Comment, ...]
    change: str
    zh_diff: tuple[tuple[str, str], ...]
    en_diff: tuple[tuple[str, str], ...]


def draft(request: DeskRequest, id_: str, **given: Any) -> HttpResponse:
    """Give a draft's revision, clause by clause."""
    seat = get_seat()
    with seat.desk.read() as connection:
        revisions = [row for row in get_drafts(connection) if row["id"] == id_]
        row = _choose(revisions, request.GET.get("revision", ""))
        clauses = get_clauses(connection, id_, row["revision"])
        before = {one.id: one for one in get_clauses(connection, id_, row["revision"] - 1)}
        comments = get_comments(connection, id_)
        matrix = make_matrix(seat, row, clauses, frozenset(get_attached(connection, id_)))
    views = [
        _view_clause(clause, list(zip(matrix.runs, cells, strict=True)), comments, before)
        for clause, cells in matrix.rows
    ]
    return page(
        request,
        "group/draft.html",
        **{"status": 200, **given},
        row=row,
        revisions=revisions,
        is_newest=row["revision"] == revisions[-1]["revision"],
        clauses=views,
        runs=matrix.runs,
        types=COMMENT_TYPES,
        comments=comments,
        unresolved=sum(one.resolution is None for one in comments),
    )


def _choose(revisions: list[dict[str, Any]], wanted: str) -> dict[str, Any]:
    found = [row for row in revisions if not wanted or str(row["revision"]) == wanted]
    if not found:
        raise Http404
    return found[-1]


def _view_clause(
    clause: Clause, cells: list[tuple[Any, Cell | None]], comments: tuple[Comment, ...], before: dict[str, Clause]
) -> ClauseView:
    own = tuple(comment for comment in comments if comment.clause == clause.id)
    old = before.get(clause.id)
    if not before or (old is not None and old.digest() == clause.digest()):
        return ClauseView(clause, tuple(cells), own, "", (), ())
    if old is None:
        return ClauseView(clause, tuple(cells), own, "new", (), ())
    zh = _compare(list(old.statement.zh), list(clause.statement.zh), "")
    en = _compare(old.statement.en.split(), clause.statement.en.split(), " ")
    return ClauseView(clause, tuple(cells), own, "changed", zh, en)


def _compare(old: list[str], new: list[str], between: str) -> tuple[tuple[str, str], ...]:
    """Give runs of (kept, removed or added; words)."""
    runs: list[tuple[str, str]] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            runs.append(("kept", between.join(old[a:b])))
            continue
        runs += [("removed", between.join(old[a:b]))] if a < b else []
        runs += [("added", between.join(new[c:d]))] if c < d else []
    return tuple(runs)


@require_POST
@members_only
def comment(request: DeskRequest, id_: str, clause: str) -> HttpResponse:
    """Enter a comment of the reader's organisation on a clause of the revision that stands."""
    assert request.reader is not None
    form = {name: request.POST.get(name, "").strip() for name in ("type", "text", "proposed")}
    problem = _check_comment(form)
    if problem is None:
        problem = _post(request, id_, clause, form)
    if problem is not None:
        return draft(request, id_, problem=problem, form=form, at_clause=clause, status=400)
    return redirect(f"{reverse('group-draft', args=[id_])}#{clause}")


def _check_comment(form: dict[str, str]) -> Problem | None:
    if not form["text"]:
        return Problem("web.comment.empty")
    if max(len(form["text"]), len(form["proposed"])) > TEXT_MAX:
        return Problem("web.comment.long", values={"most": TEXT_MAX})
    return None


def _post(request: DeskRequest, draft_: str, clause: str, form: dict[str, str]) -> Problem | None:
    assert request.reader is not None
    seat = get_seat()
    try:
        with seat.turn:
            posted = comment_on(
                seat.desk, request.reader.actor, draft_, clause, form["type"], form["text"], form["proposed"] or None
            )
    except EntryRefusedError as error:
        return error.problem
    except NoKeysError as error:
        return Problem("web.keys.not_here", values={"organisation": error.organisation})
    return posted if isinstance(posted, Problem) else None


@members_only
def waiting(request: DeskRequest) -> HttpResponse:
    """Give what waits for the reader's organisation, and for every other."""
    assert request.reader is not None
    seat = get_seat()
    now = seat.desk.now()
    with seat.desk.read() as connection:
        return page(
            request,
            "group/waiting.html",
            own=waiting_for(connection, request.reader.organisation, now),
            everyone=waiting_for_all(connection, now),
        )


@members_only
def exchange(request: DeskRequest) -> HttpResponse:
    """Give what the reader's organisation sent or received in confidence; other members' envelopes are not for him."""
    assert request.reader is not None
    with get_seat().desk.read() as connection:
        found = get_exchanges(connection, request.reader.organisation)
    return page(request, "group/exchange.html", exchanges=found)
