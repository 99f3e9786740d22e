"""The ledger's entries as the explorer lists them: read once from the blocks, then only what is new."""

from __future__ import annotations

from dataclasses import dataclass

from gongshi.ledger.records import LoggedBlock, LoggedEntry
from gongshi.web.seat import Seat


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry in a list: its place, its signer, and the kinds of its operations."""

    leaf: int
    height: int
    time: int
    organisation: str
    mandate: str | None
    digest: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListedBlock:
    """One block in a list."""

    height: int
    time: int
    entries: int
    kinds: tuple[str, ...]
    app_hash: str
    refused: int


@dataclass(frozen=True)
class Listing:
    """All blocks and entries up to a height."""

    height: int
    blocks: tuple[ListedBlock, ...]
    entries: dict[int, Listed]


_KNOWN: dict[int, Listing] = {}


def get_listing(seat: Seat) -> Listing:
    """Give the list up to the height that stands."""
    known = _KNOWN.get(id(seat), Listing(0, (), {}))
    if seat.desk.engine.height > known.height:
        blocks = list(seat.desk.engine.blocks(known.height + 1))
        known = Listing(
            blocks[-1].height,
            (*known.blocks, *map(_list_block, blocks)),
            known.entries | {one.leaf: _list_entry(one) for block in blocks for one in block.entries},
        )
        _KNOWN.clear()
        _KNOWN[id(seat)] = known
    return known


def _list_block(block: LoggedBlock) -> ListedBlock:
    kinds = tuple(sorted({op.kind for one in block.entries for op in one.entry.ops}))
    return ListedBlock(block.height, block.time, len(block.entries), kinds, block.app_hash.hex(), len(block.refused))


def _list_entry(one: LoggedEntry) -> Listed:
    kinds = tuple(dict.fromkeys(op.kind for op in one.entry.ops))
    digest = one.entry.digest.hex()
    return Listed(one.leaf, one.height, one.time, one.organisation, one.entry.mandate, digest, kinds)


def find_leaf(seat: Seat, leaf: int) -> Listed | None:
    """Give the entry at a leaf."""
    return get_listing(seat).entries.get(leaf)


def find_digest(seat: Seat, digest: str) -> LoggedEntry | None:
    """Give an entry, whole, by its digest in hex."""
    found = [one for one in get_listing(seat).entries.values() if one.digest == digest]
    if not found:
        return None
    block = next(seat.desk.engine.blocks(found[0].height))
    return next(one for one in block.entries if one.leaf == found[0].leaf)
