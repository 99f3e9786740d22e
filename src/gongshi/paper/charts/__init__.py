"""The drawings of a paper, each a pure function from evidence to SVG; the same files serve the desk. One file each, found by name."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gongshi.paper.records import Material
from gongshi.terms.text import Language

Say = Callable[[str], str]
Lists = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Drawing:
    """An SVG and how much of the column's width it takes, in per cent."""

    svg: str
    width: int = 100


def draw_charts(materials: Mapping[str, Material], lists: Lists, language: Language, say: Say) -> dict[str, Drawing]:
    """Draw every chart for which all evidence is there; a chart without its evidence is not drawn, and citing it stops the build."""
    drawings = {}
    for module in pkgutil.iter_modules(__path__):
        if module.name == "svg":
            continue
        chart = importlib.import_module(f"{__name__}.{module.name}")
        if set(chart.ROLES) <= materials.keys():
            drawings[module.name.replace("_", "-")] = chart.draw(materials, lists, language, say)
    return drawings
