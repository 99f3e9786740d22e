"""`gongshi pilots`: the digital currency: act as issuer or operator, run the seeded population, show the supply."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from gongshi.cli.context import Context
from gongshi.cli.errors import ProblemsError
from gongshi.flows.desk import Actor
from gongshi.flows.pilots_evidence import prove_supply, sign_supply
from gongshi.flows.supervision_to_pilots import execute_population
from gongshi.ledger.records import Op
from gongshi.pilots.entries import CURRENCY, PILOT, fund_wallets, issue, open_wallets, pay
from gongshi.pilots.records import Payment
from gongshi.supervision.population import Population, Size, Tier, draw_population
from gongshi.terms.evidence import Evidence, evidence_id
from gongshi.terms.instant import Instant, day_of, start_of_day
from gongshi.terms.transfer import transfer_id
from gongshi.wiring import House, get_tool, write_manifest

MANIFEST = "manifest.json"

app = typer.Typer(no_args_is_help=True, help="The digital-currency pilot: issue, open, fund, pay, show the supply.")
By = Annotated[str, typer.Option("--by", help="The mandate under which you act.")]


@app.command()
def populate(
    context: typer.Context,
    payments: Annotated[int, typer.Option(help="How many payments at home.")] = 120_000,
    wallets: Annotated[int, typer.Option(help="How many wallets.")] = 10_000,
) -> None:
    """Run a seeded, synthetic population through the pilot: issue, open, fund, pay, declare; what was done before stays."""
    here: Context = context.obj
    with here.open() as house:
        _populate(here, house, Size(wallets=wallets, payments=payments))
        digest = sign_supply(house.desk, here.actor(house, "issuer"), get_tool())
        _tell_supply(here, prove_supply(house.desk, get_tool()), evidence_id(digest))


def _populate(here: Context, house: House, size: Size) -> None:
    population = _draw(house, size)
    write_manifest(house.home.path / MANIFEST, population.manifest)
    parameters = house.desk.engine.genesis.params["pilot"]
    with here.progress("cli.pilots.populating", size.payments) as bar:

        def on_batch(rows: int) -> None:
            bar.advance(bar.task_ids[0], rows)

        execute_population(house.desk, population, parameters["issuer"], parameters["operators"], on_batch)


def _draw(house: House, size: Size) -> Population:
    """The population's days lie before the day on which it is run, because the ledger takes no payment of tomorrow."""
    parameters = house.desk.engine.genesis.params["pilot"]
    tiers = {name: Tier(*limits) for name, limits in sorted(parameters["tiers"].items(), reverse=True)}
    today = start_of_day(day_of(house.desk.now()))
    start = Instant(today - size.days * 86_400_000)
    population, problems = draw_population(house.settings.seed, start, parameters["operators"], tiers, size)
    if problems:
        raise ProblemsError(problems)
    return population


@app.command()
def supply(context: typer.Context) -> None:
    """Show what was issued, what is held, and that both are one under the state root."""
    here: Context = context.obj
    with here.open() as house:
        _tell_supply(here, prove_supply(house.desk, get_tool()), "")


def _tell_supply(here: Context, evidence: Evidence, signed: str) -> None:
    figures = evidence.figures
    if here.as_json:
        row = {name: figure.as_json() for name, figure in figures.items()}
        here.give({"figures": row, "results": dict(evidence.results), "evidence": signed})
    here.tell(
        "cli.pilots.supply",
        **{
            name: figures[name].printed() for name in ("issued", "held", "operators", "wallets", "payments", "declared")
        },
        root=str(evidence.results["root"])[7:23],
        height=evidence.results["height"],
        evidence=signed,
        currency=CURRENCY,
    )


@app.command("issue")
def issue_money(
    context: typer.Context, operator: str, amount: Annotated[int, typer.Argument(help="fen")], by: By = ""
) -> None:
    """Issue to an operator's reserve; the central bank's act."""
    _act(context, "issuer", by, [issue(operator, amount)])


@app.command("open")
def open_wallet(context: typer.Context, wallet: str, tier: str, by: By = "") -> None:
    """Open a wallet in a tier; an operator's act."""
    _act(context, "operator", by, [open_wallets([(wallet, tier)])])


@app.command()
def fund(context: typer.Context, wallet: str, amount: Annotated[int, typer.Argument(help="fen")], by: By = "") -> None:
    """Pay from the operator's reserve into a wallet."""
    here: Context = context.obj
    with here.open() as house:
        actor = here.actor(house, "operator", given=by)
        identity = _payment_id(house, actor, "fund")
        _submit(here, house, actor, [fund_wallets([(identity, wallet, amount)])])


@app.command("pay")
def pay_wallet(
    context: typer.Context, payer: str, payee: str, amount: Annotated[int, typer.Argument(help="fen")], by: By = ""
) -> None:
    """Pay from one wallet to another under the tier's limits; the payer's operator submits it."""
    here: Context = context.obj
    with here.open() as house:
        actor = here.actor(house, "operator", given=by)
        identity = _payment_id(house, actor, "pay")
        payment = Payment(identity, payer, payee, amount, "pay", house.desk.now())
        _submit(here, house, actor, [pay([payment])])


def _payment_id(house: House, actor: Actor, family: str) -> bytes:
    """Give the id that follows the operator's last one of the family on the ledger."""
    last = house.desk.engine.get(PILOT, f"last/{family}/{actor.organisation}") or b""
    return transfer_id(actor.organisation, family, int.from_bytes(last[:8], "big") + 1)


def _act(context: typer.Context, role: str, by: str, ops: Sequence[Op]) -> None:
    here: Context = context.obj
    with here.open() as house:
        _submit(here, house, here.actor(house, role, given=by), ops)


def _submit(here: Context, house: House, actor: Actor, ops: Sequence[Op]) -> None:
    proof = house.desk.act(actor.organisation, *ops, mandate=actor.mandate)
    if here.as_json:
        here.give({"entry": proof.digest.hex(), "height": proof.height, "leaf": proof.leaf})
    here.tell("cli.entered", entry=proof.digest.hex()[:16], height=proof.height, leaf=proof.leaf)


def get_manifest_path(house: House) -> Path:
    """Give where the planted rings are kept: for the scorer alone."""
    return house.home.path / MANIFEST
