"""Payments a second on both ledgers: the median as a bar, the samples as dots, on a scale of powers of ten."""

from __future__ import annotations

import math
from collections.abc import Mapping

from gongshi.paper.charts import Drawing, Lists, Say
from gongshi.paper.charts.conformance import _name as name_of
from gongshi.paper.charts.svg import GOLD, GREY, INK, canvas, circle, line, rect, words
from gongshi.paper.records import Material
from gongshi.terms.text import Language

ROLES = ("speed-embedded", "speed-evm")
_WIDTH, _LEFT, _ROW = 720, 250, 46


def draw(materials: Mapping[str, Material], _lists: Lists, language: Language, say: Say) -> Drawing:
    """Draw one bar a ledger; tenths in the evidence become payments a second here."""
    medians = {role: materials[role].evidence.figures["payments_per_second"].value / 10 for role in ROLES}
    top = math.ceil(math.log10(max(medians.values()) * 1.2))
    bottom = math.floor(math.log10(max(1.0, min(medians.values()) * 0.5)))
    scale = (_WIDTH - _LEFT - 90) / (top - bottom)

    def place(value: float) -> float:
        return _LEFT + (math.log10(max(value, 10**bottom)) - bottom) * scale

    foot = 16 + len(ROLES) * _ROW
    marks = []
    for power in range(bottom, top + 1):
        x = _LEFT + (power - bottom) * scale
        marks += [line(x, 8, x, foot, "#d1d5db", 0.7), words(x, foot + 14, f"{10**power:,}", size=9, anchor="middle")]
    for row, role in enumerate(ROLES):
        y = 16 + row * _ROW
        marks.append(words(_LEFT - 10, y + 16, name_of(materials[role], language), size=10, anchor="end"))
        marks.append(rect(_LEFT, y + 2, place(medians[role]) - _LEFT, 18, INK))
        marks += [circle(place(sample / 10), y + 27, 2.6, GOLD) for sample in _samples(materials[role])]
        marks.append(words(place(medians[role]) + 6, y + 15, f"{medians[role]:,.1f}", size=10))
    marks.append(words(_LEFT, foot + 30, say("paper.chart.speed"), size=9, fill=GREY))
    return Drawing(canvas(_WIDTH, foot + 38, marks), 95)


def _samples(material: Material) -> list[int]:
    found = material.evidence.results["samples_tenths"]
    assert isinstance(found, list)
    return found
