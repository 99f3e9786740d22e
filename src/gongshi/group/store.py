"""The group's tables, fed by blocks alone, and what the desk asks of them.

A draft's document is fetched from the blobs by its digest; one that is not on this desk leaves its clauses without text, and
`clauses` gives only those whose text is here. Queries give records; `queries.py` puts together what waits for whom.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa

from gongshi.group.comments import is_suspect
from gongshi.group.stages import FIRST
from gongshi.ledger.ports import Blobs
from gongshi.ledger.records import LoggedEntry
from gongshi.terms.canonical import encode_json

METADATA = sa.MetaData()


def _table(name: str, *columns: sa.Column[Any]) -> sa.Table:
    return sa.Table(f"group_{name}", METADATA, *columns)


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=True)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _maybe(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False)


def _bytes(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary, nullable=False)


COMMITTEES = _table("committee", _key("id"), _text("name"), _text("secretariat"), _maybe("rehearsal"))
MEMBERS = _table(
    "member",
    _key("committee"),
    _key("org"),
    _text("name"),
    _text("kind"),
    sa.Column("voting", sa.Boolean, nullable=False),
    _text("class"),
)
MANDATES = _table("mandate", _key("id"), _text("org"), _text("roles"), _number("until"))
ITEMS = _table(
    "item",
    _key("id"),
    _text("committee"),
    _text("title"),
    _text("origin"),
    sa.Column("cites", sa.LargeBinary),
    _number("due"),
    _number("leaf"),
)
CHANGES = _table(
    "stage",
    _key("item"),
    sa.Column("place", sa.Integer, primary_key=True),
    _number("major"),
    _number("sub"),
    _number("time"),
    _text("org"),
    _maybe("mandate"),
    _text("reason"),
    _text("skipped"),
    _bytes("entry"),
)
MILESTONES = _table(
    "milestone",
    _key("id"),
    _text("item"),
    _text("kind"),
    _text("name"),
    _text("day"),
    sa.Column("done", sa.Boolean, nullable=False),
)
DRAFTS = _table(
    "draft",
    _key("id"),
    sa.Column("revision", sa.Integer, primary_key=True),
    _text("item"),
    _text("title"),
    _bytes("digest"),
    _text("org"),
    _number("time"),
    _number("leaf"),
    sa.Column("here", sa.Boolean, nullable=False),
)
CLAUSES = _table(
    "clause",
    _key("draft"),
    sa.Column("revision", sa.Integer, primary_key=True),
    _key("id"),
    _number("place"),
    _bytes("digest"),
    _maybe("document"),
)
ATTACHED = _table(
    "attached", _key("draft"), sa.Column("evidence", sa.LargeBinary, primary_key=True), _number("revision")
)
EVIDENCE = _table(
    "evidence",
    sa.Column("digest", sa.LargeBinary, primary_key=True),
    _key("org"),
    _text("kind"),
    _number("time"),
    _number("leaf"),
)
COMMENTS = _table(
    "comment",
    _key("id"),
    _text("draft"),
    _text("org"),
    _maybe("mandate"),
    _text("clause"),
    _bytes("anchor"),
    _text("type"),
    _text("text"),
    _text("proposed"),
    _number("time"),
    _maybe("resolution"),
    _text("reason"),
    sa.Column("revision", sa.LargeBinary),
    _maybe("hunk"),
    _maybe("reply"),
    _text("reply_text"),
    sa.Column("suspect", sa.Boolean, nullable=False),
    _number("leaf"),
)
BALLOTS = _table(
    "ballot",
    _key("id"),
    _text("item"),
    _bytes("draft"),
    _text("rule"),
    _text("electorate"),
    _number("opens_at"),
    _number("closes_at"),
    _text("org"),
    _number("leaf"),
    _maybe("tally"),
    sa.Column("closed_leaf", sa.BigInteger),
)
VOTES = _table(
    "vote",
    _key("ballot"),
    sa.Column("leaf", sa.BigInteger, primary_key=True),
    _text("org"),
    _maybe("mandate"),
    _text("position"),
    _text("technical"),
    _text("statement"),
    _number("time"),
    _bytes("entry"),
)
EXCHANGES = _table(
    "exchange",
    sa.Column("envelope", sa.LargeBinary, primary_key=True),
    _bytes("commitment"),
    _text("sender"),
    _text("recipients"),
    _text("purpose"),
    _text("marking"),
    _number("retain_until"),
    _number("time"),
)
HELD = _table("held", sa.Column("envelope", sa.LargeBinary, primary_key=True), _key("org"), _number("time"))

Body = Mapping[str, Any]


def pack(value: Any) -> str:
    """Give a value without bytes as text for a column."""
    return encode_json(value).decode()


def unpack(text: str) -> Any:
    """Read it back."""
    return json.loads(text)


class GroupProjection:
    """The group's reading of the ledger."""

    name = "group"
    version = 1
    metadata = METADATA

    def on_entry(self, connection: sa.Connection, logged: LoggedEntry, blobs: Blobs) -> None:
        """Write what an accepted entry means to the group."""
        for op in logged.entry.ops:
            if op.kind == "group.draft.post" and op.version == 1:
                _on_draft(connection, logged, op.body, blobs)
            elif (op.kind, op.version) in _HANDLERS:
                _HANDLERS[op.kind, op.version](connection, logged, op.body)


def _on_grant(connection: sa.Connection, logged: LoggedEntry, body: Body) -> None:
    connection.execute(sa.delete(MANDATES).where(MANDATES.c.id == body["mandate"]))
    row = {"id": body["mandate"], "org": logged.organisation, "roles": pack(body["roles"]), "until": body["until"]}
    connection.execute(sa.insert(MANDATES), row)


def _on_end(connection: sa.Connection, logged: LoggedEntry, body: Body) -> None:
    ended = sa.update(MANDATES).where(MANDATES.c.id == body["mandate"]).values(until=logged.time)
    connection.execute(ended)


def _on_found(connection: sa.Connection, logged: LoggedEntry, body: Body) -> None:
    rehearsal = None if body["rehearsal"] is None else pack(body["rehearsal"])
    row = {"id": body["committee"], "name": pack(body["name"]), "secretariat": logged.organisation}
    connection.execute(sa.insert(COMMITTEES), {**row, "rehearsal": rehearsal})
    rows = [{**m, "name": pack(m["name"]), "committee": body["committee"]} for m in body["members"]]
    connection.execute(sa.insert(MEMBERS), rows)


def _on_open_item(connection: sa.Connection, logged: LoggedEntry, body: Body) -> None:
    row = {name: body[name] for name in ("committee", "origin", "cites", "due")}
    connection.execute(sa.insert(ITEMS), {"id": body["item"], "title": pack(body["title"]), "leaf": logged.leaf, **row})
    _add_change(
        connection, logged, {"item": body["item"], "to": [FIRST.major, FIRST.sub], "reason": None, "skipped": []}
    )


def _on_move(connection: sa.Connection, logged: LoggedEntry, body: Body) -> None:
    _add_change(connection, logged, body)
    if body["to"][1] == 20:  # a deferred comment reopens with the next phase
        item_drafts = sa.select(DRAFTS.c.id).where(DRAFTS.c.item == body["item"])
        deferred = (COMMENTS.c.resolution == "deferred") & COMMENTS.c.draft.in_(item_drafts)
        connection.execute(sa.update(COMMENTS).where(deferred).values(resolution=None))


def _add_change(connection: sa.Connection, logged: LoggedEntry, body: Body) -> None:
    counted = sa.select(sa.func.count()).select_from(CHANGES).where(CHANGES.c.item == body["item"])
    row = {
        "item": body["item"],
        "place": connection.execute(counted).scalar_one(),
        "major": body["to"][0],
        "sub": body["to"][1],
        "time": logged.time,
        "org": logged.organisation,
        "mandate": logged.entry.mandate,
        "reason": pack(body["reason"]),
        "skipped": pack(body["skipped"]),
        "entry": logged.entry.digest,
    }
    connection.execute(sa.insert(CHANGES), row)


def _on_milestone(connection: sa.Connection, _logged: LoggedEntry, body: Body) -> None:
    connection.execute(sa.delete(MILESTONES).where(MILESTONES.c.id == body["milestone"]))
    row = {name: body[name] for name in ("item", "kind", "day", "done")}
    connection.execute(sa.insert(MILESTONES), {"id": body["milestone"], "name": pack(body["name"]), **row})


def _on_draft(connection: sa.Connection, logged: LoggedEntry, body: Body, blobs: Blobs) -> None:
    data = blobs.get(body["digest"])
    documents = {} if data is None else {row["id"]: (n, row) for n, row in enumerate(json.loads(data)["clauses"])}
    row = {name: body[name] for name in ("revision", "item", "digest")}
    place = {"org": logged.organisation, "time": logged.time, "leaf": logged.leaf, "here": data is not None}
    connection.execute(sa.insert(DRAFTS), {"id": body["draft"], "title": pack(body["title"]), **row, **place})
    rows = []
    for name, digest in body["clauses"].items():
        number, document = documents.get(name, (0, None))
        packed = None if document is None else pack(document)
        rows.append({"id": name, "place": number, "digest": digest, "document": packed})
    fixed = {"draft": body["draft"], "revision": body["revision"]}
    connection.execute(sa.insert(CLAUSES), [{**fixed, **clause} for clause in rows])
    _attach(connection, body["draft"], body["revision"], body["evidence"])
    _mark_suspect(connection, body["draft"], body["clauses"])


def _mark_suspect(connection: sa.Connection, draft: str, clauses: Mapping[str, bytes]) -> None:
    for row in connection.execute(sa.select(COMMENTS).where(COMMENTS.c.draft == draft)).all():
        suspect = is_suspect(row.anchor, row.clause, clauses)
        connection.execute(sa.update(COMMENTS).where(COMMENTS.c.id == row.id).values(suspect=suspect))


def _attach(connection: sa.Connection, draft: str, revision: int, evidence: list[bytes]) -> None:
    for digest in evidence:
        at = (ATTACHED.c.draft == draft) & (ATTACHED.c.evidence == digest)
        connection.execute(sa.delete(ATTACHED).where(at))
        connection.execute(sa.insert(ATTACHED), {"draft": draft, "evidence": digest, "revision": revision})


def _on_attach(connection: sa.Connection, _logged: LoggedEntry, body: Body) -> None:
    found = sa.select(DRAFTS.c.revision).where(DRAFTS.c.digest == body["digest"], DRAFTS.c.id == body["draft"])
    _attach(connection, body["draft"], connection.execute(found).scalar_one(), body["evidence"])


def _on_evidence(connection: sa.Connection, logged: LoggedEntry, body: Body) -> None:
    place = {"org": logged.organisation, "time": logged.time, "leaf": logged.leaf}
    connection.execute(sa.insert(EVIDENCE), {"digest": body["evidence"], "kind": body["kind"], **place})


def _on_comment(connection: sa.Connection, logged: LoggedEntry, body: Body) -> None:
    row = {name: body[name] for name in ("draft", "clause", "anchor", "type")}
    texts = {"text": pack(body["text"]), "proposed": pack(body["proposed"]), "reason": "null", "reply_text": "null"}
    who = {"org": logged.organisation, "mandate": logged.entry.mandate, "time": logged.time, "leaf": logged.leaf}
    connection.execute(sa.insert(COMMENTS), {"id": body["comment"], **row, **texts, **who, "suspect": False})


def _on_resolve(connection: sa.Connection, _logged: LoggedEntry, body: Body) -> None:
    row = {"resolution": body["resolution"], "revision": body["revision"], "hunk": body["hunk"]}
    changed = sa.update(COMMENTS).where(COMMENTS.c.id == body["comment"]).values(**row, reason=pack(body["reason"]))
    connection.execute(changed)


def _on_reply(connection: sa.Connection, _logged: LoggedEntry, body: Body) -> None:
    row = {"reply": body["reply"], "reply_text": pack(body["text"])}
    connection.execute(sa.update(COMMENTS).where(COMMENTS.c.id == body["comment"]).values(row))


def _on_open_ballot(connection: sa.Connection, logged: LoggedEntry, body: Body) -> None:
    row = {name: body[name] for name in ("item", "draft", "opens_at", "closes_at")}
    packed = {"rule": pack(body["rule"]), "electorate": pack(body["electorate"])}
    place = {"org": logged.organisation, "leaf": logged.leaf}
    connection.execute(sa.insert(BALLOTS), {"id": body["ballot"], **row, **packed, **place})


def _on_vote(connection: sa.Connection, logged: LoggedEntry, body: Body) -> None:
    row = {
        "ballot": body["ballot"],
        "leaf": logged.leaf,
        "org": logged.organisation,
        "mandate": logged.entry.mandate,
        "position": body["position"],
        "technical": pack(body["technical"]),
        "statement": pack(body["statement"]),
        "time": logged.time,
        "entry": logged.entry.digest,
    }
    connection.execute(sa.insert(VOTES), row)


def _on_close(connection: sa.Connection, logged: LoggedEntry, body: Body) -> None:
    row = {"tally": pack(body["tally"]), "closed_leaf": logged.leaf}
    connection.execute(sa.update(BALLOTS).where(BALLOTS.c.id == body["ballot"]).values(row))


def _on_send(connection: sa.Connection, logged: LoggedEntry, body: Body) -> None:
    row = {name: body[name] for name in ("envelope", "commitment", "marking", "retain_until")}
    packed = {"recipients": pack(body["recipients"]), "purpose": pack(body["purpose"])}
    connection.execute(sa.insert(EXCHANGES), {**row, **packed, "sender": logged.organisation, "time": logged.time})


def _on_held(connection: sa.Connection, logged: LoggedEntry, body: Body) -> None:
    row = {"envelope": body["envelope"], "org": logged.organisation, "time": logged.time}
    connection.execute(sa.insert(HELD), row)


_HANDLERS: Mapping[tuple[str, int], Callable[[sa.Connection, LoggedEntry, Body], None]] = {
    ("ledger.mandate.grant", 1): _on_grant,
    ("ledger.mandate.end", 1): _on_end,
    ("group.committee.found", 1): _on_found,
    ("group.workitem.open", 1): _on_open_item,
    ("group.stage.move", 1): _on_move,
    ("group.milestone.set", 1): _on_milestone,
    ("group.draft.attach", 1): _on_attach,
    ("group.evidence.sign", 1): _on_evidence,
    ("group.comment.post", 1): _on_comment,
    ("group.comment.resolve", 1): _on_resolve,
    ("group.comment.reply", 1): _on_reply,
    ("group.ballot.open", 1): _on_open_ballot,
    ("group.vote.cast", 1): _on_vote,
    ("group.ballot.close", 1): _on_close,
    ("group.exchange.send", 1): _on_send,
    ("group.exchange.held", 1): _on_held,
}
