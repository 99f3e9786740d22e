"""What an alliance declares for its watch, read from TOML: sources, inventories, taxonomy, assessments. Pure: bytes in, nouns out."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from gongshi.terms.problem import Problem
from gongshi.terms.technology import Technology
from gongshi.terms.text import LANGUAGES, text_from
from gongshi.watch.assess import cite_signals
from gongshi.watch.records import CONFIDENCES, REGIONS, RINGS, Assessment, Signal, Source

Noun = TypeVar("Noun")


@dataclass(frozen=True, slots=True)
class DeclaredInventory:
    """Where a member's inventory lies: `location` ends in the name of a file that a reader of inventories knows."""

    organisation: str
    ledger: str
    location: str


@dataclass(frozen=True, slots=True)
class DeclaredAssessment:
    """An analyst's words before their citations are looked up: the newest `per_region` signals of each region."""

    assessment: Assessment
    per_region: int

    def cite(self, signals: Iterable[Signal]) -> Assessment:
        """Give the assessment with its citations found among these signals."""
        given = self.assessment
        cited = cite_signals(given.technology, signals, self.per_region)
        return Assessment(
            given.technology,
            given.ring,
            given.confidence,
            given.recommendation,
            given.work_item,
            cited,
            given.rehearsal,
        )


def read_sources(raw: bytes, where: str) -> tuple[list[Source], list[Problem]]:
    """Read every `[[source]]`."""
    sources, problems = _read_tables(raw, where, "source", _source)
    return sources, problems + _get_repeated(sources, where)


def read_inventories(raw: bytes, where: str) -> tuple[list[DeclaredInventory], list[Problem]]:
    """Read every `[[inventory]]`: organisation, ledger, location."""
    return _read_tables(
        raw, where, "inventory", lambda table: DeclaredInventory(**{name: _text(table, name) for name in table})
    )


def read_taxonomy(raw: bytes, where: str) -> tuple[list[Technology], list[Problem]]:
    """Read every `[[technology]]`: id, name, zh and en terms."""
    return _read_tables(raw, where, "technology", _technology)


def read_assessments(raw: bytes, where: str) -> tuple[list[DeclaredAssessment], list[Problem]]:
    """Read every `[[assessment]]`."""
    return _read_tables(raw, where, "assessment", _assessment)


def _read_tables(
    raw: bytes, where: str, name: str, read_table: Callable[[dict[str, Any]], Noun]
) -> tuple[list[Noun], list[Problem]]:
    """Read the tables of one name; a table that is wrong is named by its number, the others stand."""
    try:
        tables = tomllib.loads(raw.decode()).get(name, [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return [], [Problem("watch.declaration.not_toml", where, {"reason": str(error)})]
    nouns: list[Noun] = []
    problems: list[Problem] = []
    for number, table in enumerate(tables if isinstance(tables, list) else [], 1):
        try:
            nouns.append(read_table(table))
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            problems.append(Problem("watch.declaration.malformed", f"{where}:{name}:{number}", {"reason": str(error)}))
    return nouns, problems


def _get_repeated(sources: list[Source], where: str) -> list[Problem]:
    ids = [source.id for source in sources]
    return [
        Problem("watch.declaration.repeated", where, {"id": name})
        for name in sorted({name for name in ids if ids.count(name) > 1})
    ]


def _source(table: dict[str, Any]) -> Source:
    words = {name: _text(table, name) for name in ("id", "kind", "licence", "origin", "location")}
    return Source(
        name=text_from(table["name"]),
        region=_one_of(table, "region", REGIONS),
        language=_one_of(table, "language", LANGUAGES),
        only=tuple(table.get("only", ())),
        **words,
    )


def _technology(table: dict[str, Any]) -> Technology:
    return Technology(_text(table, "id"), text_from(table["name"]), _terms(table, "zh"), _terms(table, "en"))


def _assessment(table: dict[str, Any]) -> DeclaredAssessment:
    per_region = table["per_region"]
    if type(per_region) is not int or per_region < 1:
        raise ValueError("per_region")
    assessment = Assessment(
        technology=_text(table, "technology"),
        ring=_one_of(table, "ring", RINGS),
        confidence=_one_of(table, "confidence", CONFIDENCES),
        recommendation=text_from(table["recommendation"]),
        work_item=text_from(table["work_item"]),
        cited=(),
        rehearsal=table.get("rehearsal", False) is True,
    )
    return DeclaredAssessment(assessment, per_region)


def _text(table: dict[str, Any], name: str) -> str:
    value = table[name]
    if not isinstance(value, str) or not value:
        raise ValueError(name)
    return value


def _one_of(table: dict[str, Any], name: str, words: tuple[Noun, ...]) -> Noun:
    for word in words:
        if table[name] == word:
            return word
    raise ValueError(name)


def _terms(table: dict[str, Any], language: str) -> tuple[str, ...]:
    terms = tuple(table[language])
    if not terms or not all(isinstance(term, str) and term.strip() for term in terms):
        raise ValueError(language)
    return terms
