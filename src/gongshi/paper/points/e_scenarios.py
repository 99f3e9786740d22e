"""Scenarios: map, fields, scenarios, one run in the laboratory, value and limits."""

from __future__ import annotations

from gongshi.paper.points.judging import Point, both, drawing, prints, rows, table
from gongshi.terms.text import Text

POINTS = (
    Point(20, Text("场景图谱", "map"), table("tab-map", 6)),
    Point(
        21,
        Text("六个以上领域：痛点、思路、场景", "≥ 6 fields as pain, approach, scenario"),
        rows("fields", 6, "field", "pain", "approach"),
    ),
    Point(22, Text("十三个以上场景", "≥ 13 scenarios"), rows("scenarios", 13, "field", "scenario", "what")),
    Point(
        23,
        Text("在实验室运行过的场景", "a scenario run in the lab"),
        both(prints("pilot", "payments"), drawing("fig-pilot")),
    ),
    Point(
        24, Text("价值与局限", "value and limits"), both(rows("values", 3, "value", "limit"), table("tab-values", 3))
    ),
)
