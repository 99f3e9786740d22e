"""Small worlds for the tests: rows written by hand, and random multigraphs with ties, parallel rows and rows to oneself."""

from __future__ import annotations

import random
from datetime import date

from gongshi.supervision.columns import Columns, gather_columns
from gongshi.supervision.records import Customer, Rule
from gongshi.supervision.typologies import get_typologies
from gongshi.terms.instant import Instant, instant_from_iso
from gongshi.terms.text import Text
from gongshi.terms.transfer import Transfer

START = instant_from_iso("2026-03-02T00:00:00+08:00")
SECOND = 1000
RATES = {("HKD", day): (9 + day % 2, 10) for day in range(START // 86_400_000, START // 86_400_000 + 60)}


def row(
    number: int, payer: str, payee: str, second: int, amount: int, kind: str = "pay", zone: str = "CN", height: int = 7
) -> Transfer:
    """A row whose id is its number, so that ties in time are broken by number."""
    currency = "e-CNY" if zone == "CN" else "HKD"
    time = Instant(START + second * SECOND)
    return Transfer(number.to_bytes(16), payer, payee, time, amount, currency, zone, kind, "op", height)


def columns_of(
    rows: list[Transfer], owners: dict[str, str] | None = None, holders: dict[str, str] | None = None
) -> Columns:
    """Columns of rows; an account is its own owner and natural unless said otherwise."""
    columns, problems = gather_columns(rows, customers_of(rows, owners, holders), RATES)
    assert not problems
    return columns


def customers_of(rows, owners=None, holders=None) -> dict[str, Customer]:
    accounts = {name for one in rows for name in (one.payer, one.payee)}
    return {name: Customer((owners or {}).get(name, name), (holders or {}).get(name, "natural")) for name in accounts}


def rule_of(typology: str, scope: dict[str, tuple[str, ...]] | None = None, **parameters: int) -> Rule:
    """A rule in force at all times of these worlds."""
    known = get_typologies()[typology].PARAMETERS
    assert parameters.keys() <= known.keys()
    return Rule(
        id=f"test-{typology}",
        version=1,
        typology=typology,
        jurisdiction="CN",
        source=Text("测试", "test"),
        valid_from=date(2020, 1, 1),
        valid_to=None,
        status="option",
        parameters={**known, **parameters},
        scope=scope or {},
    )


def number_of(columns: Columns, at: int) -> int:
    """The number of the row at a position."""
    return int.from_bytes(columns.row_id(at))


def found_numbers(columns: Columns, rule: Rule) -> list[tuple[int, ...]]:
    """What the typology finds, as the numbers of rows."""
    typology = get_typologies()[rule.typology]
    judgement = typology.judge(columns, rule, typology.gather(columns, rule))
    assert all(finding.complete for finding in judgement.findings)
    return [tuple(int.from_bytes(columns.row_id(at)) for at in finding.rows) for finding in judgement.findings]


def draw_graph(seed: int, *, zones: tuple[str, ...] = ("CN",), amounts: tuple[int, int] = (80, 120)) -> list[Transfer]:
    """3–8 accounts, 5–45 rows, many ties in time; parallel rows and rows to oneself occur."""
    rng = random.Random(seed)
    accounts = "abcdefgh"[: rng.randint(3, 8)]
    return [
        row(
            number,
            rng.choice(accounts),
            rng.choice(accounts),
            rng.randint(0, 40),
            rng.randint(*amounts),
            rng.choice(("pay", "cash_in")),
            rng.choice(zones),
        )
        for number in rng.sample(range(1000), rng.randint(5, 45))
    ]
