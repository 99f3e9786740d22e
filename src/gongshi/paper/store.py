"""The paper's table: what was published, fed by blocks alone."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from gongshi.ledger.ports import Blobs
from gongshi.ledger.records import LoggedEntry
from gongshi.terms.text import text_from

_METADATA = sa.MetaData()
PUBLICATIONS = sa.Table(
    "paper_publication",
    _METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("language", sa.Text, primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("file", sa.LargeBinary, nullable=False),
    sa.Column("manifest", sa.LargeBinary, nullable=False),
    sa.Column("evidence", sa.Text, nullable=False),
    sa.Column("cutoff", sa.BigInteger, nullable=False),
    sa.Column("organisation", sa.Text, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("leaf", sa.BigInteger, nullable=False),
    sa.Column("time", sa.BigInteger, nullable=False),
)


class PaperProjection:
    """One row a publication."""

    name = "paper"
    version = 1
    metadata = _METADATA

    def on_entry(self, connection: sa.Connection, logged: LoggedEntry, _blobs: Blobs) -> None:
        """Write what an accepted entry publishes."""
        for op in logged.entry.ops:
            if op.kind == "paper.publication":
                connection.execute(sa.insert(PUBLICATIONS), {**_row(op.body, logged)})


def list_publications(connection: sa.Connection) -> list[dict[str, Any]]:
    """Give the publications in the ledger's order; `title` is a Text, `evidence` a list of digests, `name` the file's name."""
    rows = connection.execute(sa.select(PUBLICATIONS).order_by(PUBLICATIONS.c.leaf)).mappings()
    return [_publication(dict(row)) for row in rows]


def get_file_name(id_: str, language: str, revision: int) -> str:
    """Give the name under which a publication's file lies."""
    return f"{id_}-{language}{f'-r{revision}' if revision > 1 else ''}.pdf"


def _row(body: dict[str, Any], logged: LoggedEntry) -> dict[str, Any]:
    copied = {name: body[name] for name in ("id", "language", "revision", "file", "manifest", "cutoff")}
    texts = {"title": json.dumps(body["title"]), "evidence": json.dumps([digest.hex() for digest in body["evidence"]])}
    place = {"height": logged.height, "leaf": logged.leaf, "time": logged.time}
    return {**copied, **texts, **place, "organisation": logged.organisation}


def _publication(row: dict[str, Any]) -> dict[str, Any]:
    name = get_file_name(row["id"], row["language"], row["revision"])
    evidence = [bytes.fromhex(digest) for digest in json.loads(row["evidence"])]
    return {**row, "title": text_from(json.loads(row["title"])), "evidence": evidence, "name": name}
