"""The system of standards: classes and, in each, its directions, drawn from the very lists that the text prints."""

from __future__ import annotations

from collections.abc import Mapping

from gongshi.paper.charts import Drawing, Lists, Say
from gongshi.paper.charts.svg import INK, PALE, canvas, line, rect, words
from gongshi.paper.records import Material
from gongshi.terms.text import Language

ROLES: tuple[str, ...] = ()
_WIDTH, _ROW, _BOX = 720, 19, 215


def draw(_materials: Mapping[str, Material], lists: Lists, language: Language, _say: Say) -> Drawing:
    """Draw one row of boxes a class; the number of directions is counted from the list."""
    marks, y = [], 8.0
    for row in lists.get("classes", []):
        directions = [one for one in lists.get("directions", []) if one["class"] == row["id"]]
        height = max(34.0, 14 + _ROW * len(directions))
        marks.append(rect(10, y, _BOX, height, INK, radius=3))
        label = f"{row['class'][language]} ({len(directions)})"
        marks.append(words(10 + _BOX / 2, y + height / 2 + 4, label, size=11, fill="#fff", anchor="middle", bold=True))
        marks.append(line(10 + _BOX, y + height / 2, 30 + _BOX, y + height / 2, INK))
        marks.append(rect(30 + _BOX, y, _WIDTH - 40 - _BOX, height, PALE, INK, 3))
        for place, one in enumerate(directions):
            marks.append(words(42 + _BOX, y + 20 + place * _ROW, one["title"][language], size=10))
        y += height + 10
    return Drawing(canvas(_WIDTH, int(y), marks), 95)
