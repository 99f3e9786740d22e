"""Standards: needs, classes, directions, plan, route, international map, strategy."""

from __future__ import annotations

from gongshi.paper.points.judging import Lack, Point, both, drawing, evidence, referenced, rows, table
from gongshi.paper.records import Edition
from gongshi.terms.text import Text


def _agree(edition: Edition, _again: Edition) -> Lack | None:
    """Every direction belongs to a class of the figure, which is drawn from the same list, and every class has one."""
    classes = {row["id"] for row in edition.content.lists.get("classes", [])}
    used = {row["class"] for row in edition.content.lists.get("directions", [])}
    return None if classes == used else Lack("paper.point.classes", {"differing": ", ".join(sorted(classes ^ used))})


POINTS = (
    Point(48, Text("标准需求", "needs"), rows("directions", 10, "gap")),
    Point(
        49,
        Text("由数据生成的分类图", "class figure generated from the data"),
        both(drawing("fig-classes"), rows("classes", 5, "class"), table("tab-classes", 5)),
    ),
    Point(50, Text("与分类图一致的方向清单", "list of directions that agrees with it"), _agree),
    Point(
        51,
        Text("每个方向的差距、先例、阶段、责任人", "each direction with gap, precedent, stage, owner"),
        both(rows("directions", 20, "gap", "precedent", "stage", "owner"), table("tab-directions", 20)),
    ),
    Point(
        52, Text("注明日期的计划", "dated plan"), both(rows("plan-steps", 3), evidence("plan"), table("tab-plan", 3))
    ),
    Point(
        53,
        Text("转化路线", "conversion route"),
        both(rows("conversion", 2, "from", "to", "rule"), referenced("conversion"), table("tab-conversion", 2)),
    ),
    Point(
        54,
        Text("国际组织图", "international map"),
        both(rows("international", 5, "body", "scope"), table("tab-international", 5)),
    ),
    Point(55, Text("策略", "strategy"), both(rows("strategy", 3), table("tab-strategy", 3))),
)
