"""Signals per year: the trend, with the warning that sources began at different times left to the text."""

from __future__ import annotations

from collections.abc import Mapping

from gongshi.paper.charts import Drawing, Lists, Say
from gongshi.paper.charts.svg import GREY, INK, canvas, line, rect, words
from gongshi.paper.records import Material
from gongshi.terms.text import Language

ROLES = ("coverage",)
_PREFIX, _WIDTH, _HEIGHT, _BASE = "signals.year.", 720, 240, 205


def draw(materials: Mapping[str, Material], _lists: Lists, _language: Language, _say: Say) -> Drawing:
    """Draw one column a year, the years without a signal included."""
    figures = {
        int(name[len(_PREFIX) :]): figure.value
        for name, figure in materials["coverage"].evidence.figures.items()
        if name.startswith(_PREFIX)
    }
    years = range(min(figures), max(figures) + 1) if figures else range(0)
    step, most = (_WIDTH - 40) / max(len(years), 1), max(figures.values(), default=1)
    marks = [line(20, _BASE, _WIDTH - 20, _BASE)]
    for place, year in enumerate(years):
        value = figures.get(year, 0)
        height, x = value * (_BASE - 40) / most, 20 + place * step
        marks.append(rect(x + step * 0.15, _BASE - height, step * 0.7, height, INK))
        marks.append(words(x + step / 2, _BASE - height - 5, f"{value:,}", size=9, fill=GREY, anchor="middle"))
        marks.append(words(x + step / 2, _BASE + 16, str(year), size=9.5, anchor="middle"))
    return Drawing(canvas(_WIDTH, _HEIGHT, marks), 95)
