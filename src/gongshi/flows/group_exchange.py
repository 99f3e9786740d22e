"""The confidential exchange at the desk: a note is sealed to members by their certified keys, opened by one of them, and receipted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gongshi.flows.desk import Desk, EntryRefusedError
from gongshi.group.exchange import Received, open_note, seal_note
from gongshi.group.queries import get_exchanges
from gongshi.group.records import Exchange
from gongshi.ledger.records import Proof
from gongshi.ledger.state import MEMBERS
from gongshi.seal.envelope import Secrets
from gongshi.terms.digest import Digest
from gongshi.terms.instant import Instant
from gongshi.terms.problem import Problem
from gongshi.terms.text import Text


@dataclass(frozen=True)
class Note:
    """What is to be shared: the bytes, to whom, what for, how it may be passed on (TLP), and until when it is kept."""

    body: bytes
    recipients: Sequence[str]
    purpose: Text
    marking: str
    retain_until: Instant


@dataclass(frozen=True)
class Sent:
    """An envelope on the ledger."""

    envelope: Digest
    proof: Proof


def send_note(desk: Desk, sender: str, note: Note, secrets: Secrets) -> Sent | Problem:
    """Seal the note, keep the envelope as a blob, and enter that it was sent."""
    keys = {name: desk.engine.get(MEMBERS, f"sealing/{name}") for name in note.recipients}
    missing = sorted(name for name, key in keys.items() if key is None)
    if missing:
        return Problem("group.exchange.recipient", values={"organisation": missing[0]})
    sealed, op = seal_note(note.body, keys, secrets, note.purpose, note.marking, note.retain_until)
    desk.blobs.put(sealed.envelope)
    return Sent(sealed.digest, desk.act(sender, op))


def receive_note(desk: Desk, organisation: str, envelope: bytes) -> Received | Problem:
    """Open an envelope with the organisation's key and enter the receipt, once; the problem when it cannot be opened."""
    exchange = find_exchange(desk, envelope)
    data = desk.blobs.get(envelope)
    if exchange is None or data is None:
        return Problem("group.exchange.unknown", values={"envelope": envelope.hex(), "organisation": organisation})
    private = desk.keyring(organisation).sealing_key()
    received = open_note(data, organisation, private, exchange.envelope, exchange.commitment)
    if isinstance(received, Problem):
        return received
    if organisation not in dict(exchange.held):
        _receipt(desk, organisation, received)
    return received


def find_exchange(desk: Desk, envelope: bytes) -> Exchange | None:
    """Give the exchange of an envelope, as the ledger knows it."""
    with desk.read() as connection:
        return next((one for one in get_exchanges(connection) if one.envelope == envelope), None)


def _receipt(desk: Desk, organisation: str, received: Received) -> None:
    try:
        desk.act(organisation, received.receipt)
    except EntryRefusedError as error:
        if error.problem.code != "group.exchange.held_twice":
            raise
