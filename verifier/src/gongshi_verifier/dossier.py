"""Reads a dossier: deterministic CBOR with a checkpoint, proved entries, the members' roots, and what its purpose adds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gongshi_verifier import cbor
from gongshi_verifier.note import Checkpoint, NoteError, parse_checkpoint
from gongshi_verifier.trust import Included

DOSSIER_VERSION = 1
_FIELDS = {"v", "purpose", "chain", "checkpoint", "entries", "roots", "content"}


class DossierError(ValueError):
    """The bytes are no dossier; `reason` is one word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Dossier:
    """A dossier as it was read: nothing in it is checked yet."""

    purpose: str
    chain: str
    checkpoint: Checkpoint
    entries: tuple[Included, ...]
    roots: Mapping[str, bytes]
    content: Mapping[str, Any]


def parse_dossier(data: bytes) -> Dossier:
    """Read the bytes strictly; DossierError otherwise."""
    try:
        value = cbor.decode(data)
    except cbor.CborError as error:
        raise DossierError(error.reason) from None
    if not isinstance(value, dict) or set(value) != _FIELDS or not _is_version(value["v"]):
        raise DossierError("shape")
    texts = value["purpose"], value["chain"], value["checkpoint"]
    if not all(isinstance(text, str) for text in texts) or not isinstance(value["content"], dict):
        raise DossierError("shape")
    try:
        checkpoint = parse_checkpoint(value["checkpoint"])
    except NoteError as error:
        raise DossierError(error.reason) from None
    entries = read_included(value["entries"])
    return Dossier(value["purpose"], value["chain"], checkpoint, entries, read_roots(value["roots"]), value["content"])


def read_included(value: Any) -> tuple[Included, ...]:
    """Read [[bytes, leaf, path]…]."""
    if not isinstance(value, list):
        raise DossierError("entries")
    return tuple(_read_one(item) for item in value)


def read_roots(value: Any) -> dict[str, bytes]:
    """Read {organisation: public key}; two organisations never share a root."""
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value):
        raise DossierError("roots")
    if not all(isinstance(root, bytes) and len(root) == 32 for root in value.values()):
        raise DossierError("roots")
    if len(set(value.values())) != len(value):
        raise DossierError("roots")
    return value


def _is_version(value: Any) -> bool:
    return type(value) is int and value == DOSSIER_VERSION


def _read_one(item: Any) -> Included:
    if not isinstance(item, list) or len(item) != 3:
        raise DossierError("entries")
    data, leaf, path = item
    if not isinstance(data, bytes) or type(leaf) is not int or not isinstance(path, list):
        raise DossierError("entries")
    if not all(isinstance(step, bytes) for step in path):
        raise DossierError("entries")
    return Included(data, leaf, tuple(path))
