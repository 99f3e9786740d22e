"""Reads the one file from which an alliance is founded; its days are offsets from the as-of day, so it is never already past.

1. every table has its fields; 2. every name that is referred to exists; 3. then the calendar is laid out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from gongshi.group.records import (
    MEMBER_CLASSES,
    MILESTONE_KINDS,
    BallotPlan,
    Committee,
    Founding,
    ItemPlan,
    Member,
    Milestone,
    Stage,
)
from gongshi.group.rules import check_table
from gongshi.group.stages import STAGES
from gongshi.ledger.schema import Form, is_id, is_integer, is_list_of, is_text, is_text_pair, is_word
from gongshi.terms.instant import Instant, end_of_day, start_of_day
from gongshi.terms.organisation import ROLES, Mandate, Organisation
from gongshi.terms.problem import Problem
from gongshi.terms.text import text_from

_T = TypeVar("_T")
_CODES = {stage.code: stage for stage in STAGES}
_LISTS = ("organisation", "mandate", "committee", "item", "milestone", "ballot")


def _is_bool(value: Any) -> bool:
    return type(value) is bool


def _is_zone(value: Any) -> bool:
    try:
        return isinstance(value, str) and ZoneInfo(value).key == value
    except (KeyError, ValueError, OSError):
        return False


def _is_table(value: Any) -> bool:
    return isinstance(value, dict)


def _is_stage_row(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and value[0] in _CODES and is_integer(value[1])


def _is_member_row(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and is_id(value[0]) and value[1] in MEMBER_CLASSES


def _is_marks(value: Any) -> bool:
    return isinstance(value, dict) and all(is_id(name) and is_list_of(is_id, 1, 8)(m) for name, m in value.items())


def _is_skipped(value: Any) -> bool:
    return isinstance(value, dict) and all(row.isdigit() and is_text(reason) for row, reason in value.items())


_TOP: Form = {
    "chain": is_id,
    "name": is_text_pair,
    "rehearsal": is_text_pair,
    "zone": _is_zone,
    "founded_day": is_integer,
    "secretariat": is_id,
    "parameters": _is_table,
    **dict.fromkeys(_LISTS, is_list_of(_is_table, 1, 256)),
}
_FORMS: Mapping[str, Form] = {
    "organisation": {"id": is_id, "name": is_text_pair, "kind": is_id, "voting": _is_bool},
    "mandate": {
        "id": is_id,
        "organisation": is_id,
        "roles": is_list_of(is_word(*ROLES), 1, 8),
        "until_day": is_integer,
    },
    "committee": {
        "id": is_id,
        "name": is_text_pair,
        "secretariat": is_id,
        "members": is_list_of(_is_member_row, 1, 256),
    },
    "item": {
        "id": is_id,
        "committee": is_id,
        "title": is_text_pair,
        "due_day": is_integer,
        "stages": is_list_of(_is_stage_row, 1, 64),
        "skipped": _is_skipped,
    },
    "milestone": {
        "id": is_id,
        "item": is_id,
        "kind": is_word(*MILESTONE_KINDS),
        "name": is_text_pair,
        "day": is_integer,
    },
    "ballot": {"id": is_id, "rule": is_id, "opens_day": is_integer, "closes_day": is_integer, "marks": _is_marks},
}


@dataclass(frozen=True)
class _Calendar:
    as_of: date
    zone: str

    def day(self, offset: int) -> date:
        return self.as_of + timedelta(days=offset)

    def start(self, offset: int) -> Instant:
        return start_of_day(self.day(offset), self.zone)

    def end(self, offset: int) -> Instant:
        return end_of_day(self.day(offset), self.zone)


def read_founding(value: Any, as_of: date) -> Founding | list[Problem]:
    """Read the founding file's table; every problem names its place, such as `organisation.3.name`."""
    problems = check_table(value, _TOP, "group.founding.form", "") or list(_check_rows(value))  # 1
    problems = problems or list(_check_names(value))  # 2
    if problems:
        return problems
    calendar = _Calendar(as_of, value["zone"])  # 3
    organisations = {row["id"]: _organisation(row) for row in value["organisation"]}
    return Founding(
        chain=value["chain"],
        name=text_from(value["name"]),
        rehearsal=text_from(value["rehearsal"]),
        zone=value["zone"],
        founded_at=calendar.start(value["founded_day"]),
        secretariat=value["secretariat"],
        organisations=tuple(organisations.values()),
        mandates=_all(value["mandate"], lambda row: _mandate(row, calendar)),
        committees=_all(value["committee"], lambda row: _committee(row, organisations)),
        items=_all(value["item"], lambda row: _item(row, calendar)),
        milestones=_all(value["milestone"], lambda row: _milestone(row, calendar)),
        ballots=_all(value["ballot"], lambda row: _ballot(row, calendar)),
        parameters=value["parameters"],
    )


def group_parameters(founding: Founding) -> dict[str, Any]:
    """Give what the genesis document governs for this room: `params["group"]`."""
    return {"secretariat": founding.secretariat, "zone": founding.zone}


def _check_rows(value: Mapping[str, Any]) -> Iterator[Problem]:
    for name in _LISTS:
        seen = set()
        for place, row in enumerate(value[name]):
            where = f"{name}.{place}"
            yield from check_table(row, _FORMS[name], "group.founding.form", where)
            if row.get("id") in seen:
                yield Problem("group.founding.twice", where, {"id": row["id"]})
            seen.add(row.get("id"))


def _check_names(value: Mapping[str, Any]) -> Iterator[Problem]:
    """Look up every name that another table is to have; the days of a row stand in their order."""
    known = {name: {row["id"] for row in value[name]} for name in _LISTS}
    for where, name, wanted in _references(value):
        if wanted not in known[name]:
            yield Problem("group.founding.unknown", where, {"kind": name, "id": wanted})
    for place, row in enumerate(value["ballot"]):
        if row["opens_day"] >= row["closes_day"]:
            yield Problem("group.founding.days", f"ballot.{place}", {"id": row["id"]})
    for place, row in enumerate(value["item"]):
        days = [day for _, day in row["stages"]]
        if days != sorted(days):
            yield Problem("group.founding.days", f"item.{place}", {"id": row["id"]})


def _references(value: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Give (place, kind, id) of every reference."""
    yield "secretariat", "organisation", value["secretariat"]
    for place, row in enumerate(value["mandate"]):
        yield f"mandate.{place}.organisation", "organisation", row["organisation"]
    for place, row in enumerate(value["committee"]):
        yield f"committee.{place}.secretariat", "organisation", row["secretariat"]
        for member, _ in row["members"]:
            yield f"committee.{place}.members", "organisation", member
    for place, row in enumerate(value["item"]):
        yield f"item.{place}.committee", "committee", row["committee"]
    for place, row in enumerate(value["milestone"]):
        yield f"milestone.{place}.item", "item", row["item"]
    for place, row in enumerate(value["ballot"]):
        for name in row["marks"]:
            yield f"ballot.{place}.marks", "organisation", name


def _all(rows: Sequence[Any], read: Callable[[Any], _T]) -> tuple[_T, ...]:
    return tuple(read(row) for row in rows)


def _organisation(row: Mapping[str, Any]) -> Organisation:
    return Organisation(row["id"], text_from(row["name"]), row["kind"], row["voting"])


def _mandate(row: Mapping[str, Any], calendar: _Calendar) -> Mandate:
    return Mandate(row["id"], row["organisation"], tuple(row["roles"]), calendar.end(row["until_day"]))


def _committee(row: Mapping[str, Any], organisations: Mapping[str, Organisation]) -> Committee:
    members = tuple(Member(organisations[name], member_class) for name, member_class in row["members"])
    return Committee(row["id"], text_from(row["name"]), row["secretariat"], members)


def _item(row: Mapping[str, Any], calendar: _Calendar) -> ItemPlan:
    stages = tuple((_CODES[code], calendar.start(day)) for code, day in row["stages"])
    skipped = {int(number): reason for number, reason in row["skipped"].items()}
    return ItemPlan(row["id"], row["committee"], text_from(row["title"]), calendar.end(row["due_day"]), stages, skipped)


def _milestone(row: Mapping[str, Any], calendar: _Calendar) -> Milestone:
    return Milestone(row["id"], row["item"], row["kind"], text_from(row["name"]), calendar.day(row["day"]))


def _ballot(row: Mapping[str, Any], calendar: _Calendar) -> BallotPlan:
    marks = {name: tuple(listed) for name, listed in row["marks"].items()}
    opens, closes = calendar.start(row["opens_day"]), calendar.end(row["closes_day"])
    return BallotPlan(row["id"], row["rule"], opens, closes, marks)


def stage_of(code: str) -> Stage:
    """Give the stage of a code such as `40.20`; KeyError when there is none."""
    return _CODES[code]
