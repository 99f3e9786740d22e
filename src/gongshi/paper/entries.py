"""The room's entry kind: the secretariat publishes a file. What it cites as evidence, some member has signed on this ledger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gongshi.ledger.entries import get_roles
from gongshi.ledger.records import At, Op
from gongshi.ledger.rules import Kind
from gongshi.ledger.schema import Form, check_fields, is_count, is_digest, is_id, is_list_of, is_text_pair, is_word
from gongshi.ledger.state import Draft
from gongshi.paper.records import Publication
from gongshi.terms.problem import Problem
from gongshi.terms.text import LANGUAGES

PAPERS = "papers"
# Where the group's judgement of `group.evidence.sign` keeps what was signed: the record of the ledger that two rooms share.
_SIGNED = "groups"
_FORM: Form = {
    "id": is_id,
    "language": is_word(*LANGUAGES),
    "revision": is_count,
    "title": is_text_pair,
    "file": is_digest,
    "manifest": is_digest,
    "evidence": is_list_of(is_digest, 1, 256),
    "cutoff": is_count,
}


def publish(publication: Publication) -> Op:
    """Publish a file: its digest, the digest of its manifest of parts, and the evidence that it prints from."""
    return Op(
        "paper.publication",
        1,
        {
            "id": publication.id,
            "language": publication.language,
            "revision": publication.revision,
            "title": publication.title.as_json(),
            "file": publication.file,
            "manifest": publication.manifest,
            "evidence": list(publication.evidence),
            "cutoff": publication.cutoff,
        },
    )


def _judge_publication(body: Any, draft: Draft, at: At) -> Problem | None:
    problem = check_fields(body, _FORM, "paper.publication.form") or _check_secretariat(draft, at)
    problem = problem or _check_signed(body["evidence"], draft)
    if problem is not None:
        return problem
    place = f"{body['id']}/{body['language']}"
    known = draft.get(PAPERS, place)
    expected = 1 if known is None else known["revision"] + 1
    if body["revision"] != expected:
        return Problem("paper.publication.revision", values={"revision": body["revision"], "expected": expected})
    draft.put(PAPERS, place, {name: body[name] for name in ("revision", "file", "manifest")})
    return None


def _check_secretariat(draft: Draft, at: At) -> Problem | None:
    is_right = at.organisation == draft.params["group"]["secretariat"] and "secretariat" in get_roles(draft, at)
    return None if is_right else Problem("paper.publication.not_secretariat", values={"organisation": at.organisation})


def _check_signed(evidence: Sequence[bytes], draft: Draft) -> Problem | None:
    for digest in evidence:
        if draft.get(_SIGNED, f"evidence/{digest.hex()}") is None:
            return Problem("paper.publication.unsigned", values={"evidence": digest.hex()[:16]})
    return None


KINDS = (Kind("paper.publication", 1, _judge_publication),)
NAMESPACES = {PAPERS: "map"}
