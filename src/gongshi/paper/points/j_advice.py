"""Advice: five areas, each with addressee and evidence."""

from __future__ import annotations

from gongshi.paper.points.judging import Lack, Point, both, rows, table
from gongshi.paper.records import Edition
from gongshi.terms.text import Text


def _grounded(edition: Edition, _again: Edition) -> Lack | None:
    """Each area of advice names an evidence that this paper carries."""
    wanted = [row.get("evidence") for row in edition.content.lists.get("advice", [])]
    missing = [role for role in wanted if role not in edition.materials]
    return Lack("paper.point.evidence", {"roles": ", ".join(map(str, missing))}) if missing else None


POINTS = (
    Point(
        56,
        Text("五个领域的建议，各有对象与证据", "five areas, each with addressee and evidence"),
        both(rows("advice", 5, "area", "advice", "addressee", "evidence"), _grounded, table("tab-advice", 5)),
    ),
)
