"""Clusters: signals of one story are joined across sources and languages, and none is ever deleted (handbook R15).

Four keys join: the canonical address, ids that databases share (CVE, GHSA, …), the same guid, the same normalised title.
A fifth needs no common language: a Chinese and an English text that link to the same places. An address, guid or title
that names several signals of one source names none of them, and joins nothing.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from gongshi.terms.evidence import content_id
from gongshi.watch.records import Signal
from gongshi.watch.wording import canonical_url, normalise

LINKS_MIN = 3
# Jaccard 1/2, as integers: 386 true pairs lie at 0.60 and above, two different issues reach 0.33 at most (handbook R15).
JACCARD_MIN_PER_CENT = 50
_TITLE_LENGTH_MIN = 6
# A guid such as `3.0.0` is unique in its source alone.
_WORLD_WIDE = ("http://", "https://", "urn:", "tag:")
_PUNCTUATION = re.compile(r"[\W_]+")


def apply_clusters(signals: Iterable[Signal]) -> list[Signal]:
    """Give the signals with their clusters: named after the earliest member, so that the name stays as others join."""
    held = sorted(signals, key=lambda signal: (signal.first_seen, signal.id))
    roots = list(range(len(held)))
    for left, right in [*_get_key_joins(held), *_get_link_pairs(held)]:
        _join(roots, left, right)
    return [
        replace(signal, cluster=content_id("cl", [held[_find(roots, place)].id])) for place, signal in enumerate(held)
    ]


def _find(roots: list[int], place: int) -> int:
    while roots[place] != place:
        roots[place] = roots[roots[place]]
        place = roots[place]
    return place


def _join(roots: list[int], left: int, right: int) -> None:
    """Join two clusters; the earlier signal stays the root."""
    first, second = sorted((_find(roots, left), _find(roots, right)))
    roots[second] = first


def _get_key_joins(signals: Sequence[Signal]) -> list[tuple[int, int]]:
    holders: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, signal in enumerate(signals):
        for key in _get_keys(signal):
            holders[key].append(place)
    return [
        (places[0], other)
        for (family, _), places in holders.items()
        if family == "alias" or _is_one_per_source(signals, places)
        for other in places[1:]
    ]


def _get_keys(signal: Signal) -> list[tuple[str, str]]:
    title = normalise_title(signal.title)
    keys = [
        ("url", canonical_url(signal.url)),
        ("title", title if len(title) >= _TITLE_LENGTH_MIN else ""),
        ("guid", signal.guid if signal.guid.startswith(_WORLD_WIDE) else ""),
        *(("alias", alias) for alias in signal.aliases),
    ]
    return [key for key in keys if key[1]]


def normalise_title(title: str) -> str:
    """Give a title's letters and digits in one case; a difference in spaces and punctuation is none."""
    return _PUNCTUATION.sub("", normalise(title))


def _is_one_per_source(signals: Sequence[Signal], places: Sequence[int]) -> bool:
    return len({signals[place].source for place in places}) == len(places)


def _get_link_pairs(signals: Sequence[Signal]) -> list[tuple[int, int]]:
    """Pair Chinese with English texts that are each other's best by the Jaccard of their outbound links."""
    links = {place: _get_outbound(signal) for place, signal in enumerate(signals)}
    sides = {
        language: {
            place: found
            for place, found in links.items()
            if len(found) >= LINKS_MIN and signals[place].language == language
        }
        for language in ("zh", "en")
    }
    return pair_by_links(sides["zh"], sides["en"])


def _get_outbound(signal: Signal) -> frozenset[str]:
    return frozenset(found for link in signal.links if (found := canonical_url(link)))


def pair_by_links(left: Mapping[int, frozenset[str]], right: Mapping[int, frozenset[str]]) -> list[tuple[int, int]]:
    """Give the pairs whose sets reach half in common and that are each other's best; an inverted index finds the candidates."""
    holders: dict[str, list[int]] = defaultdict(list)
    for place, found in right.items():
        for link in found:
            holders[link].append(place)
    scores: dict[tuple[int, int], float] = {}
    for place, found in left.items():
        shared = Counter(other for link in found for other in holders.get(link, ()))
        for other, common in shared.items():
            union = len(found) + len(right[other]) - common
            if common * 100 >= union * JACCARD_MIN_PER_CENT:
                scores[place, other] = common / union
    return _get_mutual_best(scores)


def _get_mutual_best(scores: Mapping[tuple[int, int], float]) -> list[tuple[int, int]]:
    best: dict[tuple[str, int], tuple[float, int]] = {}
    for (left, right), score in scores.items():
        best["left", left] = max(best.get(("left", left), (0.0, 0)), (score, -right))
        best["right", right] = max(best.get(("right", right), (0.0, 0)), (score, -left))
    return [pair for pair in scores if best["left", pair[0]][1] == -pair[1] and best["right", pair[1]][1] == -pair[0]]
