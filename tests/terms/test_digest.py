"""Digests and their one text form."""

import hashlib

import pytest

from gongshi.terms.digest import compute_digest, digest_from_text, digest_to_text


def test_a_digest_reads_back_from_its_text():
    digest = compute_digest(b"abc")
    assert digest == hashlib.sha256(b"abc").digest()
    assert digest_to_text(digest) == "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert digest_from_text(digest_to_text(digest)) == digest


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ba" * 32,
        "sha256:" + "ba" * 31,
        "sha256:" + "ba" * 33,
        "sha256:" + "BA" * 32,
        "SHA256:" + "ba" * 32,
        "sha256:" + "zz" * 32,
        "sha256: " + "ba" * 31 + "b",
        "sha256:" + "ba" * 31 + "  ",
        "sha1:" + "ba" * 32,
    ],
)
def test_any_other_text_is_refused(text):
    with pytest.raises(ValueError, match="not a sha256 digest"):
        digest_from_text(text)


def test_only_32_bytes_have_a_text():
    with pytest.raises(AssertionError):
        digest_to_text(b"short")
