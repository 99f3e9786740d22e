"""Signals per technology, home beside overseas."""

from __future__ import annotations

from collections.abc import Mapping

from gongshi.paper.charts import Drawing, Lists, Say
from gongshi.paper.charts.svg import GREY, INK, RED, canvas, line, rect, words
from gongshi.paper.records import Material
from gongshi.terms.text import Language

ROLES = ("coverage",)
_PREFIX, _ROW, _LEFT, _WIDTH = "signals.technology.", 30, 190, 720


def draw(materials: Mapping[str, Material], lists: Lists, language: Language, say: Say) -> Drawing:
    """Draw two bars a technology, longest first; both share one scale."""
    figures = {name: figure.value for name, figure in materials["coverage"].evidence.figures.items()}
    names = {row["id"]: row["name"][language] for row in lists.get("technologies", []) if "id" in row}
    found = sorted(
        (name[len(_PREFIX) :] for name in figures if name.startswith(_PREFIX) and name.count(".") == 2),
        key=lambda name: -figures[_PREFIX + name],
    )
    most = max([figures[_PREFIX + name] for name in found], default=1)
    scale = (_WIDTH - _LEFT - 70) / most
    marks = [_legend(say)]
    for place, name in enumerate(found):
        y = 36 + place * _ROW
        marks.append(words(_LEFT - 8, y + 15, names.get(name, name), size=11, anchor="end"))
        for shift, region, fill in ((0, "home", RED), (11, "overseas", INK)):
            value = figures.get(f"{_PREFIX}{name}.{region}", 0)
            marks.append(rect(_LEFT, y + shift, value * scale, 10, fill))
            marks.append(words(_LEFT + value * scale + 5, y + shift + 9, f"{value:,}", size=9, fill=GREY))
    height = 44 + len(found) * _ROW
    marks.append(line(_LEFT, 30, _LEFT, height - 8))
    return Drawing(canvas(_WIDTH, height, marks), 92)


def _legend(say: Say) -> str:
    home, overseas = say("paper.chart.home"), say("paper.chart.overseas")
    return (
        rect(_LEFT, 8, 12, 10, RED)
        + words(_LEFT + 17, 17, home)
        + rect(_LEFT + 110, 8, 12, 10, INK)
        + words(_LEFT + 127, 17, overseas)
    )
