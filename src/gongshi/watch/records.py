"""The nouns of the watch: where it looks, what it finds there, and what that means for a member."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from gongshi.terms.evidence import content_id
from gongshi.terms.instant import Instant
from gongshi.terms.text import Language, Text

Region = Literal["home", "overseas"]
Ring = Literal["hold", "assess", "trial", "adopt"]
Confidence = Literal["low", "medium", "high"]
Certainty = Literal["exact", "pseudo-version", "custom-range-says-otherwise"]
REGIONS: tuple[Region, ...] = ("home", "overseas")
RINGS: tuple[Ring, ...] = ("hold", "assess", "trial", "adopt")
CONFIDENCES: tuple[Confidence, ...] = ("low", "medium", "high")


@dataclass(frozen=True, slots=True)
class Source:
    """A place to look: `location` is a path or an address that an adapter can read, `kind` names the reader of its format.

    `only` holds the parts of a file that the source means, where one file speaks of several projects; empty means all.
    """

    id: str
    name: Text
    region: Region
    language: Language
    kind: str
    licence: str
    origin: str
    location: str
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """What a reader finds in a source, before anyone judged it.

    `guid` is unique within the source; `aliases` are ids that other databases give the same thing (what a text merely
    mentions stands in `facts`); `text` is read by the classification and not kept; the three dates are three
    facts, each of which a source may not give; `facts` holds what only this kind of source knows, as JSON values.
    """

    guid: str
    url: str
    title: str
    text: str
    language: Language
    published: Instant | None = None
    modified: Instant | None = None
    first_seen: Instant | None = None
    aliases: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hit:
    """Why a signal belongs to a technology: the term of the taxonomy that its text holds."""

    technology: str
    term: str


@dataclass(frozen=True, slots=True)
class Signal:
    """One item as the alliance keeps it. `id` stays while the item is edited; `version` is the digest of its content.

    `raw` is the digest of the bytes it was read from. `cluster` joins signals of one story; it is worked out over all
    signals together and therefore not part of the batch document.
    """

    id: str
    source: str
    guid: str
    region: Region
    language: Language
    kind: str
    title: str
    url: str
    published: Instant | None
    first_seen: Instant
    raw: str
    version: str
    technologies: tuple[Hit, ...]
    aliases: tuple[str, ...]
    links: tuple[str, ...]
    facts: Mapping[str, object]
    cluster: str = ""

    @property
    def time(self) -> Instant:
        """The instant that orders signals: publication, or the first sight where the source gives none."""
        return self.first_seen if self.published is None else self.published

    def as_json(self) -> dict[str, object]:
        """Give the form that the batch document carries."""
        return {
            "id": self.id,
            "source": self.source,
            "guid": self.guid,
            "region": self.region,
            "language": self.language,
            "kind": self.kind,
            "title": self.title,
            "url": self.url,
            "published": self.published,
            "first_seen": self.first_seen,
            "raw": self.raw,
            "version": self.version,
            "technologies": [[hit.technology, hit.term] for hit in self.technologies],
            "aliases": list(self.aliases),
            "links": list(self.links),
            "facts": dict(self.facts),
        }


def get_signal_id(source: str, guid: str) -> str:
    """Give the id that a guid of a source has on every desk."""
    return content_id("sg", [source, guid])


def signal_from(value: Mapping[str, Any]) -> Signal:
    """Read a signal of a batch document; KeyError, TypeError or ValueError when it is none."""
    listed = {"aliases": tuple(value["aliases"]), "links": tuple(value["links"])}
    hits = tuple(Hit(technology, term) for technology, term in value["technologies"])
    words = [
        value[name] for name in ("id", "source", "guid", "region", "language", "kind", "title", "url", "raw", "version")
    ]
    times = [value["first_seen"], *([] if value["published"] is None else [value["published"]])]
    if not all(isinstance(word, str) for word in words) or not all(type(time) is int for time in times):
        raise ValueError(f"not a signal: {value['id']!r}")
    return Signal(**{**value, **listed, "technologies": hits})


@dataclass(frozen=True, slots=True)
class VersionRange:
    """Events of one OSV range as (event, version) pairs: introduced, fixed, last_affected or limit."""

    kind: str
    events: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Affected:
    """One package of an advisory; `custom` says that the record also gives bounds outside OSV's comparison."""

    ecosystem: str
    module: str
    ranges: tuple[VersionRange, ...]
    versions: tuple[str, ...] = ()
    custom: bool = False


@dataclass(frozen=True, slots=True)
class Advisory:
    """A record of an advisory database. Aliases are kept as given, once each; they group, they do not identify."""

    id: str
    aliases: tuple[str, ...]
    summary: str
    affected: tuple[Affected, ...]
    withdrawn: bool
    reviewed: bool
    url: str
    first_seen: Instant | None = None


@dataclass(frozen=True, slots=True)
class Component:
    """A module that a ledger requires; `replaced_by` is what is built in its place (`path version`, or a local path)."""

    ecosystem: str
    module: str
    version: str
    indirect: bool = False
    replaced_by: str = ""


@dataclass(frozen=True, slots=True)
class Inventory:
    """What one organisation's ledger is built from; `digest` is that of the file it was read from, as text."""

    organisation: str
    ledger: str
    digest: str
    components: tuple[Component, ...]


@dataclass(frozen=True, slots=True)
class Exposure:
    """An advisory that hits a component of an inventory, by the plain reading of OSV's rules.

    `hit` is the range that hit, `fixed_in` the lowest fix above the version or empty, `built` whether what a `replace`
    puts in the component's place is hit too (True without a replacement).
    """

    organisation: str
    ledger: str
    module: str
    version: str
    advisory: str
    aliases: tuple[str, ...]
    reviewed: bool
    certainty: Certainty
    hit: str
    fixed_in: str
    replaced_by: str = ""
    built: bool = True

    @property
    def id(self) -> str:
        """The content-derived id: the same finding has the same id on every desk."""
        return content_id("ex", [self.organisation, self.ledger, self.module, self.version, self.advisory])

    def as_json(self) -> dict[str, object]:
        """Give the form that documents carry."""
        return {
            "id": self.id,
            "organisation": self.organisation,
            "ledger": self.ledger,
            "module": self.module,
            "version": self.version,
            "advisory": self.advisory,
            "aliases": list(self.aliases),
            "reviewed": self.reviewed,
            "certainty": self.certainty,
            "hit": self.hit,
            "fixed_in": self.fixed_in,
            "replaced_by": self.replaced_by,
            "built": self.built,
        }


def exposure_from(value: Mapping[str, Any]) -> Exposure:
    """Read an exposure of a document; KeyError or TypeError when it is none."""
    fields = {name: given for name, given in value.items() if name != "id"}
    return Exposure(**{**fields, "aliases": tuple(value["aliases"])})


@dataclass(frozen=True, slots=True)
class Assessment:
    """An analyst's word on a technology, with the signals it leans on; `rehearsal` marks a position taken for practice."""

    technology: str
    ring: Ring
    confidence: Confidence
    recommendation: Text
    work_item: Text
    cited: tuple[str, ...]
    rehearsal: bool = False

    @property
    def id(self) -> str:
        """The content-derived id."""
        return content_id("as", [self.as_json()])

    def as_json(self) -> dict[str, object]:
        """Give the form that the entry carries."""
        return {
            "technology": self.technology,
            "ring": self.ring,
            "confidence": self.confidence,
            "recommendation": self.recommendation.as_json(),
            "work_item": self.work_item.as_json(),
            "cited": list(self.cited),
            "rehearsal": self.rehearsal,
        }
