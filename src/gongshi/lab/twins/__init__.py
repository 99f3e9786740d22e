"""The broken twins, one file per clause: each wraps a healthy target and breaks exactly what the clause asks for.

A case that has never been seen to fail shows nothing. A twin lies over any target, so each case can be seen to fail on
the very ledger that it judges.
"""

from __future__ import annotations

import importlib
import pkgutil

from gongshi.lab.ports import Target
from gongshi.lab.twins.twin import Twin


def get_twins() -> dict[int, type[Twin]]:
    """Give the twins by catalogue number."""
    names = [module.name for module in pkgutil.iter_modules(__path__) if module.name != "twin"]
    twins: list[type[Twin]] = [importlib.import_module(f"{__name__}.{name}").BROKEN for name in names]
    return {twin.catalogue: twin for twin in sorted(twins, key=lambda twin: twin.catalogue)}


def get_twin(catalogue: int, healthy: Target) -> Twin:
    """Give the twin of a clause, lying over a healthy target; KeyError when the clause has none."""
    return get_twins()[catalogue](healthy)
