"""The regulation options side by side: what each caught and missed, how many alarms were false, how many accounts it burdened."""

from __future__ import annotations

from collections.abc import Mapping

from gongshi.paper.charts import Drawing, Lists, Say
from gongshi.paper.charts.svg import GREEN, GREY, INK, RED, canvas, line, rect, words
from gongshi.paper.records import Material
from gongshi.terms.text import Language

ROLES = ("options",)
MEASURES = (("caught", GREEN), ("missed", RED), ("false_alarms", GREY), ("accounts_burdened", INK))
_WIDTH, _LEFT, _ROW = 720, 170, 22


def draw(materials: Mapping[str, Material], _lists: Lists, _language: Language, say: Say) -> Drawing:
    """Draw one group of bars a measure, one bar an option; each measure has a scale of its own."""
    figures = materials["options"].evidence.figures
    options = sorted(
        name.removesuffix(".caught") for name in figures if name.endswith(".caught") and name.count(".") == 1
    )
    marks, y = [], 14.0
    for measure, fill in MEASURES:
        values = {option: figures[f"{option}.{measure}"].value for option in options}
        scale = (_WIDTH - _LEFT - 160) / max([*values.values(), 1])
        marks.append(words(_LEFT - 10, y + 14, say(f"paper.chart.{measure}"), size=11, anchor="end", bold=True))
        for place, option in enumerate(options):
            shade = fill if place % 2 == 0 else fill + "99"
            marks.append(rect(_LEFT, y, values[option] * scale, _ROW - 5, shade))
            label = f"{values[option]:,}  {say(f'paper.option.{option}')}"
            marks.append(words(_LEFT + values[option] * scale + 6, y + 13, label, size=9.5))
            y += _ROW
        y += 12
    marks.append(line(_LEFT, 8, _LEFT, y - 8))
    return Drawing(canvas(_WIDTH, int(y), marks), 92)
