"""Makes what leaves the house: a dossier of proved entries under one checkpoint, which the offline verifier reads.

A dossier is deterministic CBOR: version, purpose, chain, checkpoint, the entries (bytes, leaf, path), the roots of the members
whose entries are in it, and what its purpose adds. The entries that certify the signers' keys are part of it, so that a
verifier gets from a member's root in the policy to each signature.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gongshi.ledger.records import LoggedEntry
from gongshi.terms.canonical import encode_cbor

DOSSIER_VERSION = 1


@dataclass(frozen=True, slots=True)
class Proved:
    """An entry's bytes with its place in the log and the path to the checkpoint's root."""

    data: bytes
    leaf: int
    path: tuple[bytes, ...]


def make_dossier(
    purpose: str,
    chain: str,
    checkpoint: str,
    entries: Sequence[Proved],
    roots: Mapping[str, bytes],
    content: Mapping[str, Any],
) -> bytes:
    """Give the dossier's bytes."""
    return encode_cbor(
        {
            "v": DOSSIER_VERSION,
            "purpose": purpose,
            "chain": chain,
            "checkpoint": checkpoint,
            "entries": [[proved.data, proved.leaf, list(proved.path)] for proved in entries],
            "roots": dict(roots),
            "content": dict(content),
        }
    )


def select_with_certificates(wanted: Iterable[LoggedEntry], history: Iterable[LoggedEntry]) -> list[LoggedEntry]:
    """Give the wanted entries and, before them, the certificates of the keys that signed them, in the log's order."""
    chosen = {logged.leaf: logged for logged in wanted}
    signers = {logged.organisation for logged in chosen.values()}
    for logged in history:
        if logged.organisation in signers and any(op.kind == "ledger.key.certify" for op in logged.entry.ops):
            chosen[logged.leaf] = logged
    return [chosen[leaf] for leaf in sorted(chosen)]
