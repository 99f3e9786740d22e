"""The pilot's page: what was issued is what is held, shown from the root; operators, tiers, payments."""

from __future__ import annotations

from django.http import HttpResponse

from gongshi.flows.pilots_evidence import NoPilotError, SupplyError, prove_supply
from gongshi.pilots.records import read_terms
from gongshi.pilots.store import get_issues, get_shares, get_tiers
from gongshi.terms.evidence import Evidence
from gongshi.terms.quantity import Quantity
from gongshi.web.figures import list_signed
from gongshi.web.pages import page
from gongshi.web.readers import DeskRequest
from gongshi.web.seat import Seat, get_seat
from gongshi.wiring import get_tool


def pilots(request: DeskRequest) -> HttpResponse:
    """Give the pilot as it stands, worked out from the root for this page, and the newest signed figures."""
    seat = get_seat()
    terms = read_terms(seat.desk.engine.genesis.params)
    with seat.desk.read() as connection:
        shares, tiers, issues = get_shares(connection), get_tiers(connection), get_issues(connection)
    supply, broken = _prove(seat)
    signed = list_signed(seat, "pilots.supply")
    return page(
        request,
        "pilots/pilots.html",
        terms=terms,
        shares=[(one, _money(one.paid), _money(one.issued)) for one in shares if one.operator in terms.operators],
        tiers=[(name, tier, tiers.get(name, 0)) for name, tier in terms.tiers.items()],
        limits={
            name: [_money(amount) for amount in (tier.payment_limit, tier.daily_limit, tier.balance_limit)]
            for name, tier in terms.tiers.items()
        },
        issues=[(name, _money(amount), time) for name, amount, time in issues],
        supply=supply,
        broken=broken,
        signed=signed[-1] if signed else None,
    )


def _prove(seat: Seat) -> tuple[Evidence | None, SupplyError | None]:
    try:
        with seat.turn:
            return prove_supply(seat.desk, get_tool()), None
    except NoPilotError:
        return None, None
    except SupplyError as error:
        return None, error


def _money(amount: int) -> Quantity:
    return Quantity(amount, 2, "CNY")
