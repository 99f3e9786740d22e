"""Typologies, one file each, brothers of one shape: gather the rows, judge them, explain a finding.

A new typology is a new file here and its test file; nothing else is edited. All of them are exact, as of each row in the
order (t, id): a finding needs only rows up to its last one, so the answer does not depend on batches.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any, Protocol, cast

from gongshi.supervision.columns import Columns
from gongshi.supervision.records import Condition, Finding, Judgement, Rule
from gongshi.terms.text import Text


class Typology(Protocol):
    """What every file of this folder offers.

    `NUMBER` is the typology's number in the handbook of definitions, `PARAMETERS` the defaults that a rule may replace,
    within the bounds that `get_bounds` reads from the end of the parameter's name.
    """

    NUMBER: int
    NAME: Text
    PARAMETERS: Mapping[str, int]

    def gather(self, columns: Columns, rule: Rule) -> Any:
        """Give what the judgement needs, from the rows that the rule's scope looks at."""

    def judge(self, columns: Columns, rule: Rule, gathered: Any) -> Judgement:
        """Find every place where the definition holds."""

    def explain(self, columns: Columns, rule: Rule, finding: Finding) -> tuple[Condition, ...]:
        """Give the definition's conditions with the values of a finding."""


# A parameter's name ends with its unit, and the unit says what it may be: beyond it sums overflow or searches never end.
_BOUNDS = (
    ("visits_max", (1, 10**9)),
    ("_s", (1, 3_660 * 86_400)),
    ("_ppm", (0, 1_000_000)),
    ("_fen", (1, 10**13)),
    ("_min", (1, 1_000)),
    ("_max", (1, 64)),
    ("", (0, 1)),
)


def get_bounds(parameter: str) -> tuple[int, int]:
    """Give the least and the most that a parameter may be; one without a unit is a switch, 0 or 1."""
    return next(bounds for unit, bounds in _BOUNDS if parameter.endswith(unit))


@cache
def get_typologies() -> Mapping[str, Typology]:
    """Give every typology by its name, which is its file's name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {name: cast("Typology", import_module(f"{__name__}.{name}")) for name in names}


def judge_rule(columns: Columns, rule: Rule) -> Judgement:
    """Gather and judge one rule on the whole of the columns."""
    typology = get_typologies()[rule.typology]
    return typology.judge(columns, rule, typology.gather(columns, rule))
