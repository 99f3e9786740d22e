"""The verdict of every clause on both ledgers, with marks of different shape, so that colour is not needed to tell them apart."""

from __future__ import annotations

from collections.abc import Mapping

from gongshi.paper.charts import Drawing, Lists, Say
from gongshi.paper.charts.svg import GREEN, GREY, RED, canvas, circle, line, words
from gongshi.paper.records import Material
from gongshi.terms.text import Language, text_from

ROLES = ("conformance-embedded", "conformance-evm")
_WIDTH, _ROW, _LEFT = 720, 21, 270


def draw(materials: Mapping[str, Material], lists: Lists, language: Language, say: Say) -> Drawing:
    """Draw one row a clause, one column a ledger: a dot passes, a cross fails, a dash does not apply."""
    names = {row["id"]: f"{row['number']} {row['clause'][language]}" for row in lists.get("clauses", [])}
    marks = []
    found: list[str] = sorted(
        {id_ for role in ROLES for id_ in _clauses(materials[role])}, key=lambda id_: names.get(id_, id_)
    )
    for column, role in enumerate(ROLES):
        x = _LEFT + 110 + column * 220
        marks.append(words(x, 16, _name(materials[role], language), size=9.5, anchor="middle", bold=True))
        for place, id_ in enumerate(found):
            clause = _clauses(materials[role]).get(id_, {})
            marks.append(_mark(x, 36 + place * _ROW, clause.get("outcome", ""), clause.get("step")))
    for place, id_ in enumerate(found):
        y = 40 + place * _ROW
        marks.append(words(_LEFT - 10, y, names.get(id_, id_), size=10.5, anchor="end"))
        marks.append(line(20, y + 6, _WIDTH - 20, y + 6, "#e5e7eb", 0.6))
    foot = 40 + len(found) * _ROW + 14
    marks.append(words(_LEFT - 10, foot, say("paper.chart.marks"), size=9, fill=GREY))
    return Drawing(canvas(_WIDTH, foot + 12, marks), 95)


def _clauses(material: Material) -> Mapping[str, Mapping[str, str]]:
    """Give the clauses that are tested: those with a number in the catalogue of tests; scope and terms have none."""
    found = material.evidence.results["clauses"]
    assert isinstance(found, Mapping)
    return {id_: clause for id_, clause in found.items() if clause["catalogue"] is not None}


def _name(material: Material, language: Language) -> str:
    target = material.evidence.results["target"]
    assert isinstance(target, Mapping)
    return text_from(target["name"]).in_(language)


def _mark(x: float, y: float, outcome: str, step: str | None) -> str:
    if outcome == "pass":
        return circle(x, y, 5, GREEN)
    if outcome == "fail":
        cross = line(x - 5, y - 5, x + 5, y + 5, RED, 2.4) + line(x - 5, y + 5, x + 5, y - 5, RED, 2.4)
        return cross + words(x + 12, y + 4, step or "", size=9, fill=RED)
    return line(x - 5, y, x + 5, y, GREY, 2)
