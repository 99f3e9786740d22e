"""State at home and abroad."""

from __future__ import annotations

from gongshi.paper.points.judging import Lack, Point, both, drawing, prints, referenced, rows, table
from gongshi.paper.records import Edition
from gongshi.terms.text import Text

TYPES_MEASURED = 3


def _types_measured(edition: Edition, _again: Edition) -> Lack | None:
    """Public, consortium and private ledgers each with a measured value of its own: two targets do not make three types."""
    measured = sum(role.startswith("speed-") for role in edition.materials)
    return (
        None
        if measured >= TYPES_MEASURED
        else Lack("paper.point.types", {"measured": measured, "types": TYPES_MEASURED})
    )


POINTS = (
    Point(
        14,
        Text("演进", "evolution"),
        both(rows("evolution", 5, "year", "step"), referenced("evolution"), table("tab-evolution", 5)),
    ),
    Point(15, Text("各类账本以实测值比较", "types compared with measured values"), _types_measured),
    Point(16, Text("七类主体", "seven actor kinds"), both(rows("actors", 7, "actor", "does"), table("tab-actors", 7))),
    Point(
        17,
        Text("六个以上法域，各有日期与出处", "≥ 6 jurisdictions, each with date and source"),
        both(
            rows("jurisdictions", 6, "place", "date", "act", "ref"),
            referenced("jurisdictions"),
            table("tab-jurisdictions", 6),
        ),
    ),
    Point(
        18,
        Text("六项以上相关技术", "≥ 6 related technologies"),
        both(rows("related", 6, "technology"), table("tab-related", 6)),
    ),
    Point(19, Text("趋势序列", "trend series"), both(drawing("fig-years"), prints("coverage", "signals"))),
)
