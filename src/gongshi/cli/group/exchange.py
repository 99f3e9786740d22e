"""The confidential exchange: a note sealed to named members; each opens it with his own key and confirms that he holds it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gongshi.cli.context import Context
from gongshi.cli.errors import ProblemsError
from gongshi.flows.group_exchange import Note, receive_note, send_note
from gongshi.group.queries import get_exchanges
from gongshi.group.records import Exchange
from gongshi.terms.instant import MS_PER_DAY, Instant, day_of, end_of_day, instant_to_iso
from gongshi.terms.problem import Problem
from gongshi.terms.text import Text
from gongshi.wiring import House, new_secrets

By = Annotated[str, typer.Option("--by", help="The mandate under which you act.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the family."""
    app.command()(send)
    app.command()(receive)
    app.command()(exchanges)


def send(
    context: typer.Context,
    file: Path,
    to: Annotated[list[str], typer.Option("--to", help="A member who may open it; once for each.")],
    purpose_zh: Annotated[str, typer.Option(help="What it is for, in Chinese.")],
    purpose_en: Annotated[str, typer.Option(help="What it is for, in English.")],
    marking: Annotated[str, typer.Option(help="TLP:RED … TLP:CLEAR.")] = "TLP:AMBER",
    keep_days: Annotated[int, typer.Option(help="How many days the recipients are to keep it.")] = 180,
    sender: Annotated[str, typer.Option("--from", help="The member who sends; this desk's own by default.")] = "",
) -> None:
    """Seal a note to members; its digest and a salted commitment go on the ledger."""
    here: Context = context.obj
    body = file.read_bytes()
    with here.open() as house:
        author = sender or house.organisation
        retain = end_of_day(day_of(house.desk.now() + keep_days * MS_PER_DAY))
        known = [
            one for one in get_sent(house, author) if (list(one.recipients), one.purpose.en) == (sorted(to), purpose_en)
        ]
        if known:
            here.tell("cli.group.sent_before", envelope=known[0].envelope.hex()[:16])
            return
        note = Note(body, to, Text(purpose_zh, purpose_en), marking, Instant(retain))
        sent = send_note(house.desk, author, note, new_secrets())
    if isinstance(sent, Problem):
        raise ProblemsError([sent])
    if here.as_json:
        here.give({"envelope": sent.envelope.hex()})
    here.tell("cli.group.sent", envelope=sent.envelope.hex()[:16], to=", ".join(to), marking=marking, size=len(body))


def receive(
    context: typer.Context,
    organisation: Annotated[str, typer.Option("--for", help="The member who opens; this desk's own by default.")] = "",
    envelope: Annotated[
        str, typer.Option(help="Hex digits an envelope's digest begins with; the newest by default.")
    ] = "",
    out: Annotated[Path | None, typer.Option(help="Write the note to this file.")] = None,
) -> None:
    """Open an envelope with a member's key and enter the receipt."""
    here: Context = context.obj
    with here.open() as house:
        name = organisation or house.organisation
        with house.desk.read() as connection:
            found = [one for one in get_exchanges(connection) if one.envelope.hex().startswith(envelope)]
        if not found:
            raise ProblemsError(
                [Problem("group.exchange.unknown", envelope, {"envelope": envelope, "organisation": name})]
            )
        received = receive_note(house.desk, name, found[-1].envelope)
    if isinstance(received, Problem):
        raise ProblemsError([received], 1)
    if out is not None:
        out.write_bytes(received.note)
    here.tell("cli.group.received", organisation=name, size=len(received.note))


def exchanges(context: typer.Context) -> None:
    """List what was exchanged: to whom, under which marking, who holds it."""
    here: Context = context.obj
    with here.open() as house:
        found = get_sent(house, None)
    rows = [
        {
            "envelope": one.envelope.hex()[:16],
            "sender": one.sender,
            "recipients": list(one.recipients),
            "purpose": one.purpose.as_json(),
            "marking": one.marking,
            "held": [name for name, _ in one.held],
            "until": instant_to_iso(one.retain_until)[:10],
        }
        for one in found
    ]
    here.give(rows, ("envelope", "sender", "recipients", "purpose", "marking", "held"))


def get_sent(house: House, sender: str | None) -> list[Exchange]:
    """Give the exchanges of a sender, or all."""
    with house.desk.read() as connection:
        return [one for one in get_exchanges(connection) if sender in (None, one.sender)]
