"""Reads the founding file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from gongshi.group.adapters.files import read_toml
from gongshi.group.founding import read_founding
from gongshi.group.records import Founding
from gongshi.terms.problem import Problem


def load_founding(path: Path, as_of: date) -> Founding | list[Problem]:
    """Give the founding laid out from the as-of day, or every problem with its place; GroupFileError otherwise."""
    return read_founding(read_toml(path), as_of)
