"""Committees, work items, stages, milestones, drafts, and the signing of evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from gongshi.group.kinds.common import (
    BALLOTS,
    GROUPS,
    check_id,
    check_role,
    check_secretariat,
    get_member,
    is_words_or_none,
    words_to_body,
)
from gongshi.group.records import MEMBER_CLASSES, MILESTONE_KINDS, Committee, Milestone, Stage, Words
from gongshi.group.records import Draft as DraftText
from gongshi.group.rules import get_clause_digests
from gongshi.group.stages import BALLOT_ROWS, FIRST, check_move
from gongshi.ledger.records import At, Op
from gongshi.ledger.rules import Kind
from gongshi.ledger.schema import (
    Form,
    check_fields,
    is_count,
    is_digest,
    is_id,
    is_list_of,
    is_optional,
    is_text,
    is_text_pair,
    is_word,
)
from gongshi.ledger.state import Draft
from gongshi.terms.digest import Digest
from gongshi.terms.evidence import content_id
from gongshi.terms.instant import Instant
from gongshi.terms.problem import Problem
from gongshi.terms.text import Text

FROZEN_ROWS = frozenset({30, 40, 50})
CLAUSES_MAX = 512
_MEMBER: Form = {
    "org": is_id,
    "name": is_text_pair,
    "kind": is_id,
    "voting": lambda value: type(value) is bool,
    "class": is_word(*MEMBER_CLASSES),
}


def _is_member(value: Any) -> bool:
    return check_fields(value, _MEMBER, "group.committee.form") is None


def _is_stage(value: Any) -> bool:
    return is_list_of(is_count, 2, 2)(value)


def _is_skip(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and is_count(value[0]) and is_text(value[1])


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_clauses(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and 0 < len(value) <= CLAUSES_MAX
        and all(is_id(name) and is_digest(digest) for name, digest in value.items())
    )


_is_bool = _MEMBER["voting"]
_are_digests = is_list_of(is_digest, 0, 64)
_FOUND: Form = {
    "committee": is_id,
    "name": is_text_pair,
    "members": is_list_of(_is_member, 1, 256),
    "rehearsal": is_optional(is_text_pair),
}
_OPEN: Form = {
    "item": is_id,
    "committee": is_id,
    "title": is_text_pair,
    "origin": is_text,
    "cites": is_optional(is_digest),
    "due": is_count,
}
_MOVE: Form = {
    "item": is_id,
    "from": _is_stage,
    "to": _is_stage,
    "reason": is_words_or_none,
    "skipped": is_list_of(_is_skip, 0, 8),
}
_MILESTONE: Form = {
    "milestone": is_id,
    "item": is_id,
    "kind": is_word(*MILESTONE_KINDS),
    "name": is_text_pair,
    "day": _is_day,
    "done": _is_bool,
}
_DRAFT: Form = {
    "draft": is_id,
    "item": is_id,
    "title": is_text_pair,
    "revision": is_count,
    "digest": is_digest,
    "clauses": _is_clauses,
    "evidence": _are_digests,
}
_ATTACH: Form = {"draft": is_id, "digest": is_digest, "evidence": is_list_of(is_digest, 1, 64)}
_SIGN: Form = {"evidence": is_digest, "kind": is_id, "subjects": _are_digests}


def found_committee(committee: Committee, rehearsal: Text | None = None) -> Op:
    """Found a committee; the secretariat's act. `rehearsal` marks everything that is made from its decisions."""
    members = [
        {
            "org": m.organisation.id,
            "name": m.organisation.name.as_json(),
            "kind": m.organisation.kind,
            "voting": m.organisation.voting,
            "class": m.member_class,
        }
        for m in committee.members
    ]
    body = {"committee": committee.id, "name": committee.name.as_json(), "members": members}
    return Op("group.committee.found", 1, {**body, "rehearsal": words_to_body(rehearsal)})


def workitem_id(title: Text, origin: str) -> str:
    """Give the id of a work item: it belongs to its title and the assessment from which it came."""
    return content_id("wi", [title.as_json(), origin])


def open_workitem(committee: str, title: Text, origin: str, due: Instant, cites: Digest | None = None) -> Op:
    """Open a work item at 00.00, on an assessment: its id, and the digest of the entry that holds it."""
    body = {"committee": committee, "title": title.as_json(), "origin": origin, "cites": cites, "due": due}
    return Op("group.workitem.open", 1, {"item": workitem_id(title, origin), **body})


def move_stage(
    item: str, stage: Stage, target: Stage, reason: Words | None = None, skipped: Mapping[int, str] | None = None
) -> Op:
    """Move a work item from a stage to a stage; `skipped` gives the reason for each row that is left out."""
    rows = [[row, why] for row, why in sorted((skipped or {}).items())]
    cells = {"from": [stage.major, stage.sub], "to": [target.major, target.sub]}
    return Op("group.stage.move", 1, {"item": item, **cells, "reason": words_to_body(reason), "skipped": rows})


def set_milestone(milestone: Milestone) -> Op:
    """Set a milestone's day, name or being done; a later entry replaces it."""
    body = {"milestone": milestone.id, "item": milestone.item, "kind": milestone.kind, "done": milestone.is_done}
    return Op("group.milestone.set", 1, {**body, "name": milestone.name.as_json(), "day": milestone.day.isoformat()})


def post_draft(item: str, draft: DraftText, evidence: Sequence[Digest] = ()) -> Op:
    """Post a draft's revision: its digest and each clause's; the document (`draft.encode()`) is kept as a blob."""
    body = {
        "draft": draft.id,
        "item": item,
        "title": draft.title.as_json(),
        "revision": draft.revision,
        "digest": draft.digest(),
        "clauses": dict(get_clause_digests(draft.clauses)),
        "evidence": list(evidence),
    }
    return Op("group.draft.post", 1, body)


def attach_evidence(draft: str, digest: Digest, evidence: Sequence[Digest]) -> Op:
    """Attach signed evidence to the current revision of a draft: the runs of its tests."""
    return Op("group.draft.attach", 1, {"draft": draft, "digest": digest, "evidence": list(evidence)})


def sign_evidence(evidence: Digest, kind: str, subjects: Sequence[Digest] = ()) -> Op:
    """Sign evidence as the organisation that made it; the document is kept as a blob."""
    return Op("group.evidence.sign", 1, {"evidence": evidence, "kind": kind, "subjects": list(subjects)})


def _judge_found(body: Any, draft: Draft, at: At) -> Problem | None:
    problem = check_fields(body, _FOUND, "group.committee.form") or check_secretariat(draft, at)
    if problem is not None:
        return problem
    place = f"committee/{body['committee']}"
    if draft.get(GROUPS, place) is not None:
        return Problem("group.committee.known", values={"committee": body["committee"]})
    names = [member["org"] for member in body["members"]]
    for member in body["members"]:
        known = get_member(draft, member["org"])
        values = {"organisation": member["org"]}
        if known is None or names.count(member["org"]) != 1:
            return Problem("group.committee.member", values=values)
        if any(known[name] != member[name] for name in ("name", "kind", "voting")):
            return Problem("group.committee.member_differs", values=values)
    members = [[member["org"], member["class"], member["voting"]] for member in body["members"]]
    draft.put(GROUPS, place, {"secretariat": at.organisation, "members": members})
    return None


def _judge_open(body: Any, draft: Draft, at: At) -> Problem | None:
    problem = check_fields(body, _OPEN, "group.workitem.form") or check_secretariat(draft, at)
    problem = problem or check_id(body["item"], content_id("wi", [body["title"], body["origin"]]))
    if problem is not None:
        return problem
    if draft.get(GROUPS, f"committee/{body['committee']}") is None:
        return Problem("group.committee.unknown", values={"committee": body["committee"]})
    if draft.get(GROUPS, f"item/{body['item']}") is not None:
        return Problem("group.workitem.known", values={"item": body["item"]})
    if body["due"] <= at.time:
        return Problem("group.workitem.past_due", values={"due": body["due"], "time": at.time})
    record = {"committee": body["committee"], "stage": [FIRST.major, FIRST.sub], "ballot": None, "draft": None}
    draft.put(GROUPS, f"item/{body['item']}", record)
    return None


def _judge_move(body: Any, draft: Draft, at: At) -> Problem | None:
    problem = check_fields(body, _MOVE, "group.stage.form") or check_secretariat(draft, at)
    if problem is not None:
        return problem
    item = draft.get(GROUPS, f"item/{body['item']}")
    if item is None:
        return Problem("group.workitem.unknown", values={"item": body["item"]})
    stage, target = Stage(*item["stage"]), Stage(*body["to"])
    if body["from"] != item["stage"]:
        return Problem("group.stage.not_there", values={"from": Stage(*body["from"]).code, "stage": stage.code})
    if len({row for row, _ in body["skipped"]}) != len(body["skipped"]):
        return Problem("group.stage.form", values={"field": "skipped", "reason": "twice"})
    problem = check_move(stage, target, dict(body["skipped"]))
    problem = problem or _check_decision(item, stage, target, body, draft)
    if problem is not None:
        return problem
    draft.put(GROUPS, f"item/{body['item']}", {**item, "stage": body["to"], "ballot": _carry(item, stage, target)})
    if target.sub == 20 and item["draft"] is not None:
        _reopen_deferred(item["draft"], draft)
    return None


def _check_decision(item: Any, stage: Stage, target: Stage, body: Any, draft: Draft) -> Problem | None:
    """A decision states its reason; 60 waits for the ballot's close; 99 needs its approval and no te comment without answer."""
    ballot = None if item["ballot"] is None else draft.get(BALLOTS, f"ballot/{item['ballot']}")
    if target.sub in (92, 93, 98, 99) and body["reason"] is None:
        return Problem("group.stage.reason_missing", values={"to": target.code})
    if stage.major in BALLOT_ROWS and target.sub == 60 and (ballot is None or ballot["verdict"] is None):
        return Problem("group.stage.ballot_open", values={"stage": stage.code, "ballot": item["ballot"] or "-"})
    if target.sub != 99:
        return None
    if stage.major in BALLOT_ROWS and (ballot is None or ballot["verdict"] != "approved"):
        return Problem("group.stage.not_approved", values={"stage": stage.code, "ballot": item["ballot"] or "-"})
    waiting = [] if item["draft"] is None else draft.get(GROUPS, f"open/{item['draft']}") or []
    if waiting:
        return Problem("group.stage.comments_open", values={"count": len(waiting), "comment": waiting[0]})
    return None


def _carry(item: Any, stage: Stage, target: Stage) -> Any:
    """A ballot belongs to its row's main action: whoever enters a row, or its main action again, needs a new one."""
    return item["ballot"] if stage.major == target.major and target.sub != 20 else None


def _reopen_deferred(name: str, draft: Draft) -> None:
    for comment in draft.get(GROUPS, f"deferred/{name}") or []:
        record = draft.get(GROUPS, f"comment/{comment}")
        draft.put(GROUPS, f"comment/{comment}", {**record, "resolution": None})
        if record["type"] == "te":
            draft.put(GROUPS, f"open/{name}", [*(draft.get(GROUPS, f"open/{name}") or []), comment])
    draft.remove(GROUPS, f"deferred/{name}")


def _judge_milestone(body: Any, draft: Draft, at: At) -> Problem | None:
    problem = check_fields(body, _MILESTONE, "group.milestone.form") or check_secretariat(draft, at)
    if problem is not None:
        return problem
    if draft.get(GROUPS, f"item/{body['item']}") is None:
        return Problem("group.workitem.unknown", values={"item": body["item"]})
    draft.put(GROUPS, f"milestone/{body['milestone']}", [body["item"], body["day"], body["done"]])
    return None


def _judge_draft(body: Any, draft: Draft, at: At) -> Problem | None:
    problem = check_fields(body, _DRAFT, "group.draft.form")
    problem = problem or check_role(draft, at, "secretariat", "expert", "researcher")
    if problem is not None:
        return problem
    item = draft.get(GROUPS, f"item/{body['item']}")
    if item is None:
        return Problem("group.workitem.unknown", values={"item": body["item"]})
    members = draft.get(GROUPS, f"committee/{item['committee']}")["members"]
    if at.organisation not in [row[0] for row in members]:
        return Problem("group.committee.not_member", values={"organisation": at.organisation})
    problem = _check_revision(body, item, draft) or _check_signed(body["evidence"], draft)
    if problem is not None:
        return problem
    record = {name: body[name] for name in ("item", "revision", "digest", "clauses", "evidence")}
    draft.put(GROUPS, f"draft/{body['draft']}", record)
    draft.put(GROUPS, f"item/{body['item']}", {**item, "draft": body["draft"]})
    return None


def _check_revision(body: Any, item: Any, draft: Draft) -> Problem | None:
    """One draft an item, its revisions count up from 1, and while a ballot or an enquiry runs the text stands still."""
    known = draft.get(GROUPS, f"draft/{body['draft']}")
    if item["draft"] not in (None, body["draft"]) or (known is not None and known["item"] != body["item"]):
        return Problem("group.draft.other_item", values={"draft": body["draft"], "item": body["item"]})
    expected = 1 if known is None else known["revision"] + 1
    if body["revision"] != expected:
        return Problem("group.draft.revision", values={"revision": body["revision"], "expected": expected})
    stage = Stage(*item["stage"])
    if stage.major in FROZEN_ROWS and stage.sub == 20:
        return Problem("group.draft.frozen", values={"draft": body["draft"], "stage": stage.code})
    return None


def _judge_attach(body: Any, draft: Draft, at: At) -> Problem | None:
    problem = check_fields(body, _ATTACH, "group.draft.form")
    problem = problem or check_role(draft, at, "secretariat", "expert", "researcher")
    problem = problem or _check_signed(body["evidence"], draft)
    if problem is not None:
        return problem
    known = draft.get(GROUPS, f"draft/{body['draft']}")
    if known is None:
        return Problem("group.draft.unknown", values={"draft": body["draft"]})
    if known["digest"] != body["digest"]:
        return Problem("group.draft.not_current", values={"draft": body["draft"], "revision": known["revision"]})
    added = [digest for digest in body["evidence"] if digest not in known["evidence"]]
    draft.put(GROUPS, f"draft/{body['draft']}", {**known, "evidence": [*known["evidence"], *added]})
    return None


def _check_signed(evidence: Sequence[bytes], draft: Draft) -> Problem | None:
    for digest in evidence:
        if draft.get(GROUPS, f"evidence/{digest.hex()}") is None:
            return Problem("group.evidence.unsigned", values={"evidence": digest.hex()})
    return None


def _judge_sign(body: Any, draft: Draft, at: At) -> Problem | None:
    problem = check_fields(body, _SIGN, "group.evidence.form")
    if problem is not None:
        return problem
    place = f"evidence/{body['evidence'].hex()}"
    known = draft.get(GROUPS, place) or {"kind": body["kind"], "by": []}
    if at.organisation in known["by"]:
        return Problem("group.evidence.signed", values={"evidence": place[9:], "organisation": at.organisation})
    if known["kind"] != body["kind"]:
        return Problem("group.evidence.kind", values={"evidence": place[9:], "kind": known["kind"]})
    draft.put(GROUPS, place, {**known, "by": [*known["by"], at.organisation]})
    return None


KINDS = (
    Kind("group.committee.found", 1, _judge_found),
    Kind("group.workitem.open", 1, _judge_open),
    Kind("group.stage.move", 1, _judge_move),
    Kind("group.milestone.set", 1, _judge_milestone),
    Kind("group.draft.post", 1, _judge_draft),
    Kind("group.draft.attach", 1, _judge_attach),
    Kind("group.evidence.sign", 1, _judge_sign),
)
