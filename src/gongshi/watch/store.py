"""The watch's tables, fed by blocks alone: signals in all their versions, clusters, assessments with citations, exposures.

Documents are fetched from the blobs by the digest that the entry carries. A document that is not on this desk, or that is
not what its entry says, leaves a row in `watch_batch` that says so, and no signal.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from gongshi.ledger.ports import Blobs
from gongshi.ledger.records import LoggedEntry
from gongshi.terms.digest import Digest, digest_to_text
from gongshi.watch.cluster import apply_clusters
from gongshi.watch.entries import assessment_from
from gongshi.watch.records import Assessment, Exposure, Signal, exposure_from, get_signal_id, signal_from

METADATA = sa.MetaData()

BATCHES = sa.Table(
    "watch_batch",
    METADATA,
    sa.Column("document", sa.LargeBinary, primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("raw", sa.LargeBinary, nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("organisation", sa.Text, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("leaf", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),  # kept, absent, unsound
)
SIGNALS = sa.Table(
    "watch_signal",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Text, primary_key=True),
    sa.Column("latest", sa.Boolean, nullable=False),
    sa.Column("batch", sa.LargeBinary, primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("region", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("time", sa.BigInteger, nullable=False),
    sa.Column("cluster", sa.Text, nullable=False),
    sa.Column("document", sa.Text, nullable=False),
    sa.Index("watch_signal_time", "latest", "time"),
    sa.Index("watch_signal_cluster", "cluster"),
)
CLASSES = sa.Table(
    "watch_class",
    METADATA,
    sa.Column("signal", sa.Text, primary_key=True),
    sa.Column("technology", sa.Text, primary_key=True),
    sa.Column("term", sa.Text, nullable=False),
    sa.Index("watch_class_technology", "technology"),
)
ASSESSMENTS = sa.Table(
    "watch_assessment",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("organisation", sa.Text, nullable=False),
    sa.Column("mandate", sa.Text, nullable=False),
    sa.Column("time", sa.BigInteger, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("leaf", sa.Integer, nullable=False),
    sa.Column("technology", sa.Text, nullable=False),
    sa.Column("document", sa.Text, nullable=False),
)
CITATIONS = sa.Table(
    "watch_citation",
    METADATA,
    sa.Column("assessment", sa.Text, primary_key=True),
    sa.Column("signal", sa.Text, primary_key=True),
    sa.Column("batch", sa.LargeBinary, nullable=False),
)
EXPOSURES = sa.Table(
    "watch_exposure",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("organisation", sa.Text, nullable=False),
    sa.Column("ledger", sa.Text, nullable=False),
    sa.Column("first_seen", sa.BigInteger, nullable=False),
    sa.Column("last_seen", sa.BigInteger, nullable=False),
    sa.Column("open", sa.Boolean, nullable=False),
    sa.Column("leaf", sa.Integer, nullable=False),
    sa.Column("document", sa.Text, nullable=False),
)


class WatchProjection:
    """The watch's reading of the ledger."""

    name = "watch"
    version = 1
    metadata = METADATA

    def on_entry(self, connection: sa.Connection, logged: LoggedEntry, blobs: Blobs) -> None:
        """Write what an accepted entry means to the watch; the clusters are worked out anew when signals came."""
        grown = False
        for op in logged.entry.ops:
            if (op.kind, op.version) == ("watch.signals", 1):
                grown |= _on_signals(connection, logged, op.body, blobs)
            elif (op.kind, op.version) == ("watch.assessment", 1):
                _on_assessment(connection, logged, op.body)
            elif (op.kind, op.version) == ("watch.exposures", 1):
                _on_exposures(connection, logged, op.body, blobs)
        if grown:
            _apply_clusters(connection)


def _on_signals(connection: sa.Connection, logged: LoggedEntry, body: Mapping[str, Any], blobs: Blobs) -> bool:
    signals, state = _read_batch(body, blobs)
    row = {name: body[name] for name in ("document", "source", "raw", "count")}
    place = {"organisation": logged.organisation, "height": logged.height, "leaf": logged.leaf, "state": state}
    connection.execute(sa.insert(BATCHES), {**row, **place})
    _put_signals(connection, signals, body["document"])
    return bool(signals)


def _read_batch(body: Mapping[str, Any], blobs: Blobs) -> tuple[list[Signal], str]:
    document = _read_document(body["document"], blobs)
    if document is None:
        return [], "absent"
    try:
        signals = [signal_from(value) for value in document["signals"]]
    except (KeyError, TypeError, ValueError):
        return [], "unsound"
    raw = digest_to_text(body["raw"])
    told = {signal.id for signal in signals if (signal.source, signal.raw) == (body["source"], raw)}
    sound = len(signals) == body["count"] == len(told) and all(s.id == get_signal_id(s.source, s.guid) for s in signals)
    return (signals, "kept") if sound else ([], "unsound")


def _read_document(digest: bytes, blobs: Blobs) -> Any:
    data = blobs.get(digest)
    try:
        return None if data is None else json.loads(data)
    except ValueError:
        return {}


def _put_signals(connection: sa.Connection, signals: Iterable[Signal], batch: bytes) -> None:
    """Add versions; what is the latest already is no news. A text that returns to an older wording is a new version again."""
    latest = sa.select(SIGNALS.c.id, SIGNALS.c.version).where(SIGNALS.c.latest)
    known = {(row.id, row.version) for row in connection.execute(latest)}
    new = [signal for signal in signals if (signal.id, signal.version) not in known]
    if not new:
        return
    ids = [{"signal_id": signal.id} for signal in new]
    connection.execute(sa.update(SIGNALS).where(SIGNALS.c.id == sa.bindparam("signal_id")).values(latest=False), ids)
    connection.execute(sa.delete(CLASSES).where(CLASSES.c.signal == sa.bindparam("signal_id")), ids)
    connection.execute(sa.insert(SIGNALS), [_signal_row(signal, batch) for signal in new])
    classes = [{"signal": s.id, "technology": hit.technology, "term": hit.term} for s in new for hit in s.technologies]
    if classes:
        connection.execute(sa.insert(CLASSES), classes)


def _signal_row(signal: Signal, batch: bytes) -> dict[str, object]:
    copied = {
        name: getattr(signal, name)
        for name in ("id", "version", "source", "region", "language", "title", "time", "cluster")
    }
    return {**copied, "latest": True, "batch": batch, "document": json.dumps(signal.as_json(), ensure_ascii=False)}


def _apply_clusters(connection: sa.Connection) -> None:
    before = list_signals(connection)
    held = {signal.id: signal.cluster for signal in before}
    changed = [
        {"signal_id": signal.id, "new": signal.cluster}
        for signal in apply_clusters(before)
        if held[signal.id] != signal.cluster
    ]
    if changed:
        where = SIGNALS.c.id == sa.bindparam("signal_id")
        connection.execute(sa.update(SIGNALS).where(where).values(cluster=sa.bindparam("new")), changed)


def _on_assessment(connection: sa.Connection, logged: LoggedEntry, body: Mapping[str, Any]) -> None:
    assessment = assessment_from(body)
    connection.execute(
        sa.insert(ASSESSMENTS),
        {
            "id": assessment.id,
            "organisation": logged.organisation,
            "mandate": logged.entry.mandate or "",
            "time": logged.time,
            "height": logged.height,
            "leaf": logged.leaf,
            "technology": assessment.technology,
            "document": json.dumps(assessment.as_json(), ensure_ascii=False),
        },
    )
    rows = {citation["signal"]: {"assessment": assessment.id, **citation} for citation in body["cited"]}
    connection.execute(sa.insert(CITATIONS), list(rows.values()))


def _on_exposures(connection: sa.Connection, logged: LoggedEntry, body: Mapping[str, Any], blobs: Blobs) -> None:
    """Close what this look no longer finds and keep it: a finding's history is never erased."""
    exposures = _read_exposures(logged.organisation, body, blobs)
    if exposures is None:
        return
    ledger = sa.and_(EXPOSURES.c.organisation == logged.organisation, EXPOSURES.c.ledger == body["ledger"])
    known = set(connection.scalars(sa.select(EXPOSURES.c.id).where(ledger)))
    connection.execute(sa.update(EXPOSURES).where(ledger).values(open=False))
    for exposure in exposures:
        found = {
            "last_seen": logged.time,
            "open": True,
            "leaf": logged.leaf,
            "document": json.dumps(exposure.as_json()),
        }
        if exposure.id in known:
            connection.execute(sa.update(EXPOSURES).where(EXPOSURES.c.id == exposure.id).values(**found))
        else:
            place = {"organisation": logged.organisation, "ledger": body["ledger"], "first_seen": logged.time}
            connection.execute(sa.insert(EXPOSURES), {"id": exposure.id, **place, **found})


def _read_exposures(organisation: str, body: Mapping[str, Any], blobs: Blobs) -> list[Exposure] | None:
    """Give the findings, each once, or None where they are absent or speak of another's ledger."""
    document = _read_document(body["document"], blobs)
    try:
        exposures = {exposure.id: exposure for exposure in map(exposure_from, document["exposures"])}
    except (KeyError, TypeError, ValueError):
        return None
    own = all((e.organisation, e.ledger) == (organisation, body["ledger"]) for e in exposures.values())
    return list(exposures.values()) if own else None


def list_signals(
    connection: sa.Connection, *, region: str = "", technology: str = "", cluster: str = "", most: int | None = None
) -> list[Signal]:
    """Give the latest versions, newest first, of a region, a technology or a cluster where these are named."""
    query = sa.select(SIGNALS.c.document, SIGNALS.c.cluster).where(SIGNALS.c.latest)
    if region:
        query = query.where(SIGNALS.c.region == region)
    if cluster:
        query = query.where(SIGNALS.c.cluster == cluster)
    if technology:
        query = query.join(CLASSES, CLASSES.c.signal == SIGNALS.c.id).where(CLASSES.c.technology == technology)
    rows = connection.execute(query.order_by(SIGNALS.c.time.desc(), SIGNALS.c.id).limit(most))
    return [signal_from({**json.loads(row.document), "cluster": row.cluster}) for row in rows]


def get_signal(connection: sa.Connection, signal: str) -> Signal | None:
    """Give the latest version of a signal."""
    query = sa.select(SIGNALS.c.document, SIGNALS.c.cluster).where(SIGNALS.c.latest, SIGNALS.c.id == signal)
    row = connection.execute(query).one_or_none()
    return None if row is None else signal_from({**json.loads(row.document), "cluster": row.cluster})


def get_batches(connection: sa.Connection, signals: Iterable[str]) -> dict[str, Digest]:
    """Give the batch document that holds the latest version of each signal: what an assessment's entry cites."""
    query = sa.select(SIGNALS.c.id, SIGNALS.c.batch).where(SIGNALS.c.latest, SIGNALS.c.id.in_(list(signals)))
    return {row.id: Digest(row.batch) for row in connection.execute(query)}


def count_signals(connection: sa.Connection) -> dict[str, int]:
    """Give the number of latest signals by region."""
    query = sa.select(SIGNALS.c.region, sa.func.count()).where(SIGNALS.c.latest).group_by(SIGNALS.c.region)
    return {str(region): int(number) for region, number in connection.execute(query)}


def list_assessments(connection: sa.Connection, technology: str = "") -> list[tuple[str, str, Assessment]]:
    """Give (id, organisation, assessment) in the order of the ledger."""
    query = sa.select(ASSESSMENTS).order_by(ASSESSMENTS.c.leaf)
    rows = connection.execute(query.where(ASSESSMENTS.c.technology == technology) if technology else query)
    return [(row.id, row.organisation, _assessment(json.loads(row.document))) for row in rows]


def _assessment(document: Mapping[str, Any]) -> Assessment:
    return assessment_from({**document, "cited": [{"signal": signal} for signal in document["cited"]]})


def list_citing(connection: sa.Connection, signal: str) -> list[str]:
    """Give the ids of the assessments that cite a signal: the way from a signal to what was made of it."""
    query = sa.select(CITATIONS.c.assessment).where(CITATIONS.c.signal == signal).order_by(CITATIONS.c.assessment)
    return list(connection.scalars(query))


def list_exposures(connection: sa.Connection, organisation: str = "", *, closed: bool = False) -> list[Exposure]:
    """Give the open exposures (or those that ended), in order of ledger, module and advisory."""
    query = sa.select(EXPOSURES.c.document).where(EXPOSURES.c.open.is_(not closed))
    if organisation:
        query = query.where(EXPOSURES.c.organisation == organisation)
    found = [exposure_from(json.loads(document)) for document in connection.scalars(query)]
    return sorted(found, key=lambda e: (e.organisation, e.ledger, e.module, e.advisory))


def is_seen(connection: sa.Connection, source: str, raw: Digest) -> bool:
    """Ask whether these very bytes of a source were entered already: then there is nothing new to enter."""
    query = sa.select(sa.func.count()).where(
        BATCHES.c.source == source, BATCHES.c.raw == raw, BATCHES.c.state == "kept"
    )
    return bool(connection.scalar(query))
