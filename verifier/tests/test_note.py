"""Checkpoints and cosignatures: read in one form only, and signed by exactly the named key."""

import pytest
from makings import CHAIN, founded, key_of

from gongshi_verifier.note import (
    LOG_TYPE,
    SIGNATURES_MAX,
    WITNESS_TYPE,
    NoteError,
    check_cosignature,
    check_log_signature,
    cosigned_bytes,
    decode_base64,
    decode_number,
    make_key,
    make_line,
    parse_checkpoint,
    parse_key,
)

WORLD = founded()
TEXT = WORLD.checkpoint()


def test_the_log_signs_and_members_cosign():
    checkpoint = parse_checkpoint(TEXT)
    assert (checkpoint.origin, checkpoint.size, len(checkpoint.signatures)) == (CHAIN, 3, 4)
    assert check_log_signature(checkpoint, WORLD.vkey())
    assert all(check_cosignature(checkpoint, WORLD.witness(name)) for name in ("bank", "institute", "ministry"))
    other = founded("/other")
    assert not check_log_signature(checkpoint, other.vkey())
    assert not check_cosignature(checkpoint, other.witness("bank"))


def test_a_signature_counts_for_its_own_name_role_and_bytes_only():
    checkpoint = parse_checkpoint(TEXT)
    log = WORLD.vkey()
    assert not check_log_signature(checkpoint, make_key("another.test", LOG_TYPE, log.public))
    assert not check_cosignature(checkpoint, make_key(CHAIN, WITNESS_TYPE, log.public))
    grown = parse_checkpoint(TEXT.replace("\n3\n", "\n4\n", 1))
    assert not check_log_signature(grown, log)
    assert not check_cosignature(grown, WORLD.witness("bank"))


def test_a_line_under_another_name_is_not_the_keys():
    renamed = TEXT.replace("— bank ", "— bench ").replace(f"— {CHAIN} ", "— another.test ")
    checkpoint = parse_checkpoint(renamed)
    assert not check_log_signature(checkpoint, WORLD.vkey())
    assert not check_cosignature(checkpoint, WORLD.witness("bank"))
    assert check_cosignature(checkpoint, WORLD.witness("ministry"))


def test_the_time_of_a_cosignature_is_signed_too():
    checkpoint, key, root = WORLD.parsed(()), WORLD.witness("bank"), WORLD.root("bank")
    signature = root.sign(cosigned_bytes(checkpoint.body, 7))
    for seconds, holds in ((7, True), (8, False)):
        text = WORLD.checkpoint(()) + make_line(key, seconds.to_bytes(8, "big") + signature)
        assert check_cosignature(parse_checkpoint(text), key) is holds
    without_time = WORLD.checkpoint(()) + make_line(key, root.sign(checkpoint.body))
    assert not check_cosignature(parse_checkpoint(without_time), key)


BODY = TEXT.partition("\n\n")[0]
LINE = TEXT.partition("\n\n")[2].split("\n")[0]
WRONG = {
    "no blank line": (BODY + "\n" + LINE + "\n", "shape"),
    "no end of line": (BODY + "\n\n" + LINE, "shape"),
    "an extension line": (BODY + "\nextension\n\n" + LINE + "\n", "shape"),
    "no signature": (BODY + "\n\n\n", "signature"),
    "an empty origin": ("\n3\n" + BODY.split("\n")[2] + "\n\n" + LINE + "\n", "origin"),
    "an origin that writes to the terminal": ("a\x1b[2J\n3\n" + BODY.split("\n")[2] + "\n\n" + LINE + "\n", "origin"),
    "a size with a zero before it": (BODY.replace("\n3\n", "\n03\n") + "\n\n" + LINE + "\n", "number"),
    "a size in other digits": (BODY.replace("\n3\n", "\n٣\n") + "\n\n" + LINE + "\n", "number"),
    "a negative size": (BODY.replace("\n3\n", "\n-3\n") + "\n\n" + LINE + "\n", "number"),
    "a size of 65 bits": (BODY.replace("\n3\n", f"\n{2**64}\n") + "\n\n" + LINE + "\n", "number"),
    "a short root": (f"{CHAIN}\n3\nAAAA\n\n{LINE}\n", "root"),
    "a root that is no base64": (f"{CHAIN}\n3\n????\n\n{LINE}\n", "base64"),
    "a hyphen for the dash": (BODY + "\n\n" + LINE.replace("—", "-") + "\n", "signature"),
    "a line without a name": (BODY + "\n\n—  " + LINE.split(" ")[2] + "\n", "signature"),
    "a short signature": (BODY + "\n\n— name AAAA\n", "signature"),
    "too many lines": (BODY + "\n\n" + (LINE + "\n") * (SIGNATURES_MAX + 1), "signatures"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_checkpoint_is_refused(name):
    text, reason = WRONG[name]
    with pytest.raises(NoteError) as refused:
        parse_checkpoint(text)
    assert refused.value.reason == reason


def test_a_hundred_lines_are_read():
    assert len(parse_checkpoint(BODY + "\n\n" + (LINE + "\n") * SIGNATURES_MAX).signatures) == SIGNATURES_MAX


def test_a_key_is_read_back_and_its_id_belongs_to_it():
    key = make_key("a.test", LOG_TYPE, key_of("x").public)
    assert parse_key(key.text()) == key
    assert len(key.fingerprint()) == 64
    name, id_, material = key.text().split("+", 2)
    wrong = {
        f"b.test+{id_}+{material}": "key_id",
        f"{name}+00000000+{material}": "key_id",
        f"{name}+{id_.upper()}+{material}": "key_id",
        f"+{id_}+{material}": "key",
        f"{name}+{id_}+AAAA": "key",
        make_key("a.test", 0x02, key_of("x").public).text(): "key",
        f"{name}+{id_}": "key",
        f"{name}+{id_}+?": "base64",
    }
    for text, reason in wrong.items():
        with pytest.raises(NoteError) as refused:
            parse_key(text)
        assert refused.value.reason == reason, text


def test_base64_and_numbers_have_one_form():
    assert decode_base64("AAA=") == b"\0\0"
    for text in ("AAB=", "AAA", "AAA=\n", " AAA=", "AA-_", "ä"):
        with pytest.raises(NoteError):
            decode_base64(text)
    assert decode_number(str(2**64 - 1)) == 2**64 - 1
    assert decode_number("0") == 0
    for text in ("", "00", "+1", "1 ", "1e3", "²", str(2**64), "9" * 5000):
        with pytest.raises(NoteError):
            decode_number(text)
