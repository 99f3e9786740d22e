"""The ledger's own entry kinds: an organisation certifies and revokes keys, and lets persons act under a mandate.

A person appears by a pseudonym only; who it is stands in his organisation's own records and can be erased there.
"""

from __future__ import annotations

from typing import Any

from gongshi.ledger.records import At, Op
from gongshi.ledger.rules import Kind
from gongshi.ledger.schema import Form, check_fields, is_bytes, is_bytes_to, is_count, is_id, is_list_of, is_word
from gongshi.ledger.state import MEMBERS, Draft
from gongshi.seal.signing import SigningKey, key_id, prove_possession
from gongshi.terms.organisation import ROLES
from gongshi.terms.problem import Problem
from gongshi_verifier.suites import SUITES, possession_bytes

AUTHORITIES = ("authority", "central_bank")
"""The kinds of member that may supervise."""

_CERTIFY: Form = {"public": is_bytes(32), "sealing": is_bytes(32), "from": is_count}
_CERTIFY_SUITE: Form = {
    "public": is_bytes_to(2048),
    "suite": is_id,
    "sealing": is_bytes(32),
    "from": is_count,
    "possession": is_bytes_to(4096),
}
_REVOKE: Form = {"key": is_bytes(16), "from": is_count}
_GRANT: Form = {"mandate": is_id, "roles": is_list_of(is_word(*ROLES), 1, 8), "until": is_count}
_END: Form = {"mandate": is_id}


def certify_key(public: bytes, sealing: bytes, from_height: int = 0) -> Op:
    """Certify an Ed25519 signing key and the sealing key (X25519) that goes with it; signed by the organisation's root.

    Version 1, for chains that were founded before keys had suites: it names none and asks for no proof of possession.
    """
    return Op("ledger.key.certify", 1, {"public": public, "sealing": sealing, "from": from_height})


def certify_suite_key(key: SigningKey, chain: str, organisation: str, sealing: bytes, from_height: int = 0) -> Op:
    """Certify a signing key of any suite; the key itself signs that it is this organisation's on this chain."""
    body = {
        "public": key.public,
        "suite": key.suite.name,
        "sealing": sealing,
        "from": from_height,
        "possession": prove_possession(key, chain, organisation),
    }
    return Op("ledger.key.certify", 2, body)


def revoke_key(key: bytes, from_height: int) -> Op:
    """Revoke a signing key from a height on; signed by the root. It can be revoked earlier, never given back."""
    return Op("ledger.key.revoke", 1, {"key": key, "from": from_height})


def grant_mandate(mandate: str, roles: list[str], until: int) -> Op:
    """Let a person act for the organisation in some roles until an instant."""
    return Op("ledger.mandate.grant", 1, {"mandate": mandate, "roles": roles, "until": until})


def end_mandate(mandate: str) -> Op:
    """End a mandate at once."""
    return Op("ledger.mandate.end", 1, {"mandate": mandate})


def _judge_certify(body: Any, draft: Draft, at: At) -> Problem | None:
    problem = check_fields(body, _CERTIFY, "ledger.key.form")
    if problem is not None:
        return problem
    place = f"key/{key_id(body['public']).hex()}"
    if draft.get(MEMBERS, place) is not None:
        return Problem("ledger.key.known", values={"key": place[4:]})
    record = {
        "org": at.organisation,
        "public": body["public"],
        "purpose": "sign",
        "from": max(body["from"], at.height),
        "until": None,
    }
    draft.put(MEMBERS, place, record)
    draft.put(MEMBERS, f"sealing/{at.organisation}", body["sealing"])
    return None


def _judge_certify_suite(body: Any, draft: Draft, at: At) -> Problem | None:
    """Judge version 2: a suite that is known, a key of that suite, nobody's yet, and shown to be held by who certifies it."""
    problem = check_fields(body, _CERTIFY_SUITE, "ledger.key.form")
    if problem is not None:
        return problem
    name, public = body["suite"], body["public"]
    suite = SUITES.get(name)
    if suite is None:
        return Problem("ledger.key.suite", values={"suite": name})
    reason = suite.refuse_public(public)
    if reason:
        return Problem("ledger.key.public", values={"suite": name, "reason": reason})
    key = key_id(public, name).hex()
    if draft.get(MEMBERS, f"key/{key}") is not None:
        return Problem("ledger.key.known", values={"key": key})
    statement = possession_bytes(at.chain, at.organisation, name, public)
    if not suite.check_signature(public, statement, body["possession"]):
        return Problem("ledger.key.possession", values={"key": key, "organisation": at.organisation})
    record = {
        "org": at.organisation,
        "public": public,
        "suite": name,
        "purpose": "sign",
        "from": max(body["from"], at.height),
        "until": None,
    }
    draft.put(MEMBERS, f"key/{key}", record)
    draft.put(MEMBERS, f"sealing/{at.organisation}", body["sealing"])
    return None


def _judge_revoke(body: Any, draft: Draft, at: At) -> Problem | None:
    problem = check_fields(body, _REVOKE, "ledger.key.form")
    if problem is not None:
        return problem
    place = f"key/{body['key'].hex()}"
    record = draft.get(MEMBERS, place)
    if record is None or record["org"] != at.organisation or record["purpose"] != "sign":
        return Problem("ledger.key.not_own", values={"key": place[4:], "organisation": at.organisation})
    until = max(body["from"], at.height + 1)
    if record["until"] is not None and record["until"] <= until:
        return Problem("ledger.key.revoked", values={"key": place[4:], "until": record["until"]})
    draft.put(MEMBERS, place, {**record, "until": until})
    return None


def _judge_grant(body: Any, draft: Draft, at: At) -> Problem | None:
    problem = check_fields(body, _GRANT, "ledger.mandate.form")
    if problem is not None:
        return problem
    place = f"mandate/{body['mandate']}"
    record = draft.get(MEMBERS, place)
    if record is not None and record["org"] != at.organisation:
        return Problem("ledger.mandate.taken", values={"mandate": body["mandate"]})
    draft.put(MEMBERS, place, {"org": at.organisation, "roles": body["roles"], "until": body["until"]})
    return None


def _judge_end(body: Any, draft: Draft, at: At) -> Problem | None:
    problem = check_fields(body, _END, "ledger.mandate.form")
    if problem is not None:
        return problem
    place = f"mandate/{body['mandate']}"
    record = draft.get(MEMBERS, place)
    if record is None or record["org"] != at.organisation:
        return Problem("ledger.mandate.unknown", values={"mandate": body["mandate"], "organisation": at.organisation})
    draft.put(MEMBERS, place, {**record, "until": at.time - 1})  # what follows in this block comes too late as well
    return None


def get_roles(draft: Draft, at: At) -> frozenset[str]:
    """Give the roles of the mandate under which an entry was signed; an entry without one has none."""
    if at.mandate is None:
        return frozenset()
    return frozenset(draft.get(MEMBERS, f"mandate/{at.mandate}")["roles"])


def is_supervisor(draft: Draft, at: At) -> bool:
    """Ask for a supervisor's mandate of an organisation that the genesis knows as an authority: a mandate alone anybody can grant."""
    member = draft.get(MEMBERS, f"org/{at.organisation}")
    return member["kind"] in AUTHORITIES and "supervisor" in get_roles(draft, at)


KINDS = (
    Kind("ledger.key.certify", 1, _judge_certify, "root"),
    Kind("ledger.key.certify", 2, _judge_certify_suite, "root"),
    Kind("ledger.key.revoke", 1, _judge_revoke, "root"),
    Kind("ledger.mandate.grant", 1, _judge_grant),
    Kind("ledger.mandate.end", 1, _judge_end),
)
NAMESPACES = {MEMBERS: "map"}
