"""A ballot: its count explained line by line once it is closed, and the paper that a member casts in two steps while it is open."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods

from gongshi.flows.desk import EntryRefusedError, NoKeysError
from gongshi.flows.group_decisions import sign_vote
from gongshi.group.count import explain
from gongshi.group.queries import compute_tally, get_ballot, get_comments, get_drafts, get_item
from gongshi.group.records import POSITIONS, Ballot, Comment
from gongshi.ledger.records import Proof
from gongshi.terms.problem import Problem
from gongshi.web.pages import page
from gongshi.web.readers import DeskRequest, Reader, members_only
from gongshi.web.seat import get_seat

STATEMENT_MAX = 4000


def ballot(request: DeskRequest, id_: str) -> HttpResponse:
    """Give a ballot: closed ones with every paper and the count; of an open one the papers are for members."""
    found = _find(id_)
    tally = compute_tally(found)
    return page(
        request,
        "group/ballot.html",
        **_around(found),
        tally=tally,
        steps=explain(tally),
        may_see=found.tally is not None or request.reader is not None,
        standing=_stand(found, request.reader),
        missing=_missing(found),
    )


def _find(id_: str) -> Ballot:
    with get_seat().desk.read() as connection:
        found = get_ballot(connection, id_)
    if found is None:
        raise Http404
    return found


def _around(ballot: Ballot) -> dict[str, Any]:
    with get_seat().desk.read() as connection:
        item = get_item(connection, ballot.item)
        text = next((row for row in get_drafts(connection) if row["digest"] == ballot.draft), None)
        comments = {one.id: one for one in get_comments(connection)}
    return {"ballot": ballot, "item": item, "text": text, "comments": comments}


def _stand(ballot: Ballot, reader: Reader | None) -> str:
    """Say how the reader stands to the ballot; the ledger judges, this only spares him a form that it would refuse."""
    now = get_seat().desk.now()
    if ballot.tally is not None or now > ballot.closes_at:
        return "closed"
    if now < ballot.opens_at:
        return "early"
    if reader is None:
        return "anonymous"
    if reader.organisation not in {voter.organisation for voter in ballot.electorate}:
        return "not_entitled"
    if reader.organisation in {name for name, _ in compute_tally(ballot).barred}:
        return "barred"
    if not reader.has("expert", "secretariat"):
        return "role"
    if not reader.can_sign:
        return "no_keys"
    return "again" if reader.organisation in {vote.organisation for vote in ballot.votes} else "open"


def _missing(ballot: Ballot) -> list[str]:
    voted = {vote.organisation for vote in ballot.votes}
    barred = {name for name, _ in compute_tally(ballot).barred}
    return [v.organisation for v in ballot.electorate if v.organisation not in voted | barred]


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def vote(request: DeskRequest, id_: str) -> HttpResponse:
    """Give the paper, then the page that shows what would be signed, then sign and hand it in."""
    assert request.reader is not None
    found = _find(id_)
    around = {**_around(found), "standing": _stand(found, request.reader), "own": _own(found, request.reader)}
    form = _read_form(request, around["own"])
    if around["standing"] not in ("open", "again"):
        return page(request, "group/vote.html", 403, **around)
    if request.method != "POST":
        return page(request, "group/vote.html", **around, form=form, positions=POSITIONS)
    problem = _check(form)
    if problem is not None:
        return page(request, "group/vote.html", 400, **around, form=form, positions=POSITIONS, problem=problem)
    if request.POST.get("step") != "sign":
        return page(request, "group/vote-confirm.html", **around, form=form)
    proof = _cast(request.reader, found, form)
    if isinstance(proof, Problem):
        return page(request, "group/vote.html", 409, **around, form=form, positions=POSITIONS, problem=proof)
    return page(request, "group/vote-done.html", **around, form=form, proof=proof)


def _own(ballot: Ballot, reader: Reader) -> list[Comment]:
    """Give the technical comments of the reader's organisation on the text: what a disapproval leans on."""
    with get_seat().desk.read() as connection:
        drafts = {row["id"] for row in get_drafts(connection, ballot.item)}
        found = get_comments(connection)
    return [one for one in found if (one.organisation, one.type) == (reader.organisation, "te") and one.draft in drafts]


def _read_form(request: DeskRequest, own: list[Comment]) -> dict[str, Any]:
    named = request.POST.getlist("technical")
    return {
        "position": request.POST.get("position", ""),
        "statement": request.POST.get("statement", "").strip(),
        "technical": [one.id for one in own if one.id in named],
    }


def _check(form: dict[str, Any]) -> Problem | None:
    if form["position"] not in POSITIONS:
        return Problem("web.vote.position")
    if len(form["statement"]) > STATEMENT_MAX:
        return Problem("web.vote.long", values={"most": STATEMENT_MAX})
    return None


def _cast(reader: Reader, ballot: Ballot, form: dict[str, Any]) -> Proof | Problem:
    seat = get_seat()
    try:
        with seat.turn:
            data = sign_vote(
                seat.desk, reader.actor, ballot.id, form["position"], form["technical"], form["statement"] or None
            )
            return seat.desk.settle(seat.desk.engine.submit(data))[0]
    except EntryRefusedError as error:
        return error.problem
    except NoKeysError as error:
        return Problem("web.keys.not_here", values={"organisation": error.organisation})
