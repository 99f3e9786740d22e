"""Release tags with their day, as JSON: `{project: [{tag, date}]}`. A project without tags is no error."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from gongshi.terms.instant import instant_from_iso
from gongshi.terms.problem import Problem
from gongshi.watch.records import Item, Source

KINDS = ("tags",)
# `release-4.9`, `v1.3.3`, `V1.3.3`; not `api/v1.0`, `resources`, `baseimage-v0.0.11`, `0.2-test`.
_RELEASE = re.compile(r"(?:release-(?:os-)?)?v?(\d+\.\d+(?:\.\d+)*(?:-(?!test)[0-9a-z.-]+)?)", re.IGNORECASE)


def read(raw: bytes, source: Source) -> tuple[list[Item], list[Problem]]:
    """Give one item a release of a project; tags of sub-modules and tests are no releases, tags that differ in case are one."""
    try:
        projects = json.loads(raw)
        return list(_get_items(projects, source)), []
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return [], [Problem("watch.tags.malformed", source.id, {"reason": type(error).__name__})]


def _get_items(projects: dict[str, list[dict[str, Any]]], source: Source) -> Iterable[Item]:
    for project, tags in projects.items():
        if source.only and project not in source.only:
            continue
        releases = {found[1].lower(): tag for tag in tags if (found := _RELEASE.fullmatch(tag["tag"]))}
        for version, tag in releases.items():
            title = f"{project} {tag['tag']}"
            yield Item(
                guid=f"{project}@{version}",
                url="",
                title=title,
                text=title,
                language=source.language,
                published=instant_from_iso(tag["date"]),
                facts={"project": project, "version": version},
            )
