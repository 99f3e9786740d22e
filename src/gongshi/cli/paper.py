"""`gongshi paper`: set the white paper from evidence, publish it with its proof, and judge it by the rubric."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from gongshi.cli.alliance import get_alliance_folder
from gongshi.cli.context import Context
from gongshi.cli.errors import ProblemsError
from gongshi.flows.paper_to_ledger import build as build_edition
from gongshi.flows.paper_to_ledger import publish as publish_edition
from gongshi.flows.rooms_to_paper import collect_materials
from gongshi.paper.points import judge_edition
from gongshi.paper.records import Content, Edition
from gongshi.terms.text import LANGUAGES, Language
from gongshi.wiring import House, TypstSetter, get_catalogue, load_content

FOLDER = Path("paper") / "white-paper"

app = typer.Typer(no_args_is_help=True, help="Set the white paper from evidence, publish it, judge it by the rubric.")
ContentFolder = Annotated[
    Path | None, typer.Option("--content", help="The paper's folder; the alliance's own by default.")
]
By = Annotated[str, typer.Option("--by", help="The mandate under which you act.")]


@app.command()
def build(
    context: typer.Context,
    content: ContentFolder = None,
    out: Annotated[Path, typer.Option(help="The folder for the files.")] = Path("out"),
) -> None:
    """Set the paper in both languages without publishing it; a figure without evidence stops the build."""
    here: Context = context.obj
    with here.open() as house:
        edition = _build(here, house, content)
    out.mkdir(parents=True, exist_ok=True)
    for language, paper in edition.papers.items():
        path = out / f"{edition.content.id}-{language}.pdf"
        path.write_bytes(paper.pdf)
        here.tell("cli.paper.built", path=path, pages=paper.structure.pages, numbers=len(paper.structure.numbers))


@app.command()
def publish(context: typer.Context, content: ContentFolder = None, by: By = "") -> None:
    """Set the paper, enter it on the ledger, and lay files, proofs and policy out in the home's folder of publications."""
    here: Context = context.obj
    with here.open() as house:
        edition = _build(here, house, content)
        secretary = here.actor(house, "secretariat", given=by)
        paths = publish_edition(house.desk, secretary, edition, house.home.published_path)
    if here.as_json:
        here.give([str(path) for path in paths])
    for path, paper in zip(paths, edition.papers.values(), strict=True):
        here.tell(
            "cli.paper.published",
            path=path,
            pages=paper.structure.pages,
            numbers=len(paper.structure.numbers),
            evidence=len(edition.materials),
        )


@app.command()
def check(
    context: typer.Context,
    content: ContentFolder = None,
    least: Annotated[int, typer.Option(help="How many points have to hold.")] = 0,
) -> None:
    """Print which of the 63 points of the rubric hold, with their pages, and what the others lack."""
    here: Context = context.obj
    with here.open() as house:
        edition = _build(here, house, content)
        again = _build(here, house, content)
    verdicts = judge_edition(edition, again)
    rows = [
        {
            "point": verdict.number,
            "name": verdict.name.as_json(),
            "holds": verdict.holds,
            "pages": list(verdict.pages),
            "missing": "" if verdict.holds else here.say(verdict.missing, **verdict.values),
        }
        for verdict in verdicts
    ]
    held = sum(verdict.holds for verdict in verdicts)
    if here.as_json:
        here.give({"holds": held, "of": len(verdicts), "points": rows})
    else:
        here.give(rows, ("point", "name", "holds", "pages", "missing"))
        here.tell("cli.paper.checked", held=held, of=len(verdicts))
    if held < least:
        raise typer.Exit(1)


@app.command()
def figures(context: typer.Context) -> None:
    """List every figure that a chapter may print: role, name, value, unit, evidence."""
    here: Context = context.obj
    with here.open() as house:
        materials = collect_materials(house.desk)
    rows = [
        {"role": role, "figure": name, "value": figure.printed(), "unit": figure.unit, "evidence": m.evidence.id()}
        for role, m in materials.items()
        for name, figure in m.evidence.figures.items()
    ]
    here.give(rows, ("role", "figure", "value", "unit", "evidence"))


def _build(here: Context, house: House, given: Path | None) -> Edition:
    content = load_content(given or get_alliance_folder(house) / FOLDER)
    if not isinstance(content, Content):
        raise ProblemsError(content)
    with here.progress("cli.paper.setting", len(LANGUAGES)) as bar:

        def says(language: Language) -> Callable[[str], str]:
            bar.advance(bar.task_ids[0])
            return get_catalogue(language).say

        edition = build_edition(house.desk, content, TypstSetter(), says)
    if not isinstance(edition, Edition):
        raise ProblemsError(edition, 1)
    return edition
