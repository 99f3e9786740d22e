"""`gongshi verify`: check a published file, a ballot bundle, an alert or a receipt, offline; needs no home folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from gongshi.cli.context import Context
from gongshi_verifier.__main__ import describe
from gongshi_verifier.verify import read_bounded, verify_file


def register(app: typer.Typer) -> None:
    """Add the command to the tool."""
    app.command()(verify)


def verify(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A publication, ballot bundle, alert or receipt.")],
    policy: Annotated[Path | None, typer.Option(help="Whom you trust (C2SP tlog-policy).")] = None,
    proof: Annotated[Path | None, typer.Option(help="FILE.tlog-proof where that lies beside it.")] = None,
) -> None:
    """Check a file offline. Exit codes: 0 verified, 1 refused, 2 unreadable, 3 consistent in itself, signers not pinned."""
    here: Context = context.obj
    report = verify_file(
        file,
        read_bounded(proof) if proof else None,
        read_bounded(policy) if policy else None,
    )
    if here.as_json:
        print(json.dumps(report.as_json(), ensure_ascii=False, indent=2))  # noqa: T201 - the result itself
    else:
        print(describe(report))  # noqa: T201 - the verifier words its own answer, in both languages
    raise typer.Exit(report.exit_code)
