"""From supervision's seeded population to the pilot: every planned wallet is opened and every planned payment is made.

1. the issuer posts the rates and issues to the operators;  2. operators open and fund the wallets;
3. operators submit payments batch by batch and declare foreign legs;  4. operators declare who owns what.
The population is synthetic and says so; the manifest of what was planted never comes this way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
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
from gongshi.supervision.population import Population
from gongshi.supervision.population.plan import KINDS
from gongshi.supervision.records import Customer
from gongshi.terms.canonical import encode_json
from gongshi.terms.transfer import transfer_id

_T = TypeVar("_T")
_UNDER_WAY = 64

OnBatch = Callable[[int], None]


def execute_population(
    desk: Desk, population: Population, issuer: str, operators: Sequence[str], on_batch: OnBatch
) -> None:
    """Make the population happen on the ledger; `on_batch` hears how many payments are done with each batch."""
    _act_all(desk, [(issuer, op) for op in _issues(desk, population, operators)])  # 1
    _act_all(desk, list(_wallets(population, operators)))  # 2
    _act_all(desk, list(_payments(population)), on_batch)  # 3
    _act_all(desk, list(_declared(population, operators)))
    _act_all(desk, list(_customers(desk, population, operators)))  # 4


def _act_all(desk: Desk, acts: Sequence[tuple[str, Op]], on_batch: OnBatch | None = None) -> None:
    """Submit in order, a limited number under way, and settle all."""
    under_way: list[tuple[Ticket, int]] = []
    for number, (organisation, op) in enumerate(acts, start=1):
        rows = len(op.body["rows"]) if op.kind == "pilots.pay" else 0
        under_way.append((desk.submit(organisation, op), rows))
        if len(under_way) == _UNDER_WAY or number == len(acts):
            desk.settle(*[ticket for ticket, _ in under_way])
            if on_batch is not None:
                on_batch(sum(rows for _, rows in under_way))
            under_way.clear()


def _issues(desk: Desk, population: Population, operators: Sequence[str]) -> Iterator[Op]:
    for currency in sorted({currency for currency, _ in population.rates}):
        table = {str(day): list(rate) for (name, day), rate in sorted(population.rates.items()) if name == currency}
        yield post_rates(currency, desk.blobs.put(encode_json(table)))
    for operator in operators:
        yield issue(operator, sum(wallet.opening for wallet in population.wallets if wallet.operator == operator))


def _wallets(population: Population, operators: Sequence[str]) -> Iterator[tuple[str, Op]]:
    for operator in operators:
        own = [wallet for wallet in population.wallets if wallet.operator == operator]
        for rows in _in_rows(own):
            yield operator, open_wallets([(wallet.id, wallet.tier) for wallet in rows])
        funded = [wallet for wallet in own if wallet.opening]
        opening = [
            (transfer_id(operator, "fund", number), wallet.id, wallet.opening)
            for number, wallet in enumerate(funded, start=1)
        ]
        for funds in _in_rows(opening):
            yield operator, fund_wallets(funds)


def _payments(population: Population) -> Iterator[tuple[str, Op]]:
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
            yield operator, pay(part)


def _declared(population: Population, operators: Sequence[str]) -> Iterator[tuple[str, Op]]:
    for operator in operators:
        legs = [
            Declared(leg.id, leg.payer, leg.payee, leg.amount, leg.currency, leg.zone, leg.time, leg.kind)
            for leg in population.declared
            if leg.operator == operator
        ]
        for rows in _in_rows(legs):
            yield operator, declare(rows)


def _customers(desk: Desk, population: Population, operators: Sequence[str]) -> Iterator[tuple[str, Op]]:
    """A wallet's owner is known to its operator, a foreign account's to the operator that declared the leg."""
    knows = {leg.payer: leg.operator for leg in population.declared}
    knows |= {leg.payee: leg.operator for leg in population.declared}
    knows |= {wallet.id: wallet.operator for wallet in population.wallets}
    tables: defaultdict[str, dict[str, Customer]] = defaultdict(dict)
    for account, customer in population.customers.items():
        tables[knows.get(account, operators[0])][account] = customer
    for operator in operators:
        yield operator, declare_customers(desk.blobs.put(encode_customers(tables[operator])), len(tables[operator]))


def encode_customers(customers: Mapping[str, Customer]) -> bytes:
    """Give the document of who owns which account; it stays off the ledger."""
    return encode_json({name: [customer.owner, customer.holder] for name, customer in customers.items()})


def _in_rows(rows: Sequence[_T]) -> Iterator[Sequence[_T]]:
    return (rows[start : start + ROWS_MAX] for start in range(0, len(rows), ROWS_MAX))
