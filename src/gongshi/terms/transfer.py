"""A transfer as supervision sees it: money moved, or a leg that was declared elsewhere."""

from __future__ import annotations

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
