"""The chain from signal to number as the pages ask for it, worked out once for every height."""

from __future__ import annotations

from gongshi.flows.trace import Links, read_links
from gongshi.web.seat import Seat


def get_links(seat: Seat) -> Links:
    """Give every link that the ledger holds."""
    return seat.at_height("links", lambda _: read_links(seat.desk))


def get_traced(seat: Seat) -> frozenset[str]:
    """Give the ids of all that stands in the chain; a signal that nobody cited does not."""
    return seat.at_height("traced", lambda _: frozenset(node.id for pair in get_links(seat) for node in pair))
