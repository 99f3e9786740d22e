"""Data is wrong: a value with a code, never a sentence. The sentence is written at the doors, in both languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_CODE = re.compile(r"[a-z]+\.[a-z_]+\.[a-z_]+")


@dataclass(frozen=True)
class Problem:
    """`code` is room.noun.reason and is never reused; `where` names the place; `values` are what the sentence is filled with."""

    code: str
    where: str = ""
    values: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        assert _CODE.fullmatch(self.code), self.code

    def as_json(self) -> dict[str, object]:
        """Give the form that `--json` prints."""
        return {"code": self.code, "where": self.where, "values": dict(self.values)}
