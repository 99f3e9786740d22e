"""Comments on a clause at a pinned revision: posted by a member, resolved by the secretariat, replied to by the member."""

from __future__ import annotations

from typing import Any

from gongshi.group.comments import CHANGES, check_reply, check_resolution
from gongshi.group.kinds.common import (
    GROUPS,
    check_id,
    check_role,
    check_secretariat,
    get_member,
    is_words,
    is_words_or_none,
    words_to_body,
)
from gongshi.group.records import COMMENT_TYPES, Stage, Words
from gongshi.group.rules import REPLIES, RESOLUTIONS
from gongshi.ledger.records import At, Op
from gongshi.ledger.rules import Kind
from gongshi.ledger.schema import Form, check_fields, is_digest, is_id, is_optional, is_word
from gongshi.ledger.state import Draft
from gongshi.terms.digest import Digest, digest_to_text
from gongshi.terms.evidence import content_id
from gongshi.terms.problem import Problem

_POST: Form = {
    "comment": is_id,
    "draft": is_id,
    "clause": is_id,
    "anchor": is_digest,
    "type": is_word(*COMMENT_TYPES),
    "text": is_words,
    "proposed": is_words_or_none,
}
_RESOLVE: Form = {
    "comment": is_id,
    "resolution": is_word(*RESOLUTIONS),
    "reason": is_words_or_none,
    "revision": is_optional(is_digest),
    "hunk": is_optional(is_id),
}
_REPLY: Form = {"comment": is_id, "reply": is_word(*REPLIES), "text": is_words_or_none}


def comment_id(organisation: str, draft: str, clause: str, anchor: bytes, text: object) -> str:
    """Give the id of a comment: who said what about which clause at which revision."""
    return content_id("cm", [organisation, draft, clause, digest_to_text(anchor), text])


def post_comment(
    organisation: str, draft: str, clause: str, anchor: Digest, type_: str, text: Words, proposed: Words | None = None
) -> Op:
    """Comment on a clause; `anchor` is the clause's digest in the draft's current revision; type is ge, te or ed."""
    said = words_to_body(text)
    body = {"draft": draft, "clause": clause, "anchor": anchor, "type": type_, "text": said}
    name = comment_id(organisation, draft, clause, anchor, said)
    return Op("group.comment.post", 1, {"comment": name, **body, "proposed": words_to_body(proposed)})


def resolve_comment(
    comment: str,
    resolution: str,
    reason: Words | None = None,
    revision: Digest | None = None,
    hunk: str | None = None,
) -> Op:
    """Resolve a comment, or state again with the draft's revision and the clause in which the change was carried out."""
    body = {"comment": comment, "resolution": resolution, "reason": words_to_body(reason)}
    return Op("group.comment.resolve", 1, {**body, "revision": revision, "hunk": hunk})


def reply_to_resolution(comment: str, reply: str, text: Words | None = None) -> Op:
    """Say whether the resolution satisfies: `satisfied`, `objects` or `silent`; the comment is closed by it."""
    return Op("group.comment.reply", 1, {"comment": comment, "reply": reply, "text": words_to_body(text)})


def _judge_post(body: Any, draft: Draft, at: At) -> Problem | None:
    problem = check_fields(body, _POST, "group.comment.form") or check_role(draft, at, "expert", "secretariat")
    if problem is not None:
        return problem
    derived = comment_id(at.organisation, body["draft"], body["clause"], body["anchor"], body["text"])
    problem = check_id(body["comment"], derived) or _check_anchor(body, draft)
    if problem is not None:
        return problem
    if get_member(draft, at.organisation) is None or draft.get(GROUPS, f"comment/{derived}") is not None:
        return Problem("group.comment.known", values={"comment": derived})
    record = {"org": at.organisation, "draft": body["draft"], "type": body["type"], "clause": body["clause"]}
    state = {"resolution": None, "revision": None, "reply": None}
    draft.put(GROUPS, f"comment/{derived}", {**record, **state})
    if body["type"] == "te":
        _put_list(draft, f"open/{body['draft']}", [*_get_list(draft, f"open/{body['draft']}"), derived])
    return None


def _check_anchor(body: Any, draft: Draft) -> Problem | None:
    """A comment is made on the revision that stands, as long as the text is not published."""
    known = draft.get(GROUPS, f"draft/{body['draft']}")
    if known is None:
        return Problem("group.draft.unknown", values={"draft": body["draft"]})
    if known["clauses"].get(body["clause"]) != body["anchor"]:
        return Problem("group.comment.anchor", values={"clause": body["clause"], "revision": known["revision"]})
    stage = Stage(*draft.get(GROUPS, f"item/{known['item']}")["stage"])
    if stage.major >= 60:
        return Problem("group.comment.too_late", values={"stage": stage.code})
    return None


def _judge_resolve(body: Any, draft: Draft, at: At) -> Problem | None:
    problem = check_fields(body, _RESOLVE, "group.comment.form")
    if problem is not None:
        return problem
    if body["resolution"] != "withdrawn":
        problem = check_secretariat(draft, at)
    comment = draft.get(GROUPS, f"comment/{body['comment']}")
    if problem is None and comment is None:
        problem = Problem("group.comment.unknown", values={"comment": body["comment"]})
    problem = problem or check_resolution(comment, body, at.organisation) or _check_hunk(comment, body, draft)
    if problem is not None:
        return problem
    name = body["comment"]
    draft.put(GROUPS, f"comment/{name}", {**comment, "resolution": body["resolution"], "revision": body["revision"]})
    for place, stays in (("open", False), ("deferred", body["resolution"] == "deferred")):
        listed = [other for other in _get_list(draft, f"{place}/{comment['draft']}") if other != name]
        _put_list(draft, f"{place}/{comment['draft']}", [*listed, name] if stays else listed)
    return None


def _check_hunk(comment: Any, body: Any, draft: Draft) -> Problem | None:
    """The change was carried out in the revision that stands, in a clause of it, which is no longer the one commented on."""
    if body["revision"] is None:
        return None
    assert body["resolution"] in CHANGES
    known = draft.get(GROUPS, f"draft/{comment['draft']}")
    if known["digest"] != body["revision"] or body["hunk"] not in known["clauses"]:
        return Problem("group.comment.hunk", values={"comment": body["comment"], "hunk": body["hunk"]})
    return None


def _judge_reply(body: Any, draft: Draft, at: At) -> Problem | None:
    problem = check_fields(body, _REPLY, "group.comment.form") or check_role(draft, at, "expert", "secretariat")
    if problem is not None:
        return problem
    comment = draft.get(GROUPS, f"comment/{body['comment']}")
    if comment is None:
        return Problem("group.comment.unknown", values={"comment": body["comment"]})
    problem = check_reply(comment, body, at.organisation)
    if problem is None:
        draft.put(GROUPS, f"comment/{body['comment']}", {**comment, "reply": body["reply"]})
    return problem


def _get_list(draft: Draft, key: str) -> list[str]:
    return list(draft.get(GROUPS, key) or [])


def _put_list(draft: Draft, key: str, names: list[str]) -> None:
    if names:
        draft.put(GROUPS, key, names)
    elif draft.get(GROUPS, key) is not None:
        draft.remove(GROUPS, key)


KINDS = (
    Kind("group.comment.post", 1, _judge_post),
    Kind("group.comment.resolve", 1, _judge_resolve),
    Kind("group.comment.reply", 1, _judge_reply),
)
