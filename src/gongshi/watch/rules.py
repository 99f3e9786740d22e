"""The verbs of the watch that tell its story: raw bytes become items, items become signals, signals become a picture.

Begin here. The families that the story calls stand in files of their own: `classify`, `cluster`, `match`, `versions`, `assess`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gongshi.terms.canonical import encode_json
from gongshi.terms.digest import compute_digest, digest_to_text
from gongshi.terms.instant import Instant, day_of
from gongshi.terms.problem import Problem
from gongshi.watch.classify import Classifier
from gongshi.watch.records import Item, Region, Signal, Source, get_signal_id
from gongshi.watch.sources import get_readers

DOCUMENT_VERSION = 1


@dataclass(frozen=True, slots=True)
class Batch:
    """What one look at one source gave: the digest of the raw bytes, the signals in order, and what could not be read."""

    source: str
    raw: str
    collected: Instant
    signals: tuple[Signal, ...]
    problems: tuple[Problem, ...]

    def encode(self) -> bytes:
        """Give the canonical batch document whose digest goes on the ledger; problems stay on the desk."""
        return encode_json(
            {
                "version": DOCUMENT_VERSION,
                "source": self.source,
                "raw": self.raw,
                "collected": self.collected,
                "signals": [signal.as_json() for signal in self.signals],
            },
        )


@dataclass(frozen=True, slots=True)
class Trend:
    """How often a technology was spoken of in a region in a month (`2024-03`, alliance's calendar): signals, and stories."""

    technology: str
    region: Region
    month: str
    signals: int
    stories: int


def compute_batch(raw: bytes, source: Source, classify: Classifier, collected: Instant) -> Batch:
    """Read, identify, classify: the whole way from a source's bytes to its signals. `collected` is when they were fetched."""
    digest = digest_to_text(compute_digest(raw))
    reader = get_readers().get(source.kind)
    if reader is None:
        return Batch(
            source.id, digest, collected, (), (Problem("watch.source.unknown_kind", source.id, {"kind": source.kind}),)
        )
    items, problems = reader(raw, source)
    signals, repeated = _get_signals(items, source, digest, classify, collected)
    return Batch(source.id, digest, collected, signals, (*problems, *repeated))


def _get_signals(
    items: Sequence[Item],
    source: Source,
    raw: str,
    classify: Classifier,
    collected: Instant,
) -> tuple[tuple[Signal, ...], list[Problem]]:
    """Give one signal a guid, in order of time; a guid that comes twice with other content is a problem, its first item stays."""
    found: dict[str, Signal] = {}
    problems: list[Problem] = []
    for item in items:
        signal = compute_signal(item, source, raw, classify, collected)
        kept = found.setdefault(signal.id, signal)
        if kept.version != signal.version:
            problems.append(Problem("watch.item.guid_repeated", source.id, {"guid": item.guid[:200]}))
    return tuple(sorted(found.values(), key=lambda signal: (signal.time, signal.id))), problems


def compute_signal(item: Item, source: Source, raw: str, classify: Classifier, collected: Instant) -> Signal:
    """Make an item a signal: its id from source and guid, its version from its content, its region from its source."""
    content = [item.title, item.url, item.text, item.published, dict(item.facts)]
    return Signal(
        id=get_signal_id(source.id, item.guid),
        source=source.id,
        guid=item.guid,
        region=source.region,
        language=item.language,
        kind=source.kind,
        title=item.title,
        url=item.url,
        published=item.published,
        first_seen=_get_first_seen(item, collected),
        raw=raw,
        version=digest_to_text(compute_digest(encode_json(content))),
        technologies=classify(f"{item.title}\n{item.text}"),
        aliases=item.aliases,
        links=item.links,
        facts=item.facts,
    )


def _get_first_seen(item: Item, collected: Instant) -> Instant:
    """Give the source's own record of the first sight where it keeps one; nothing is seen after it was collected."""
    return collected if item.first_seen is None else min(item.first_seen, collected)


def compute_trends(signals: Iterable[Signal]) -> list[Trend]:
    """Count signals and stories per technology, region and month, in that order."""
    counts: Counter[tuple[str, Region, str]] = Counter()
    stories: dict[tuple[str, Region, str], set[str]] = defaultdict(set)
    for signal in signals:
        month = day_of(signal.time).strftime("%Y-%m")
        for hit in signal.technologies:
            place = hit.technology, signal.region, month
            counts[place] += 1
            stories[place].add(signal.cluster or signal.id)
    return [Trend(*place, counts[place], len(stories[place])) for place in sorted(counts)]
