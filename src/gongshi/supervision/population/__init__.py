"""A seeded population: ordinary payments, planted rings, innocent look-alikes, and a manifest that rules never see.

The same seed, size, start and operators give the same rows, ids and manifest (numpy's PCG64). Ordinary amounts and those of
families go through the C library's exp and pow, which another architecture may round otherwise by one fen; no ring's do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from gongshi.supervision.columns import sort_order
from gongshi.supervision.population.background import draw_background
from gongshi.supervision.population.fitting import Needs, compute_needs, fit_tiers
from gongshi.supervision.population.lookalikes import plant_lookalikes
from gongshi.supervision.population.plan import (
    BATCH_MS,
    DAYS_MIN,
    DECLARED,
    FOREIGN_CURRENCY,
    FOREIGN_ZONE,
    KINDS,
    Payments,
    Population,
    Size,
    Tier,
    Wallet,
    planned_transfers,
)
from gongshi.supervision.population.rings import plant_rings
from gongshi.supervision.population.sheet import Sheet, open_sheet
from gongshi.supervision.records import Customer, Manifest, Ring
from gongshi.terms.evidence import content_id
from gongshi.terms.instant import Instant
from gongshi.terms.problem import Problem
from gongshi.terms.transfer import Transfer, family_tag

__all__ = ["Payments", "Population", "Size", "Tier", "Wallet", "draw_population", "planned_transfers"]


def draw_population(
    seed: int, start: Instant, operators: Sequence[str], tiers: Mapping[str, Tier], size: Size | None = None
) -> tuple[Population, tuple[Problem, ...]]:
    """Draw a population that begins at `start` (a midnight at home) and can be executed under the tiers' limits.

    `tiers` go from the lowest to the highest. A wallet that fits none is a problem and gets the highest.
    """
    size = size or Size()
    assert size.days >= DAYS_MIN, "the days are too few for what is planted in them"
    sheet = open_sheet(np.random.Generator(np.random.PCG64(seed)), size, start, len(operators))
    plant_rings(sheet)
    plant_lookalikes(sheet)
    draw_background(sheet, size.payments - sheet.home_length)
    columns = [np.concatenate([part[column] for part in sheet.rows]) for column in range(5)]
    submitters = _declarants(sheet, columns, operators)
    ids = _row_ids(columns, submitters)
    names = [content_id("w" if index < sheet.homes else "x", [seed, index]) for index in range(len(sheet.owner))]
    payments = _payments(sheet, columns, ids)
    wallets, problems = _wallets(compute_needs(payments, sheet.homes), sheet, names, operators, tiers)
    population = Population(
        seed=seed,
        wallets=wallets,
        payments=payments,
        declared=_declared(columns, ids, names, submitters),
        customers=_customers(sheet, names, seed),
        rates=sheet.rates,
        manifest=_manifest(sheet, ids, names, seed),
    )
    return population, problems


def _declarants(sheet: Sheet, columns: list[NDArray[np.int64]], operators: Sequence[str]) -> list[str]:
    """Give who submits each row: the payer's operator, or for a foreign leg the operators in turn."""
    own = np.array(sheet.operator)[columns[0]]
    turn = np.arange(sheet.length) % len(operators)
    return [operators[index] for index in np.where(columns[4] == DECLARED, turn, own)]


def _row_ids(columns: list[NDArray[np.int64]], submitters: list[str]) -> NDArray[np.uint8]:
    """Give each row its place in the order of time, marked with who submits it: the ids that the ledger accepts."""
    order = np.lexsort((np.arange(len(submitters)), columns[2]))
    number = np.empty(len(order), np.int64)
    number[order] = np.arange(1, len(order) + 1)
    families = np.where(columns[4] == DECLARED, "declare", "pay")
    tags = {(name, family): family_tag(name, family) for name in set(submitters) for family in ("pay", "declare")}
    parts = [
        int(place).to_bytes(8, "big") + tags[name, str(family)]
        for place, name, family in zip(number, submitters, families, strict=True)
    ]
    return np.frombuffer(b"".join(parts), np.uint8).reshape(len(parts), 16)


def _payments(sheet: Sheet, columns: list[NDArray[np.int64]], ids: NDArray[np.uint8]) -> Payments:
    home = np.flatnonzero(columns[4] != DECLARED)
    home = home[sort_order(columns[2][home], ids[home])]
    operator = np.array(sheet.operator, np.int16)[columns[0][home]]
    batch = np.lexsort((operator, columns[2][home] // BATCH_MS))
    home, operator = home[batch], operator[batch]
    payer, payee, time, amount, kind = (column[home] for column in columns)
    return Payments(
        ids[home], payer.astype(np.int32), payee.astype(np.int32), time, amount, kind.astype(np.int16), operator
    )


def _wallets(
    needs: Needs, sheet: Sheet, names: list[str], operators: Sequence[str], tiers: Mapping[str, Tier]
) -> tuple[tuple[Wallet, ...], tuple[Problem, ...]]:
    tier, words = fit_tiers(needs, tiers), list(tiers)
    wallets = tuple(
        Wallet(names[index], operators[sheet.operator[index]], words[tier[index]], int(needs.opening[index]))
        for index in range(sheet.homes)
    )
    problems = tuple(
        Problem("supervision.population.tier_too_low", names[index], {"balance_fen": int(needs.balance[index])})
        for index in np.flatnonzero(tier < 0)
    )
    return wallets, problems


def _declared(
    columns: list[NDArray[np.int64]], ids: NDArray[np.uint8], names: list[str], submitters: list[str]
) -> tuple[Transfer, ...]:
    rows = np.flatnonzero(columns[4] == DECLARED)
    rows = rows[sort_order(columns[2][rows], ids[rows])]
    return tuple(
        Transfer(
            id=ids[row].tobytes(),
            payer=names[columns[0][row]],
            payee=names[columns[1][row]],
            time=Instant(int(columns[2][row])),
            amount=int(columns[3][row]),
            currency=FOREIGN_CURRENCY,
            zone=FOREIGN_ZONE,
            kind=KINDS[DECLARED],
            operator=submitters[row],
            height=0,
        )
        for row in rows
    )


def _customers(sheet: Sheet, names: list[str], seed: int) -> dict[str, Customer]:
    owners = [content_id("o", [seed, owner]) for owner in range(len(sheet.owner))]
    return {
        name: Customer(owners[owner], holder)
        for name, owner, holder in zip(names, sheet.owner, sheet.holder, strict=True)
    }


def _manifest(sheet: Sheet, ids: NDArray[np.uint8], names: list[str], seed: int) -> Manifest:
    rings = []
    for number, (kind, innocent, rows, roles) in enumerate(sheet.rings):
        of_ring = tuple(ids[row].tobytes() for row in rows)
        parts = {names[account]: role for account, role in roles.items()}
        rings.append(Ring(content_id("ring", [seed, number]), kind, innocent, of_ring, parts))
    return Manifest(seed, tuple(rings))
