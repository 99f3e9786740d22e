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

    `NUMBER` is the typology's number in the handbook of definitions, `PARAMETERS` the defaults that a rule may replace.
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


@cache
def get_typologies() -> Mapping[str, Typology]:
    """Give every typology by its name, which is its file's name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {name: cast("Typology", import_module(f"{__name__}.{name}")) for name in names}


def judge_rule(columns: Columns, rule: Rule) -> Judgement:
    """Gather and judge one rule on the whole of the columns."""
    typology = get_typologies()[rule.typology]
    return typology.judge(columns, rule, typology.gather(columns, rule))
