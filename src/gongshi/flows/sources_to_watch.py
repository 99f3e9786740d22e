"""From sources to the watch: each source is read, its raw bytes and its batch are kept, and their digests are entered.

A source whose very bytes were entered before is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from gongshi.flows.desk import Desk
from gongshi.ledger.records import Ticket
from gongshi.terms.digest import compute_digest
from gongshi.terms.problem import Problem
from gongshi.watch.classify import Classifier
from gongshi.watch.entries import see_signals
from gongshi.watch.ports import Library, LibraryError
from gongshi.watch.records import Source
from gongshi.watch.rules import Batch, compute_batch
from gongshi.watch.store import is_seen


@dataclass(frozen=True)
class Look:
    """What one look at a source gave: `batch` is None when nothing had changed or the source could not be read."""

    source: Source
    bytes: int
    batch: Batch | None
    problems: tuple[Problem, ...]


def look_at_sources(
    desk: Desk,
    organisation: str,
    mandate: str,
    sources: Iterable[Source],
    library: Library,
    classify: Classifier,
    on_look: Callable[[Look], None],
) -> list[Look]:
    """Look at every source and enter what is new; one that cannot be read is a problem and does not stop the others."""
    looks, tickets = [], []
    for source in sources:
        look = _look(desk, source, library, classify)
        if look.batch is not None:
            tickets.append(_enter(desk, organisation, mandate, look.batch))
        looks.append(look)
        on_look(look)
    desk.settle(*tickets)
    return looks


def _look(desk: Desk, source: Source, library: Library, classify: Classifier) -> Look:
    try:
        raw = library.read(source.location)
    except LibraryError as error:
        return Look(
            source, 0, None, (Problem(f"watch.source.{error.reason}", source.id, {"location": error.location}),)
        )
    with desk.read() as connection:
        if is_seen(connection, source.id, compute_digest(raw)):
            return Look(source, len(raw), None, ())
    batch = compute_batch(raw, source, classify, desk.now())
    desk.blobs.put(raw)
    return Look(source, len(raw), batch, batch.problems)


def _enter(desk: Desk, organisation: str, mandate: str, batch: Batch) -> Ticket:
    desk.blobs.put(batch.encode())
    return desk.submit(organisation, see_signals(batch), mandate=mandate)


def count_new(looks: Iterable[Look]) -> int:
    """Give how many signals the looks brought."""
    return sum(len(batch.signals) for batch in _batches(looks))


def _batches(looks: Iterable[Look]) -> Iterator[Batch]:
    return (look.batch for look in looks if look.batch is not None)
