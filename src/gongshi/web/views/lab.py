"""The lab's page: clauses by systems with their verdicts and failing steps, and how fast each system is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse

from gongshi.group.queries import get_attached, get_clauses, get_drafts
from gongshi.terms.clause import Clause
from gongshi.terms.digest import Digest
from gongshi.terms.evidence import evidence_id
from gongshi.terms.problem import Problem
from gongshi.terms.text import Text, text_from
from gongshi.web.charts import draw_spread
from gongshi.web.figures import Signed, get_target, list_signed
from gongshi.web.pages import page
from gongshi.web.readers import DeskRequest
from gongshi.web.seat import Seat, get_seat


@dataclass(frozen=True, slots=True)
class Cell:
    """What a run says of a clause; `is_stale` when it tested another wording of it."""

    outcome: str
    run: str
    step: Text | None
    seen: Problem | None
    reason: Text | None
    is_stale: bool


@dataclass(frozen=True, slots=True)
class Matrix:
    """The clauses of a draft's revision, by the systems that were tested."""

    draft: str
    title: Text
    revision: int
    runs: tuple[tuple[Text, Signed], ...]
    rows: tuple[tuple[Clause, tuple[Cell | None, ...]], ...]


def lab(request: DeskRequest) -> HttpResponse:
    """Give the matrix of every draft and the measured figures."""
    seat = get_seat()
    with seat.desk.read() as connection:
        newest = {row["id"]: row for row in get_drafts(connection)}
        clauses = {name: get_clauses(connection, name, row["revision"]) for name, row in newest.items()}
        attached = {name: frozenset(get_attached(connection, name)) for name in newest}
    matrices = [make_matrix(seat, newest[name], clauses[name], attached[name]) for name in newest]
    return page(request, "lab/lab.html", matrices=matrices, speeds=_get_speeds(seat))


def make_matrix(seat: Seat, row: Mapping[str, Any], clauses: tuple[Clause, ...], attached: frozenset[Digest]) -> Matrix:
    """Lay the newest run of each system beside the clauses of a revision."""
    ids = {evidence_id(digest) for digest in attached}
    newest: dict[str, tuple[Text, Signed]] = {}
    for one in list_signed(seat, "lab.conformance"):
        target = get_target(one.evidence)
        if target and one.id in ids:
            newest[target[0]] = (target[1], one)
    runs = tuple(newest.values())
    rows = tuple((clause, tuple(_read_cell(one, clause) for _, one in runs)) for clause in clauses)
    return Matrix(row["id"], row["title"], row["revision"], runs, rows)


def _read_cell(signed: Signed, clause: Clause) -> Cell | None:
    results: Any = signed.evidence.results
    told = results["clauses"].get(clause.id)
    if told is None:
        return None
    verdict = next((v for v in results["verdicts"] if v["catalogue"] == told["catalogue"]), None)
    seen = verdict and verdict["seen"]
    step = verdict["steps"][verdict["step"]] if verdict and verdict["step"] is not None else None
    reason = (verdict and verdict["reason"]) or told.get("reason")
    return Cell(
        told["outcome"] if verdict else "untested",
        signed.id,
        step and text_from(step["text"]),
        seen and Problem(seen["code"], seen["where"], seen["values"]),
        reason and text_from(reason),
        signed.evidence.subjects.get(clause.id) != clause.digest(),
    )


@dataclass(frozen=True, slots=True)
class Speed:
    """A measured figure with its samples as places on a line that all systems share."""

    name: Text
    signed: Signed
    places: tuple[int, ...]
    load_model: Text


def _get_speeds(seat: Seat) -> list[Speed]:
    newest: dict[str, Signed] = {}
    for one in list_signed(seat, "lab.throughput"):
        target = get_target(one.evidence)
        if target:
            newest[target[0]] = one
    samples: dict[str, Any] = {name: one.evidence.results["samples_tenths"] for name, one in newest.items()}
    high = max((value for values in samples.values() for value in values), default=1)
    speeds = []
    for name, one in newest.items():
        target = get_target(one.evidence)
        assert target is not None
        places = draw_spread(samples[name], 0, high)
        speeds.append(Speed(target[1], one, places, text_from(one.evidence.results["load_model"])))
    return speeds
