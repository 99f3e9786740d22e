"""Makes what the log and its witnesses sign: checkpoints and cosignatures (C2SP)."""

from __future__ import annotations

from dataclasses import dataclass

from gongshi.seal.signing import SigningKey
from gongshi_verifier.merkle import check_consistency
from gongshi_verifier.note import (
    LOG_TYPE,
    WITNESS_TYPE,
    Checkpoint,
    VerifierKey,
    cosigned_bytes,
    make_body,
    make_key,
    make_line,
)


@dataclass(frozen=True, slots=True)
class Witnessed:
    """What a witness remembers of a log: the last size and root that it cosigned."""

    size: int
    root: bytes


def log_key(origin: str, key: SigningKey) -> VerifierKey:
    """Give the vkey by which the log's checkpoints are checked; its name is the origin."""
    return make_key(origin, LOG_TYPE, key.public)


def witness_key(name: str, key: SigningKey) -> VerifierKey:
    """Give the vkey by which a member's cosignatures are checked."""
    return make_key(name, WITNESS_TYPE, key.public)


def sign_checkpoint(origin: str, size: int, root: bytes, key: SigningKey) -> str:
    """Give the checkpoint's text: body, blank line, the log's signature line."""
    body = make_body(origin, size, root)
    return body.decode() + "\n" + make_line(log_key(origin, key), key.sign(body))


def is_growth(last: Witnessed | None, checkpoint: Checkpoint, path: tuple[bytes, ...]) -> bool:
    """Ask whether the checkpoint extends what the witness cosigned last, by the consistency path."""
    if last is None:
        return True
    return check_consistency(last.size, last.root, checkpoint.size, checkpoint.root, path)


def cosign(name: str, key: SigningKey, checkpoint: Checkpoint, seconds: int) -> str:
    """Give a cosignature line. The caller has asked `is_growth` and has persisted the checkpoint before."""
    data = seconds.to_bytes(8, "big") + key.sign(cosigned_bytes(checkpoint.body, seconds))
    return make_line(witness_key(name, key), data)
