"""A comment's life and what may follow what: received, resolved, applied, replied to, closed.

A rejection carries its reason. What is accepted, modified or partly accepted names the revision and the clause in which it was
carried out before it can be closed; what is rejected or noted goes straight to the reply. A deferred comment reopens
when the item enters its next phase; only its own member withdraws a comment.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gongshi.terms.problem import Problem

CHANGES = frozenset({"accepted", "modified", "partly"})
NEEDS_REASON = frozenset({"rejected", "partly", "deferred"})


def check_resolution(comment: Mapping[str, Any], body: Mapping[str, Any], organisation: str) -> Problem | None:
    """Refuse a resolution that the comment's life does not allow; `comment` is its record on the ledger."""
    values = {"comment": body["comment"], "resolution": body["resolution"]}
    if comment["reply"] is not None or comment["resolution"] == "withdrawn":
        return Problem("group.comment.closed", values=values)
    if body["resolution"] == "withdrawn" and organisation != comment["org"]:
        return Problem("group.comment.not_own", values={**values, "organisation": comment["org"]})
    if body["resolution"] in NEEDS_REASON and body["reason"] is None:
        return Problem("group.comment.reason_missing", values=values)
    if (body["revision"] is None) != (body["hunk"] is None):
        return Problem("group.comment.hunk_missing", values=values)
    if body["revision"] is not None and body["resolution"] not in CHANGES:
        return Problem("group.comment.nothing_to_apply", values=values)
    return None


def check_reply(comment: Mapping[str, Any], body: Mapping[str, Any], organisation: str) -> Problem | None:
    """Refuse a reply by another member, before the resolution, before the change was carried out, or a second one."""
    values = {"comment": body["comment"], "resolution": comment["resolution"] or "-"}
    if organisation != comment["org"]:
        return Problem("group.comment.not_own", values={**values, "organisation": comment["org"]})
    if comment["reply"] is not None or comment["resolution"] == "withdrawn":
        return Problem("group.comment.closed", values=values)
    if comment["resolution"] in (None, "deferred"):
        return Problem("group.comment.unresolved", values=values)
    if comment["resolution"] in CHANGES and comment["revision"] is None:
        return Problem("group.comment.not_applied", values=values)
    return None


def is_suspect(anchor: bytes, clause: str, clauses: Mapping[str, bytes]) -> bool:
    """Ask whether the clause has changed, or gone, since the revision at which the comment is anchored."""
    return clauses.get(clause) != anchor
