"""`gongshi group`: work items, drafts and comments (`work`), ballots (`ballots`), the confidential exchange (`exchange`)."""

from __future__ import annotations

import typer

from gongshi.cli.group import ballots, comments, exchange, work

app = typer.Typer(no_args_is_help=True, help="Work items, drafts, comments, ballots, confidential exchange.")
for _part in (work, comments, ballots, exchange):
    _part.register(app)
