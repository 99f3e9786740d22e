"""Signed notes, checkpoints and cosignatures (C2SP signed-note, tlog-checkpoint, tlog-cosignature)."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

from gongshi_verifier import ed25519

LOG_TYPE, WITNESS_TYPE = 0x01, 0x04
SIGNATURES_MAX = 100  # each line of a known name costs a verification


class NoteError(ValueError):
    """The text is no note, checkpoint or key of the kind that is read here; `reason` is one word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A vkey: name, four bytes of key id, signature type, and the public key."""

    name: str
    key_id: bytes
    kind: int
    public: bytes

    def text(self) -> str:
        """Give `name+hash+base64`, the form in which keys are published."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"

    def fingerprint(self) -> str:
        """Give the SHA-256 of the public key, as people compare it."""
        return hashlib.sha256(self.public).hexdigest()


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: who, which key id, and the bytes after it."""

    name: str
    key_id: bytes
    data: bytes


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed tree head: origin, size, root, the signed body and its signature lines."""

    origin: str
    size: int
    root: bytes
    body: bytes
    signatures: tuple[Signature, ...]


def make_key(name: str, kind: int, public: bytes) -> VerifierKey:
    """Make the vkey of an Ed25519 public key (C2SP signed-note: key id is SHA-256(name, newline, type, key), four bytes)."""
    key_id = hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]
    return VerifierKey(name, key_id, kind, public)


def parse_key(text: str) -> VerifierKey:
    """Read a vkey and check its key id."""
    name, _, rest = text.partition("+")
    id_text, _, key_text = rest.partition("+")
    material = decode_base64(key_text)
    if not _is_name(name) or len(material) != 33 or material[0] not in (LOG_TYPE, WITNESS_TYPE):
        raise NoteError("key")
    key = make_key(name, material[0], material[1:])
    if key.key_id.hex() != id_text:
        raise NoteError("key_id")
    return key


def make_body(origin: str, size: int, root: bytes) -> bytes:
    """Give the bytes of a checkpoint that are signed."""
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n".encode()


def make_line(key: VerifierKey, data: bytes) -> str:
    """Give one signature line."""
    return f"— {key.name} {base64.b64encode(key.key_id + data).decode()}\n"


def parse_checkpoint(text: str) -> Checkpoint:
    """Read a checkpoint without extension lines; NoteError otherwise."""
    body, separator, tail = text.partition("\n\n")
    lines = body.split("\n")
    if not separator or len(lines) != 3 or not tail.endswith("\n"):
        raise NoteError("shape")
    origin, size_text, root_text = lines
    if not _is_name(origin):
        raise NoteError("origin")
    size, root = decode_number(size_text), decode_base64(root_text)
    if len(root) != 32:
        raise NoteError("root")
    signed = tail[:-1].split("\n")
    if len(signed) > SIGNATURES_MAX:
        raise NoteError("signatures")
    signatures = tuple(_parse_line(line) for line in signed)
    return Checkpoint(origin, size, root, (body + "\n").encode(), signatures)


def check_log_signature(checkpoint: Checkpoint, key: VerifierKey) -> bool:
    """Check that the log signed the checkpoint."""
    return any(
        ed25519.check_signature(key.public, checkpoint.body, line.data)
        for line in checkpoint.signatures
        if (line.name, line.key_id) == (key.name, key.key_id)
    )


def cosigned_bytes(body: bytes, seconds: int) -> bytes:
    """Give the message of a cosignature/v1 at a time in seconds."""
    return f"cosignature/v1\ntime {seconds}\n".encode() + body


def check_cosignature(checkpoint: Checkpoint, key: VerifierKey) -> bool:
    """Check that a witness cosigned the checkpoint."""
    for line in checkpoint.signatures:
        if (line.name, line.key_id) != (key.name, key.key_id) or len(line.data) != 72:
            continue
        message = cosigned_bytes(checkpoint.body, int.from_bytes(line.data[:8], "big"))
        if ed25519.check_signature(key.public, message, line.data[8:]):
            return True
    return False


def _is_name(text: str) -> bool:
    """Ask for a key name or origin: not empty, printed as it is, without the characters that a signature line is cut at."""
    return bool(text) and text.isprintable() and not set(text) & {" ", "+"}


def _parse_line(line: str) -> Signature:
    mark, _, rest = line.partition(" ")
    name, _, data_text = rest.partition(" ")
    data = decode_base64(data_text)
    if mark != "—" or not _is_name(name) or len(data) < 5:
        raise NoteError("signature")
    return Signature(name, data[:4], data[4:])


def decode_base64(text: str) -> bytes:
    """Decode standard base64 in its one canonical form: Python alone would take loose bits at the end."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError("base64") from None
    if base64.b64encode(data).decode() != text:
        raise NoteError("base64")
    return data


def decode_number(text: str) -> int:
    """Read a decimal number of 64 bits without sign or leading zeros."""
    if not text.isascii() or not text.isdigit() or len(text) > 20 or (text[0] == "0" and text != "0"):
        raise NoteError("number")
    number = int(text)
    if number >= 1 << 64:
        raise NoteError("number")
    return number
