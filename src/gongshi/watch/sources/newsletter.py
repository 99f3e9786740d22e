"""Newsletters: a zip (or folder) of Markdown files with YAML front matter, in Chinese or English."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin

import yaml

from gongshi.terms.instant import Instant, instant_from_iso
from gongshi.terms.problem import Problem
from gongshi.watch.archive import read_archive
from gongshi.watch.records import Item, Source
from gongshi.watch.wording import get_aliases, get_links

KINDS = ("newsletter",)
_FRONT = re.compile(r"\A---\r?\n(.*?)\r?\n---\r?\n(.*)\Z", re.DOTALL)
_DAY = re.compile(r"(20\d\d)[-/](\d\d)[-/](\d\d)")
# Comments are for the site's builder; an anchor in English words would help matching unfairly.
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def read(raw: bytes, source: Source) -> tuple[list[Item], list[Problem]]:
    """Give one item an issue; a file without readable front matter is named as a problem."""
    members, problems = read_archive(raw, source.id)
    items = []
    for name, content in members.items():
        if not name.endswith(".md"):
            continue
        issue = _read_issue(content)
        if issue is None:
            problems.append(Problem("watch.newsletter.front_matter_unread", f"{source.id}:{name}"))
        else:
            items.append(_item(name, *issue, source))
    return items, problems


def _read_issue(content: bytes) -> tuple[dict[str, Any], str] | None:
    found = _FRONT.match(content.decode("utf-8", errors="replace"))
    if found is None:
        return None
    try:
        front = yaml.safe_load(found[1])
    except yaml.YAMLError:
        return None
    return (front, found[2]) if isinstance(front, dict) else None


def _item(name: str, front: dict[str, Any], body: str, source: Source) -> Item:
    permalink = str(front.get("permalink") or "")
    text = _COMMENT.sub("", body)
    title = str(front.get("title") or name)
    return Item(
        guid=permalink or name,
        url=urljoin(source.origin, permalink),
        title=title[:300],
        text=f"{title}\n{text}",
        language="zh" if str(front.get("lang") or source.language).startswith("zh") else "en",
        published=_day(str(front.get("date") or "")) or _day(name) or _day(permalink),
        links=get_links(text),
        facts={"mentions": list(get_aliases(text))},
    )


def _day(text: str) -> Instant | None:
    found = _DAY.search(text)
    try:
        return instant_from_iso("-".join(found.groups())) if found else None
    except ValueError:
        return None
