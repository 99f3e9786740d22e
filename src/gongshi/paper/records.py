"""The nouns of a publication: its content as written, the evidence that it prints from, what was set, and what was published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gongshi.terms.digest import Digest
from gongshi.terms.evidence import Evidence
from gongshi.terms.instant import Instant
from gongshi.terms.text import Language, Text


@dataclass(frozen=True)
class Material:
    """A piece of signed evidence in the role in which the paper prints it; `signers` are the organisations behind it."""

    role: str
    evidence: Evidence
    digest: Digest
    signers: tuple[str, ...]


@dataclass(frozen=True)
class Chapter:
    """One chapter's source in one language; `name` is the same in both."""

    name: str
    language: Language
    text: str


@dataclass(frozen=True)
class Content:
    """A paper as its writers wrote it: chapters in both languages, lists and references in one place for both."""

    id: str
    title: Text
    subtitle: Text
    publisher: Text
    roles: tuple[str, ...]
    chapters: tuple[Chapter, ...]
    helpers: Mapping[str, str]
    lists: Mapping[str, Sequence[Mapping[str, Any]]]
    references: Sequence[Mapping[str, Any]]

    def chapters_in(self, language: Language) -> tuple[Chapter, ...]:
        """Give the chapters of a language in their order."""
        return tuple(chapter for chapter in self.chapters if chapter.language == language)


@dataclass(frozen=True, slots=True, order=True)
class Number:
    """A printed figure: the role and name under which its evidence carries it, and the page on which it stands."""

    role: str
    figure: str
    page: int


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as it was set."""

    level: int
    text: str
    page: int
    is_numbered: bool


@dataclass(frozen=True, slots=True)
class Tabled:
    """A table or drawing as it was set: its label, how many rows it has, its page, and the number in its caption."""

    label: str
    rows: int
    page: int
    number: int


@dataclass(frozen=True)
class Structure:
    """What a set paper says of itself: headings, numbers, tables, drawings, citations, and the marks of rubric points."""

    headings: tuple[Heading, ...]
    numbers: tuple[Number, ...]
    tables: tuple[Tabled, ...]
    drawings: tuple[Tabled, ...]
    cited: tuple[str, ...]
    points: Mapping[int, tuple[int, ...]]
    pages: int


@dataclass(frozen=True)
class Paper:
    """A paper in one language: the bytes of the PDF and its structure."""

    language: Language
    pdf: bytes
    structure: Structure


@dataclass(frozen=True)
class Edition:
    """What is judged: the content, its evidence by role, and the paper in both languages."""

    content: Content
    materials: Mapping[str, Material]
    papers: Mapping[Language, Paper]

    def pages_of(self, point: int) -> tuple[int, ...]:
        """Give the pages of the Chinese paper on which a point is marked, where both languages mark it."""
        marked = [paper.structure.points.get(point, ()) for paper in self.papers.values()]
        return self.papers["zh"].structure.points.get(point, ()) if all(marked) else ()


@dataclass(frozen=True, slots=True)
class Publication:
    """What the ledger says of a published file."""

    id: str
    language: Language
    revision: int
    title: Text
    file: Digest
    manifest: Digest
    evidence: tuple[Digest, ...]
    cutoff: Instant


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a point of the rubric holds: its pages, or what is missing."""

    number: int
    group: str
    name: Text
    pages: tuple[int, ...] = ()
    missing: str = ""
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Ask whether the point holds."""
        return not self.missing
