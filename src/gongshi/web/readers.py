"""Who reads: nobody in particular, or a person under a mandate of his organisation. What is kept for members is named here once."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponseBase

from gongshi.flows.desk import Actor
from gongshi.group.queries import get_ballots, get_mandates
from gongshi.ledger.records import Op
from gongshi.terms.evidence import Evidence
from gongshi.terms.organisation import Mandate
from gongshi.terms.text import Language
from gongshi.web.seat import Seat

_P = ParamSpec("_P")
EXCHANGE = "group.exchange."
VOTE = "group.vote.cast"
EXPOSURE = "watch.exposure"


@dataclass(frozen=True, slots=True)
class Reader:
    """A person at the desk, as his mandate; `can_sign` says whether this desk holds his organisation's keys."""

    mandate: Mandate
    can_sign: bool

    @property
    def organisation(self) -> str:
        """Give the organisation for which he acts."""
        return self.mandate.organisation

    @property
    def actor(self) -> Actor:
        """Give who signs."""
        return Actor(self.mandate.organisation, self.mandate.id)

    def has(self, *roles: str) -> bool:
        """Ask whether his mandate holds one of the roles."""
        return bool(set(roles) & set(self.mandate.roles))


class DeskRequest(HttpRequest):
    """A request after the middleware: its language and its reader."""

    language: Language
    reader: Reader | None


View = Callable[Concatenate[DeskRequest, _P], HttpResponseBase]


def find_reader(seat: Seat, mandate: str) -> Reader | None:
    """Give the reader of a mandate that is alive by the house's clock."""
    now = seat.desk.now()
    mandates = seat.at_height("mandates", get_mandates)
    alive = [one for one in mandates if one.id == mandate and one.until >= now]
    return Reader(alive[0], alive[0].organisation in seat.desk.keyrings) if alive else None


def members_only(view: View[_P]) -> View[_P]:
    """Let only members in; others are shown the way to sign in."""
    return _only(view, ())


def roles_only(*roles: str) -> Callable[[View[_P]], View[_P]]:
    """Let only mandates with one of the roles in."""
    return lambda view: _only(view, roles)


def _only(view: View[_P], roles: Collection[str]) -> View[_P]:
    def guarded(request: DeskRequest, /, *args: _P.args, **kwargs: _P.kwargs) -> HttpResponseBase:
        from gongshi.web.views.errors import ask_to_sign_in, refuse

        if request.reader is None:
            return ask_to_sign_in(request)
        if roles and not request.reader.has(*roles):
            return refuse(request, "web.refused.role", 403)
        return view(request, *args, **kwargs)

    functools.update_wrapper(guarded, view)
    return guarded


def may_read_op(reader: Reader | None, op: Op, open_ballots: Collection[str]) -> bool:
    """The exchange and votes in progress are for members; everything else on the ledger is for all."""
    if reader is not None:
        return True
    return not (op.kind.startswith(EXCHANGE) or (op.kind == VOTE and op.body["ballot"] in open_ballots))


def get_open_ballots(seat: Seat) -> frozenset[str]:
    """Give the ids of the ballots that are not counted yet."""
    return seat.at_height("open", lambda c: frozenset(one.id for one in get_ballots(c) if one.tally is None))


def may_read_evidence(
    reader: Reader | None, evidence: Evidence, signers: Collection[str], *, is_published: bool
) -> bool:
    """Exposures are for whoever signed them until they are published; a member reads his own on the page of exposures."""
    if evidence.kind != EXPOSURE or is_published:
        return True
    return reader is not None and reader.organisation in signers
