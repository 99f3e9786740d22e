"""The ledger explorer: blocks, entries with what they say, and the receipt that anyone checks offline."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse

from gongshi.flows.checkpoints import cosigned, make_policy
from gongshi.flows.receipts import make_receipt
from gongshi.ledger.records import LoggedBlock, LoggedEntry, Op
from gongshi.ledger.state import read_roots
from gongshi.terms.problem import Problem
from gongshi.web.entries import find_digest, get_listing
from gongshi.web.pages import file_answer, page
from gongshi.web.readers import DeskRequest, get_open_ballots, may_read_op
from gongshi.web.seat import get_seat
from gongshi.web.views.errors import ask_to_sign_in

BLOCKS = 25
ROWS_SHOWN = 20


def blocks(request: DeskRequest) -> HttpResponse:
    """Give the blocks, newest first."""
    seat = get_seat()
    listing = get_listing(seat)
    kind = request.GET.get("kind", "")
    found = [one for one in reversed(listing.blocks) if not kind or kind in one.kinds]
    return page(
        request,
        "ledger/blocks.html",
        blocks=Paginator(found, BLOCKS).get_page(request.GET.get("page")),
        kind=kind,
        kinds=sorted({name for one in listing.blocks for name in one.kinds}),
        entries=len(listing.entries),
        checkpoint=seat.desk.engine.checkpoint(),
        genesis=seat.desk.engine.genesis,
    )


def block(request: DeskRequest, height: int) -> HttpResponse:
    """Give a block: the roots that its header commits to, its entries, and what it refused."""
    seat = get_seat()
    if not 1 <= height <= seat.desk.engine.height:
        raise Http404
    found = next(seat.desk.engine.blocks(height))
    listed = [one for one in get_listing(seat).entries.values() if one.height == height]
    return page(
        request,
        "ledger/block.html",
        found=found,
        entries=listed,
        roots=_read_roots(found),
        previous=height - 1,
        following=height + 1 if height < seat.desk.engine.height else 0,
    )


def _read_roots(block: LoggedBlock) -> dict[str, str]:
    """Give the roots of a block's header; a block that refused everything has none, for it changed nothing."""
    return {name: root.hex() for name, root in read_roots(block.header).items()} if block.header else {}


def entry(request: DeskRequest, digest: str) -> HttpResponse:
    """Give an entry: who signed it under which mandate, what it says, where it stands."""
    found = _find(digest)
    seat = get_seat()
    open_ballots = get_open_ballots(seat)
    return page(
        request,
        "ledger/entry.html",
        logged=found,
        ops=[_show(op, may_read_op(request.reader, op, open_ballots)) for op in found.entry.ops],
        may_read=_may_read(request, found),
        path=seat.desk.engine.prove_leaf(found.leaf),
    )


def _find(digest: str) -> LoggedEntry:
    found = find_digest(get_seat(), digest)
    if found is None:
        raise Http404
    return found


def _may_read(request: DeskRequest, found: LoggedEntry) -> bool:
    open_ballots = get_open_ballots(get_seat())
    return all(may_read_op(request.reader, op, open_ballots) for op in found.entry.ops)


def _show(op: Op, is_open: bool) -> dict[str, Any]:
    return {"kind": op.kind, "version": op.version, "body": _plain(op.body) if is_open else None}


def _plain(value: Any) -> Any:
    """Give a body as JSON can carry it; a long list is cut and says by how many rows."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        shown = [_plain(item) for item in value[:ROWS_SHOWN]]
        return [*shown, f"… +{len(value) - ROWS_SHOWN}"] if len(value) > ROWS_SHOWN else shown
    return value


def receipt(request: DeskRequest, digest: str) -> HttpResponse:
    """Give the entry's receipt: a dossier under the newest checkpoint with the members' cosignatures."""
    found = _find(digest)
    if not _may_read(request, found):
        return ask_to_sign_in(request)
    seat = get_seat()
    with seat.turn:
        data = make_receipt(seat.desk, digest, cosigned(seat.desk))
    assert not isinstance(data, Problem), "the entry was found"
    return file_answer(data, f"{digest[:16]}.receipt")


def policy(request: DeskRequest) -> HttpResponse:
    """Give whom a reader has to trust."""
    del request
    return file_answer(make_policy(get_seat().desk), "policy.txt", "text/plain; charset=utf-8")
