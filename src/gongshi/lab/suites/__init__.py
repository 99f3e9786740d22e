"""The cases, one file per clause of the catalogue; a new file here is a new case, and there is no list to edit."""

from __future__ import annotations

import importlib
import pkgutil

from gongshi.lab.records import TestCase


def get_cases() -> tuple[TestCase, ...]:
    """Give every case in the order of the catalogue."""
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    cases = [importlib.import_module(f"{__name__}.{name}").CASE for name in names]
    return tuple(sorted(cases, key=lambda case: case.catalogue))
