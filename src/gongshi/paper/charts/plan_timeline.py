"""The plan: tasks as bars between their days, the due day and the summit as lines, laid out from the plan's own evidence."""

from __future__ import annotations

from collections.abc import Mapping

from gongshi.paper.charts import Drawing, Lists, Say
from gongshi.paper.charts.svg import GREY, INK, RED, canvas, line, rect, words
from gongshi.paper.records import Material
from gongshi.terms.instant import MS_PER_DAY, day_of
from gongshi.terms.text import Language

ROLES = ("plan",)
_WIDTH, _LEFT, _ROW = 720, 230, 21


def draw(materials: Mapping[str, Material], lists: Lists, language: Language, say: Say) -> Drawing:
    """Draw days as offsets from the due day, as the tasks are planned."""
    plan = materials["plan"].evidence
    tasks = lists.get("tasks", [])
    first = min([task["from_day"] for task in tasks], default=0)
    last = max([task["to_day"] for task in tasks], default=1)
    scale = (_WIDTH - _LEFT - 20) / max(last - first, 1)
    summit = (plan.times["summit"] - plan.times["due"]) // MS_PER_DAY
    height = 36 + len(tasks) * _ROW
    marks = []
    # One word ends at its line and the other begins there: the days may be close.
    for offset, code, stroke, anchor in ((0, "due", RED, "end"), (summit, "summit", INK, "start")):
        x = _LEFT + (offset - first) * scale
        if first <= offset <= last:
            marks += [
                line(x, 20, x, height, stroke, 1.2, "4 3"),
                words(x, 14, say(f"paper.chart.{code}"), size=9, fill=stroke, anchor=anchor),
            ]
    for place, task in enumerate(tasks):
        y = 26 + place * _ROW
        begin, end = _LEFT + (task["from_day"] - first) * scale, _LEFT + (task["to_day"] - first) * scale
        marks.append(words(_LEFT - 8, y + 11, _short(task["task"][language], language), size=9.5, anchor="end"))
        marks.append(rect(begin, y + 1, max(end - begin, 3), 12, INK, radius=2))
    for offset in (first, last):
        day = day_of(plan.times["due"] + offset * MS_PER_DAY).isoformat()
        anchor = "start" if offset == first else "end"
        marks.append(words(_LEFT + (offset - first) * scale, height + 14, day, size=9, fill=GREY, anchor=anchor))
    return Drawing(canvas(_WIDTH, height + 22, marks), 97)


def _short(text: str, language: Language) -> str:
    most = 20 if language == "zh" else 40
    return text if len(text) <= most else text[: most - 1] + "…"
