"""A confidential note from member to members: sealed, entered, opened, receipted. Secrets and keys are passed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from gongshi.group.kinds.exchange import hold_envelope, send_envelope
from gongshi.ledger.records import Op
from gongshi.seal.envelope import Sealed, Secrets, compute_commitment, open_envelope, seal_envelope
from gongshi.terms.digest import compute_digest
from gongshi.terms.instant import Instant
from gongshi.terms.problem import Problem
from gongshi.terms.text import Text


@dataclass(frozen=True, slots=True)
class Received:
    """A note that was opened and is the one that the ledger names, with the operation that confirms it."""

    note: bytes
    receipt: Op


def seal_note(
    note: bytes,
    recipients: Mapping[str, bytes],
    secrets: Secrets,
    purpose: Text,
    marking: str,
    retain_until: Instant,
) -> tuple[Sealed, Op]:
    """Seal a note to members by their sealing keys; give the envelope, kept as a blob, and the operation to enter."""
    sealed = seal_envelope(note, recipients, secrets)
    return sealed, send_envelope(sealed, sorted(recipients), purpose, marking, retain_until)


def open_note(
    envelope: bytes, organisation: str, private: X25519PrivateKey, digest: bytes, commitment: bytes
) -> Received | Problem:
    """Open an envelope and hold it against what the sender signed: the envelope's digest, and the commitment to the note."""
    if compute_digest(envelope) != digest:
        return Problem("group.exchange.other_envelope", organisation)
    opened = open_envelope(envelope, organisation, private)
    if isinstance(opened, Problem):
        return opened
    note, salt = opened
    if compute_commitment(salt, note) != commitment:
        return Problem("group.exchange.other_note", organisation)
    return Received(note, hold_envelope(digest))
