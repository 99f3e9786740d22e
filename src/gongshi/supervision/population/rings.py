"""The guilty: mirror pools, structuring customers, ordered and unordered cycles, planted in known numbers."""

from __future__ import annotations

from gongshi.supervision.population.plan import CASH_IN, DECLARED, PAY
from gongshi.supervision.population.sheet import HOUR_MS, Sheet
from gongshi.terms.instant import MS_PER_DAY

PPM = 1_000_000


def plant_rings(sheet: Sheet) -> None:
    """Plant all rings of the population's size."""
    for _ in range(sheet.size.mirror_pools):
        _plant_mirror_pool(sheet)
    for number in range(sheet.size.structurers):
        _plant_structurer(sheet, split=number % 2 == 1)
    for _ in range(sheet.size.cycles):
        _plant_cycle(sheet, ordered=True)
    for _ in range(sheet.size.unordered_cycles):
        _plant_cycle(sheet, ordered=False)


def _plant_mirror_pool(sheet: Sheet) -> None:
    """A shell company takes money at home; an account abroad pays each client's own account there. Nothing crosses."""
    pool, foreign_pool = sheet.take(1, sheet.legal)[0], sheet.add_foreign(None)
    rows: list[int] = []
    roles = {pool: "pool", foreign_pool: "foreign_pool"}
    for client in sheet.take(sheet.size.clients_per_pool, sheet.natural):
        abroad = sheet.add_foreign(client)
        roles |= {client: "client", abroad: "client_abroad"}
        for _ in range(int(sheet.rng.integers(1, 4))):
            rows += _mirror_once(sheet, client, pool, foreign_pool, abroad)
    sheet.add_ring("mirror", rows, roles, innocent=False)


def _mirror_once(sheet: Sheet, client: int, pool: int, foreign_pool: int, abroad: int) -> list[int]:
    lag_ms = int(sheet.rng.integers(-36 * HOUR_MS, 48 * HOUR_MS))
    home_ms = sheet.moment(5 * MS_PER_DAY) + 2 * MS_PER_DAY
    amount = int(sheet.rng.integers(80_000_00, 190_000_00))
    worth = amount * int(sheet.rng.integers(980_000, 1_015_000)) // PPM
    return [
        *sheet.add(client, pool, home_ms, amount, PAY),
        *sheet.add(foreign_pool, abroad, home_ms + lag_ms, sheet.abroad(worth, home_ms + lag_ms), DECLARED),
    ]


def _plant_structurer(sheet: Sheet, *, split: bool) -> None:
    """One deposit a day just below the cash threshold; a split one takes turns between wallets at two operators."""
    wallets = list(sheet.take_pair()) if split else sheet.take(1, sheet.natural)
    deposits = int(sheet.rng.integers(4, 7))
    first_ms = sheet.moment((deposits + 1) * MS_PER_DAY)
    rows: list[int] = []
    for day in range(deposits):
        wallet = wallets[day % len(wallets)]
        time = first_ms + day * MS_PER_DAY + int(sheet.rng.integers(0, 2 * HOUR_MS))
        rows += sheet.add(sheet.desk(wallet), wallet, time, int(sheet.rng.integers(41_000_00, 49_990_00)), CASH_IN)
    sheet.add_ring(
        "structuring_split" if split else "structuring", rows, dict.fromkeys(wallets, "customer"), innocent=False
    )


def _plant_cycle(sheet: Sheet, *, ordered: bool) -> None:
    """Money goes round and keeps at least 93 % at every step; an unordered one runs against the order of time."""
    members = sheet.take(int(sheet.rng.integers(3, 9)), sheet.natural)
    gap_ms = int(sheet.rng.integers(6 * HOUR_MS, 120 * HOUR_MS)) // len(members)
    first_ms = sheet.moment(6 * MS_PER_DAY)
    amount = int(sheet.rng.integers(20_000_00, 150_000_00))
    rows: list[int] = []
    for step, payer in enumerate(members):
        turn = step if ordered else len(members) - 1 - step
        time = first_ms + turn * gap_ms + int(sheet.rng.integers(gap_ms // 2))
        rows += sheet.add(payer, members[(step + 1) % len(members)], time, amount, PAY)
        amount = amount * int(sheet.rng.integers(930_000, PPM)) // PPM
    sheet.add_ring("cycle" if ordered else "cycle_unordered", rows, dict.fromkeys(members, "member"), innocent=False)
