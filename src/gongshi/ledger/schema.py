"""Reads the body of an operation: which fields, of which form, and no others.

A judgement begins with `problem = check_fields(body, FORM, "room.kind")`; a field's form is a predicate over a decoded value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from gongshi.terms.money import is_amount
from gongshi.terms.problem import Problem

Form = Mapping[str, Callable[[Any], bool]]

_ID = re.compile(r"[a-z0-9][a-z0-9._:/-]{0,79}")

__all__ = [
    "Form",
    "check_fields",
    "is_amount",
    "is_bytes",
    "is_bytes_to",
    "is_count",
    "is_digest",
    "is_id",
    "is_integer",
    "is_list_of",
    "is_optional",
    "is_text",
    "is_text_pair",
    "is_word",
]


def check_fields(body: Any, form: Form, code: str) -> Problem | None:
    """Give None when the body is a map with exactly the form's fields; otherwise `code` with the first field that is not right."""
    if not isinstance(body, dict):
        return Problem(code, values={"field": "-", "reason": "map"})
    for name in sorted(form.keys() ^ body.keys(), key=str):  # a set's order differs from process to process
        return Problem(code, values={"field": str(name), "reason": "missing" if name in form else "unknown"})
    for name, is_right in form.items():
        if not is_right(body[name]):
            return Problem(code, values={"field": name, "reason": "form"})
    return None


def is_id(value: Any) -> bool:
    """Ask for a short lower-case ASCII name: letters, digits, `. _ : / -`, at most 80."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def is_text(value: Any) -> bool:
    """Ask for a non-empty text of at most 4,000 characters."""
    return isinstance(value, str) and 0 < len(value) <= 4000


def is_text_pair(value: Any) -> bool:
    """Ask for {zh, en}, both texts."""
    return isinstance(value, dict) and set(value) == {"zh", "en"} and all(is_text(side) for side in value.values())


def is_integer(value: Any) -> bool:
    """Ask for an integer of 64 bits, and no boolean."""
    return type(value) is int and -(2**63) <= value < 2**63


def is_count(value: Any) -> bool:
    """Ask for an integer from 0."""
    return type(value) is int and 0 <= value < 2**63


def is_digest(value: Any) -> bool:
    """Ask for 32 bytes."""
    return isinstance(value, bytes) and len(value) == 32


def is_bytes(size: int) -> Callable[[Any], bool]:
    """Ask for bytes of a size."""
    return lambda value: isinstance(value, bytes) and len(value) == size


def is_bytes_to(most: int) -> Callable[[Any], bool]:
    """Ask for bytes of at most a size."""
    return lambda value: isinstance(value, bytes) and len(value) <= most


def is_word(*words: str) -> Callable[[Any], bool]:
    """Ask for one of the words."""
    return lambda value: isinstance(value, str) and value in words


def is_optional(form: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """Ask for null or a value of the form."""
    return lambda value: value is None or form(value)


def is_list_of(form: Callable[[Any], bool], least: int = 0, most: int = 1024) -> Callable[[Any], bool]:
    """Ask for a list of `least` to `most` values of the form."""
    return lambda value: isinstance(value, list) and least <= len(value) <= most and all(map(form, value))
