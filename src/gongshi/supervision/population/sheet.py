"""The sheet that a population is drawn on: people first, then rows; positions become ids when all rows stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gongshi.supervision.columns import HOME_OFFSET_MS, Rates
from gongshi.supervision.population.plan import DECLARED, FOREIGN_CURRENCY, Size
from gongshi.supervision.records import Holder
from gongshi.terms.instant import MS_PER_DAY

HOUR_MS = 3_600_000
LEGAL_SHARE = 0.08
LINKED_SHARE = 0.06


@dataclass
class Sheet:
    """A population while it is drawn. Accounts are indexes: wallets, then desks and gateways, then foreign accounts."""

    rng: np.random.Generator
    size: Size
    start_ms: int
    operators: int
    owner: list[int] = field(default_factory=list)
    holder: list[Holder] = field(default_factory=list)
    operator: list[int] = field(default_factory=list)
    pairs: list[tuple[int, int]] = field(default_factory=list)
    natural: list[int] = field(default_factory=list)
    legal: list[int] = field(default_factory=list)
    rows: list[tuple[NDArray[np.int64], ...]] = field(default_factory=list)
    rings: list[tuple[str, bool, list[int], dict[int, str]]] = field(default_factory=list)
    rates: Rates = field(default_factory=dict)
    length: int = 0
    home_length: int = 0

    @property
    def end_ms(self) -> int:
        """The instant after the last one of the population."""
        return self.start_ms + self.size.days * MS_PER_DAY

    @property
    def homes(self) -> int:
        """How many accounts stand on the ledger: wallets, one cash desk and one gateway per operator."""
        return self.size.wallets + 2 * self.operators

    def desk(self, account: int) -> int:
        """Give the cash desk of an account's operator."""
        return self.size.wallets + self.operator[account]

    def gateway(self, account: int) -> int:
        """Give the cross-border gateway of an account's operator."""
        return self.size.wallets + self.operators + self.operator[account]

    def add_foreign(self, owner: int | None) -> int:
        """Add an account abroad: of the owner of a home account, or of nobody whom the operators know."""
        account = len(self.owner)
        self.owner.append(account if owner is None else self.owner[owner])
        self.holder.append("natural" if owner is None else self.holder[owner])
        self.operator.append(0)
        return account

    def add(self, payer: ArrayLike, payee: ArrayLike, time: ArrayLike, amount: ArrayLike, kind: int) -> list[int]:
        """Add rows of one kind and give their positions."""
        columns = [np.atleast_1d(np.asarray(values, np.int64)) for values in (payer, payee, time, amount)]
        size = max(len(column) for column in columns)
        columns = [np.broadcast_to(column, size) for column in columns]
        assert bool((columns[3] > 0).all())
        self.rows.append((*columns, np.full(size, kind, np.int64)))
        self.length += size
        self.home_length += size if kind != DECLARED else 0
        return list(range(self.length - size, self.length))

    def add_ring(self, kind: str, rows: Sequence[int], roles: dict[int, str], *, innocent: bool) -> None:
        """Write a planted pattern into the manifest."""
        self.rings.append((kind, innocent, sorted(rows), roles))

    def take(self, count: int, among: list[int]) -> list[int]:
        """Take accounts that no other planted pattern uses."""
        assert len(among) >= count, "the population is too small for what is planted in it"
        return [among.pop() for _ in range(count)]

    def take_pair(self) -> tuple[int, int]:
        """Take the two wallets of one owner."""
        assert self.pairs, "the population is too small for what is planted in it"
        return self.pairs.pop()

    def moment(self, span_ms: int) -> int:
        """Draw an instant in waking hours that leaves a span until the end."""
        days = max(1, (self.end_ms - self.start_ms - span_ms) // MS_PER_DAY)
        day = int(self.rng.integers(days))
        return self.start_ms + day * MS_PER_DAY + int(self.rng.integers(9 * HOUR_MS, 20 * HOUR_MS))

    def abroad(self, worth_fen: int, time: int) -> int:
        """Give the foreign amount that is worth so many fen at the day's rate, rounded up."""
        numerator, denominator = self.rates[FOREIGN_CURRENCY, (time + HOME_OFFSET_MS) // MS_PER_DAY]
        return -(-worth_fen * denominator // numerator)


def open_sheet(rng: np.random.Generator, size: Size, start_ms: int, operators: int) -> Sheet:
    """Draw the people: holders, operators, second wallets of one owner at another operator, and the days' rates."""
    sheet = Sheet(rng, size, start_ms, operators)
    legal = rng.random(size.wallets) < LEGAL_SHARE
    sheet.holder = ["legal" if flag else "natural" for flag in legal]
    sheet.operator = rng.integers(operators, size=size.wallets).tolist()
    sheet.owner = list(range(size.wallets))
    for kind in range(2 * operators):
        sheet.owner.append(size.wallets + kind)
        sheet.holder.append("institution")
        sheet.operator.append(kind % operators)
    sheet.natural = rng.permutation(np.flatnonzero(~legal)).tolist()
    sheet.legal = rng.permutation(np.flatnonzero(legal)).tolist()
    _link_second_wallets(sheet)
    _draw_rates(sheet)
    return sheet


def _link_second_wallets(sheet: Sheet) -> None:
    for _ in range(int(len(sheet.natural) * LINKED_SHARE / 2)):
        first, second = sheet.natural.pop(), sheet.natural.pop()
        sheet.owner[second] = sheet.owner[first]
        sheet.operator[second] = (sheet.operator[first] + 1) % sheet.operators
        sheet.pairs.append((first, second))


def _draw_rates(sheet: Sheet) -> None:
    first_day = (sheet.start_ms + HOME_OFFSET_MS) // MS_PER_DAY
    walk = 9_200 + np.cumsum(sheet.rng.integers(-15, 16, size=sheet.size.days + 1))
    sheet.rates = {(FOREIGN_CURRENCY, first_day + day): (int(rate), 10_000) for day, rate in enumerate(walk)}
