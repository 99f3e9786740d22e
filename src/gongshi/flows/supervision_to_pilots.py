"""From supervision's seeded population to the pilot: every planned wallet is opened and every planned payment is made.

1. the issuer posts the rates and issues to the operators;  2. operators open and fund the wallets;
3. operators submit payments batch by batch and declare foreign legs;  4. operators declare who owns what.
The population is synthetic and says so; the manifest of what was planted never comes this way.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from gongshi.flows.desk import Desk
from gongshi.ledger.records import Op, Ticket
from gongshi.pilots.entries import (
    ROWS_MAX,
    declare,
    declare_customers,
    fund_wallets,
    issue,
    open_wallets,
    pay,
    post_rates,
)
from gongshi.pilots.records import Declared, Payment
from gongshi.pilots.store import get_issues, get_tables, get_wallet_operators, locate_payments
from gongshi.supervision.columns import Rates
from gongshi.supervision.population import Population
from gongshi.supervision.population.plan import KINDS
from gongshi.supervision.records import Customer
from gongshi.terms.canonical import encode_json
from gongshi.terms.transfer import transfer_id

_T = TypeVar("_T")
_UNDER_WAY = 64

OnBatch = Callable[[int], None]
Act = tuple[str, Sequence[Op], int]
"""Who acts, the operations of one entry, and how many payments are in it."""


def execute_population(
    desk: Desk, population: Population, issuer: str, operators: Sequence[str], on_batch: OnBatch
) -> None:
    """Make the population happen on the ledger; `on_batch` hears how many payments are done with each batch.

    What the ledger holds already is not done again, so a run that was cut off is taken up where it ended.
    """
    _act_all(desk, _issues(desk, population, issuer, operators), on_batch)  # 1
    _act_all(desk, _wallets(desk, population, operators), on_batch)  # 2
    _act_all(desk, _payments(desk, population), on_batch)  # 3
    _act_all(desk, _declared(desk, population, operators), on_batch)
    _act_all(desk, _customers(desk, population, operators), on_batch)  # 4


def _act_all(desk: Desk, acts: Iterable[Act], on_batch: OnBatch) -> None:
    """Submit in order, a limited number under way, and settle all; an act without operations was done before."""
    under_way: list[Ticket] = []
    payments = 0
    for organisation, ops, rows in acts:
        if ops:
            under_way.append(desk.submit(organisation, *ops))
        payments += rows
        if len(under_way) == _UNDER_WAY:
            desk.settle(*under_way)
            on_batch(payments)
            under_way, payments = [], 0
    desk.settle(*under_way)
    on_batch(payments)


def _issues(desk: Desk, population: Population, issuer: str, operators: Sequence[str]) -> Iterator[Act]:
    with desk.read() as connection:
        posted, issued = get_tables(connection, "rates"), Counter[str]()
        for operator, amount, _ in get_issues(connection):
            issued[operator] += amount
    for currency in sorted({currency for currency, _ in population.rates}):
        table = desk.blobs.put(encode_rates(population.rates, currency))
        if posted.get(currency) != table:
            yield issuer, [post_rates(currency, table)], 0
    for operator in operators:
        wanted = sum(wallet.opening for wallet in population.wallets if wallet.operator == operator)
        if wanted > issued[operator]:
            yield issuer, [issue(operator, wanted - issued[operator])], 0


def _wallets(desk: Desk, population: Population, operators: Sequence[str]) -> Iterator[Act]:
    """Wallets are opened and funded by one entry: an open one has its money."""
    with desk.read() as connection:
        known = get_wallet_operators(connection)
    for operator in operators:
        own = [wallet for wallet in population.wallets if wallet.operator == operator]
        for number, rows in enumerate(_in_rows(own)):
            if all(wallet.id in known for wallet in rows):
                continue
            funds = [
                (transfer_id(operator, "fund", number * ROWS_MAX + place), wallet.id, wallet.opening)
                for place, wallet in enumerate(rows, start=1)
                if wallet.opening
            ]
            opened = open_wallets([(wallet.id, wallet.tier) for wallet in rows])
            yield operator, [opened, fund_wallets(funds)] if funds else [opened], 0


def _payments(desk: Desk, population: Population) -> Iterator[Act]:
    payments, wallets = population.payments, population.wallets
    names = [wallet.id for wallet in wallets]
    for batch in payments.batches():
        rows = [
            Payment(payments.ids[row].tobytes(), names[payer], names[payee], amount, KINDS[kind], time)
            for row, payer, payee, amount, kind, time in zip(
                range(batch.start, batch.stop),
                payments.payer[batch].tolist(),
                payments.payee[batch].tolist(),
                payments.amount[batch].tolist(),
                payments.kind[batch].tolist(),
                payments.time[batch].tolist(),
                strict=True,
            )
        ]
        operator = wallets[payments.payer[batch.start]].operator
        for part in _in_rows(rows):
            yield operator, [] if _stand(desk, [row.id for row in part]) else [pay(part)], len(part)


def _declared(desk: Desk, population: Population, operators: Sequence[str]) -> Iterator[Act]:
    for operator in operators:
        legs = [
            Declared(leg.id, leg.payer, leg.payee, leg.amount, leg.currency, leg.zone, leg.time, leg.kind)
            for leg in population.declared
            if leg.operator == operator
        ]
        for rows in _in_rows(legs):
            if not _stand(desk, [row.id for row in rows]):
                yield operator, [declare(rows)], 0


def _stand(desk: Desk, ids: list[bytes]) -> bool:
    """Ask whether all these rows are on the ledger; an entry is on it with all its rows or with none."""
    with desk.read() as connection:
        return len(locate_payments(connection, ids)) == len(ids)


def _customers(desk: Desk, population: Population, operators: Sequence[str]) -> Iterator[Act]:
    """A wallet's owner is known to its operator, a foreign account's to the operator that declared the leg."""
    knows = {leg.payer: leg.operator for leg in population.declared}
    knows |= {leg.payee: leg.operator for leg in population.declared}
    knows |= {wallet.id: wallet.operator for wallet in population.wallets}
    tables: defaultdict[str, dict[str, Customer]] = defaultdict(dict)
    for account, customer in population.customers.items():
        tables[knows.get(account, operators[0])][account] = customer
    with desk.read() as connection:
        declared = get_tables(connection, "customers")
    for operator in operators:
        table = desk.blobs.put(encode_customers(tables[operator]))
        if declared.get(operator) != table:
            yield operator, [declare_customers(table, len(tables[operator]))], 0


def encode_rates(rates: Rates, currency: str) -> bytes:
    """Give the document of a currency's rates: by day, the fen for one minor unit as numerator and denominator."""
    return encode_json({str(day): list(rate) for (name, day), rate in rates.items() if name == currency})


def encode_customers(customers: Mapping[str, Customer]) -> bytes:
    """Give the document of who owns which account; it stays off the ledger."""
    return encode_json({name: [customer.owner, customer.holder] for name, customer in customers.items()})


def _in_rows(rows: Sequence[_T]) -> Iterator[Sequence[_T]]:
    return (rows[start : start + ROWS_MAX] for start in range(0, len(rows), ROWS_MAX))
