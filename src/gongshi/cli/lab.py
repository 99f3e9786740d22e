"""`gongshi lab`: run the suite for a draft's clauses on a target, see it fail on the broken twins, measure."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from gongshi.cli.context import Context
from gongshi.cli.errors import ProblemsError
from gongshi.flows.alliance_to_ledger import get_parameters
from gongshi.flows.evidence import read_all
from gongshi.flows.group_to_lab import Tested, attach_measurement, attach_run, get_tested, run_clauses
from gongshi.flows.pilots_to_lab import get_currency
from gongshi.group.queries import get_attached
from gongshi.lab.measure import measure_throughput
from gongshi.lab.records import Run, Verdict
from gongshi.lab.rules import run_case
from gongshi.lab.suites import get_cases
from gongshi.lab.targets.embedded import EmbeddedTarget
from gongshi.lab.targets.evm import EvmTarget
from gongshi.lab.twins import get_twin, get_twins
from gongshi.terms.evidence import evidence_id
from gongshi.terms.problem import Problem
from gongshi.wiring import KINDS, NAMESPACES, EmbeddedBench, EvmProcess, House, get_machine, read_stopwatch_ns

EVM_VARIABLE = "GONGSHI_EVM_PYTHON"
EVM_DEFAULT = ".venv-evm/bin/python"
TWIN_SEED = 2016
PAYMENTS = {"embedded": 1_000, "evm": 100}

app = typer.Typer(no_args_is_help=True, help="Run the suite on ledgers, see it fail on broken twins, measure.")
DraftId = Annotated[str, typer.Option("--draft", help="The draft whose clauses are tested.")]
TargetId = Annotated[str, typer.Option("--target", help="embedded or evm.")]
By = Annotated[str, typer.Option("--by", help="The mandate under which you act.")]


@contextmanager
def open_target(name: str) -> Iterator[EmbeddedTarget | EvmTarget]:
    """Give a system under test; what it started ends with it."""
    if name == "embedded":
        yield EmbeddedTarget(EmbeddedBench(KINDS), get_currency(), get_parameters(KINDS, NAMESPACES))
    elif name == "evm":
        with EvmProcess(Path(os.environ.get(EVM_VARIABLE) or EVM_DEFAULT)) as process:
            yield EvmTarget(process)
    else:
        raise ProblemsError([Problem("cli.target.unknown", name, {"known": "embedded, evm"})])


@app.command()
def run(context: typer.Context, draft: DraftId, target: TargetId = "embedded", by: By = "") -> None:
    """Test every clause of the draft that stands on a target; the signed run is attached to the draft."""
    here: Context = context.obj
    with here.open() as house, open_target(target) as system:
        tested = get_tested_or_fail(house, draft)
        researcher = here.actor(house, "researcher", given=by)
        played, document, untested = run_clauses(tested, system, house.settings.seed)
        digest = attach_run(house.desk, researcher, tested, document)
    if here.as_json:
        here.give({"evidence": evidence_id(digest), "verdicts": [v.as_json() for v in played.verdicts]})
    _tell_run(here, played, tested, evidence_id(digest))
    for problem in untested:
        here.tell("cli.problem", text=here.catalogue.explain(problem))


def _tell_run(here: Context, played: Run, tested: Tested, evidence: str) -> None:
    outcomes = [verdict.outcome for verdict in played.verdicts]
    here.tell(
        "cli.lab.ran",
        target=played.about.name.in_(here.language),
        cases=len(outcomes),
        passed=outcomes.count("pass"),
        failed=outcomes.count("fail"),
        revision=tested.revision,
        evidence=evidence,
    )
    for verdict in played.verdicts:
        if verdict.seen is not None:
            here.tell("cli.lab.failed", **_failure(here, verdict))


def _failure(here: Context, verdict: Verdict) -> dict[str, object]:
    assert verdict.seen is not None
    return {
        "catalogue": verdict.catalogue,
        "case": verdict.case,
        "step": verdict.seen.where,
        "reason": here.say(verdict.seen.code, **verdict.seen.values),
    }


@app.command()
def measure(
    context: typer.Context,
    draft: DraftId,
    target: TargetId = "embedded",
    payments: Annotated[int, typer.Option(help="Payments a sample; the target's own number where none is given.")] = 0,
    again: Annotated[bool, typer.Option(help="Measure even when a figure of this target is attached already.")] = False,
    by: By = "",
) -> None:
    """Measure payments a second on a target; the figure is signed and attached to the draft."""
    here: Context = context.obj
    with here.open() as house:
        tested = get_tested_or_fail(house, draft)
        known = find_measurement(house, tested, target)
        if known and not again:
            here.tell("cli.lab.measured_before", target=target, evidence=known)
            return
        researcher = here.actor(house, "researcher", given=by)
        with open_target(target) as system:
            measured = measure_throughput(
                system,
                read_stopwatch_ns,
                payments or PAYMENTS[target],
                machine=get_machine(),
                taken=house.desk.now(),
                seed=house.settings.seed,
            )
        digest = attach_measurement(house.desk, researcher, tested, measured)
    rate = measured.rate_tenths
    row = {
        "target": target,
        "payments_per_second": f"{rate.median / 10:,.1f}",
        "spread": f"{rate.spread / 10:,.1f}",
        "samples": len(rate.samples),
        "evidence": evidence_id(digest),
    }
    if here.as_json:
        here.give(row)
    here.tell("cli.lab.measured", **row)


@app.command()
def twins(context: typer.Context, target: TargetId = "embedded") -> None:
    """Play every case on a target and on its broken twin: each must pass or be marked here, and fail there."""
    here: Context = context.obj
    cases = {case.catalogue: case for case in get_cases()}
    rows: list[dict[str, object]] = []
    with open_target(target) as system:
        for catalogue in get_twins():
            broken = run_case(get_twin(catalogue, system), cases[catalogue], TWIN_SEED)
            rows.append(
                {
                    "catalogue": catalogue,
                    "case": cases[catalogue].id,
                    "twin": broken.outcome,
                    "step": broken.seen.where if broken.seen else "",
                }
            )
    if here.as_json:
        here.give(rows)
    here.tell("cli.lab.twins", seen=sum(row["twin"] == "fail" for row in rows), cases=len(rows), target=target)
    if any(row["twin"] != "fail" for row in rows):
        here.give(rows, ("catalogue", "case", "twin", "step"))
        raise typer.Exit(1)


def get_tested_or_fail(house: House, draft: str) -> Tested:
    """Give the revision that stands, or fail with the problem."""
    tested = get_tested(house.desk, draft)
    if isinstance(tested, Problem):
        raise ProblemsError([tested])
    return tested


def find_measurement(house: House, tested: Tested, target: str) -> str:
    """Give the id of a figure of this target that is attached to the draft, or an empty text."""
    with house.desk.read() as connection:
        attached = get_attached(connection, tested.draft)
    for document in read_all(house.desk, attached):
        about = document.results.get("target")
        if document.kind == "lab.throughput" and isinstance(about, dict) and about["id"] == target:
            return document.id()
    return ""
