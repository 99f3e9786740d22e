"""From the pilot to supervision: the ledger's transfers are mined under each regulation option, and the options compared.

1. transfers, owners and rates become columns;  2. each option runs on the same past, its alerts are entered;
3. only then the scorer opens the manifest, and the comparison is signed as evidence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from gongshi.flows import evidence
from gongshi.flows.desk import Desk
from gongshi.pilots.store import get_tables, get_transfers, get_wallet_operators
from gongshi.supervision.columns import Columns, Rates, gather_columns
from gongshi.supervision.entries import (
    SUPERVISION,
    get_alerts_place,
    get_comparison_place,
    record_alerts,
    record_comparison,
)
from gongshi.supervision.evidence import build_comparison_evidence
from gongshi.supervision.proofs import encode_batch
from gongshi.supervision.records import Comparison, Customer, Manifest, Option, OptionRun
from gongshi.supervision.rules import compare_options, run_option
from gongshi.supervision.tables import join_customers, read_customers, read_rates
from gongshi.terms.digest import Digest
from gongshi.terms.problem import Problem
from gongshi.terms.transfer import Transfer


@dataclass(frozen=True)
class Past:
    """The ledger's past as supervision sees it, with the rows and the tables that could not be used."""

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
        operators_of = _operators_of(get_wallet_operators(connection), transfers)
        customers, no_customers = _read_customers(desk, get_tables(connection, "customers"), operators_of)
        rates, no_rates = _read_rates(desk, get_tables(connection, "rates"))
    columns, no_rows = gather_columns(transfers, customers, rates)
    height = max((transfer.height for transfer in transfers), default=0)
    return Past(columns, (*no_customers, *no_rates, *no_rows), height)


def mine(
    desk: Desk, supervisor: tuple[str, str], past: Past, options: Sequence[Option], on_run: Callable[[OptionRun], None]
) -> list[OptionRun]:
    """Run each option on the past and enter its alerts, once; EntryRefusedError when others stand in their place."""
    organisation, mandate = supervisor
    runs = []
    for option in options:
        run = run_option(past.columns, option)
        batch = desk.blobs.put(encode_batch(past.columns, run))
        known = desk.engine.get(SUPERVISION, get_alerts_place(organisation, past.columns.digest, option.digest()))
        if known is None or known["batch"] != batch:
            op = record_alerts(option.id, option.digest(), past.columns.digest, past.height, len(run.alerts), batch)
            desk.act(organisation, op, mandate=mandate)
        runs.append(run)
        on_run(run)
    return runs


def compare(
    desk: Desk, supervisor: tuple[str, str], past: Past, runs: Sequence[OptionRun], manifest: Manifest, tool: str
) -> Compared:
    """Score the runs against the manifest, sign the comparison as evidence, and enter it, once."""
    comparison = compare_options(past.columns, runs, manifest)
    document = build_comparison_evidence(past.columns, runs, manifest, comparison, tool=tool, environment={}, times={})
    organisation, mandate = supervisor
    digest = evidence.sign(desk, organisation, document, mandate)
    if desk.engine.get(SUPERVISION, get_comparison_place(digest)) is None:
        options = [run.option.digest() for run in runs]
        op = record_comparison(past.columns.digest, manifest.digest(), options, digest)
        desk.act(organisation, op, mandate=mandate)
    return Compared(comparison, digest)


def _operators_of(wallets: Mapping[str, str], transfers: Sequence[Transfer]) -> dict[str, frozenset[str]]:
    """Give who may say whose an account is: a wallet's operator, and for an account abroad whoever declared a leg of it."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for transfer in transfers:
        for account in (transfer.payer, transfer.payee):
            if account not in wallets:
                found[account].add(transfer.operator)
    abroad = {account: frozenset(operators) for account, operators in found.items()}
    return abroad | {wallet: frozenset({operator}) for wallet, operator in wallets.items()}


def _read_customers(
    desk: Desk, tables: Mapping[str, bytes], operators_of: Mapping[str, frozenset[str]]
) -> tuple[dict[str, Customer], list[Problem]]:
    claims: dict[str, dict[str, Customer]] = {}
    problems: list[Problem] = []
    for operator, digest in tables.items():
        claims[operator], wrong = read_customers(desk.blobs.get(digest), operator)
        problems.extend(wrong)
    customers, disputed = join_customers(claims, operators_of)
    return customers, [*problems, *disputed]


def _read_rates(desk: Desk, tables: Mapping[str, bytes]) -> tuple[Rates, list[Problem]]:
    rates: dict[tuple[str, int], tuple[int, int]] = {}
    problems: list[Problem] = []
    for currency, digest in tables.items():
        found, wrong = read_rates(desk.blobs.get(digest), currency)
        rates |= found
        problems.extend(wrong)
    return rates, problems
