"""Readers of component inventories, one file each, found by the names of the files that they read.

A reader module gives `FILES`, the file names it reads, and
`read(raw: bytes, where: str) -> tuple[list[Component], list[Problem]]`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache

from gongshi.terms.digest import compute_digest, digest_to_text
from gongshi.terms.problem import Problem
from gongshi.watch.records import Component, Inventory

Reader = Callable[[bytes, str], tuple[list[Component], list[Problem]]]


@cache
def get_readers() -> dict[str, Reader]:
    """Give every reader by the file names it declares."""
    modules = [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    return {name: module.read for module in modules for name in module.FILES}


def read_inventory(raw: bytes, file_name: str, organisation: str, ledger: str) -> tuple[Inventory, list[Problem]]:
    """Give the inventory of a member's ledger; a file of a kind that nobody reads gives an empty one and a problem."""
    reader = get_readers().get(file_name)
    where = f"{ledger}/{file_name}"
    components, problems = (
        reader(raw, where) if reader else ([], [Problem("watch.inventory.unknown_kind", where, {"file": file_name})])
    )
    return Inventory(organisation, ledger, digest_to_text(compute_digest(raw)), tuple(components)), problems
