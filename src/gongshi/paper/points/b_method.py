"""Method: sources counted, cases listed, practice at home, joint studies, reproducibility."""

from __future__ import annotations

from gongshi.paper.points.judging import Lack, Point, always, both, evidence, prints, referenced, rows, table
from gongshi.paper.records import Edition
from gongshi.terms.text import Text

CASES_AT_HOME = 3


def _at_home(edition: Edition, _again: Edition) -> Lack | None:
    """Some of the cases are from home, each with its reference like the others."""
    found = [row for row in edition.content.lists["cases"] if row["region"] == "home"]
    lack = Lack("paper.point.rows", {"list": "cases (home)", "rows": len(found), "least": CASES_AT_HOME})
    return None if len(found) >= CASES_AT_HOME else lack


POINTS = (
    Point(
        6,
        Text("来源计数并列出", "sources counted and listed"),
        both(prints("coverage", "sources"), table("tab-sources", 3)),
    ),
    Point(
        7,
        Text("案例列表含字段", "cases listed with fields"),
        both(rows("cases", 8, "case", "field", "place", "since", "state"), referenced("cases"), table("tab-cases", 8)),
    ),
    Point(8, Text("国内实践", "domestic practice"), both(rows("cases", 3, "region"), _at_home)),
    Point(
        9,
        Text("联合研究", "joint studies"),
        both(rows("studies", 2, "study", "members", "evidence"), table("tab-studies", 2)),
    ),
    Point(
        10,
        Text("方法可复现", "reproducible method"),
        both(evidence("coverage", "conformance-embedded", "options"), always),
    ),
)
