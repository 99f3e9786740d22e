from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongshi.ledger.codec import OPS_MAX, decode_entry
from gongshi.ledger.records import ENTRY_TYPE, Op
from gongshi.seal.signing import make_signing_key, sign_message
from gongshi.terms.canonical import decode_cbor, encode_cbor
from gongshi_verifier import cbor, cose
from gongshi_verifier.ed25519 import check_signature
from gongshi_verifier.entry import EntryError, parse_entry
from tests.ledger.worlds import key_of, note, seal

LIMIT = 1 << 16
KEY = make_signing_key(b"k" * 32)
HEADER = {cose.TYPE: ENTRY_TYPE, "chain": "toy"}
PAYLOAD = [1, 1, 50, None, [["toy.note", 1, {}]]]


def code_of(data: bytes, limit: int = LIMIT) -> str | None:
    return getattr(decode_entry(data, limit), "code", None)


def signed(header=None, payload=None) -> bytes:
    return sign_message(KEY, HEADER if header is None else header, encode_cbor(PAYLOAD if payload is None else payload))


def remade(**parts: object) -> bytes:
    """The same entry with parts of the outer structure replaced."""
    whole = decode_cbor(signed())
    for place, name in enumerate(("protected", "unprotected", "payload", "signature")):
        whole[place] = parts.get(name, whole[place])
    return encode_cbor(whole)


def with_header(**changes: object) -> bytes:
    header = decode_cbor(decode_cbor(signed())[0])
    names = {"alg": cose.ALG, "kid": cose.KID, "type": cose.TYPE, "chain": "chain"}
    header.update({names.get(name, name): value for name, value in changes.items()})
    return remade(protected=encode_cbor({name: value for name, value in header.items() if value is not None}))


def test_entry_is_read_back_as_it_was_signed():
    data = seal(
        "alpha", note("a", [1, "二", b"3", True, None]), note("b", {}), sequence=7, until=9, mandate="alpha-clerk"
    )
    entry = decode_entry(data, LIMIT)
    assert (entry.chain, entry.sequence, entry.valid_until, entry.mandate) == ("toy", 7, 9, "alpha-clerk")
    assert entry.ops == (Op("toy.note", 1, ["a", [1, "二", b"3", True, None]]), Op("toy.note", 1, ["b", {}]))
    assert entry.data == data
    assert check_signature(key_of("alpha").public, entry.signed, entry.signature)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "ledger.entry.malformed"),
        (b"\xff", "ledger.entry.malformed"),
        (b"\x80", "ledger.entry.shape"),
        (b"\xa0", "ledger.entry.shape"),
        (encode_cbor([1, {}, b"", b""]), "ledger.entry.shape"),
        (encode_cbor([b"", {}, b"", "text"]), "ledger.entry.shape"),
        (signed() + b"\x00", "ledger.bytes.trailing"),
        (signed()[:-1], "ledger.bytes.length"),
        (b"\x9f" + signed()[1:] + b"\xff", "ledger.bytes.indefinite"),
        (b"\xd2" + signed(), "ledger.bytes.tag"),
        (remade(protected=b""), "ledger.entry.malformed"),
        (remade(protected=b"\xa2\x01\x01\x01\x01"), "ledger.bytes.key_twice"),
        (remade(protected=b"\xa2\x02\x01\x01\x01"), "ledger.bytes.key_order"),
        (remade(protected=b"\xa1\xf5\x01"), "ledger.bytes.key_type"),
        (remade(payload=b"\x18\x01"), "ledger.bytes.long_form"),
        (remade(payload=b"\xfb" + bytes(8)), "ledger.bytes.float"),
        (remade(payload=b"\xf9\x7e\x00"), "ledger.bytes.nan"),
        (remade(payload=b"\xf7"), "ledger.bytes.simple"),
        (remade(payload=b"\x3b" + b"\xff" * 8), "ledger.bytes.integer"),
        (remade(payload=b"\x61\xff"), "ledger.bytes.text"),
        (remade(payload=b"\x81" * 18 + b"\x00"), "ledger.bytes.depth"),
    ],
)
def test_bytes_that_are_no_canonical_entry(data, code):
    assert decode_entry(data, LIMIT).code == code


def test_every_rule_of_the_bytes_has_its_code():
    marks = next(m for m in test_bytes_that_are_no_canonical_entry.pytestmark if m.name == "parametrize").args[1]
    shown = {code.rpartition(".")[2] for _, code in marks}
    assert shown == {*cbor.REASONS, "shape"}


def test_house_and_verifier_take_the_same_number_of_operations():
    most = signed(payload=[*PAYLOAD[:4], PAYLOAD[4] * OPS_MAX])
    more = signed(payload=[*PAYLOAD[:4], PAYLOAD[4] * (OPS_MAX + 1)])
    assert is_read_by_verifier(most)
    assert not is_read_by_verifier(more)


def test_entry_above_the_limit_is_not_even_decoded():
    data = signed()
    assert code_of(data, len(data)) is None
    assert code_of(data, len(data) - 1) == "ledger.entry.oversized"
    assert code_of(b"\xff" * 100, 99) == "ledger.entry.oversized"


@pytest.mark.parametrize(
    "data",
    [
        with_header(chain=None),
        with_header(chain=1),
        with_header(type="application/cbor"),
        with_header(kid=b"short"),
        with_header(kid="text"),
        with_header(alg=None),
        remade(protected=encode_cbor([])),
    ],
)
def test_header_has_its_four_fields(data):
    assert code_of(data) == "ledger.entry.header"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (with_header(more=1), "ledger.entry.header_unknown"),
        (with_header(chain=None, x=1), "ledger.entry.header_unknown"),
        (remade(unprotected={"x": 1}), "ledger.entry.unprotected"),
        (remade(unprotected=[]), "ledger.entry.unprotected"),
    ],
)
def test_header_has_nothing_else(data, code):
    assert code_of(data) == code


@pytest.mark.parametrize(("algorithm", "shown"), [(-8, -8), (0, 0), ([1, [2]], "-"), (True, "-")])
def test_header_names_an_algorithm_that_is_not_ours(algorithm, shown):
    problem = decode_entry(with_header(alg=algorithm), LIMIT)
    assert (problem.code, problem.values) == ("ledger.entry.algorithm", {"algorithm": shown})


@pytest.mark.parametrize(
    "payload",
    [
        {},
        PAYLOAD[:4],
        [*PAYLOAD, 0],
        [1, -1, 50, None, PAYLOAD[4]],
        [1, True, 50, None, PAYLOAD[4]],
        [1, 1, 2**63, None, PAYLOAD[4]],
        [1, 1, "50", None, PAYLOAD[4]],
        [1, 1, 50, 7, PAYLOAD[4]],
    ],
)
def test_payload_has_its_form(payload):
    assert code_of(signed(payload=payload)) == "ledger.entry.payload"


@pytest.mark.parametrize("version", [0, 2, True, "1", [1]])
def test_payload_of_another_version(version):
    assert code_of(signed(payload=[version, *PAYLOAD[1:]])) == "ledger.entry.version"


@pytest.mark.parametrize(
    "ops",
    [
        [],
        {},
        [["toy.note", 1, {}]] * (OPS_MAX + 1),
        [["toy.note", 1]],
        [["toy.note", "1", {}]],
        [["toy.note", True, {}]],
        [[1, 1, {}]],
        [{}],
    ],
)
def test_operations_have_their_form(ops):
    assert code_of(signed(payload=[*PAYLOAD[:4], ops])) == "ledger.entry.operations"


def test_most_operations_are_taken():
    assert code_of(signed(payload=[*PAYLOAD[:4], [["toy.note", 1, {}]] * OPS_MAX])) is None


@given(st.binary(max_size=200))
def test_no_bytes_raise(data):
    assert decode_entry(data, LIMIT).code.startswith(("ledger.entry.", "ledger.bytes."))


@given(st.integers(0, len(signed()) - 1), st.integers(1, 255))
def test_one_changed_byte_is_refused_or_not_signed(place, flip):
    data = bytearray(signed())
    data[place] ^= flip
    entry = decode_entry(bytes(data), LIMIT)
    is_refused = hasattr(entry, "code")
    assert is_refused or not check_signature(KEY.public, entry.signed, entry.signature)


def is_read_by_verifier(data: bytes) -> bool:
    try:
        parse_entry(data)
    except EntryError:
        return False
    return True


@given(st.integers(0, len(signed()) - 1), st.integers(0, 255))
def test_verifier_reads_exactly_what_the_ledger_reads(place, value):
    data = bytearray(signed())
    data[place] = value
    assert is_read_by_verifier(bytes(data)) == (code_of(bytes(data)) is None)


@given(st.integers(0, 2**63 - 1), st.integers(0, 2**63 - 1), st.none() | st.text(max_size=20), st.text(max_size=20))
def test_verifier_reads_the_same_content(sequence, until, mandate, value):
    data = seal("alpha", note("a", value), sequence=sequence, until=until, mandate=mandate)
    ours, theirs = decode_entry(data, LIMIT), parse_entry(data)
    assert (ours.chain, ours.key_id, ours.mandate, ours.digest) == (
        theirs.chain,
        theirs.key_id,
        theirs.mandate,
        theirs.digest,
    )
    assert [(op.kind, op.version, op.body) for op in ours.ops] == list(theirs.ops)
    assert (ours.sequence, ours.valid_until) == (sequence, until)
