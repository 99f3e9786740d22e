"""A supervision rule as an alert carries it: a JSON document under its digest, read strictly and with nothing left out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

_SCOPES = {"kinds", "zones", "currencies", "holders"}
_EPOCH = date(1970, 1, 1).toordinal()


class DocumentError(ValueError):
    """The bytes are no document of the kind that is read here."""


@dataclass(frozen=True)
class Rule:
    """What an alert is checked by; days count from 1970-01-01, `valid_to` is None for a rule without an end."""

    id: str
    version: int
    typology: str
    valid_from: int
    valid_to: int | None
    parameters: Mapping[str, int]
    scope: Mapping[str, Sequence[str]]
    digest: bytes

    def is_in_force(self, day: int) -> bool:
        """Ask whether the rule holds on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def read_json(data: bytes) -> Any:
    """Read JSON without repeated names, fractions or NaN; DocumentError otherwise."""
    try:
        return json.loads(data.decode(), object_pairs_hook=_once, parse_float=_refuse, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise DocumentError from None


def read_rule(data: bytes) -> Rule:
    """Read the rule's document; DocumentError otherwise."""
    document = read_json(data)
    if not isinstance(document, dict):
        raise DocumentError
    words = [document.get(name) for name in ("id", "typology")]
    parameters, scope = document.get("parameters"), document.get("scope")
    if not all(isinstance(word, str) for word in words) or not is_count(document.get("version")):
        raise DocumentError
    if not isinstance(parameters, dict) or not all(map(is_count, parameters.values())):
        raise DocumentError
    if not isinstance(scope, dict) or not scope.keys() <= _SCOPES or not all(map(_is_words, scope.values())):
        raise DocumentError
    valid_to = document.get("valid_to")
    return Rule(
        id=document["id"],
        version=document["version"],
        typology=document["typology"],
        valid_from=_day(document.get("valid_from")),
        valid_to=None if valid_to is None else _day(valid_to),
        parameters=parameters,
        scope=scope,
        digest=hashlib.sha256(data).digest(),
    )


def holds_rule(option: bytes, rule: bytes) -> bool:
    """Ask whether an option's document has the rule among its own."""
    try:
        document, wanted = read_json(option), read_json(rule)
    except DocumentError:
        return False
    rules = document.get("rules") if isinstance(document, dict) else None
    return isinstance(rules, list) and any(_compact(one) == _compact(wanted) for one in rules)


def is_count(value: object) -> bool:
    """Ask for an integer from 0 below 2^63, and no boolean."""
    return type(value) is int and 0 <= value < 1 << 63


def _compact(value: Any) -> str:
    """Give one text per value; to Python alone, true equals 1."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _day(text: Any) -> int:
    try:
        day = date.fromisoformat(text)
    except (TypeError, ValueError):
        raise DocumentError from None
    if day.isoformat() != text:
        raise DocumentError
    return day.toordinal() - _EPOCH


def _is_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise DocumentError
    return dict(pairs)


def _refuse(_: str) -> Any:
    raise DocumentError
