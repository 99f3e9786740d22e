"""The innocent who look guilty: payrolls, family loops, market stalls, traders whose money does cross, people who remit."""

from __future__ import annotations

from gongshi.supervision.population.plan import CASH_IN, DECLARED, PAY, REMIT
from gongshi.supervision.population.sheet import HOUR_MS, Sheet
from gongshi.terms.instant import MS_PER_DAY

PPM = 1_000_000
# Every fourth trader's agent pays abroad from its own float and remits only after a typical window has passed.
LATE_EVERY = 4


def plant_lookalikes(sheet: Sheet) -> None:
    """Plant all look-alikes of the population's size."""
    for _ in range(sheet.size.payrolls):
        _plant_payroll(sheet)
    for _ in range(sheet.size.families):
        _plant_family(sheet)
    for _ in range(sheet.size.stalls):
        _plant_stall(sheet)
    for number in range(sheet.size.traders):
        _plant_trader(sheet, late=number % LATE_EVERY == 0)
    for _ in range(sheet.size.remitters):
        _plant_remitter(sheet)


def _plant_payroll(sheet: Sheet) -> None:
    company = sheet.take(1, sheet.legal)[0]
    staff_max = min(90, len(sheet.natural) // 2)
    count = int(sheet.rng.integers(staff_max // 2, staff_max + 1))
    staff = sheet.rng.choice(sheet.natural, size=count, replace=False)
    time = sheet.moment(MS_PER_DAY) + sheet.rng.integers(HOUR_MS, size=count)
    rows = sheet.add(company, staff, time, sheet.rng.integers(8_000_00, 48_000_00, size=count), PAY)
    roles = {company: "employer"} | {int(person): "employee" for person in staff}
    sheet.add_ring("payroll", rows, roles, innocent=True)


def _plant_family(sheet: Sheet) -> None:
    members = sheet.take(int(sheet.rng.integers(3, 5)), sheet.natural)
    amount = int(2_000_00 * 30 ** sheet.rng.random())
    time = sheet.moment(2 * MS_PER_DAY)
    rows: list[int] = []
    for step, payer in enumerate(members):
        rows += sheet.add(payer, members[(step + 1) % len(members)], time, amount, PAY)
        time += int(sheet.rng.integers(HOUR_MS // 2, 10 * HOUR_MS))
    sheet.add_ring("family", rows, dict.fromkeys(members, "relative"), innocent=True)


def _plant_stall(sheet: Sheet) -> None:
    stall = sheet.take(1, sheet.natural)[0]
    days = int(sheet.rng.integers(3, 8))
    first_ms = sheet.moment((days + 1) * MS_PER_DAY)
    rows: list[int] = []
    for day in range(days):
        time = first_ms + day * MS_PER_DAY + int(sheet.rng.integers(2 * HOUR_MS))
        rows += sheet.add(sheet.desk(stall), stall, time, int(sheet.rng.integers(36_000_00, 49_990_00)), CASH_IN)
    sheet.add_ring("stall", rows, {stall: "stall"}, innocent=True)


def _plant_trader(sheet: Sheet, *, late: bool) -> None:
    """An importer pays an agent at home; the agent remits, its branch abroad pays the importer's branch: money crosses."""
    client, agent = sheet.take(2, sheet.legal)
    branch, agent_abroad = sheet.add_foreign(client), sheet.add_foreign(agent)
    amount = int(sheet.rng.integers(100_000_00, 900_000_00))
    start = sheet.moment(6 * MS_PER_DAY)
    remitted = start + int(sheet.rng.integers(HOUR_MS, 12 * HOUR_MS)) + (4 * MS_PER_DAY if late else 0)
    arrived = remitted + int(sheet.rng.integers(HOUR_MS, 12 * HOUR_MS))
    paid = start + 15 * HOUR_MS if late else arrived + int(sheet.rng.integers(HOUR_MS, 12 * HOUR_MS))
    after_fee = amount * int(sheet.rng.integers(990_000, PPM)) // PPM
    gateway = sheet.gateway(agent)
    rows = [
        *sheet.add(client, agent, start, amount, PAY),
        *sheet.add(agent, gateway, remitted, after_fee, REMIT),
        *sheet.add(gateway, agent_abroad, arrived, sheet.abroad(after_fee * 995 // 1000, arrived), DECLARED),
        *sheet.add(agent_abroad, branch, paid, sheet.abroad(after_fee * 990 // 1000, paid), DECLARED),
    ]
    roles = {client: "importer", agent: "agent", agent_abroad: "agent_abroad", branch: "branch"}
    sheet.add_ring("trader_late" if late else "trader", rows, roles, innocent=True)


def _plant_remitter(sheet: Sheet) -> None:
    person = sheet.take(1, sheet.natural)[0]
    abroad, gateway = sheet.add_foreign(person), sheet.gateway(person)
    amount = int(sheet.rng.integers(3_000_00, 45_000_00))
    start = sheet.moment(MS_PER_DAY)
    arrived = start + int(sheet.rng.integers(HOUR_MS // 2, 3 * HOUR_MS))
    rows = [
        *sheet.add(person, gateway, start, amount, REMIT),
        *sheet.add(gateway, abroad, arrived, sheet.abroad(amount * 997 // 1000, arrived), DECLARED),
    ]
    sheet.add_ring("remitter", rows, {person: "remitter", abroad: "remitter_abroad"}, innocent=True)
