"""SHA-256 digests: 32 bytes in entries, `sha256:` and 64 hex digits where people and JSON read them."""

from __future__ import annotations

import hashlib
import re
from typing import NewType

Digest = NewType("Digest", bytes)

_PREFIX = "sha256:"
_TEXT = re.compile(r"sha256:[0-9a-f]{64}")


def compute_digest(data: bytes) -> Digest:
    """Give the SHA-256 of the bytes."""
    return Digest(hashlib.sha256(data).digest())


def digest_to_text(digest: bytes) -> str:
    """Give `sha256:` and 64 lower-case hex digits."""
    assert len(digest) == 32
    return _PREFIX + digest.hex()


def digest_from_text(text: str) -> Digest:
    """Read the text form; ValueError when it is not exactly one."""
    if _TEXT.fullmatch(text) is None:  # Python's own reading of hex passes over blanks
        raise ValueError(f"not a sha256 digest: {text!r}")
    return Digest(bytes.fromhex(text[len(_PREFIX) :]))
