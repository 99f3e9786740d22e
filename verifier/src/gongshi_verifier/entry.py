"""An entry as the verifier reads it: COSE_Sign1, the header that names chain and key, and the operations."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from gongshi_verifier import cbor, cose
from gongshi_verifier.suites import ALGORITHMS, SUITES, compute_key_id

__all__ = [
    "CERTIFY",
    "CERTIFY_SUITE",
    "ENTRY_TYPE",
    "ENTRY_VERSION",
    "Entry",
    "EntryError",
    "compute_key_id",
    "parse_entry",
]

ENTRY_VERSION = 1
ENTRY_TYPE = "application/vnd.gongshi.entry+cbor"
CERTIFY = ("ledger.key.certify", 1)
CERTIFY_SUITE = ("ledger.key.certify", 2)
OPS_MAX = 1024
_HEADER_KEYS = {cose.ALG, cose.KID, cose.TYPE, "chain"}


class EntryError(ValueError):
    """The bytes are no entry; `reason` is one word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Entry:
    """A decoded entry; its signature is not checked yet."""

    chain: str
    key_id: bytes
    mandate: str | None
    ops: tuple[tuple[str, int, Any], ...]
    digest: bytes
    message: cose.Sign1

    @property
    def suite(self) -> str:
        """Give the name of the suite whose algorithm the header names."""
        return ALGORITHMS[self.message.header[cose.ALG]]

    def is_signed_by(self, public: bytes) -> bool:
        """Ask whether the signature is this key's, in the suite that the header names; SuiteMissingError where it is not known."""
        return SUITES[self.suite].check_signature(public, self.message.signed_bytes(), self.message.signature)

    def bodies(self, kind: str, version: int = 1) -> list[Any]:
        """Give the bodies of the operations of one kind."""
        return [body for name, number, body in self.ops if (name, number) == (kind, version)]


def parse_entry(data: bytes) -> Entry:
    """Read an entry as strictly as the ledger does; EntryError otherwise."""
    try:
        message = cose.parse_sign1(data)
        content = cbor.decode(message.payload)
    except (cose.CoseError, cbor.CborError) as error:
        raise EntryError(error.reason) from None
    header = message.header
    if not _is_header(header):
        raise EntryError("header")
    if not isinstance(content, list) or len(content) != 5:
        raise EntryError("payload")
    version, sequence, valid_until, mandate, ops = content
    is_right = (
        type(version) is int
        and version == ENTRY_VERSION
        and all(type(number) is int and 0 <= number < 2**63 for number in (sequence, valid_until))
        and (mandate is None or isinstance(mandate, str))
        and isinstance(ops, list)
        and 1 <= len(ops) <= OPS_MAX
        and all(_is_op(op) for op in ops)
    )
    if not is_right:
        raise EntryError("payload")
    listed = tuple((op[0], op[1], op[2]) for op in ops)
    return Entry(header["chain"], header[cose.KID], mandate, listed, hashlib.sha256(data).digest(), message)


def _is_header(header: dict[int | str, Any]) -> bool:
    return (
        set(header) == _HEADER_KEYS
        and header[cose.TYPE] == ENTRY_TYPE
        and type(header[cose.ALG]) is int
        and header[cose.ALG] in ALGORITHMS
        and isinstance(header["chain"], str)
        and isinstance(header[cose.KID], bytes)
        and len(header[cose.KID]) == 16
    )


def _is_op(op: Any) -> bool:
    return isinstance(op, list) and len(op) == 3 and isinstance(op[0], str) and type(op[1]) is int
