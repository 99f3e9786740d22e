"""Reads the content of an option's file: a set of rules with dates, sources and integer parameters.

What is wrong is collected, not raised: a drafter of rules wants to see all of it at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from gongshi.supervision.records import STATUSES, Option, Rule
from gongshi.supervision.typologies import get_typologies
from gongshi.terms.problem import Problem
from gongshi.terms.text import Text, text_from

SCOPES = ("kinds", "zones", "currencies", "holders")


class _WrongError(ValueError):
    """One thing that is wrong; becomes a Problem where the place is known."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(reason)
        self.reason, self.values = reason, values


def option_from(document: Mapping[str, Any], where: str) -> tuple[Option | None, tuple[Problem, ...]]:
    """Read one option; None when anything in it is wrong. `where` names the file in the problems."""
    problems: list[Problem] = []
    rules: list[Rule] = []
    for position, table in enumerate(document.get("rules", [])):
        try:
            rules.append(_rule_from(table))
        except _WrongError as wrong:
            place = f"{where}#{table.get('id', position) if isinstance(table, dict) else position}"
            problems.append(Problem(f"supervision.rule.{wrong.reason}", place, wrong.values))
    try:
        id_, name, note = _word(document, "id"), _text(document, "name"), _text(document, "note")
        _check_rules(document)
    except _WrongError as wrong:
        return None, (*problems, Problem("supervision.option.malformed", where, wrong.values))
    return (None if problems else Option(id_, name, note, tuple(rules))), tuple(problems)


def _check_rules(document: Mapping[str, Any]) -> None:
    if not document.get("rules"):
        raise _WrongError("field", field="rules")


def _rule_from(table: object) -> Rule:
    if not isinstance(table, dict):
        raise _WrongError("field", field="rules")
    typology = _word(table, "typology")
    if typology not in get_typologies():
        raise _WrongError("typology_unknown", typology=typology)
    status = _word(table, "status")
    if status not in STATUSES:
        raise _WrongError("field", field="status")
    valid_from, valid_to = _day(table, "valid_from"), (_day(table, "valid_to") if "valid_to" in table else None)
    if valid_to is not None and valid_to < valid_from:
        raise _WrongError("dates", valid_from=valid_from.isoformat(), valid_to=valid_to.isoformat())
    return Rule(
        id=_word(table, "id"),
        version=_integer(table, "version"),
        typology=typology,
        jurisdiction=_word(table, "jurisdiction"),
        source=_text(table, "source"),
        valid_from=valid_from,
        valid_to=valid_to,
        status=status,
        parameters=_parameters(table, typology),
        scope=_scope(table),
        to_confirm=_text(table, "to_confirm") if "to_confirm" in table else None,
    )


def _parameters(table: Mapping[str, Any], typology: str) -> dict[str, int]:
    """Give all parameters of the typology, so that a rule's digest covers also those that the file leaves at their default."""
    given = table.get("parameters", {})
    known = get_typologies()[typology].PARAMETERS
    for name in given:
        if name not in known:
            raise _WrongError("parameter_unknown", parameter=name, typology=typology)
    return {name: _integer(given, name) if name in given else default for name, default in known.items()}


def _scope(table: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    scope = table.get("scope", {})
    for name, words in scope.items():
        if name not in SCOPES or not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise _WrongError("field", field=f"scope.{name}")
    return {name: tuple(words) for name, words in scope.items()}


def _word(table: Mapping[str, Any], field: str) -> Any:
    value = table.get(field)
    if not isinstance(value, str) or not value:
        raise _WrongError("field", field=field)
    return value


def _integer(table: Mapping[str, Any], field: str) -> int:
    value = table.get(field)
    if type(value) is not int or not 0 <= value < 2**62:
        raise _WrongError("field", field=field)
    return value


def _day(table: Mapping[str, Any], field: str) -> date:
    value = table.get(field)
    if type(value) is not date:
        raise _WrongError("field", field=field)
    return value


def _text(table: Mapping[str, Any], field: str) -> Text:
    try:
        return text_from(table.get(field))
    except ValueError:
        raise _WrongError("field", field=field) from None
