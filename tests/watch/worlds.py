"""Small worlds for the watch's tests: sources, signals, advisories and inventories with as few words as a test needs."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

from gongshi.terms.instant import instant_from_iso
from gongshi.terms.technology import Technology
from gongshi.terms.text import Text
from gongshi.watch.adapters.files import FolderLibrary
from gongshi.watch.classify import get_classifier
from gongshi.watch.declare import read_sources, read_taxonomy
from gongshi.watch.records import (
    Advisory,
    Affected,
    Component,
    Hit,
    Inventory,
    Signal,
    Source,
    VersionRange,
    get_signal_id,
)
from gongshi.watch.rules import compute_batch

EXAMPLE = Path(__file__).parents[2] / "examples" / "alliance"
NOW = instant_from_iso("2026-11-01")
TECHNOLOGIES = [
    Technology("interoperability", Text("跨链", "Interoperability"), ("跨链",), ("cross-chain", "IBC")),
    Technology("consensus", Text("共识", "Consensus"), ("共识",), ("consensus", "EOS")),
]
classify = get_classifier(TECHNOLOGIES)


def make_source(kind, name="src", region="overseas", language="en", only=()):
    return Source(name, Text("来源", "Ledger"), region, language, kind, "CC0-1.0", f"https://{name}.example", "x", only)


def make_signal(guid, source="src", title="", url="", day="2024-01-01", **given):
    fields = {
        "region": "overseas",
        "language": "en",
        "kind": "feed",
        "raw": "sha256:" + "0" * 64,
        "version": "v",
        "aliases": (),
        "links": (),
        "facts": {},
        "technologies": (),
        "first_seen": instant_from_iso(day),
    } | given
    published = instant_from_iso(day)
    return Signal(
        id=get_signal_id(source, guid),
        source=source,
        guid=guid,
        title=title or guid,
        url=url,
        published=published,
        **fields,
    )


def about(technology):
    return (Hit(technology, "term"),)


def make_advisory(name="GO-1", module="example.org/m", events=(), **given):
    fields = {"aliases": (), "summary": "s", "withdrawn": False, "reviewed": True, "url": ""} | given
    custom = fields.pop("custom", False)
    versions = fields.pop("versions", ())
    ranges = (VersionRange("SEMVER", tuple(events)),) if events else ()
    return Advisory(id=name, affected=(Affected("Go", module, ranges, versions, custom),), **fields)


def make_inventory(*components):
    return Inventory(
        "bank", "node", "sha256:" + "1" * 64, tuple(Component("Go", *component) for component in components)
    )


def make_zip(members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content if isinstance(content, bytes | str) else json.dumps(content))
    return buffer.getvalue()


def read_world(folder, declared):
    """Give the batches of a declared set of sources, clustered or not as the test wants."""
    technologies, _ = read_taxonomy((EXAMPLE / "taxonomy.toml").read_bytes(), "taxonomy")
    sources, problems = read_sources((EXAMPLE / declared).read_bytes(), declared)
    assert problems == []
    library = FolderLibrary(folder)
    real = get_classifier(technologies)
    return [compute_batch(library.read(source.location), source, real, NOW) for source in sources]
