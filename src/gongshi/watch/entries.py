"""The watch's entry kinds: signals were seen, a technology was assessed, a ledger is exposed. Bulky documents stay off the ledger.

`watch.signals` carries the digest of the raw bytes and of the canonical batch document; a document is entered once.
`watch.assessment` cites signals, each with the batch document that holds it, which has to be on the ledger already; it is
an analyst's act. `watch.exposures` carries the digests of the inventory, the advisories and the list of findings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gongshi.ledger.entries import get_roles
from gongshi.ledger.records import At, Op
from gongshi.ledger.rules import Kind
from gongshi.ledger.schema import (
    Form,
    check_fields,
    is_count,
    is_digest,
    is_id,
    is_list_of,
    is_text_pair,
    is_word,
)
from gongshi.ledger.state import Draft
from gongshi.terms.canonical import encode_json
from gongshi.terms.digest import Digest, compute_digest, digest_from_text
from gongshi.terms.problem import Problem
from gongshi.terms.text import text_from
from gongshi.watch.evidence import count_exposures
from gongshi.watch.records import CONFIDENCES, RINGS, Assessment, Exposure, Inventory
from gongshi.watch.rules import Batch

WATCH = "watch"


def _is_citation(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"signal", "batch"}
        and is_id(value["signal"])
        and is_digest(value["batch"])
    )


def _is_bool(value: Any) -> bool:
    return type(value) is bool


_SIGNALS: Form = {"source": is_id, "raw": is_digest, "count": is_count, "document": is_digest}
_ASSESSMENT: Form = {
    "technology": is_id,
    "ring": is_word(*RINGS),
    "confidence": is_word(*CONFIDENCES),
    "recommendation": is_text_pair,
    "work_item": is_text_pair,
    "cited": is_list_of(_is_citation, 1, 64),
    "rehearsal": _is_bool,
}
_EXPOSURES: Form = {
    "ledger": is_id,
    "inventory": is_digest,
    "advisories": is_list_of(is_digest, 1, 64),
    "records": is_count,
    "modules": is_count,
    "document": is_digest,
}


def see_signals(batch: Batch) -> Op:
    """Enter a batch; its document (`batch.encode()`) is kept as a blob."""
    body = {
        "source": batch.source,
        "raw": digest_from_text(batch.raw),
        "count": len(batch.signals),
        "document": compute_digest(batch.encode()),
    }
    return Op("watch.signals", 1, body)


def assess_technology(assessment: Assessment, batches: Mapping[str, Digest]) -> Op:
    """Enter an assessment; `batches` gives the batch document of each cited signal. Signed under an analyst's mandate."""
    body = assessment.as_json() | {"cited": [{"signal": cited, "batch": batches[cited]} for cited in assessment.cited]}
    return Op("watch.assessment", 1, body)


def encode_exposures(exposures: Sequence[Exposure]) -> bytes:
    """Give the canonical document of an inventory's exposures."""
    return encode_json({"version": 1, "exposures": [exposure.as_json() for exposure in exposures]})


def expose_ledger(inventory: Inventory, exposures: Sequence[Exposure], advisories: Sequence[Digest]) -> Op:
    """Enter what hits an organisation's ledger; `advisories` are the raw digests of the advisory sources used."""
    counts = count_exposures(exposures)
    body = {
        "ledger": inventory.ledger,
        "inventory": digest_from_text(inventory.digest),
        "advisories": list(advisories),
        "records": counts["records"],
        "modules": counts["modules"],
        "document": compute_digest(encode_exposures(exposures)),
    }
    return Op("watch.exposures", 1, body)


def assessment_from(body: Mapping[str, Any]) -> Assessment:
    """Read the assessment of an entry's body, so that its id is the same on the desk and on the ledger."""
    return Assessment(
        technology=body["technology"],
        ring=body["ring"],
        confidence=body["confidence"],
        recommendation=text_from(body["recommendation"]),
        work_item=text_from(body["work_item"]),
        cited=tuple(citation["signal"] for citation in body["cited"]),
        rehearsal=body["rehearsal"],
    )


def _judge_signals(body: Any, draft: Draft, at: At) -> Problem | None:
    problem = check_fields(body, _SIGNALS, "watch.signals.form")
    if problem is not None:
        return problem
    place = f"batch/{body['document'].hex()}"
    if draft.get(WATCH, place) is not None:
        return Problem("watch.signals.known", values={"source": body["source"]})
    draft.put(
        WATCH, place, {"org": at.organisation, "source": body["source"], "raw": body["raw"], "count": body["count"]}
    )
    return None


def _judge_assessment(body: Any, draft: Draft, at: At) -> Problem | None:
    problem = check_fields(body, _ASSESSMENT, "watch.assessment.form")
    if problem is not None:
        return problem
    if "analyst" not in get_roles(draft, at):
        return Problem("watch.assessment.not_analyst", values={"organisation": at.organisation})
    for citation in body["cited"]:
        if draft.get(WATCH, f"batch/{citation['batch'].hex()}") is None:
            return Problem("watch.assessment.batch_unknown", values={"signal": citation["signal"]})
    place = f"assessment/{assessment_from(body).id}"
    if draft.get(WATCH, place) is not None:
        return Problem("watch.assessment.known", values={"technology": body["technology"]})
    draft.put(WATCH, place, {"org": at.organisation, "technology": body["technology"], "ring": body["ring"]})
    return None


def _judge_exposures(body: Any, draft: Draft, at: At) -> Problem | None:
    problem = check_fields(body, _EXPOSURES, "watch.exposures.form")
    if problem is not None:
        return problem
    # The latest findings stand for a ledger; those before it stay in the log. The same input gives the same findings: entered once.
    place = f"exposures/{at.organisation}/{body['ledger']}"
    if draft.get(WATCH, place) == body:
        return Problem("watch.exposures.known", values={"ledger": body["ledger"]})
    draft.put(WATCH, place, body)
    return None


KINDS = (
    Kind("watch.signals", 1, _judge_signals),
    Kind("watch.assessment", 1, _judge_assessment),
    Kind("watch.exposures", 1, _judge_exposures),
)
NAMESPACES = {WATCH: "map"}
