"""The watch measured beside its peers on the same work, in one run: `DATA=… python bench/watch.py` prints a table and writes
bench/out/watch.json. Feeds are made from the newsletters' dates and links; nothing is fetched."""

from __future__ import annotations

import os
from html import escape
from pathlib import Path

import feedparser
import semver
from frame import give, rate, row

from gongshi.terms.text import Text
from gongshi.watch.cluster import pair_by_links
from gongshi.watch.match import index_advisories, is_affected
from gongshi.watch.records import Source
from gongshi.watch.sources import feed, newsletter, osv

SAMPLES = 3


def main():
    data = Path(os.environ.get("DATA", ""))
    if not (data / "advisories").is_dir():
        print("shared data not present: bench/watch.py measures on real records only")
        return
    rows = [measure_feeds(data), measure_verdicts(data), measure_pairs(data)]
    give("watch", rows)


def measure_feeds(data):
    """Parse and clean one RSS feed of 386 issues: ours beside feedparser as it comes (its own cleaning on)."""
    raw = make_feed(data)
    ours = [rate(lambda: len(feed.read(raw, make_source("rss"))[0])) for _ in range(SAMPLES)]
    theirs = [rate(lambda: len(feedparser.parse(raw).entries)) for _ in range(SAMPLES)]
    return row("feeds_whole", ours, "entry/s", "feedparser 6, its own cleaning", theirs)


def measure_verdicts(data):
    """Judge every range of the Go archive at 40 versions: ours beside OSV's algorithm written over the semver library."""
    advisories, _ = osv.read_advisories((data / "advisories/go-osv.zip").read_bytes(), "go")
    affected = [a for held in index_advisories(advisories).values() for _, a in held]
    versions = [f"v{major}.{minor}.0" for major in range(4) for minor in range(0, 40, 4)]
    some = affected[::20]
    assert all(is_affected(v, a) == refers(v, a) for v in versions for a in some)
    ours = [
        rate(lambda: sum(is_affected(v, a) is not None for v in versions for a in affected)) for _ in range(SAMPLES)
    ]
    theirs = [rate(lambda: sum(refers(v, a) is not None for v in versions for a in some)) for _ in range(SAMPLES)]
    return row("verdicts", ours, "verdict/s", "plain reference over semver 3", theirs)


def measure_pairs(data):
    """Pair the two editions of the newsletters by their links alone; the reference is a perfect pairing."""
    sides = []
    for language in ("zh", "en"):
        items, _ = newsletter.read(
            (data / f"newsletters/optech-{language}.zip").read_bytes(), make_source("newsletter")
        )
        sides.append({item.published: frozenset(item.links) for item in items})
    held = [{n: links for n, links in side.items() if len(links) >= 3} for side in sides]
    pairs = pair_by_links(*held)
    right = sum(left == other for left, other in pairs)
    f1 = 2 * right / (len(pairs) + len(sides[0]))
    return row("pair_f1", [f1], "f1", "all 386 pairs", [1.0])


def refers(version, affected):
    """OSV's evaluation, word for word."""
    parsed = semver.Version.parse(version.removeprefix("v"))
    for given in affected.ranges:
        vulnerable = False
        events = [
            (semver.Version(0, 0, 0, "0") if bound == "0" else semver.Version.parse(bound), kind)
            for kind, bound in given.events
        ]
        for bound, kind in sorted(events, key=lambda event: event[0]):
            if kind == "introduced" and parsed >= bound:
                vulnerable = True
            elif kind == "fixed" and parsed >= bound:
                vulnerable = False
        if vulnerable:
            return True
    return False


def make_feed(data):
    items, _ = newsletter.read((data / "newsletters/optech-en.zip").read_bytes(), make_source("newsletter"))
    entries = [
        f"<item><guid>{i.url}</guid><title>{escape(i.title)}</title><link>{i.url}</link><description>{escape(as_markup(i))}</description></item>"
        for i in items
    ]
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>{"".join(entries)}</channel></rss>'.encode()
    )


def as_markup(item):
    """The text in paragraphs with its links, and one hostile element for the cleaning to find."""
    paragraphs = "".join(f"<p>{escape(part)}</p>" for part in item.text.split("\n\n"))
    links = "".join(f'<a href="{escape(link)}" onclick="x()">{escape(link)}</a>' for link in item.links)
    return f"{paragraphs}{links}<script>alert(1)</script>"


def make_source(kind):
    return Source("bench", Text("基准", "bench"), "overseas", "en", kind, "-", "https://bench.example", "-")


if __name__ == "__main__":
    main()
