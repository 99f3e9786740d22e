"""Roadmap: phases, tasks, dates, owners, dependencies, measures, risks."""

from __future__ import annotations

from gongshi.paper.points.judging import Lack, Point, both, evidence, rows, table
from gongshi.paper.records import Edition
from gongshi.terms.text import Text


def _connected(edition: Edition, _again: Edition) -> Lack | None:
    """Every predecessor of a task is a task that ends before it begins, and some task waits for another."""
    tasks = {row["id"]: row for row in edition.content.lists.get("tasks", [])}
    waiting = [(row, name) for row in tasks.values() for name in row.get("after", [])]
    wrong = [name for row, name in waiting if name not in tasks or tasks[name]["to_day"] > row["from_day"]]
    return (
        None
        if waiting and not wrong
        else Lack("paper.point.dependencies", {"links": len(waiting), "wrong": len(wrong)})
    )


POINTS = (
    Point(41, Text("阶段", "phases"), both(rows("phases", 4, "phase", "aim", "result"), table("tab-phases", 4))),
    Point(42, Text("任务", "tasks"), both(rows("tasks", 12, "task", "phase"), table("tab-tasks", 12))),
    Point(
        43,
        Text("日期", "dates"),
        both(rows("tasks", 12, "from_day", "to_day"), evidence("plan"), table("tab-tasks", 12)),
    ),
    Point(44, Text("责任人", "owners"), both(rows("tasks", 12, "owner"), evidence("alliance"))),
    Point(45, Text("依赖与关键路径", "dependencies and critical path"), both(_connected, table("tab-dependencies", 1))),
    Point(46, Text("衡量标准", "measures"), rows("tasks", 12, "measure")),
    Point(
        47,
        Text("风险", "risks"),
        both(rows("risks", 5, "risk", "likely", "impact", "answer", "owner"), table("tab-risks", 5)),
    ),
)
