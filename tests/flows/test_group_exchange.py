"""One note for two members: they open it and say so once; a third cannot."""

from __future__ import annotations

import hashlib

import pytest

from gongshi.flows.group_exchange import Note, Sent, find_exchange, receive_note, send_note
from gongshi.group.exchange import Received
from gongshi.seal.envelope import Secrets
from gongshi.terms.instant import MS_PER_DAY, Instant
from gongshi.terms.problem import Problem
from gongshi.terms.text import Text
from gongshi.wiring import House

BODY = "节点密钥疑似泄露".encode()
SECRETS = Secrets(b"k" * 32, b"n" * 12, b"s" * 32)


def note(house: House, *recipients: str) -> Note:
    until = Instant(house.desk.now() + 30 * MS_PER_DAY)
    return Note(BODY, recipients, Text("事件通报", "Incident note"), "TLP:AMBER", until)


@pytest.fixture
def sent(house: House) -> Sent:
    given = send_note(house.desk, "internet-bank", note(house, "ministry", "institute"), SECRETS)
    assert isinstance(given, Sent)
    return given


def test_those_named_open_it_and_a_third_cannot(house: House, sent: Sent) -> None:
    """
    internet-bank -> ministry, institute | ministry opens, institute opens, insurer: seal.envelope.not_addressed, no receipt
    """
    for name in ("ministry", "institute"):
        received = receive_note(house.desk, name, sent.envelope)
        assert isinstance(received, Received)
        assert received.note == BODY
    refused = receive_note(house.desk, "insurer", sent.envelope)
    assert isinstance(refused, Problem)
    assert refused.code == "seal.envelope.not_addressed"
    exchange = find_exchange(house.desk, sent.envelope)
    assert sorted(name for name, _ in exchange.held) == ["institute", "ministry"]


def test_a_receipt_is_entered_once(house: House, sent: Sent) -> None:
    """
    ministry opens the note twice -> it reads it twice, and the ledger has one receipt
    """
    for _ in range(2):
        assert isinstance(receive_note(house.desk, "ministry", sent.envelope), Received)
    exchange = find_exchange(house.desk, sent.envelope)
    assert [name for name, _ in exchange.held] == ["ministry"]


def test_an_envelope_that_nobody_sent_is_unknown(house: House) -> None:
    """
    a digest of nothing -> group.exchange.unknown
    """
    refused = receive_note(house.desk, "ministry", hashlib.sha256(b"none").digest())
    assert isinstance(refused, Problem)
    assert refused.code == "group.exchange.unknown"


def test_a_recipient_without_a_sealing_key_is_named(house: House) -> None:
    """
    to somebody whom no certificate knows -> group.exchange.recipient with his name, and no blob, no entry
    """
    height = house.engine.height
    refused = send_note(house.desk, "internet-bank", note(house, "ministry", "nobody"), SECRETS)
    assert refused == Problem("group.exchange.recipient", values={"organisation": "nobody"})
    assert house.engine.height == height


def test_the_note_is_nowhere_in_the_clear(house: House, sent: Sent) -> None:
    """
    the body's bytes -> neither in the envelope nor in any entry
    """
    entries = [e.entry.data for block in house.engine.blocks(1) for e in block.entries]
    assert all(BODY not in data for data in [*entries, house.desk.blobs.get(sent.envelope)])
