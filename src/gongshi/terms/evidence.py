"""Evidence: an RFC 8785 JSON document whose digest a member signs in an entry. Every printed figure opens to one."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gongshi.terms.canonical import encode_json
from gongshi.terms.digest import Digest, compute_digest, digest_from_text, digest_to_text
from gongshi.terms.quantity import Quantity, quantity_from

EVIDENCE_VERSION = 1


@dataclass(frozen=True)
class Evidence:
    """What was found out, about what, with which tool, where and when.

    `kind` is room.noun (`lab.conformance`, `watch.coverage`, …); `subjects` maps a name to the digest of what was
    examined; `tool` names the program and version; `environment` holds what the result depends on; `seed` is the
    random seed or None; `times` are instants by name (from the house's clock); `figures` are the numbers by name, each
    a Quantity; `results` is everything else (no floats); `raw` is the digest of the bulky record kept beside it, or None.
    """

    kind: str
    subjects: Mapping[str, Digest]
    tool: str
    environment: Mapping[str, str]
    seed: int | None
    times: Mapping[str, int]
    figures: Mapping[str, Quantity]
    results: Mapping[str, object] = field(default_factory=dict)
    raw: Digest | None = None

    def as_json(self) -> dict[str, object]:
        """Give the document; its fields are those of the design, figures and other findings under `results`."""
        return {
            "kind": self.kind,
            "version": EVIDENCE_VERSION,
            "subjects": {name: digest_to_text(digest) for name, digest in self.subjects.items()},
            "tool": self.tool,
            "environment": dict(self.environment),
            "seed": self.seed,
            "times": dict(self.times),
            "results": {
                "figures": {name: quantity.as_json() for name, quantity in self.figures.items()},
                **self.results,
            },
            "raw": digest_to_text(self.raw) if self.raw is not None else None,
        }

    def encode(self) -> bytes:
        """Give the canonical bytes."""
        return encode_json(self.as_json())

    def digest(self) -> Digest:
        """Give the digest that an entry carries."""
        return compute_digest(self.encode())

    def id(self) -> str:
        """Give `ev-` and 26 base32 characters of the digest."""
        return evidence_id(self.digest())


def evidence_from(document: Mapping[str, Any]) -> Evidence:
    """Read an evidence document; KeyError, TypeError or ValueError when it is none: another desk may have written it."""
    results = dict(document["results"])
    figures = {name: quantity_from(value) for name, value in dict(results.pop("figures")).items()}
    return Evidence(
        kind=document["kind"],
        subjects={name: digest_from_text(value) for name, value in dict(document["subjects"]).items()},
        tool=document["tool"],
        environment=document["environment"],
        seed=document["seed"],
        times=document["times"],
        figures=figures,
        results=results,
        raw=None if document["raw"] is None else digest_from_text(document["raw"]),
    )


def evidence_id(digest: bytes) -> str:
    """Give the id that belongs to a digest."""
    return short_id("ev", digest)


def short_id(prefix: str, digest: bytes) -> str:
    """Give a prefix and the first 130 bits of a digest in lower-case base32: the form of every content-derived id."""
    assert len(digest) == 32
    return f"{prefix}-{base64.b32encode(digest).decode().lower()[:26]}"


def content_id(prefix: str, parts: Sequence[object]) -> str:
    """Give the id of a noun that is identified by its content, such as a signal or an alert."""
    return short_id(prefix, compute_digest(encode_json(list(parts))))
