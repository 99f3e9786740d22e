"""`gongshi ledger`: read it, prove from it, carry entries into it, copy it, judge all of it again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gongshi.cli.context import Context
from gongshi.cli.errors import ProblemsError
from gongshi.flows.checkpoints import cosigned, make_policy
from gongshi.flows.receipts import find_entry, make_receipt
from gongshi.ledger.audit import audit as audit_store
from gongshi.terms.instant import instant_to_iso
from gongshi.terms.problem import Problem
from gongshi.wiring import CHECKS, KINDS, Home, SqliteStore

app = typer.Typer(no_args_is_help=True, help="Read the ledger, prove from it, copy it, audit it.")
Out = Annotated[Path, typer.Option("--out", help="The file to write.")]


@app.command()
def blocks(
    context: typer.Context,
    from_height: Annotated[int, typer.Option("--from", help="The first height.")] = 1,
    most: Annotated[int, typer.Option(help="How many at most.")] = 20,
) -> None:
    """List blocks with their entries' kinds."""
    here: Context = context.obj
    rows: list[dict[str, object]] = []
    with here.open() as house:
        for block in house.desk.engine.blocks(max(1, from_height)):
            if len(rows) == most:
                break
            kinds = sorted({op.kind for logged in block.entries for op in logged.entry.ops})
            rows.append(
                {
                    "height": block.height,
                    "time": instant_to_iso(block.time),
                    "entries": len(block.entries),
                    "kinds": kinds,
                    "root": block.app_hash.hex()[:16],
                }
            )
    here.give(rows, ("height", "time", "entries", "kinds", "root"))


@app.command()
def entry(context: typer.Context, digest: str) -> None:
    """Show an accepted entry: who signed it, under which mandate, and what it says."""
    here: Context = context.obj
    with here.open() as house:
        found = find_entry(house.desk, digest)
    if isinstance(found, Problem):
        raise ProblemsError([found])
    here.give(
        {
            "digest": found.entry.digest.hex(),
            "height": found.height,
            "leaf": found.leaf,
            "time": instant_to_iso(found.time),
            "organisation": found.organisation,
            "mandate": found.entry.mandate,
            "operations": [[op.kind, op.version, _plain(op.body)] for op in found.entry.ops],
        }
    )


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value


@app.command()
def proof(context: typer.Context, digest: str, out: Out) -> None:
    """Write an entry's receipt, which `gongshi verify` checks offline."""
    here: Context = context.obj
    with here.open() as house:
        data = make_receipt(house.desk, digest, cosigned(house.desk))
    if isinstance(data, Problem):
        raise ProblemsError([data])
    out.write_bytes(data)
    here.tell("cli.written", path=out, size=f"{len(data):,}")


@app.command()
def policy(context: typer.Context, out: Out) -> None:
    """Write whom a reader has to trust: the log's key, the members' roots, the quorum."""
    here: Context = context.obj
    with here.open() as house:
        text = make_policy(house.desk)
    out.write_text(text, encoding="utf-8")
    here.tell("cli.written", path=out, size=f"{len(text):,}")


@app.command()
def submit(context: typer.Context, file: Path) -> None:
    """Submit an entry that was signed elsewhere; an entry that is on the ledger already stays there once."""
    here: Context = context.obj
    data = file.read_bytes()
    with here.open() as house:
        (receipt,) = house.desk.settle(house.desk.engine.submit(data))
    if here.as_json:
        here.give({"entry": receipt.digest.hex(), "height": receipt.height, "leaf": receipt.leaf})
    here.tell("cli.entered", entry=receipt.digest.hex()[:16], height=receipt.height, leaf=receipt.leaf)


@app.command()
def export(context: typer.Context, out: Out) -> None:
    """Write a copy of the ledger, from which another home follows and an auditor judges."""
    here: Context = context.obj
    with here.open() as house:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.unlink(missing_ok=True)
        house.store.export(out)
        height = house.desk.engine.height
    here.tell("cli.ledger.exported", path=out, height=height, size=f"{out.stat().st_size:,}")


@app.command()
def audit(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="An exported ledger; this home's own by default.")] = None,
) -> None:
    """Judge every entry again from genesis and hold the result against what is stored."""
    here: Context = context.obj
    path = file or Home(here.home).ledger_path
    if file is None:
        Home(here.home).settings()
    store = SqliteStore(path)
    try:
        total = sum(len(stored.entries) for stored in store.read_blocks(1))
        with here.progress("cli.ledger.auditing", total) as bar:

            def on_block(entries: int) -> None:
                bar.advance(bar.task_ids[0], entries)

            audited = audit_store(store, KINDS, CHECKS, on_block)
    finally:
        store.close()
    row = {"height": audited.height, "entries": audited.entries, "app_hash": audited.app_hash.hex()}
    if here.as_json:
        here.give(row)
    here.tell("cli.ledger.audited", **{**row, "entries": f"{audited.entries:,}"})
