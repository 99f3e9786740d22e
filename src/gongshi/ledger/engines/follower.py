"""A home that follows: it holds the same blocks, reads and proves, and orders nothing. Entries signed in it are carried elsewhere."""

from __future__ import annotations

from gongshi.ledger.engines.embedded import EmbeddedEngine


class NotOrderingError(Exception):
    """This home follows another one; an entry is signed to a file here and submitted where blocks are made."""

    def __init__(self, chain: str) -> None:
        super().__init__(chain)
        self.chain = chain


class FollowerEngine(EmbeddedEngine):
    """The embedded engine without its orderer: the log's key is not here, so it signs no checkpoint either."""

    def advance(self) -> None:
        """Refuse: blocks are made elsewhere."""
        raise NotOrderingError(self.chain)

    def checkpoint(self) -> str:
        """Refuse: the log's key is elsewhere."""
        raise NotOrderingError(self.chain)
