"""Key technologies."""

from __future__ import annotations

from gongshi.paper.points.judging import Lack, Point, Rule, both, drawing, rows, table
from gongshi.paper.records import Edition
from gongshi.terms.text import Text


def _measured(what: str) -> Rule:
    """Ask for evidence of a measurement of its own, whose figures both languages print; what was not measured is not claimed."""

    def judge(edition: Edition, _again: Edition) -> Lack | None:
        printed = [{one.role for one in paper.structure.numbers} for paper in edition.papers.values()]
        if what in edition.materials and all(what in roles for roles in printed):
            return None
        return Lack("paper.point.unmeasured", {"what": what})

    return judge


POINTS = (
    Point(25, Text("七项需求", "seven needs"), both(rows("needs", 7, "need", "means", "tests"), table("tab-needs", 7))),
    Point(26, Text("分层图", "layered figure"), drawing("fig-architecture")),
    Point(
        27,
        Text("六项关键技术", "six key technologies"),
        both(rows("key-technologies", 6, "technology", "how"), table("tab-key", 6)),
    ),
    Point(28, Text("共识四轴，实测", "consensus on four axes, measured"), _measured("consensus")),
    Point(29, Text("密码算法表含国密，实测", "crypto table with SM, measured"), _measured("crypto")),
    Point(30, Text("隐私", "privacy"), both(rows("privacy", 4, "way", "against", "how"), table("tab-privacy", 4))),
    Point(
        31,
        Text("合约及其失败", "contracts and their failures"),
        both(rows("contract-failures", 5, "failure", "against"), table("tab-failures", 5)),
    ),
)
