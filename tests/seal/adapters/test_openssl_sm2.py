"""The system's SM2 against the verifier's integers and, where it is installed, against GmSSL; and a library that is none."""

from __future__ import annotations

import ctypes
import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongshi.seal.adapters import openssl_sm2
from gongshi.seal.adapters.openssl_sm2 import (
    OpensslError,
    check_sm2,
    find_openssl_sm2,
    is_sound,
    make_der,
    read_der,
)
from gongshi_verifier import sm2
from tests.seal.suites.keys import need_sm2, suite_key

NUMBERS = st.one_of(st.sampled_from([1, 127, 128, 255, 256, 2**255, sm2.N - 1]), st.integers(1, sm2.N - 1))


@pytest.fixture
def library():
    return need_sm2()


@settings(max_examples=40)
@given(message=st.binary(max_size=200), place=st.integers(0, 63), bit=st.integers(0, 7))
def test_library_and_integers_agree(message, place, bit):
    library, key = need_sm2(), suite_key("sm2")
    good = key.sign(message)
    bent = bytearray(good)
    bent[place] ^= 1 << bit
    for signature in (good, bytes(bent)):
        expected = signature == good
        assert sm2.check_signature(key.public, message, signature) is expected
        assert check_sm2(key.public, message, signature) is expected
        if not sm2.refuse_signature(key.public, signature):
            assert library.check(key.public, message, signature) is expected


def test_what_the_edges_refuse_never_reaches_the_library(monkeypatch):
    class Library:
        def check(self, *_):
            raise AssertionError("asked")

    key, good = suite_key("sm2"), suite_key("sm2").sign(b"m")
    monkeypatch.setattr(openssl_sm2, "find_openssl_sm2", Library)
    for public, signature in ((key.public, bytes(64)), (bytes(64), good), (key.public, b"\xff" * 64), (b"", good)):
        assert not check_sm2(public, b"m", signature)
    with pytest.raises(AssertionError, match="asked"):
        check_sm2(key.public, b"m", good)


def test_without_a_library_the_integers_answer(monkeypatch):
    key, good = suite_key("sm2"), suite_key("sm2").sign(b"m")
    monkeypatch.setattr(openssl_sm2, "find_openssl_sm2", lambda: None)
    assert check_sm2(key.public, b"m", good)
    assert not check_sm2(key.public, b"n", good)


def test_a_key_off_the_curve_is_none_to_the_library_either(library):
    key = suite_key("sm2")
    bent = key.public[:-1] + bytes([key.public[-1] ^ 1])
    assert not library.check(bent, b"m", key.sign(b"m"))


def test_a_secret_signs_for_its_own_key_only(library):
    with pytest.raises(AssertionError, match="belong together"):
        library.sign(suite_key("sm2").seed, suite_key("sm2", "other").public, b"m")


def test_threads_share_a_library(library):
    """More keys than are remembered, from several threads: none is freed while it is used."""
    openssl_sm2_small = openssl_sm2.OpensslSm2(library._lib)
    openssl_sm2_small._open_public = openssl_sm2.functools.lru_cache(maxsize=2)(openssl_sm2_small._read_public)
    cases = [(suite_key("sm2", str(n)).public, suite_key("sm2", str(n)).sign(b"m")) for n in range(6)] * 20
    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(lambda case: openssl_sm2_small.check(case[0], b"m", case[1]), cases))


@given(NUMBERS, NUMBERS)
def test_der_and_wire_are_one_value(r, s):
    wire = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    assert read_der(make_der(wire)) == wire


def test_a_library_that_says_it_has_sm2_is_found():
    """Or a fault of the adapter would pass for a system without SM2, and every other test here would skip."""
    try:
        system = ctypes.CDLL("libcrypto.so.3")
    except OSError:
        pytest.skip("no libcrypto.so.3 on this system")
    system.EVP_PKEY_CTX_new_from_name.restype = ctypes.c_void_p
    context = system.EVP_PKEY_CTX_new_from_name(None, b"SM2", None)
    if context:
        system.EVP_PKEY_CTX_free(ctypes.c_void_p(context))
        assert find_openssl_sm2() is not None


# --- a library that is none ---


@pytest.fixture
def _anew():
    find_openssl_sm2.cache_clear()
    yield
    find_openssl_sm2.cache_clear()


@pytest.mark.usefixtures("_anew")
@pytest.mark.parametrize(
    "problem", [OSError("not there"), AttributeError("EVP_sm3"), OpensslError("EVP_DigestSignInit")]
)
def test_a_library_that_is_missing_or_lacks_the_algorithm_is_none(monkeypatch, problem):
    def load(_name):
        raise problem

    monkeypatch.setattr(ctypes, "CDLL", load)
    assert find_openssl_sm2() is None


class _Bent:
    """A library that answers wrongly in one respect."""

    def __init__(self, good, wrong):
        self.good, self.wrong = good, wrong

    def derive(self, secret):
        return bytes(64) if self.wrong == "derive" else self.good.derive(secret)

    def sign(self, secret, public, message):
        return bytes(64) if self.wrong == "sign" else self.good.sign(secret, public, message)

    def check(self, public, message, signature):
        return True if self.wrong == "check" else self.good.check(public, message, signature)


def test_a_library_that_answers_wrongly_is_none(library):
    assert is_sound(_Bent(library, ""))
    assert not any(is_sound(_Bent(library, wrong)) for wrong in ("derive", "sign", "check"))


def test_a_secret_that_is_none_is_refused_by_the_library(library):
    """The suite asks first; were it not to, the library would say no."""
    with pytest.raises(OpensslError):
        library.derive(bytes(32))


# --- GmSSL ---


def test_gmssl_and_openssl_accept_each_other(capfd):
    gmssl = pytest.importorskip("gmssl_pyx", reason="gmssl-pyx is not installed: uv group check")
    for number in range(20):
        key, message = suite_key("sm2", str(number)), hashlib.sha256(bytes([number])).digest() * (number % 5)
        assert gmssl.sm2_verify(key.public, message, make_der(key.sign(message)))
        theirs = read_der(gmssl.sm2_sign(key.seed, key.public, message))
        assert check_sm2(key.public, message, theirs)
        assert sm2.check_signature(key.public, message, theirs)
        assert not gmssl.sm2_verify(key.public, message + b"x", make_der(theirs))
        assert not check_sm2(key.public, message + b"x", theirs)
        public, secret = gmssl.sm2_key_generate()
        assert need_sm2().derive(secret) == public
        assert sm2.refuse_public(public) == ""
    capfd.readouterr()  # it writes a trace for each signature that does not hold


def test_gmssl_hashes_and_encrypts_alike():
    gmssl = pytest.importorskip("gmssl_pyx", reason="gmssl-pyx is not installed: uv group check")
    from gongshi_verifier.sm3 import compute_plain_sm3

    for size in (0, 1, 55, 56, 63, 64, 65, 1000):
        assert gmssl.sm3_hash(bytes(size)) == compute_plain_sm3(bytes(size))
