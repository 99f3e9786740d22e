"""Change logs in Markdown, one heading a version, as Chinese ledgers publish them; English ones read the same way.

The date stands in brackets below the heading or beside it, half or full width, at times as a month only.
"""

from __future__ import annotations

import re

from gongshi.terms.instant import Instant, instant_from_iso
from gongshi.terms.problem import Problem
from gongshi.watch.records import Item, Source
from gongshi.watch.wording import get_aliases, get_links, guess_language

KINDS = ("changelog",)
_HEADING = re.compile(r"^#{1,4}\s*\[?([vV]?\d+\.\d+(?:\.\d+)*(?:-[0-9A-Za-z.]+)?)\]?(.*)$", re.MULTILINE)
_DATE = re.compile(r"(20\d\d)\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2}))?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH_DATE = re.compile(rf"({'|'.join(_MONTHS)})[a-z]*\.?\s+(\d{{1,2}}),?\s+(20\d\d)", re.IGNORECASE)


def read(raw: bytes, source: Source) -> tuple[list[Item], list[Problem]]:
    """Give one item a version; a version without a date is kept and named, a log without versions is one problem."""
    text = raw.decode("utf-8-sig", errors="replace")
    headings = list(_HEADING.finditer(text))
    if not headings:
        return [], [Problem("watch.changelog.no_versions", source.id)]
    ends = [heading.start() for heading in headings[1:]] + [len(text)]
    items = [_item(heading, text[heading.end() : end], source) for heading, end in zip(headings, ends, strict=True)]
    undated = [item for item in items if item.published is None]
    return items, [Problem("watch.changelog.undated", f"{source.id}:{item.guid}") for item in undated]


def _item(heading: re.Match[str], body: str, source: Source) -> Item:
    version = heading[1].lower().removeprefix("v")
    published, precision = _date(f"{heading[2]}\n{body.lstrip()[:40]}")
    return Item(
        guid=version,
        url=f"{source.origin}#{version}",
        title=f"{source.name.in_(source.language)} {heading[1]}",
        text=body,
        language=guess_language(body, source.language),
        published=published,
        links=get_links(body),
        facts={"version": version, "date_precision": precision, "mentions": list(get_aliases(body))},
    )


def _date(text: str) -> tuple[Instant | None, str]:
    """Give the first date and whether it is a day or a month; a month counts from its first day."""
    named = _ENGLISH_DATE.search(text)
    if named is not None:
        text = f"{named[3]}-{_MONTHS.index(named[1].lower()) + 1}-{named[2]}"
    found = _DATE.search(text)
    if found is None:
        return None, "none"
    year, month, day = int(found[1]), int(found[2]), int(found[3] or 1)
    try:
        return instant_from_iso(f"{year:04d}-{month:02d}-{day:02d}"), "day" if found[3] else "month"
    except ValueError:
        return None, "none"
