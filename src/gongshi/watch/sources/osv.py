"""OSV export archives: a zip (or folder) of OSV JSON records with FIRST_SEEN.json beside them.

Format: ossf.github.io/osv-schema. `first_seen` comes from FIRST_SEEN.json (member → time of first appearance), because
the dates inside the records of several databases are year 1 or later corrections (handbook R17).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from gongshi.terms.instant import Instant, instant_from_iso
from gongshi.terms.problem import Problem
from gongshi.watch.archive import read_archive
from gongshi.watch.records import Advisory, Affected, Item, Source, VersionRange

KINDS = ("osv",)
FIRST_SEEN = "FIRST_SEEN.json"
_CVE = "CVE-"


def read(raw: bytes, source: Source) -> tuple[list[Item], list[Problem]]:
    """Give one item a record, withdrawn ones too: they are news as well."""
    records, problems = _read_records(raw, source.id)
    items = []
    for name, record, seen in records:
        advisory = _advisory(record, seen)
        if advisory is None:
            problems.append(Problem("watch.advisory.malformed", f"{source.id}:{name}"))
        else:
            items.append(_item(advisory, record, source))
    return items, problems


def read_advisories(raw: bytes, where: str) -> tuple[list[Advisory], list[Problem]]:
    """Give the advisories that matching needs."""
    records, problems = _read_records(raw, where)
    read_all = [(name, _advisory(record, seen)) for name, record, seen in records]
    problems += [
        Problem("watch.advisory.malformed", f"{where}:{name}") for name, advisory in read_all if advisory is None
    ]
    return [advisory for _, advisory in read_all if advisory is not None], problems


def _read_records(raw: bytes, where: str) -> tuple[list[tuple[str, dict[str, Any], Instant | None]], list[Problem]]:
    members, problems = read_archive(raw, where)
    seen = _read_first_seen(members.pop(FIRST_SEEN, b"{}"), where, problems)
    records = []
    for name, content in members.items():
        if not name.endswith(".json"):
            continue
        try:
            record = json.loads(content)
        except (ValueError, RecursionError):
            record = None
        if isinstance(record, dict):
            records.append((name, record, seen.get(name)))
        else:
            problems.append(Problem("watch.advisory.malformed", f"{where}:{name}"))
    return records, problems


def _read_first_seen(content: bytes, where: str, problems: list[Problem]) -> Mapping[str, Instant]:
    try:
        return {name: instant_from_iso(text) for name, text in json.loads(content).items()}
    except (ValueError, TypeError, AttributeError):
        problems.append(Problem("watch.advisory.first_seen_unread", f"{where}:{FIRST_SEEN}"))
        return {}


def _advisory(record: dict[str, Any], seen: Instant | None) -> Advisory | None:
    """Give the advisory, or None where the record is not of the schema's shape."""
    try:
        database = record.get("database_specific") or {}
        return Advisory(
            id=str(record["id"]),
            aliases=tuple(dict.fromkeys(map(str, record.get("aliases") or ()))),
            summary=str(record.get("summary") or record.get("details") or "").strip().split("\n")[0],
            affected=tuple(_affected(affected) for affected in record.get("affected") or () if "package" in affected),
            withdrawn=bool(record.get("withdrawn")),
            reviewed=database.get("review_status") == "REVIEWED",
            url=str(database.get("url") or f"https://osv.dev/vulnerability/{record['id']}"),
            first_seen=seen,
        )
    except (KeyError, TypeError, AttributeError, ValueError):
        return None


def _affected(affected: dict[str, Any]) -> Affected:
    package = affected["package"]
    return Affected(
        ecosystem=str(package["ecosystem"]),
        module=str(package["name"]),
        ranges=tuple(_range(given) for given in affected.get("ranges") or ()),
        versions=tuple(map(str, affected.get("versions") or ())),
        custom=bool((affected.get("ecosystem_specific") or {}).get("custom_ranges")),
    )


def _range(given: dict[str, Any]) -> VersionRange:
    events = tuple((str(kind), str(version)) for event in given["events"] for kind, version in event.items())
    return VersionRange(str(given["type"]), events)


def _item(advisory: Advisory, record: dict[str, Any], source: Source) -> Item:
    modules = sorted({affected.module for affected in advisory.affected})
    return Item(
        guid=advisory.id,
        url=advisory.url,
        title=f"{advisory.id}: {advisory.summary}"[:300],
        text=f"{advisory.summary}\n{' '.join(modules)}\n{record.get('details') or ''}",
        language=source.language,
        published=_instant(record.get("published")),
        modified=_instant(record.get("modified")),
        first_seen=advisory.first_seen,
        aliases=(advisory.id, *advisory.aliases),
        links=tuple(
            str(link["url"]) for link in record.get("references") or () if isinstance(link, dict) and link.get("url")
        ),
        facts={
            "modules": modules,
            "reviewed": advisory.reviewed,
            "withdrawn": advisory.withdrawn,
            "cve": any(alias.startswith(_CVE) for alias in advisory.aliases),
        },
    )


def _instant(text: object) -> Instant | None:
    """Read a date of a record; year 1 is what some exporters write for "not known"."""
    try:
        instant = instant_from_iso(str(text))
    except (ValueError, OverflowError):
        return None
    return instant if instant > 0 else None
