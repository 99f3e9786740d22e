"""Confidential exchange on the ledger: that an envelope was sent, to whom, for what; and that a recipient holds it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gongshi.group.kinds.common import GROUPS, get_member
from gongshi.group.records import MARKINGS
from gongshi.ledger.records import At, Op
from gongshi.ledger.rules import Kind
from gongshi.ledger.schema import Form, check_fields, is_count, is_digest, is_id, is_list_of, is_text_pair, is_word
from gongshi.ledger.state import Draft
from gongshi.seal.envelope import Sealed
from gongshi.terms.instant import Instant
from gongshi.terms.problem import Problem
from gongshi.terms.text import Text

_SEND: Form = {
    "envelope": is_digest,
    "commitment": is_digest,
    "recipients": is_list_of(is_id, 1, 256),
    "purpose": is_text_pair,
    "marking": is_word(*MARKINGS),
    "retain_until": is_count,
}
_HELD: Form = {"envelope": is_digest}


def send_envelope(sealed: Sealed, recipients: Sequence[str], purpose: Text, marking: str, retain_until: Instant) -> Op:
    """Enter that an envelope was sent; the bytes and the wrapped keys stay off the ledger."""
    body = {"envelope": sealed.digest, "commitment": sealed.commitment, "recipients": sorted(recipients)}
    rest = {"purpose": purpose.as_json(), "marking": marking, "retain_until": retain_until}
    return Op("group.exchange.send", 1, {**body, **rest})


def hold_envelope(envelope: bytes) -> Op:
    """Confirm as a recipient that the envelope arrived and opened."""
    return Op("group.exchange.held", 1, {"envelope": envelope})


def _judge_send(body: Any, draft: Draft, at: At) -> Problem | None:
    problem = check_fields(body, _SEND, "group.exchange.form")
    if problem is not None:
        return problem
    place = f"envelope/{body['envelope'].hex()}"
    if draft.get(GROUPS, place) is not None:
        return Problem("group.exchange.known", values={"envelope": place[9:]})
    for name in body["recipients"]:
        if get_member(draft, name) is None or name == at.organisation or body["recipients"].count(name) != 1:
            return Problem("group.exchange.recipient", values={"organisation": name})
    if body["retain_until"] <= at.time:
        return Problem("group.exchange.retention", values={"retain_until": body["retain_until"]})
    draft.put(GROUPS, place, {"from": at.organisation, "to": body["recipients"], "held": []})
    return None


def _judge_held(body: Any, draft: Draft, at: At) -> Problem | None:
    problem = check_fields(body, _HELD, "group.exchange.form")
    if problem is not None:
        return problem
    place = f"envelope/{body['envelope'].hex()}"
    known = draft.get(GROUPS, place)
    values = {"envelope": place[9:], "organisation": at.organisation}
    if known is None:
        return Problem("group.exchange.unknown", values=values)
    if at.organisation not in known["to"]:
        return Problem("group.exchange.not_addressed", values=values)
    if at.organisation in known["held"]:
        return Problem("group.exchange.held_twice", values=values)
    draft.put(GROUPS, place, {**known, "held": [*known["held"], at.organisation]})
    return None


KINDS = (Kind("group.exchange.send", 1, _judge_send), Kind("group.exchange.held", 1, _judge_held))
