"""One key folder per organisation: root (offline), signing and sealing keys, encrypted files of mode 0600.

root.key     Ed25519; certifies signing keys, cosigns published checkpoints
sign.key     of the suite that its file names, Ed25519 by default; signs entries from day to day
seal.key     X25519; opens envelopes
witnessed    the last checkpoint that the root cosigned: written before the cosignature is given out
"""

from __future__ import annotations

import functools
import os
import secrets as system_random
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from gongshi.seal.adapters.openssl_sm2 import find_openssl_sm2
from gongshi.seal.checkpoints import Witnessed, cosign, is_growth
from gongshi.seal.envelope import Secrets
from gongshi.seal.signing import SigningKey, make_signing_key
from gongshi.seal.suites.ed25519 import ED25519
from gongshi.seal.suites.ml_dsa_44 import ML_DSA_44
from gongshi.seal.suites.sm2 import is_secret, make_sm2
from gongshi.seal.suites.suite import Suite
from gongshi.terms.canonical import NotCanonicalError, decode_cbor, encode_cbor
from gongshi.terms.problem import Problem
from gongshi_verifier import suites
from gongshi_verifier.note import Checkpoint

_SCRYPT_LOG2, _SCRYPT_LOG2_MAX = 14, 20


class KeyFolderError(Exception):
    """A key file is missing, readable by others, does not open under the passphrase, or is of a suite that nothing here signs."""

    def __init__(self, reason: str, path: Path) -> None:
        super().__init__(f"{reason}: {path}")
        self.reason = reason
        self.path = path


@dataclass(frozen=True)
class KeyFolder:
    """The keys of one organisation, on disk under a passphrase."""

    organisation: str
    path: Path
    passphrase: bytes

    def signing_key(self) -> SigningKey:
        """Give the key that signs entries, in the suite that its file names."""
        name, secret = self._load("sign")
        suite = get_suite(name)
        if suite is None:
            raise KeyFolderError("suite", self.path / "sign.key")
        return make_signing_key(secret, suite)

    def root_key(self) -> SigningKey:
        """Give the root: for certificates, revocations and cosignatures only."""
        return make_signing_key(self._load_plain("root"))

    def sealing_key(self) -> X25519PrivateKey:
        """Give the key that opens envelopes."""
        return X25519PrivateKey.from_private_bytes(self._load_plain("seal"))

    def cosign(self, name: str, checkpoint: Checkpoint, path: tuple[bytes, ...], seconds: int) -> str | Problem:
        """Cosign a checkpoint that extends the last one; it is on disk before the line is given out."""
        last = self.witnessed()
        if last is not None and checkpoint.size < last.size:
            return Problem("seal.witness.shrunk", name, {"size": checkpoint.size, "last": last.size})
        if not is_growth(last, checkpoint, path):
            return Problem("seal.witness.inconsistent", name, {"size": checkpoint.size})
        write_private(self.path / "witnessed", f"{checkpoint.size}\n{checkpoint.root.hex()}\n".encode())
        return cosign(name, self.root_key(), checkpoint, seconds)

    def witnessed(self) -> Witnessed | None:
        """Give what the root cosigned last."""
        path = self.path / "witnessed"
        try:
            size, root = path.read_text().split()
            return Witnessed(int(size), bytes.fromhex(root))
        except FileNotFoundError:
            return None
        except ValueError:  # a witness that has lost its memory cosigns nothing
            raise KeyFolderError("malformed", path) from None

    def last_size(self) -> int:
        """Give the size of the checkpoint that was cosigned last, 0 before the first."""
        last = self.witnessed()
        return 0 if last is None else last.size

    def _load_plain(self, name: str) -> bytes:
        """Give the secret of a file that names no suite: root and sealing key have but one."""
        suite, secret = self._load(name)
        if suite != suites.ED25519:
            raise KeyFolderError("malformed", self.path / f"{name}.key")
        return secret

    def _load(self, name: str) -> tuple[str, bytes]:
        path = self.path / f"{name}.key"
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise KeyFolderError("missing", path) from None
        if path.stat().st_mode & 0o077:
            raise KeyFolderError("readable_by_others", path)
        try:
            return _decrypt(data, self.passphrase)
        except (NotCanonicalError, KeyError, TypeError, ValueError, AttributeError):
            raise KeyFolderError("malformed", path) from None
        except InvalidTag:
            raise KeyFolderError("passphrase", path) from None


def get_suite(name: str) -> Suite | None:
    """Give the suite by which this machine signs; None where it cannot."""
    if name == suites.SM2:
        library = find_openssl_sm2()
        return None if library is None else make_sm2(library)
    return {suites.ED25519: ED25519, suites.ML_DSA_44: ML_DSA_44}.get(name)


def make_key_folder(path: Path, organisation: str, passphrase: bytes, suite: str = suites.ED25519) -> KeyFolder:
    """Make a folder of mode 0700 with three fresh keys; an existing key is never overwritten.

    `suite` is the signing key's. KeyFolderError `suite`, before anything is written, when this machine cannot sign by it.
    """
    if get_suite(suite) is None:
        raise KeyFolderError("suite", path)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, kept in (("root", suites.ED25519), ("sign", suite), ("seal", suites.ED25519)):
        target = path / f"{name}.key"
        if not target.exists():
            write_private(target, _encrypt(_new_secret(kept), passphrase, kept))
    return KeyFolder(organisation, path, passphrase)


def _new_secret(suite: str) -> bytes:
    """Draw 32 bytes; SM2's lie below n - 1, which one draw in four thousand million misses."""
    secret = system_random.token_bytes(32)
    while suite == suites.SM2 and not is_secret(secret):
        secret = system_random.token_bytes(32)
    return secret


def new_secrets() -> Secrets:
    """Draw the random bytes of one envelope from the operating system."""
    return Secrets(system_random.token_bytes(32), system_random.token_bytes(12), system_random.token_bytes(32))


def write_private(path: Path, data: bytes) -> None:
    """Write a file of mode 0600, whole or not at all, and on disk when this returns."""
    temporary = path.with_name(path.name + ".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        os.fchmod(descriptor, 0o600)  # what a killed run left behind keeps its own mode
        stream.write(data)
        stream.flush()
        os.fsync(descriptor)
    temporary.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # or the name could be lost with the power, and a witness would forget what it cosigned
    finally:
        os.close(folder)


def _encrypt(secret: bytes, passphrase: bytes, suite: str) -> bytes:
    """Give a key file: version 1 without a suite for Ed25519 and X25519, version 2 with the suite's name for every other."""
    salt, nonce = system_random.token_bytes(16), system_random.token_bytes(12)
    sealed = AESGCM(_derive(passphrase, salt, _SCRYPT_LOG2)).encrypt(nonce, secret, _bound(suite))
    named = {"v": 1} if suite == suites.ED25519 else {"v": 2, "suite": suite}
    return encode_cbor({**named, "log2": _SCRYPT_LOG2, "salt": salt, "nonce": nonce, "sealed": sealed})


def _decrypt(data: bytes, passphrase: bytes) -> tuple[str, bytes]:
    """Give suite and secret. The suite is bound by the seal: a file that names another one does not open."""
    content = decode_cbor(data)
    if content["log2"] > _SCRYPT_LOG2_MAX:
        raise ValueError("more work than a key file asks for")
    suite = content.get("suite", suites.ED25519)
    key = _derive(passphrase, content["salt"], content["log2"])
    return suite, AESGCM(key).decrypt(content["nonce"], content["sealed"], _bound(suite))


def _bound(suite: str) -> bytes:
    return b"gongshi/key/1" if suite == suites.ED25519 else b"gongshi/key/2/" + suite.encode()


@functools.lru_cache(maxsize=256)
def _derive(passphrase: bytes, salt: bytes, log2: int) -> bytes:
    """Stretch a passphrase by scrypt (RFC 7914); remembered, because a desk opens the same file many times."""
    return Scrypt(salt=salt, length=32, n=1 << log2, r=8, p=1).derive(passphrase)
