"""Reads the tables that stay off the ledger: who owns which account, and the days' rates. Another house wrote them.

The ledger vouches for a table's digest, not for its content: what is wrong in it is named, and the rest is used.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from gongshi.supervision.columns import Rates
from gongshi.supervision.records import HOLDERS, Customer
from gongshi.terms.problem import Problem

_T = TypeVar("_T")
# A rate beyond this moves a payment's worth out of every range that money has.
RATE_PART_MAX = 10**12

Claims = Mapping[str, Mapping[str, Customer]]
"""Operator → account → who stands behind it, as that operator declares."""


def read_customers(data: bytes | None, where: str) -> tuple[dict[str, Customer], tuple[Problem, ...]]:
    """Read an operator's table {account: [owner, holder]}; None is a table that is not held here."""
    return _read_rows(data, where, lambda account, row: (account, _customer_from(row)))


def read_rates(data: bytes | None, currency: str) -> tuple[Rates, tuple[Problem, ...]]:
    """Read a currency's table {home day: [numerator, denominator]}."""
    return _read_rows(data, currency, lambda day, row: ((currency, int(day)), _rate_from(row)))


def join_customers(
    claims: Claims, operators_of: Mapping[str, frozenset[str]]
) -> tuple[dict[str, Customer], tuple[Problem, ...]]:
    """Join the operators' tables: each speaks only of accounts it operates or declared; of two claims the first one stands.

    Otherwise any operator could part another's customer from his accounts, and hide a ring.
    """
    customers: dict[str, Customer] = {}
    problems: list[Problem] = []
    for operator, account, customer in _each(claims):
        if operator not in operators_of.get(account, frozenset()):
            problems.append(Problem("supervision.customer.foreign", account, {"operator": operator}))
        elif customers.setdefault(account, customer) != customer:
            problems.append(Problem("supervision.customer.disputed", account, {"operator": operator}))
    return customers, tuple(problems)


def _each(claims: Claims) -> Iterator[tuple[str, str, Customer]]:
    for operator in sorted(claims):
        for account in sorted(claims[operator]):
            yield operator, account, claims[operator][account]


def _read_rows(
    data: bytes | None, where: str, read: Callable[[str, Any], tuple[Any, _T]]
) -> tuple[dict[Any, _T], tuple[Problem, ...]]:
    if data is None:
        return {}, (Problem("supervision.table.missing", where),)
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        return {}, (Problem("supervision.table.unreadable", where),)
    found: dict[Any, _T] = {}
    problems = []
    for name, row in document.items():
        try:
            key, value = read(name, row)
        except ValueError:
            problems.append(Problem("supervision.table.row", where, {"row": name}))
        else:
            found[key] = value
    return found, tuple(problems)


def _customer_from(row: object) -> Customer:
    if not isinstance(row, list) or len(row) != 2 or not isinstance(row[0], str) or row[1] not in HOLDERS:
        raise ValueError(row)
    return Customer(row[0], row[1])


def _rate_from(row: object) -> tuple[int, int]:
    if not isinstance(row, list) or len(row) != 2:
        raise ValueError(row)
    if not all(type(part) is int and 0 < part <= RATE_PART_MAX for part in row):
        raise ValueError(row)
    return row[0], row[1]
