"""Block time: CometBFT's timestamps as the milliseconds that the state machine reads."""

from __future__ import annotations

from gongshi.ledger.abci import messages_pb2 as pb
from gongshi.terms.instant import Instant


def to_instant(time: pb.Timestamp, last: Instant) -> Instant:
    """Give a block's time in UTC milliseconds: the timestamp's milliseconds, cut off, but at least one more than the block before.

    CometBFT's median time rises by nanoseconds, and two blocks can fall into one millisecond; `apply` wants a time that rises. A pure
    rule over (state, block), so every replica and every replay gives the same.
    """
    milliseconds = time.seconds * 1000 + time.nanos // 1_000_000
    return Instant(max(milliseconds, last + 1))
