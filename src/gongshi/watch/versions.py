"""Order of Semantic Versions and OSV's rule for ranges (ossf.github.io/osv-schema, "Evaluation").

Go's versions are Semantic Versions with a leading v; OSV gives its bounds without. Build metadata (`+incompatible`)
takes no part in the order. Keys are cached, because the same versions are compared thousands of times.
"""

from __future__ import annotations

import re
from functools import lru_cache

from gongshi.watch.records import VersionRange

_SEMVER = re.compile(r"v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?")
_PSEUDO = re.compile(r".*[-.]\d{14}-[0-9a-f]{12}(?:\+incompatible)?")

Key = tuple[int, int, int, int, tuple[tuple[int, int, str], ...]]
# OSV: the version "0" comes before every other, pre-releases of 0.0.0 too.
_BEFORE_ALL: Key = (-1, 0, 0, 0, ())


class VersionUnreadError(ValueError):
    """A version or a bound is no Semantic Version."""

    def __init__(self, version: str) -> None:
        super().__init__(version)
        self.version = version


@lru_cache(maxsize=65_536)
def get_key(version: str) -> Key:
    """Give the key that orders versions (semver.org 11); parts that are left out are zero."""
    found = _SEMVER.fullmatch(version)
    if found is None:
        raise VersionUnreadError(version)
    major, minor, patch = (int(part or 0) for part in found.group(1, 2, 3))
    if found[4] is None:
        return major, minor, patch, 1, ()
    return major, minor, patch, 0, tuple(_identifier_key(part) for part in found[4].split("."))


def _identifier_key(identifier: str) -> tuple[int, int, str]:
    """Numbers come before words and compare as numbers."""
    return (0, int(identifier), "") if identifier.isdigit() else (1, 0, identifier)


def _bound_key(bound: str) -> Key:
    return _BEFORE_ALL if bound == "0" else get_key(bound)


def is_pseudo(version: str) -> bool:
    """Ask whether a version names a commit by its time rather than a release."""
    return _PSEUDO.fullmatch(version) is not None


def is_in_range(version: str, given: VersionRange) -> bool:
    """Ask whether a version is affected by one SEMVER range, exactly as OSV's algorithm walks the sorted events."""
    key = get_key(version)
    limits = [bound for kind, bound in given.events if kind == "limit" and bound != "*"]
    if limits and all(key >= _bound_key(limit) for limit in limits):
        return False
    affected = False
    for kind, bound in get_sorted(given):
        if kind == "introduced" and key >= _bound_key(bound):
            affected = True
        elif (kind == "fixed" and key >= _bound_key(bound)) or (kind == "last_affected" and key > _bound_key(bound)):
            affected = False
    return affected


@lru_cache(maxsize=65_536)
def get_sorted(given: VersionRange) -> tuple[tuple[str, str], ...]:
    """Give the events of a range in order of their versions; limits are no events on the line."""
    return tuple(
        sorted((event for event in given.events if event[0] != "limit"), key=lambda event: _bound_key(event[1]))
    )


def get_hit(version: str, given: VersionRange) -> tuple[str, str]:
    """Give the stretch of a range that holds an affected version, as text, and the lowest fix above it (empty where none)."""
    key = get_key(version)
    events = get_sorted(given)
    start = [bound for kind, bound in events if kind == "introduced" and _bound_key(bound) <= key][-1]
    last = next((bound for kind, bound in events if kind == "last_affected" and _bound_key(bound) >= key), "")
    fix = next((bound for kind, bound in events if kind == "fixed" and _bound_key(bound) > key), "")
    # A range may hold several stretches; the one that hit ends at its nearest bound.
    if last and (not fix or _bound_key(last) < _bound_key(fix)):
        return f">= {start}, <= {last}", fix
    return f">= {start}, < {fix}" if fix else f">= {start}", fix
