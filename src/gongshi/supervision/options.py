"""Reads the content of an option's file: a set of rules with dates, sources and integer parameters.

What is wrong is collected, not raised: a drafter of rules wants to see all of it at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Any

from gongshi.ledger.schema import is_id
from gongshi.supervision.records import HOLDERS, STATUSES, Option, Rule
from gongshi.supervision.typologies import get_bounds, get_typologies
from gongshi.terms.problem import Problem
from gongshi.terms.text import Text, text_from

SCOPES = ("kinds", "zones", "currencies", "holders")
_OPTION_FIELDS = frozenset({"id", "name", "note", "rules"})
_RULE_FIELDS = frozenset(Rule.__dataclass_fields__)
_NO_TEXT = Text("-", "-")


@dataclass
class _Reader:
    """Reads fields of one table; what is wrong is added to `problems`, and some value is given so that reading goes on."""

    table: Mapping[str, Any]
    where: str
    problems: list[Problem] = field(default_factory=list)

    def check(self, name: str, right: bool) -> None:
        if not right:
            self.problems.append(Problem("supervision.option.field", self.where, {"field": name}))

    def check_names(self, known: Iterable[str]) -> None:
        for name in sorted(self.table.keys() - set(known)):
            self.problems.append(Problem("supervision.option.field_unknown", self.where, {"field": name}))

    def id(self, name: str) -> str:
        self.check(name, is_id(self.table.get(name)))
        return str(self.table.get(name))

    def word(self, name: str, *among: str) -> Any:
        value = self.table.get(name)
        self.check(name, isinstance(value, str) and value != "" and (not among or value in among))
        return value

    def text(self, name: str) -> Text:
        try:
            return text_from(self.table.get(name))
        except ValueError:
            self.check(name, right=False)
            return _NO_TEXT

    def day(self, name: str) -> date:
        value = self.table.get(name)
        self.check(name, type(value) is date)
        return value if type(value) is date else date.min

    def subtable(self, name: str) -> Mapping[str, Any]:
        value = self.table.get(name, {})
        self.check(name, isinstance(value, dict))
        return value if isinstance(value, dict) else {}


def option_from(document: Mapping[str, Any], where: str) -> tuple[Option | None, tuple[Problem, ...]]:
    """Read one option; None when anything in it is wrong. `where` names the file in the problems."""
    reader = _Reader(document, where)
    reader.check_names(_OPTION_FIELDS)
    id_, name, note = reader.id("id"), reader.text("name"), reader.text("note")
    tables = document.get("rules")
    if not isinstance(tables, list) or not tables or not all(isinstance(table, dict) for table in tables):
        reader.check("rules", right=False)
        return None, tuple(reader.problems)
    rules = [
        _read_rule(table, f"{where}#{table.get('id', place)}", reader.problems) for place, table in enumerate(tables)
    ]
    sound = tuple(rule for rule in rules if rule is not None)
    reader.problems += _find_clashes(sound, where)
    return (None if reader.problems else Option(id_, name, note, sound)), tuple(reader.problems)


def _read_rule(table: Mapping[str, Any], where: str, problems: list[Problem]) -> Rule | None:
    reader = _Reader(table, where)
    reader.check_names(_RULE_FIELDS)
    rule = Rule(
        id=reader.id("id"),
        version=_version(reader),
        typology=reader.word("typology"),
        jurisdiction=reader.word("jurisdiction"),
        source=reader.text("source"),
        valid_from=reader.day("valid_from"),
        valid_to=reader.day("valid_to") if "valid_to" in table else None,
        status=reader.word("status", *STATUSES),
        parameters=_parameters(reader),
        scope=_scope(reader),
        to_confirm=reader.text("to_confirm") if "to_confirm" in table else None,
    )
    if (
        rule.valid_to is not None and date.min < rule.valid_to < rule.valid_from
    ):  # date.min stands for one that is no day
        days = {"valid_from": rule.valid_from.isoformat(), "valid_to": rule.valid_to.isoformat()}
        reader.problems.append(Problem("supervision.rule.dates", where, days))
    problems += reader.problems
    return None if reader.problems else rule


def _version(reader: _Reader) -> int:
    version = reader.table.get("version")
    if type(version) is int and 0 < version < 2**31:
        return version
    reader.check("version", right=False)
    return 0


def _parameters(reader: _Reader) -> dict[str, int]:
    """Give all parameters of the typology, so that a rule's digest covers also those that the file leaves at their default."""
    given, typology = reader.subtable("parameters"), reader.table.get("typology")
    if not isinstance(typology, str) or typology not in get_typologies():
        reader.problems.append(Problem("supervision.rule.typology_unknown", reader.where, {"typology": str(typology)}))
        return {}
    known = get_typologies()[typology].PARAMETERS
    for name in sorted(given.keys() - known.keys()):
        unknown = {"parameter": name, "typology": typology}
        reader.problems.append(Problem("supervision.rule.parameter_unknown", reader.where, unknown))
    values = {name: given.get(name, default) for name, default in known.items()}
    for name in known:
        _check_bounds(reader, name, values)
    return values


def _check_bounds(reader: _Reader, name: str, values: Mapping[str, Any]) -> None:
    least, most = get_bounds(name)
    upper = values.get(name.removesuffix("_min") + "_max", most)
    if name.endswith("_min") and type(upper) is int:
        most = min(most, upper)  # such a rule would look in vain and say nothing
    if type(values[name]) is not int or not least <= values[name] <= most:
        bounds = {"parameter": name, "least": least, "most": most}
        reader.problems.append(Problem("supervision.rule.parameter_range", reader.where, bounds))


def _scope(reader: _Reader) -> dict[str, tuple[str, ...]]:
    scope = reader.subtable("scope")
    for name, words in scope.items():
        right = isinstance(words, list) and words != [] and all(isinstance(word, str) and word for word in words)
        reader.check(f"scope.{name}", right and name in SCOPES and (name != "holders" or set(words) <= set(HOLDERS)))
    return {name: tuple(words) for name, words in scope.items() if isinstance(words, list)}


def _find_clashes(rules: Sequence[Rule], where: str) -> Iterable[Problem]:
    """No day has two versions of one rule: both would raise the same alert."""
    for one, other in combinations(rules, 2):
        place = f"{where}#{one.id}"
        if one.id != other.id:
            continue
        if one.version == other.version:
            yield Problem("supervision.rule.duplicate", place, {"version": one.version})
        elif _begins_before_end(one, other) and _begins_before_end(other, one):
            yield Problem("supervision.rule.overlap", place, {"version": one.version, "other": other.version})


def _begins_before_end(one: Rule, other: Rule) -> bool:
    return other.valid_to is None or one.valid_from <= other.valid_to
