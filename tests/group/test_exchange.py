import hashlib

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from gongshi.group.exchange import Received, open_note, seal_note
from gongshi.seal.envelope import Secrets
from gongshi.terms.instant import MS_PER_DAY
from gongshi.terms.text import Text
from tests.group import worlds

NOTE = "事件通报：某节点的证书已被撤销。".encode()
SECRETS = Secrets(b"k" * 32, b"n" * 12, b"s" * 32)
KEEP = worlds.CLOSES + 30 * MS_PER_DAY


def private(organisation: str) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(hashlib.sha256(organisation.encode()).digest())


def sealed_note(*recipients: str):
    keys = {name: private(name).public_key().public_bytes_raw() for name in recipients}
    return seal_note(NOTE, keys, SECRETS, Text("通报", "Note"), "TLP:AMBER", KEEP)


def test_two_members_open_it_and_their_receipts_are_entered():
    world = worlds.at_work()
    sealed, op = sealed_note("bank", "insurer")
    world.must("payments", op)
    for name in ("bank", "insurer"):
        received = open_note(sealed.envelope, name, private(name), op.body["envelope"], op.body["commitment"])
        assert isinstance(received, Received)
        assert received.note == NOTE
        world.must(name, received.receipt)
    assert world.get("groups", f"envelope/{sealed.digest.hex()}")["held"] == ["bank", "insurer"]


def test_a_third_cannot_open_it():
    sealed, _ = sealed_note("bank", "insurer")
    refused = open_note(sealed.envelope, "ministry", private("ministry"), sealed.digest, sealed.commitment)
    assert refused.code == "seal.envelope.not_addressed"
    posing = open_note(sealed.envelope, "bank", private("ministry"), sealed.digest, sealed.commitment)
    assert posing.code == "seal.envelope.altered"


def test_what_arrives_is_held_against_what_was_signed():
    sealed, _ = sealed_note("bank")
    other = open_note(sealed.envelope + b"\x00", "bank", private("bank"), sealed.digest, sealed.commitment)
    assert other.code == "group.exchange.other_envelope"
    swapped = open_note(sealed.envelope, "bank", private("bank"), sealed.digest, b"\x00" * 32)
    assert swapped.code == "group.exchange.other_note"


def test_neither_note_nor_wrap_is_on_the_ledger():
    sealed, op = sealed_note("bank")
    assert set(op.body) == {"envelope", "commitment", "recipients", "purpose", "marking", "retain_until"}
    assert op.body["envelope"] == sealed.digest
