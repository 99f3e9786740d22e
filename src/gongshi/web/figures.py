"""The newest figures of every room, each with the evidence it opens to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from gongshi.flows.evidence import read_evidence
from gongshi.group.queries import list_evidence
from gongshi.paper.store import list_publications
from gongshi.terms.evidence import Evidence, evidence_id
from gongshi.terms.quantity import Quantity
from gongshi.terms.text import Text, text_from
from gongshi.web.seat import Seat

# Which figures stand on the front page, by kind of evidence; a comparison's own options name theirs.
SHOWN = {
    "watch.coverage": ("signals.home", "signals.overseas"),
    "lab.conformance": ("pass", "cases"),
    "lab.throughput": ("payments_per_second",),
    "pilots.supply": ("held", "wallets", "payments"),
    "supervision.comparison": ("past.rows", "past.rings"),
    "group.ballot": ("yes", "no", "abstain"),
}
ROOM_OF = {
    "watch.coverage": "watch",
    "lab.conformance": "lab",
    "lab.throughput": "lab",
    "pilots.supply": "pilots",
    "supervision.comparison": "supervision",
    "group.ballot": "group",
}


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed evidence document as the desk holds it."""

    id: str
    evidence: Evidence
    organisation: str
    time: int
    leaf: int


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of figures on the front page."""

    signed: Signed
    room: str
    about: Text | None
    figures: tuple[tuple[str, Quantity], ...]


def list_signed(seat: Seat, kind: str = "") -> tuple[Signed, ...]:
    """Give the signed documents that are here, in the order of the ledger."""

    def read(connection: sa.Connection) -> tuple[Signed, ...]:
        return tuple(one for row in list_evidence(connection) if (one := _read(seat, row)) is not None)

    return tuple(one for one in seat.at_height("signed", read) if one.evidence.kind.startswith(kind))


def _read(seat: Seat, row: dict[str, Any]) -> Signed | None:
    try:
        document = read_evidence(seat.desk, row["digest"])
    except (KeyError, TypeError, ValueError):  # another desk wrote it, and not as evidence
        return None
    if document is None:
        return None
    return Signed(evidence_id(row["digest"]), document, row["org"], row["time"], row["leaf"])


def list_published(seat: Seat) -> tuple[dict[str, Any], ...]:
    """Give the publications with what each cites."""
    return seat.at_height("published", lambda c: tuple(list_publications(c)))


def is_published(seat: Seat, evidence: Evidence) -> bool:
    """Ask whether a publication carries this evidence: then it is for every reader."""
    digest = evidence.digest()
    return any(digest in row["evidence"] for row in list_published(seat))


def get_target(evidence: Evidence) -> tuple[str, Text] | None:
    """Give the system that a run of the lab was made on: its id and name; a broken twin bears its id beside its system's name."""
    target = evidence.results.get("target")
    if not isinstance(target, dict):
        return None
    title = text_from(target["name"])
    if target["kind"] == "twin":
        title = Text(f"{title.zh}（{target['id']}）", f"{title.en} ({target['id']})")
    return target["id"], title


def get_newest_figures(seat: Seat) -> tuple[Shown, ...]:
    """Give the newest document of each kind, of the lab one for each system."""
    newest: dict[tuple[str, str], Signed] = {}
    for one in list_signed(seat):
        if one.evidence.kind in SHOWN:
            target = get_target(one.evidence)
            newest[one.evidence.kind, target[0] if target else ""] = one
    order = list(SHOWN)
    return tuple(_show(one) for one in sorted(newest.values(), key=lambda s: (order.index(s.evidence.kind), s.leaf)))


def _show(signed: Signed) -> Shown:
    kind, figures = signed.evidence.kind, signed.evidence.figures
    target = get_target(signed.evidence)
    names = [name for name in SHOWN[kind] if name in figures]
    return Shown(signed, ROOM_OF[kind], target and target[1], tuple((name, figures[name]) for name in names))
