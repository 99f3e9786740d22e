"""A clause of a draft: the unit that is commented on, tested and cited."""

from __future__ import annotations

from dataclasses import dataclass

from gongshi.terms.canonical import encode_json
from gongshi.terms.digest import Digest, compute_digest
from gongshi.terms.text import Text


@dataclass(frozen=True, slots=True)
class Clause:
    """`id` is stable over revisions; `number` is its place in this revision; `catalogue` its number in the DLT catalogue."""

    id: str
    number: str
    title: Text
    statement: Text
    catalogue: int | None = None
    origin: str = ""

    def as_json(self) -> dict[str, object]:
        """Give the form that drafts carry and digests are made of."""
        return {
            "id": self.id,
            "number": self.number,
            "title": self.title.as_json(),
            "statement": self.statement.as_json(),
            "catalogue": self.catalogue,
            "origin": self.origin,
        }

    def digest(self) -> Digest:
        """Give the revision digest: a changed clause makes every test, run and sentence that leaned on it suspect."""
        return compute_digest(encode_json(self.as_json()))
