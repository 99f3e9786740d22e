"""How a point of the rubric is judged: a mark in both languages says where it is claimed, and a count says whether it is true."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gongshi.paper.records import Edition, Verdict
from gongshi.terms.text import Text


@dataclass(frozen=True)
class Lack:
    """Why a point does not hold: a code and the values of its sentence."""

    code: str
    values: Mapping[str, object]


Rule = Callable[[Edition, Edition], Lack | None]
Place = Callable[[Edition], tuple[int, ...]]


@dataclass(frozen=True)
class Point:
    """A point: its number in the rubric, its name, what has to be true, and where it stands when it is not marked in the text."""

    number: int
    name: Text
    rule: Rule
    place: Place | None = None

    def judge(self, group: str, edition: Edition, again: Edition) -> Verdict:
        """Give the verdict; `again` is a second build of the same content."""
        pages = edition.pages_of(self.number) if self.place is None else self.place(edition)
        lack = Lack("paper.point.unmarked", {}) if not pages else self.rule(edition, again)
        if lack is not None:
            return Verdict(self.number, group, self.name, missing=lack.code, values=lack.values)
        return Verdict(self.number, group, self.name, pages)


def always(_edition: Edition, _again: Edition) -> None:
    """Ask nothing beyond the mark: the point is prose, which a reader has to judge."""


def rows(name: str, least: int, *fields: str) -> Rule:
    """Ask for a list of at least so many rows, each with these fields filled, which chapters of both languages print."""

    def judge(edition: Edition, _again: Edition) -> Lack | None:
        if not is_called(edition, f'list-of("{name}")'):
            return Lack("paper.point.unprinted", {"what": name})
        found = [row for row in edition.content.lists.get(name, []) if all(is_filled(row.get(one)) for one in fields)]
        return (
            None
            if len(found) >= least
            else Lack("paper.point.rows", {"list": name, "rows": len(found), "least": least})
        )

    return judge


def table(label: str, least: int) -> Rule:
    """Ask for a table that was set with at least so many rows, in both languages."""

    def judge(edition: Edition, _again: Edition) -> Lack | None:
        for paper in edition.papers.values():
            found = [one.rows for one in paper.structure.tables if one.label == label]
            if not found or min(found) < least:
                return Lack("paper.point.table", {"table": label, "rows": min(found, default=0), "least": least})
        return None

    return judge


def drawing(label: str) -> Rule:
    """Ask for a drawing in both languages."""

    def judge(edition: Edition, _again: Edition) -> Lack | None:
        for paper in edition.papers.values():
            if label not in [one.label for one in paper.structure.drawings]:
                return Lack("paper.point.drawing", {"drawing": label})
        return None

    return judge


def evidence(*roles: str) -> Rule:
    """Ask for signed evidence in these roles."""

    def judge(edition: Edition, _again: Edition) -> Lack | None:
        missing = [role for role in roles if role not in edition.materials]
        return Lack("paper.point.evidence", {"roles": ", ".join(missing)}) if missing else None

    return judge


def prints(role: str, *figures: str) -> Rule:
    """Ask that figures of a role are printed in both languages."""

    def judge(edition: Edition, _again: Edition) -> Lack | None:
        for paper in edition.papers.values():
            printed = {one.figure for one in paper.structure.numbers if one.role == role}
            missing = [figure for figure in figures if figure not in printed]
            if missing:
                return Lack("paper.point.figure", {"role": role, "figures": ", ".join(missing)})
        return None

    return judge


def both(*rules: Rule) -> Rule:
    """Ask for all of it; the first thing that is missing is named."""

    def judge(edition: Edition, again: Edition) -> Lack | None:
        return next((lack for rule in rules if (lack := rule(edition, again)) is not None), None)

    return judge


def referenced(name: str) -> Rule:
    """Ask that each row of a list names a reference that exists."""

    def judge(edition: Edition, _again: Edition) -> Lack | None:
        known = {row["id"] for row in edition.content.references}
        unknown = [row for row in edition.content.lists.get(name, []) if row.get("ref") not in known]
        return Lack("paper.point.references", {"list": name, "rows": len(unknown)}) if unknown else None

    return judge


def dated(role: str, time: str) -> Rule:
    """Ask that both languages print a day of an evidence."""

    def judge(edition: Edition, _again: Edition) -> Lack | None:
        call = f'day("{role}", "{time}")'
        return None if is_called(edition, call) else Lack("paper.point.unprinted", {"what": f"{role} {time}"})

    return judge


def is_called(edition: Edition, call: str) -> bool:
    """Ask whether chapters of both languages hold a call."""
    return all(any(call in one.text for one in edition.content.chapters_in(language)) for language in edition.papers)


def is_filled(value: Any) -> bool:
    """Ask whether a field says something, in both languages where it has two."""
    if isinstance(value, Mapping):
        return all(isinstance(side, str) and side.strip() for side in value.values())
    if isinstance(value, Sequence):
        return bool(value)
    return value is not None


def everywhere(edition: Edition) -> tuple[int, ...]:
    """Place a point that is about the whole paper on its first page."""
    return (1,) if edition.papers["zh"].structure.pages else ()


def end(edition: Edition) -> tuple[int, ...]:
    """Place a point that is about the annexes on the last page."""
    pages = edition.papers["zh"].structure.pages
    return (pages,) if pages else ()
