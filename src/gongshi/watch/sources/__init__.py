"""Readers of source formats, one file each. A new format is a new file here: it is found, not listed.

A reader module gives `KINDS`, the kinds of source that it reads, and
`read(raw: bytes, source: Source) -> tuple[list[Item], list[Problem]]`: all that can be read, and what could not with its place.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache

from gongshi.terms.problem import Problem
from gongshi.watch.records import Item, Source

Reader = Callable[[bytes, Source], tuple[list[Item], list[Problem]]]


@cache
def get_readers() -> dict[str, Reader]:
    """Give every reader by the kinds it declares; two files may not claim one kind."""
    readers: dict[str, Reader] = {}
    for found in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{found.name}")
        for kind in module.KINDS:
            assert kind not in readers, kind
            readers[kind] = module.read
    return readers
