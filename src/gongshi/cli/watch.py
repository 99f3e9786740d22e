"""`gongshi watch`: look at the sources, assess, match advisories to inventories."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from gongshi.cli.context import Context
from gongshi.cli.errors import ProblemsError
from gongshi.flows.inventories_to_watch import Matched, match_inventories
from gongshi.flows.sources_to_watch import Look, count_new, look_at_sources
from gongshi.flows.watch_to_group import Assessed
from gongshi.flows.watch_to_group import assess as assess_flow
from gongshi.flows.watch_to_paper import sign_coverage
from gongshi.terms.evidence import evidence_id
from gongshi.watch.classify import get_classifier
from gongshi.watch.declare import read_assessments, read_inventories, read_sources, read_taxonomy
from gongshi.watch.store import list_assessments, list_exposures, list_signals
from gongshi.wiring import FolderLibrary, House, get_tool

DATA_VARIABLE = "DATA"
SOURCES, SOURCES_DATA, TAXONOMY = "sources.toml", "sources-data.toml", "taxonomy.toml"

app = typer.Typer(no_args_is_help=True, help="Look at the sources, assess, match advisories to inventories.")
By = Annotated[str, typer.Option("--by", help="The mandate under which you act.")]
SourcesFile = Annotated[Path | None, typer.Option("--sources", help="The file that declares the sources.")]


@app.command()
def run(context: typer.Context, sources: SourcesFile = None, by: By = "") -> None:
    """Look once at every declared source and enter what is new."""
    here: Context = context.obj
    with here.open() as house:
        path, library = get_declarations(house, sources)
        declared, problems = read_sources(path.read_bytes(), path.name)
        technologies, wrong = read_taxonomy(_in_alliance(house, TAXONOMY).read_bytes(), TAXONOMY)
        if problems or wrong:
            raise ProblemsError([*problems, *wrong])
        analyst = here.actor(house, "analyst", given=by)
        with here.progress("cli.watch.looking", len(declared)) as bar:

            def on_look(_: Look) -> None:
                bar.advance(bar.task_ids[0])

            looks = look_at_sources(house.desk, *analyst, declared, library, get_classifier(technologies), on_look)
        _tell_looks(here, house, looks, path)


def _tell_looks(here: Context, house: House, looks: list[Look], path: Path) -> None:
    with house.desk.read() as connection:
        signals = list_signals(connection)
    if here.as_json:
        here.give(
            {
                "sources": len(looks),
                "new": count_new(looks),
                "signals": len(signals),
                "problems": [problem.as_json() for look in looks for problem in look.problems],
            }
        )
    regions = {region: sum(signal.region == region for signal in signals) for region in ("home", "overseas")}
    here.tell(
        "cli.watch.looked",
        sources=len(looks),
        megabytes=f"{sum(look.bytes for look in looks) / 1e6:.1f}",
        new=f"{count_new(looks):,}",
        signals=f"{len(signals):,}",
        stories=f"{len({signal.cluster or signal.id for signal in signals}):,}",
        problems=sum(len(look.problems) for look in looks),
        kind=here.say("cli.watch.kind.data" if path.name == SOURCES_DATA else "cli.watch.kind.own"),
        **{name: f"{number:,}" for name, number in regions.items()},
    )


@app.command()
def cover(context: typer.Context, sources: SourcesFile = None, by: By = "") -> None:
    """Sign what has been seen up to now, as evidence; its day is the cut-off day of a paper that prints it."""
    here: Context = context.obj
    with here.open() as house:
        path, _ = get_declarations(house, sources)
        analyst = here.actor(house, "analyst", given=by)
        digest = sign_coverage(house.desk, analyst, get_tool(), {"sources": path.name})
    if here.as_json:
        here.give({"evidence": evidence_id(digest)})
    here.tell("cli.watch.covered", evidence=evidence_id(digest))


@app.command()
def signals(
    context: typer.Context,
    region: Annotated[str, typer.Option(help="home or overseas.")] = "",
    technology: Annotated[str, typer.Option(help="A technology of the taxonomy.")] = "",
    most: Annotated[int, typer.Option(help="How many at most.")] = 30,
) -> None:
    """List the newest signals."""
    here: Context = context.obj
    with here.open() as house, house.desk.read() as connection:
        found = list_signals(connection, region=region, technology=technology, most=most)
    rows = [{"id": s.id, "source": s.source, "region": s.region, "title": s.title} for s in found]
    here.give(rows, ("id", "source", "region", "title"))


@app.command()
def assess(context: typer.Context, file: Path, by: By = "") -> None:
    """Enter the assessments of a file; their citations are looked up among the signals."""
    here: Context = context.obj
    with here.open() as house:
        declared, problems = read_assessments(file.read_bytes(), file.name)
        technologies, wrong = read_taxonomy(_in_alliance(house, TAXONOMY).read_bytes(), TAXONOMY)
        if problems or wrong:
            raise ProblemsError([*problems, *wrong])
        analyst = here.actor(house, "analyst", given=by)
        rows = []
        for one in declared:
            assessed = assess_flow(
                house.desk, *analyst, one, [technology.id for technology in technologies], get_tool()
            )
            if not isinstance(assessed, Assessed):
                raise ProblemsError(assessed)
            found = assessed.assessment
            rows.append({"id": found.id, "technology": found.technology, "ring": found.ring})
            here.tell(
                "cli.watch.assessed",
                id=found.id,
                technology=found.technology,
                ring=here.say(f"watch.ring.{found.ring}"),
                confidence=here.say(f"watch.confidence.{found.confidence}"),
                cited=len(found.cited),
                item=found.work_item.in_(here.language),
            )
    if here.as_json:
        here.give(rows)


@app.command()
def assessments(context: typer.Context) -> None:
    """List the assessments on the ledger."""
    here: Context = context.obj
    with here.open() as house, house.desk.read() as connection:
        rows = [
            {"id": id_, "organisation": name, "technology": one.technology, "ring": one.ring, "cited": len(one.cited)}
            for id_, name, one in list_assessments(connection)
        ]
    here.give(rows, ("id", "organisation", "technology", "ring", "cited"))


@app.command()
def match(context: typer.Context, sources: SourcesFile = None, by: By = "") -> None:
    """Match every declared inventory with every advisory source; each member signs his own findings."""
    here: Context = context.obj
    with here.open() as house:
        path, library = get_declarations(house, sources)
        declared, problems = read_sources(path.read_bytes(), path.name)
        inventories, wrong = read_inventories(path.read_bytes(), path.name)
        if problems or wrong:
            raise ProblemsError([*problems, *wrong])
        analyst = here.actor(house, "analyst", given=by)
        matching = match_inventories(house.desk, analyst, declared, inventories, library, get_tool())
    if here.as_json:
        here.give([_matched_row(one) for one in matching.matched])
    for one in matching.matched:
        here.tell("cli.watch.matched", **_matched_row(one))


def _matched_row(one: Matched) -> dict[str, object]:
    return {
        "organisation": one.inventory.organisation,
        "ledger": one.inventory.ledger,
        "components": len(one.inventory.components),
        "exposures": len(one.exposures),
        "advisories": len({exposure.advisory for exposure in one.exposures}),
        "modules": len({exposure.module for exposure in one.exposures}),
    }


@app.command()
def exposures(context: typer.Context, organisation: Annotated[str, typer.Option(help="Whose ledgers.")] = "") -> None:
    """List the open exposures."""
    here: Context = context.obj
    with here.open() as house, house.desk.read() as connection:
        found = list_exposures(connection, organisation)
    names = ("organisation", "ledger", "module", "version", "advisory", "fixed_in", "certainty")
    here.give([{name: getattr(one, name) for name in names} for one in found], names)


def get_declarations(house: House, given: Path | None) -> tuple[Path, FolderLibrary]:
    """Give the file of declared sources and where its locations lie: the shared records where DATA names them."""
    data = os.environ.get(DATA_VARIABLE, "")
    path = given or _in_alliance(house, SOURCES_DATA if data else SOURCES)
    return path, FolderLibrary(Path(data) if data and path.name == SOURCES_DATA else path.parent)


def _in_alliance(house: House, name: str) -> Path:
    return Path(house.settings.alliance) / name
