"""What the paper asks of the outside world: somebody who sets type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from gongshi.terms.problem import Problem


class TypesettingError(Exception):
    """The paper could not be set: the problem with which its source stopped, and where."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


class Typesetter(Protocol):
    """Sets a tree of source files; the same files and time give the same bytes."""

    def set(self, files: Mapping[str, bytes], seconds: int) -> tuple[bytes, Mapping[str, list[Any]]]:
        """Give the PDF/A-3a with PDF/UA-1 of `main.typ`, and the metadata by label."""
        ...
