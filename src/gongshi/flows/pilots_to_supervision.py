"""From the pilot to supervision: the ledger's transfers are mined under each regulation option, and the options compared.

1. transfers, owners and rates become columns;  2. each option runs on the same past, its alerts are entered;
3. only then the scorer opens the manifest, and the comparison is signed as evidence.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from gongshi.flows import evidence
from gongshi.flows.desk import Desk, EntryRefusedError
from gongshi.ledger.records import Op
from gongshi.pilots.store import get_tables, get_transfers
from gongshi.supervision.columns import Columns, Rates, gather_columns
from gongshi.supervision.entries import record_alerts, record_comparison
from gongshi.supervision.evidence import build_comparison_evidence
from gongshi.supervision.proofs import encode_batch
from gongshi.supervision.records import Comparison, Customer, Manifest, Option, OptionRun
from gongshi.supervision.rules import compare_options, run_option
from gongshi.terms.digest import Digest
from gongshi.terms.problem import Problem


@dataclass(frozen=True)
class Past:
    """The ledger's past as supervision sees it, with the rows that could not be judged."""

    columns: Columns
    problems: tuple[Problem, ...]
    height: int


@dataclass(frozen=True)
class Compared:
    """The comparison and the digest of its signed evidence."""

    comparison: Comparison
    evidence: Digest


def read_past(desk: Desk) -> Past:
    """Read every transfer, who owns which account, and the rates."""
    with desk.read() as connection:
        transfers = get_transfers(connection)
        customers = _read_customers(desk, get_tables(connection, "customers"))
        rates = _read_rates(desk, get_tables(connection, "rates"))
    columns, problems = gather_columns(transfers, customers, rates)
    return Past(columns, problems, max((transfer.height for transfer in transfers), default=0))


def mine(
    desk: Desk, supervisor: tuple[str, str], past: Past, options: Sequence[Option], on_run: Callable[[OptionRun], None]
) -> list[OptionRun]:
    """Run each option on the past and enter its alerts."""
    runs = []
    for option in options:
        run = run_option(past.columns, option)
        batch = desk.blobs.put(encode_batch(past.columns, run))
        op = record_alerts(option.id, option.digest(), past.columns.digest, past.height, len(run.alerts), batch)
        _enter(desk, supervisor, op)
        runs.append(run)
        on_run(run)
    return runs


def compare(
    desk: Desk, supervisor: tuple[str, str], past: Past, runs: Sequence[OptionRun], manifest: Manifest, tool: str
) -> Compared:
    """Score the runs against the manifest, sign the comparison as evidence, and enter it."""
    comparison = compare_options(past.columns, runs, manifest)
    document = build_comparison_evidence(past.columns, runs, manifest, comparison, tool=tool, environment={}, times={})
    organisation, mandate = supervisor
    digest = evidence.sign(desk, organisation, document, mandate)
    options = [run.option.digest() for run in runs]
    _enter(desk, supervisor, record_comparison(past.columns.digest, manifest.digest(), options, digest))
    return Compared(comparison, digest)


def _enter(desk: Desk, supervisor: tuple[str, str], op: Op) -> None:
    """Enter what was found; what the ledger holds already is no news."""
    organisation, mandate = supervisor
    try:
        desk.act(organisation, op, mandate=mandate)
    except EntryRefusedError as error:
        if not error.problem.code.endswith(".known"):
            raise


def _read_customers(desk: Desk, tables: dict[str, bytes]) -> dict[str, Customer]:
    customers: dict[str, Customer] = {}
    for digest in tables.values():
        found = _read(desk, digest)
        customers |= {name: Customer(owner, holder) for name, (owner, holder) in found.items()}
    return customers


def _read_rates(desk: Desk, tables: dict[str, bytes]) -> Rates:
    return {
        (currency, int(day)): (top, bottom)
        for currency, digest in tables.items()
        for day, (top, bottom) in _read(desk, digest).items()
    }


def _read(desk: Desk, digest: bytes) -> dict[str, Any]:
    """Read a declared table; one that is not on this desk gives nothing, and its rows are named as unknown."""
    data = desk.blobs.get(digest)
    return {} if data is None else dict(json.loads(data))
