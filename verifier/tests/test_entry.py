"""Entries are read as strictly as the ledger reads them."""

import pytest
from makings import CHAIN, key_of, sign_entry

from gongshi_verifier import cbor, cose
from gongshi_verifier.entry import ENTRY_TYPE, EntryError, compute_key_id, parse_entry

KEY = key_of("signer")
HEADER = {cose.ALG: cose.ED25519, cose.KID: KEY.id, cose.TYPE: ENTRY_TYPE, "chain": CHAIN}


def entry(header=None, payload=None, **changes) -> bytes:
    content = payload if payload is not None else [1, 1, 100, None, [["a.b.c", 1, {}]]]
    protected = cbor.encode({**HEADER, **(header or {}), **changes})
    return cbor.encode([protected, {}, cbor.encode(content), bytes(64)])


def test_an_entry_reads_and_its_signature_is_its_keys():
    read = parse_entry(sign_entry(KEY, ["a.b.c", 1, {"x": 1}], ["a.b.d", 2, None], mandate="m-1"))
    assert (read.chain, read.key_id, read.mandate) == (CHAIN, KEY.id, "m-1")
    assert read.ops == (("a.b.c", 1, {"x": 1}), ("a.b.d", 2, None))
    assert read.bodies("a.b.c") == [{"x": 1}]
    assert read.bodies("a.b.d") == []
    assert read.bodies("a.b.d", 2) == [None]
    assert read.is_signed_by(KEY.public)
    assert not read.is_signed_by(key_of("other").public)
    assert compute_key_id(KEY.public) == KEY.id


@pytest.mark.parametrize(
    "header",
    [
        {cose.ALG: cose.EDDSA},
        {cose.TYPE: "text/plain"},
        {cose.KID: b"short"},
        {cose.KID: "text"},
        {"chain": 7},
        {"more": 1},
    ],
)
def test_a_header_of_another_form_is_refused(header):
    with pytest.raises(EntryError) as refused:
        parse_entry(entry(header))
    assert refused.value.reason == "header"


@pytest.mark.parametrize(
    "payload",
    [
        {},
        [1, 1, 100, None],
        [2, 1, 100, None, [["a", 1, 0]]],
        [True, 1, 100, None, [["a", 1, 0]]],
        [1, -1, 100, None, [["a", 1, 0]]],
        [1, 1, 2**63, None, [["a", 1, 0]]],
        [1, True, 100, None, [["a", 1, 0]]],
        [1, 1, 100, 7, [["a", 1, 0]]],
        [1, 1, 100, None, []],
        [1, 1, 100, None, {}],
        [1, 1, 100, None, [["a", 1]]],
        [1, 1, 100, None, [[b"a", 1, 0]]],
        [1, 1, 100, None, [["a", True, 0]]],
        [1, 1, 100, None, ["a"]],
    ],
)
def test_a_payload_of_another_form_is_refused(payload):
    with pytest.raises(EntryError) as refused:
        parse_entry(entry(payload=payload))
    assert refused.value.reason == "payload"


def test_what_is_no_message_is_refused_with_its_reason():
    for data, reason in (
        (b"", "malformed"),
        (b"\x80", "shape"),
        (cbor.encode([b"\xa0", {}, b"\xff", b""]), "malformed"),
    ):
        with pytest.raises(EntryError) as refused:
            parse_entry(data)
        assert refused.value.reason == reason
