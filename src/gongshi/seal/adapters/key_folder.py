"""One key folder per organisation: root (offline), signing and sealing keys, encrypted files of mode 0600.

root.key     Ed25519; certifies signing keys, cosigns published checkpoints
sign.key     Ed25519; signs entries from day to day
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

from gongshi.seal.checkpoints import Witnessed, cosign, is_growth
from gongshi.seal.envelope import Secrets
from gongshi.seal.signing import SigningKey, make_signing_key
from gongshi.terms.canonical import NotCanonicalError, decode_cbor, encode_cbor
from gongshi.terms.problem import Problem
from gongshi_verifier.note import Checkpoint

_SCRYPT_LOG2, _SCRYPT_LOG2_MAX = 14, 20


class KeyFolderError(Exception):
    """A key file is missing, readable by others, or does not open under the passphrase."""

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
        """Give the key that signs entries."""
        return self._ed25519("sign")

    def root_key(self) -> SigningKey:
        """Give the root: for certificates, revocations and cosignatures only."""
        return self._ed25519("root")

    def sealing_key(self) -> X25519PrivateKey:
        """Give the key that opens envelopes."""
        return X25519PrivateKey.from_private_bytes(self._load("seal"))

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

    def _ed25519(self, name: str) -> SigningKey:
        return make_signing_key(self._load(name))

    def _load(self, name: str) -> bytes:
        path = self.path / f"{name}.key"
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise KeyFolderError("missing", path) from None
        if path.stat().st_mode & 0o077:
            raise KeyFolderError("readable_by_others", path)
        try:
            return _decrypt(data, self.passphrase)
        except (NotCanonicalError, KeyError, TypeError, ValueError):
            raise KeyFolderError("malformed", path) from None
        except InvalidTag:
            raise KeyFolderError("passphrase", path) from None


def make_key_folder(path: Path, organisation: str, passphrase: bytes) -> KeyFolder:
    """Make a folder of mode 0700 with three fresh keys; an existing key is never overwritten."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in ("root", "sign", "seal"):
        target = path / f"{name}.key"
        if not target.exists():
            write_private(target, _encrypt(system_random.token_bytes(32), passphrase))
    return KeyFolder(organisation, path, passphrase)


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


def _encrypt(secret: bytes, passphrase: bytes) -> bytes:
    salt, nonce = system_random.token_bytes(16), system_random.token_bytes(12)
    sealed = AESGCM(_derive(passphrase, salt, _SCRYPT_LOG2)).encrypt(nonce, secret, b"gongshi/key/1")
    return encode_cbor({"v": 1, "log2": _SCRYPT_LOG2, "salt": salt, "nonce": nonce, "sealed": sealed})


def _decrypt(data: bytes, passphrase: bytes) -> bytes:
    content = decode_cbor(data)
    if content["log2"] > _SCRYPT_LOG2_MAX:
        raise ValueError("more work than a key file asks for")
    key = _derive(passphrase, content["salt"], content["log2"])
    return AESGCM(key).decrypt(content["nonce"], content["sealed"], b"gongshi/key/1")


@functools.lru_cache(maxsize=256)
def _derive(passphrase: bytes, salt: bytes, log2: int) -> bytes:
    """Stretch a passphrase by scrypt (RFC 7914); remembered, because a desk opens the same file many times."""
    return Scrypt(salt=salt, length=32, n=1 << log2, r=8, p=1).derive(passphrase)
