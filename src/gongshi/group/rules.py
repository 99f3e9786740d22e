"""What is checked before anything reaches the ledger: ballot rules and rehearsed papers, read from plain tables.

Every reader collects all problems with the place in the file, and gives the record only when there is none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gongshi.group.records import (
    ABSTENTIONS,
    COMMENT_TYPES,
    MEMBER_CLASSES,
    POSITIONS,
    RELATIONS,
    SYMBOLS,
    TIES,
    VOIDS,
    BallotRule,
    CommentPaper,
    Test,
    VotePaper,
)
from gongshi.ledger.schema import Form, is_id, is_list_of, is_optional, is_text, is_text_pair, is_word
from gongshi.terms.clause import Clause
from gongshi.terms.instant import day_of, end_of_day
from gongshi.terms.problem import Problem
from gongshi.terms.text import Text, text_from

RESOLUTIONS = ("accepted", "modified", "partly", "rejected", "noted", "deferred", "withdrawn")
REPLIES = ("satisfied", "objects", "silent")
FAILURES = ("repeat", "revise", "cancel_on_second", "discuss")
PERIOD_DAYS_MAX = 400


def _is_days(value: Any) -> bool:
    return type(value) is int and 0 <= value <= PERIOD_DAYS_MAX


def _is_sum(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and bool(value)
        and set(value) <= SYMBOLS
        and all(type(factor) is int and 0 < factor <= 1000 for factor in value.values())
    )


def _is_test(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"name", "left", "relation", "right"}
        and is_id(value["name"])
        and _is_sum(value["left"])
        and value["relation"] in RELATIONS
        and _is_sum(value["right"])
    )


_RULE: Form = {
    "id": is_id,
    "name": is_text_pair,
    "classes": is_list_of(is_word(*MEMBER_CLASSES), 1, 3),
    "barred": is_list_of(is_id, 0, 16),
    "quorum": is_optional(_is_test),
    "tests": is_list_of(_is_test, 1, 8),
    "abstentions": is_word(*ABSTENTIONS),
    "void": is_list_of(is_word(*VOIDS), 0, 4),
    "tie": is_word(*TIES),
    "failure": is_word(*FAILURES),
    "period_days": _is_days,
    "valid_from": is_text,
    "source": is_text,
    "to_confirm": is_list_of(is_id, 0, 16),
}
_VOTE: Form = {
    "ballot": is_id,
    "organisation": is_id,
    "mandate": is_id,
    "position": is_word(*POSITIONS),
    "technical": is_list_of(is_id, 0, 64),
    "statement": is_text_pair,
}
_COMMENT: Form = {
    "organisation": is_id,
    "mandate": is_id,
    "clause": is_id,
    "type": is_word(*COMMENT_TYPES),
    "comment": is_text_pair,
    "proposed": is_optional(is_text_pair),
    "resolution": is_word(*RESOLUTIONS),
    "reason": is_optional(is_text_pair),
    "reply": is_word(*REPLIES),
}
_CLAUSE: Form = {
    "id": is_id,
    "number": is_text,
    "title": is_text_pair,
    "statement": is_text_pair,
    "catalogue": is_optional(_is_days),
    "origin": lambda value: isinstance(value, str),
}


def read_rule(value: Any, where: str = "") -> BallotRule | list[Problem]:
    """Read a rule as the file and the opening entry state it; a file may leave out `quorum` where there is none."""
    if isinstance(value, dict):
        value = {"quorum": None, **value}
    problems = check_table(value, _RULE, "group.rule.form", where)
    if problems:
        return problems
    return BallotRule(
        id=value["id"],
        name=text_from(value["name"]),
        classes=tuple(value["classes"]),
        barred=tuple(value["barred"]),
        quorum=None if value["quorum"] is None else _test_from(value["quorum"]),
        tests=tuple(_test_from(test) for test in value["tests"]),
        abstentions=value["abstentions"],
        void=tuple(value["void"]),
        tie=value["tie"],
        failure=value["failure"],
        period_days=value["period_days"],
        valid_from=value["valid_from"],
        source=value["source"],
        to_confirm=tuple(value["to_confirm"]),
    )


def read_vote(key: str, value: Any) -> VotePaper | list[Problem]:
    """Read a rehearsed position."""
    problems = check_table(value, _VOTE, "group.vote.file", key)
    if problems:
        return problems
    changed = {"technical": tuple(value["technical"]), "statement": text_from(value["statement"])}
    return VotePaper(key=key, **{**value, **changed})


def read_comment(key: str, value: Any) -> CommentPaper | list[Problem]:
    """Read a rehearsed comment; `proposed` and `reason` may be left out."""
    if isinstance(value, dict):
        value = {"proposed": None, "reason": None, **value}
    problems = check_table(value, _COMMENT, "group.comment.file", key)
    if problems:
        return problems
    texts = {name: maybe_text(value[name]) for name in ("proposed", "reason")}
    return CommentPaper(key=key, **{**value, **texts, "comment": text_from(value["comment"])})


def read_clause(value: Any, where: str = "") -> Clause | list[Problem]:
    """Read a clause's table; `catalogue` and `origin` may be left out."""
    if isinstance(value, dict):
        value = {"catalogue": None, "origin": "", **value}
    problems = check_table(value, _CLAUSE, "group.clause.form", where)
    if problems:
        return problems
    texts = {name: text_from(value[name]) for name in ("title", "statement")}
    return Clause(**{**value, **texts})


def check_table(value: Any, form: Form, code: str, where: str) -> list[Problem]:
    """Give a problem for each field that is missing, unknown or of another form; `where` leads to the field."""
    if not isinstance(value, dict):
        return [Problem(code, where, {"field": "-", "reason": "table"})]
    wrong = [
        (str(name), "missing" if name in form else "unknown") for name in sorted(form.keys() ^ value.keys(), key=str)
    ]
    wrong += [(name, "form") for name, is_right in form.items() if name in value and not is_right(value[name])]
    return [Problem(code, f"{where}.{name}".lstrip("."), {"field": name, "reason": reason}) for name, reason in wrong]


def is_closing_time(instant: int, zone: str) -> bool:
    """Ask whether an instant is the end of a calendar day in the zone: a period that ends on a day includes it."""
    return end_of_day(day_of(instant, zone), zone) == instant


def compute_period_days(opens_at: int, closes_at: int, zone: str) -> int:
    """Give the calendar days from the day of opening to the day of closing."""
    return (day_of(closes_at, zone) - day_of(opens_at, zone)).days


def get_clause_digests(clauses: Sequence[Clause]) -> Mapping[str, bytes]:
    """Give each clause's digest by its id, as the entry that posts the draft carries them."""
    return {clause.id: clause.digest() for clause in clauses}


def maybe_text(value: Any) -> Text | None:
    """Read {zh, en}, or nothing."""
    return None if value is None else text_from(value)


def _test_from(value: Mapping[str, Any]) -> Test:
    return Test(value["name"], dict(value["left"]), value["relation"], dict(value["right"]))
