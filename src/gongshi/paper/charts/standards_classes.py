"""The system of standards: classes and, in each, its directions, drawn from the very lists that the text prints."""

from __future__ import annotations

from collections.abc import Mapping

from gongshi.paper.charts import Drawing, Lists, Say
from gongshi.paper.charts.svg import INK, PALE, canvas, line, rect, words
from gongshi.paper.records import Material
from gongshi.terms.text import Language

ROLES: tuple[str, ...] = ()
_WIDTH, _ROW = 720, 19


def draw(_materials: Mapping[str, Material], lists: Lists, language: Language, _say: Say) -> Drawing:
    """Draw one row of boxes a class; the number of directions is counted from the list."""
    marks, y = [], 8.0
    for row in lists.get("classes", []):
        directions = [one for one in lists.get("directions", []) if one["class"] == row["id"]]
        height = max(34.0, 14 + _ROW * len(directions))
        marks.append(rect(10, y, 170, height, INK, radius=3))
        middle = y + height / 2
        marks.append(words(95, middle - 2, row["class"][language], size=10.5, fill="#fff", anchor="middle", bold=True))
        marks.append(words(95, middle + 14, str(len(directions)), size=10.5, fill="#fff", anchor="middle"))
        marks.append(line(180, middle, 200, middle, INK))
        marks.append(rect(200, y, 510, height, PALE, INK, 3))
        for place, one in enumerate(directions):
            marks.append(words(212, y + 20 + place * _ROW, one["title"][language], size=10))
        y += height + 10
    return Drawing(canvas(_WIDTH, int(y), marks), 95)
