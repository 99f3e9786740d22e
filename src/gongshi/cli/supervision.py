"""`gongshi supervision`: mine the pilot's payments under regulation options, compare the options, look at alerts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gongshi.cli.context import Context
from gongshi.cli.errors import ProblemsError
from gongshi.cli.pilots import get_manifest_path
from gongshi.flows.checkpoints import cosigned
from gongshi.flows.pilots_to_supervision import compare as compare_flow
from gongshi.flows.pilots_to_supervision import mine, read_past
from gongshi.flows.supervision_alert import make_alert_dossier
from gongshi.supervision.records import OptionRun
from gongshi.supervision.scores import score_rows
from gongshi.supervision.store import get_alert, list_alerts, list_comparisons
from gongshi.terms.digest import digest_to_text
from gongshi.terms.evidence import evidence_id
from gongshi.terms.problem import Problem
from gongshi.wiring import get_tool, read_manifest, read_options

OPTIONS = "options"
PROBLEMS_SHOWN = 5
COLUMNS = ("option", "caught", "missed", "alerts", "false_alarms", "accounts_burdened")

app = typer.Typer(no_args_is_help=True, help="Mine payments under regulation options and compare the options.")
By = Annotated[str, typer.Option("--by", help="The mandate under which you act.")]


@app.command()
def compare(
    context: typer.Context,
    options: Annotated[
        Path | None, typer.Option(help="The folder of option files; the alliance's own by default.")
    ] = None,
    by: By = "",
) -> None:
    """Run every option on the same past, enter the alerts, then score them against what was planted."""
    here: Context = context.obj
    with here.open() as house:
        found, problems = read_options(options or Path(house.settings.alliance) / OPTIONS)
        if problems:
            raise ProblemsError(problems)
        if len(found) < 2:
            raise ProblemsError([Problem("cli.supervision.options", values={"found": len(found)})])
        supervisor = here.actor(house, "supervisor", given=by)
        past = read_past(house.desk)
        with here.progress("cli.supervision.mining", len(found)) as bar:

            def on_run(_: OptionRun) -> None:
                bar.advance(bar.task_ids[0])

            runs = mine(house.desk, supervisor, past, found, on_run)
        manifest = read_manifest(get_manifest_path(house))
        compared = compare_flow(house.desk, supervisor, past, runs, manifest, get_tool())
    rows = score_rows(compared.comparison)
    if here.as_json:
        told = [problem.as_json() for problem in past.problems]
        evidence = evidence_id(compared.evidence)
        here.give({"evidence": evidence, "payments": len(past.columns), "options": rows, "problems": told})
    else:
        here.tell("cli.supervision.mined", payments=f"{len(past.columns):,}", options=len(runs))
        here.give(rows, COLUMNS)
        here.tell("cli.supervision.compared", evidence=evidence_id(compared.evidence))
        for problem in past.problems[:PROBLEMS_SHOWN]:
            here.tell("cli.problem", text=here.catalogue.explain(problem))


@app.command()
def comparisons(context: typer.Context) -> None:
    """List the comparisons on the ledger."""
    here: Context = context.obj
    with here.open() as house, house.desk.read() as connection:
        rows = [
            {name: digest_to_text(value) if isinstance(value, bytes) else value for name, value in row.items()}
            for row in list_comparisons(connection)
        ]
    here.give([{k: v for k, v in row.items() if k != "evidence" or here.as_json} for row in rows])


@app.command()
def alerts(
    context: typer.Context,
    option: Annotated[str, typer.Option(help="Of one option.")] = "",
    most: Annotated[int, typer.Option(help="How many at most.")] = 30,
) -> None:
    """List alerts."""
    here: Context = context.obj
    with here.open() as house, house.desk.read() as connection:
        rows = list_alerts(connection, option or None)[:most]
    here.give([dict(row) for row in rows], ("id", "option", "typology", "rule", "rows"))


@app.command()
def alert(context: typer.Context, id_: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Show one alert: the rule, the rows, and the conditions that hold on them."""
    here: Context = context.obj
    with here.open() as house, house.desk.read() as connection:
        document = get_alert(connection, id_)
    if document is None:
        raise ProblemsError([Problem("supervision.alert.unknown", values={"alert": id_})])
    here.give(document)


@app.command()
def proof(
    context: typer.Context,
    id_: Annotated[str, typer.Argument(metavar="ID")],
    out: Annotated[Path, typer.Option("--out", help="The file to write.")],
) -> None:
    """Write an alert's dossier, which `gongshi verify` checks offline."""
    here: Context = context.obj
    with here.open() as house:
        data = make_alert_dossier(house.desk, id_, cosigned(house.desk))
    if isinstance(data, Problem):
        raise ProblemsError([data])
    out.write_bytes(data)
    here.tell("cli.written", path=out, size=f"{len(data):,}")
