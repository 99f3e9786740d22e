"""Entries as bytes: COSE_Sign1 over deterministic CBOR, and the checks that need no state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gongshi.ledger.records import ENTRY_TYPE, ENTRY_VERSION, Entry, Op
from gongshi.seal.signing import SigningKey, sign_message
from gongshi.terms.canonical import NotCanonicalError, decode_cbor, encode_cbor
from gongshi.terms.digest import compute_digest
from gongshi.terms.problem import Problem
from gongshi_verifier import cose
from gongshi_verifier.suites import ALGORITHMS

OPS_MAX = 1024
_HEADER_KEYS = {cose.ALG, cose.KID, cose.TYPE, "chain"}


def sign_entry(
    key: SigningKey, chain: str, sequence: int, valid_until: int, ops: Sequence[Op], mandate: str | None = None
) -> bytes:
    """Give the bytes of a signed entry."""
    operations = [[op.kind, op.version, op.body] for op in ops]
    payload = encode_cbor([ENTRY_VERSION, sequence, valid_until, mandate, operations])
    return sign_message(key, {cose.TYPE: ENTRY_TYPE, "chain": chain}, payload)


def decode_entry(data: bytes, bytes_max: int) -> Entry | Problem:
    """Read an entry strictly; the problem names what is wrong with the bytes. The signature is not checked here."""
    digest = compute_digest(data)
    where = digest.hex()[:16]
    if len(data) > bytes_max:
        return Problem("ledger.entry.oversized", where, {"size": len(data), "limit": bytes_max})
    try:
        protected, unprotected, payload, signature = _four(decode_cbor(data))
        header = decode_cbor(protected)
        content = decode_cbor(payload)
    except NotCanonicalError as error:
        return _name_bytes(error.reason, where)
    except cose.CoseError:
        return Problem("ledger.entry.shape", where)
    problem = _check_header(header, unprotected, where) or _check_payload(content, where)
    if problem is not None:
        return problem
    _, sequence, valid_until, mandate, ops = content
    return Entry(
        chain=header["chain"],
        key_id=header[cose.KID],
        sequence=sequence,
        valid_until=valid_until,
        mandate=mandate,
        ops=tuple(Op(*op) for op in ops),
        digest=digest,
        signed=encode_cbor(["Signature1", protected, b"", payload]),
        signature=signature,
        data=data,
        suite=ALGORITHMS[header[cose.ALG]],
    )


def _four(value: Any) -> tuple[bytes, Any, bytes, bytes]:
    if not isinstance(value, list) or len(value) != 4:
        raise cose.CoseError("shape")
    if not all(isinstance(value[place], bytes) for place in (0, 2, 3)):
        raise cose.CoseError("shape")
    return value[0], value[1], value[2], value[3]


def _name_bytes(reason: str, where: str) -> Problem:
    """Give the code of bytes that are no canonical CBOR: one a rule of `gongshi_verifier.cbor`."""
    if reason == "malformed":
        return Problem("ledger.entry.malformed", where, {"reason": reason})
    return Problem(f"ledger.bytes.{reason}", where)


def _check_header(header: Any, unprotected: Any, where: str) -> Problem | None:
    if unprotected != {}:
        return Problem("ledger.entry.unprotected", where)
    if isinstance(header, dict) and not header.keys() <= _HEADER_KEYS:
        return Problem("ledger.entry.header_unknown", where)
    is_right = (
        isinstance(header, dict)
        and header.keys() == _HEADER_KEYS
        and header[cose.TYPE] == ENTRY_TYPE
        and isinstance(header["chain"], str)
        and isinstance(header[cose.KID], bytes)
        and len(header[cose.KID]) == 16
    )
    if not is_right:
        return Problem("ledger.entry.header", where)
    if type(header[cose.ALG]) is not int or header[cose.ALG] not in ALGORITHMS:
        return Problem("ledger.entry.algorithm", where, {"algorithm": _shown(header[cose.ALG])})
    return None


def _check_payload(content: Any, where: str) -> Problem | None:
    if not isinstance(content, list) or len(content) != 5:
        return Problem("ledger.entry.payload", where)
    version, sequence, valid_until, mandate, ops = content
    if type(version) is not int or version != ENTRY_VERSION:
        return Problem("ledger.entry.version", where, {"version": _shown(version)})
    numbers = all(type(item) is int and 0 <= item < 2**63 for item in (sequence, valid_until))
    if not numbers or not (mandate is None or isinstance(mandate, str)):
        return Problem("ledger.entry.payload", where)
    if not isinstance(ops, list) or not 1 <= len(ops) <= OPS_MAX or not all(_is_op(op) for op in ops):
        return Problem("ledger.entry.operations", where, {"limit": OPS_MAX})
    return None


def _shown(value: Any) -> object:
    """Give what a refusal may repeat of a stranger's value: an integer, or that it is none."""
    return value if type(value) is int else "-"


def _is_op(op: Any) -> bool:
    return isinstance(op, list) and len(op) == 3 and isinstance(op[0], str) and type(op[1]) is int
