"""The rubric by which a white paper is judged: 63 points in eleven groups, one file a group, found by name."""

from __future__ import annotations

import importlib
import pkgutil

from gongshi.paper.points.judging import Point
from gongshi.paper.records import Edition, Verdict


def get_points() -> dict[str, tuple[Point, ...]]:
    """Give the points by their group's letter."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name != "judging")
    return {name[0].upper(): importlib.import_module(f"{__name__}.{name}").POINTS for name in names}


def judge_edition(edition: Edition, again: Edition) -> list[Verdict]:
    """Judge every point; `again` is a second build of the same content, to see whether it gives the same bytes."""
    return [point.judge(group, edition, again) for group, points in get_points().items() for point in points]
