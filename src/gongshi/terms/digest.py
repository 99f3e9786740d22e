"""SHA-256 digests: 32 bytes in entries, `sha256:` and 64 hex digits where people and JSON read them."""

from __future__ import annotations

import hashlib
from typing import NewType

Digest = NewType("Digest", bytes)

_PREFIX = "sha256:"


def compute_digest(data: bytes) -> Digest:
    """Give the SHA-256 of the bytes."""
    return Digest(hashlib.sha256(data).digest())


def digest_to_text(digest: bytes) -> str:
    """Give `sha256:` and 64 lower-case hex digits."""
    assert len(digest) == 32
    return _PREFIX + digest.hex()


def digest_from_text(text: str) -> Digest:
    """Read the text form; ValueError when it is not exactly one."""
    if not text.startswith(_PREFIX) or len(text) != len(_PREFIX) + 64 or text != text.lower():
        raise ValueError(f"not a sha256 digest: {text!r}")
    return Digest(bytes.fromhex(text[len(_PREFIX) :]))
