"""SM2 by the system's libcrypto (OpenSSL 3), through ctypes and EVP. Calls release the interpreter's lock.

Keys go in as DER, which every version of the library reads: SubjectPublicKeyInfo (RFC 5480) and ECPrivateKey (RFC 5915) on
the curve 1.2.156.10197.1.301. Its own signatures are DER too; on our wire they are r and s.
"""

from __future__ import annotations

import ctypes
import functools
import sys
import weakref
from typing import Any

from gongshi_verifier import sm2

_CURVE = bytes.fromhex("06082a811ccf5501822d")  # OID 1.2.156.10197.1.301
_EC_KEY = bytes.fromhex("06072a8648ce3d0201")  # OID 1.2.840.10045.2.1
_SIGNATURE_MAX = 80
_NAMES = {"darwin": ("libcrypto.3.dylib",), "win32": ("libcrypto-3-x64.dll", "libcrypto-3.dll")}

# GB/T 32918.5-2017, annex A.2: the example's secret and public key, by which a library is tried when it is found.
_TRIAL = bytes.fromhex("3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8")
_TRIAL_PUBLIC = bytes.fromhex(
    "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)


class OpensslError(Exception):
    """libcrypto refused a call that cannot fail on sound input: out of memory, or a build without the algorithm."""

    def __init__(self, call: str) -> None:
        super().__init__(call)
        self.call = call


class OpensslSm2:
    """Signs and checks. Opened keys are remembered, because reading one costs as much as a check."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self._lib = library
        _declare(library)
        self._open_public = functools.lru_cache(maxsize=1024)(self._read_public)
        self._open_secret = functools.lru_cache(maxsize=64)(self._read_secret)

    def derive(self, secret: bytes) -> bytes:
        """Give the public key of a secret in [1, n-2]."""
        key = self._open_secret(secret)
        out = ctypes.c_void_p()
        size = self._lib.i2d_PUBKEY(key.handle, ctypes.byref(out))
        if size < sm2.PUBLIC_SIZE or not out:
            raise OpensslError("i2d_PUBKEY")
        try:
            return ctypes.string_at(out, size)[-sm2.PUBLIC_SIZE :]
        finally:
            self._lib.CRYPTO_free(out, b"", 0)

    def sign(self, secret: bytes, public: bytes, message: bytes) -> bytes:
        """Give r and s; OpensslError when the library fails. The public key is the library's own, derived from the secret."""
        assert self.derive(secret) == public, "secret and public key belong together"
        key = self._open_secret(secret)
        context = self._context(key, "EVP_DigestSignInit")
        try:
            out = ctypes.create_string_buffer(_SIGNATURE_MAX)
            size = ctypes.c_size_t(_SIGNATURE_MAX)
            done = self._lib.EVP_DigestSign(context, out, ctypes.byref(size), message, len(message))
            if done != 1:
                self._lib.ERR_clear_error()
                raise OpensslError("EVP_DigestSign")
            return read_der(out.raw[: size.value])
        finally:
            self._lib.EVP_MD_CTX_free(context)

    def check(self, public: bytes, message: bytes, signature: bytes) -> bool:
        """Check a signature. A key that is off the curve is no key to the library either: False."""
        key = self._open_public(public)
        if key is None:
            return False
        der = make_der(signature)
        context = self._context(key, "EVP_DigestVerifyInit")
        try:
            done: int = self._lib.EVP_DigestVerify(context, der, len(der), message, len(message))
        finally:
            self._lib.EVP_MD_CTX_free(context)
        if done != 1:
            self._lib.ERR_clear_error()  # the queue is the thread's, and Python's own ssl reads it
        return done == 1

    def _context(self, key: _Key, begin: str) -> Any:
        """Give a digest context for SM3 with our identifier; the caller frees it."""
        context = self._lib.EVP_MD_CTX_new()
        if not context:
            raise OpensslError("EVP_MD_CTX_new")
        inner = ctypes.c_void_p()  # owned by the context
        started = getattr(self._lib, begin)(context, ctypes.byref(inner), self._lib.EVP_sm3(), None, key.handle)
        if started != 1 or self._lib.EVP_PKEY_CTX_set1_id(inner, sm2.IDENTIFIER, len(sm2.IDENTIFIER)) != 1:
            self._lib.EVP_MD_CTX_free(context)
            self._lib.ERR_clear_error()
            raise OpensslError(begin)
        return context

    def _read_public(self, public: bytes) -> _Key | None:
        algorithm = _wrap(0x30, _EC_KEY + _CURVE)
        der = _wrap(0x30, algorithm + _wrap(0x03, b"\x00\x04" + public))
        handle = self._lib.d2i_PUBKEY(None, ctypes.byref(ctypes.c_char_p(der)), len(der))
        if not handle:
            self._lib.ERR_clear_error()
            return None
        return _Key(self._lib, handle)

    def _read_secret(self, secret: bytes) -> _Key:
        inner = _wrap(0x30, b"\x02\x01\x01" + _wrap(0x04, secret))
        algorithm = _wrap(0x30, _EC_KEY + _CURVE)
        der = _wrap(0x30, b"\x02\x01\x00" + algorithm + _wrap(0x04, inner))  # PKCS #8 (RFC 5208) around ECPrivateKey
        handle = self._lib.d2i_AutoPrivateKey(None, ctypes.byref(ctypes.c_char_p(der)), len(der))
        if not handle:
            self._lib.ERR_clear_error()
            raise OpensslError("d2i_AutoPrivateKey")
        return _Key(self._lib, handle)


class _Key:
    """An EVP_PKEY, freed with the object."""

    def __init__(self, library: ctypes.CDLL, handle: int) -> None:
        self.handle = handle
        weakref.finalize(self, library.EVP_PKEY_free, handle)


@functools.cache
def find_openssl_sm2() -> OpensslSm2 | None:
    """Give the system's SM2, tried out on the standard's example; None where there is none, or none that answers rightly."""
    for name in _NAMES.get(sys.platform, ("libcrypto.so.3",)):
        try:
            found = OpensslSm2(ctypes.CDLL(name))
            if is_sound(found):
                return found
        except (OSError, AttributeError, OpensslError):
            continue
    return None


def check_sm2(public: bytes, message: bytes, signature: bytes) -> bool:
    """Check a signature: the written edges first, then the library, or the verifier's integers where there is none."""
    library = find_openssl_sm2()
    if library is None:
        return sm2.check_signature(public, message, signature)
    return not sm2.refuse_signature(public, signature) and library.check(public, message, signature)


def is_sound(library: OpensslSm2) -> bool:
    """Ask whether a library derives the example's key, makes what the written rule accepts, and refuses a key off the curve."""
    if library.derive(_TRIAL) != _TRIAL_PUBLIC:
        return False
    signature = library.sign(_TRIAL, _TRIAL_PUBLIC, b"trial")
    off_curve = _TRIAL_PUBLIC[:-1] + bytes([_TRIAL_PUBLIC[-1] ^ 1])
    return (
        sm2.check_signature(_TRIAL_PUBLIC, b"trial", signature)
        and library.check(_TRIAL_PUBLIC, b"trial", signature)
        and not library.check(_TRIAL_PUBLIC, b"trail", signature)
        and not library.check(off_curve, b"trial", signature)
    )


def make_der(signature: bytes) -> bytes:
    """Give the DER form (SEQUENCE of two INTEGER) of r and s, which lie in [1, n-1]."""
    numbers = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
    return _wrap(0x30, b"".join(_wrap(0x02, n.to_bytes(n.bit_length() // 8 + 1, "big")) for n in numbers))


def read_der(der: bytes) -> bytes:
    """Give r and s, 64 bytes, of what the library has just made."""
    assert der[0] == 0x30
    assert der[1] == len(der) - 2
    numbers, at = [], 2
    while at < len(der):
        assert der[at] == 0x02
        end = at + 2 + der[at + 1]
        numbers.append(int.from_bytes(der[at + 2 : end], "big").to_bytes(32, "big"))
        at = end
    r, s = numbers
    return r + s


def _wrap(tag: int, content: bytes) -> bytes:
    assert len(content) < 128, "short form"
    return bytes((tag, len(content))) + content


def _declare(library: ctypes.CDLL) -> None:
    """State the C types; AttributeError when the library lacks a function."""
    pointer, size = ctypes.c_void_p, ctypes.c_size_t
    returns_pointer = {
        "EVP_MD_CTX_new": [],
        "EVP_sm3": [],
        "d2i_PUBKEY": [pointer, pointer, ctypes.c_long],
        "d2i_AutoPrivateKey": [pointer, pointer, ctypes.c_long],
    }
    returns_int = {
        "EVP_DigestSignInit": [pointer, pointer, pointer, pointer, pointer],
        "EVP_DigestVerifyInit": [pointer, pointer, pointer, pointer, pointer],
        "EVP_PKEY_CTX_set1_id": [pointer, ctypes.c_char_p, ctypes.c_int],
        "EVP_DigestSign": [pointer, ctypes.c_char_p, pointer, ctypes.c_char_p, size],
        "EVP_DigestVerify": [pointer, ctypes.c_char_p, size, ctypes.c_char_p, size],
        "i2d_PUBKEY": [pointer, pointer],
    }
    returns_nothing = {
        "EVP_MD_CTX_free": [pointer],
        "EVP_PKEY_free": [pointer],
        "CRYPTO_free": [pointer, ctypes.c_char_p, ctypes.c_int],
        "ERR_clear_error": [],
    }
    for types, result in ((returns_pointer, pointer), (returns_int, ctypes.c_int), (returns_nothing, None)):
        for name, arguments in types.items():
            function = getattr(library, name)
            function.argtypes, function.restype = arguments, result
