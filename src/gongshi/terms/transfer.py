"""A transfer as supervision sees it: money moved, or a leg that was declared elsewhere."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from gongshi.terms.instant import Instant


@dataclass(frozen=True, slots=True)
class Transfer:
    """A row of the ledger's payments, or a declared foreign leg, ordered by (time, id).

    `id` is 16 bytes and unique; `payer` and `payee` are wallet pseudonyms; `time` UTC ms; `amount` minor units of
    `currency`; `zone` the jurisdiction (`CN`, `XX`); `kind` a word of the pilot (`pay`, `cash_in`, `declared`, …);
    `height` the block it stands in; `operator` who submitted it.
    """

    id: bytes
    payer: str
    payee: str
    time: Instant
    amount: int
    currency: str
    zone: str
    kind: str
    operator: str
    height: int


def transfer_id(operator: str, family: str, number: int) -> bytes:
    """Give the id of an operator's row: its running number in eight bytes, then eight bytes that name operator and family.

    Numbers rise within a family (`pay`, `fund`, `declare`), so no two rows of anybody share an id and none is taken twice.
    """
    return number.to_bytes(8, "big") + family_tag(operator, family)


def family_tag(operator: str, family: str) -> bytes:
    """Give the second half of an id: the first eight bytes of SHA-256 over operator, a zero byte and family."""
    return hashlib.sha256(f"{operator}\x00{family}".encode()).digest()[:8]
