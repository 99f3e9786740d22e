"""What the paper asks of the outside world: somebody who sets type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class TypesettingError(Exception):
    """The paper could not be set: `code` and `what` are what the source stopped with, `trace` where."""

    def __init__(self, code: str, what: str, trace: str) -> None:
        super().__init__(f"{code} {what} {trace}".strip())
        self.code, self.what, self.trace = code, what, trace


class Typesetter(Protocol):
    """Sets a tree of source files; the same files and time give the same bytes."""

    def set(self, files: Mapping[str, bytes], seconds: int) -> tuple[bytes, Mapping[str, list[Any]]]:
        """Give the PDF/A-3a with PDF/UA-1 of `main.typ`, and the metadata by label."""
        ...
