"""What the house asks of whoever keeps an organisation's keys."""

from __future__ import annotations

from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from gongshi.seal.signing import SigningKey
from gongshi.terms.problem import Problem
from gongshi_verifier.note import Checkpoint


class Keyring(Protocol):
    """The keys of one organisation."""

    @property
    def organisation(self) -> str:
        """Give the organisation's id."""
        ...

    def signing_key(self) -> SigningKey:
        """Give the key that signs entries."""
        ...

    def root_key(self) -> SigningKey:
        """Give the root."""
        ...

    def sealing_key(self) -> X25519PrivateKey:
        """Give the key that opens envelopes."""
        ...

    def cosign(self, name: str, checkpoint: Checkpoint, path: tuple[bytes, ...], seconds: int) -> str | Problem:
        """Cosign a checkpoint that extends the last one."""
        ...

    def last_size(self) -> int:
        """Give the size of the checkpoint that was cosigned last, 0 before the first."""
        ...
