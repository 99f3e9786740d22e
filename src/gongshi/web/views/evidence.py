"""The page that every printed number opens to: the document, who signed it, where that stands in the log, what cites it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse

from gongshi.group.queries import get_attached, get_ballots, get_drafts, get_signers
from gongshi.terms.digest import Digest, digest_to_text
from gongshi.terms.problem import Problem
from gongshi.terms.text import Text, text_from
from gongshi.web.entries import find_leaf
from gongshi.web.figures import Signed, get_target, is_published, list_published, list_signed
from gongshi.web.pages import file_answer, page
from gongshi.web.readers import DeskRequest, may_read_evidence
from gongshi.web.seat import get_seat
from gongshi.web.views.errors import ask_to_sign_in, refuse

# What has a rendering of its own; everything else is shown as it stands.
_RENDERED = {"lab.conformance": {"verdicts", "clauses"}, "group.ballot": {"working"}}


def evidence(request: DeskRequest, id_: str) -> HttpResponse:
    """Give the page of an evidence document."""
    found = _find(id_)
    refused = _refuse(request, found)
    if refused is not None:
        return refused
    seat, document = get_seat(), found.evidence
    digest = document.digest()
    with seat.desk.read() as connection:
        signers = [(name, find_leaf(seat, leaf)) for name, leaf in get_signers(connection, digest)]
        drafts = {row["id"]: row for row in get_drafts(connection) if digest in get_attached(connection, row["id"])}
        ballots = [one for one in get_ballots(connection) if one.id == document.results.get("ballot")]
    target = get_target(document)
    hidden = _RENDERED.get(document.kind, set())
    return page(
        request,
        "evidence/evidence.html",
        signed=found,
        evidence=document,
        digest=digest_to_text(digest),
        subjects={name: digest_to_text(value) for name, value in document.subjects.items()},
        signers=signers,
        drafts=drafts.values(),
        ballots=ballots,
        publications=[row for row in list_published(seat) if digest in row["evidence"]],
        target=target and target[1],
        verdicts=_read_verdicts(document.results.get("verdicts", ())),
        working=document.results.get("working", ()),
        results={name: value for name, value in document.results.items() if name not in hidden},
        raw=document.raw and digest_to_text(document.raw),
    )


def document(request: DeskRequest, id_: str) -> HttpResponse:
    """Give the document itself: the very bytes whose digest is signed."""
    found = _find(id_)
    refused = _refuse(request, found)
    return refused or file_answer(found.evidence.encode(), f"{id_}.json", "application/json")


def _find(id_: str) -> Signed:
    found = [one for one in list_signed(get_seat()) if one.id == id_]
    if not found:
        raise Http404
    return found[-1]


def _refuse(request: DeskRequest, found: Signed) -> HttpResponse | None:
    with get_seat().desk.read() as connection:
        signers = [name for name, _ in get_signers(connection, Digest(found.evidence.digest()))]
    if may_read_evidence(
        request.reader, found.evidence, signers, is_published=is_published(get_seat(), found.evidence)
    ):
        return None
    return ask_to_sign_in(request) if request.reader is None else refuse(request, "web.refused.other_member", 403)


def _read_verdicts(rows: Any) -> list[dict[str, Any]]:
    return [_read_verdict(row) for row in rows]


def _read_verdict(row: dict[str, Any]) -> dict[str, Any]:
    steps: list[tuple[Text, str]] = []
    for place, step in enumerate(row["steps"]):
        failed = row["step"]
        state = "passed" if failed is None or place < failed else "failed" if place == failed else "unreached"
        steps.append((text_from(step["text"]), state))
    seen = row["seen"] and Problem(row["seen"]["code"], row["seen"]["where"], row["seen"]["values"])
    return {**row, "steps": steps, "seen": seen, "reason": row["reason"] and text_from(row["reason"])}
