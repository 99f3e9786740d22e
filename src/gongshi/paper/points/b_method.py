"""Method: sources counted, cases listed, practice at home, joint studies, reproducibility."""

from __future__ import annotations

from gongshi.paper.points.judging import Point, always, both, evidence, prints, referenced, rows, table
from gongshi.terms.text import Text

POINTS = (
    Point(
        6,
        Text("来源计数并列出", "sources counted and listed"),
        both(prints("coverage", "sources"), table("tab-sources", 3)),
    ),
    Point(
        7,
        Text("案例列表含字段", "cases listed with fields"),
        both(rows("cases", 8, "case", "field", "place", "since", "state"), referenced("cases")),
    ),
    Point(8, Text("国内实践", "domestic practice"), rows("cases", 1, "region")),
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
