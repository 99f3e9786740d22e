"""Supervision's pages: which rule would have caught what, at what cost; alerts and their rows for those whose work they are."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse

from gongshi.supervision.store import get_alert, list_alerts
from gongshi.terms.evidence import Evidence
from gongshi.terms.quantity import Quantity
from gongshi.terms.text import Text, text_from
from gongshi.web.charts import draw_shares
from gongshi.web.figures import list_signed
from gongshi.web.pages import page
from gongshi.web.readers import DeskRequest, roles_only
from gongshi.web.seat import Seat, get_seat

ALERTS = 50
MEASURES = (
    "caught",
    "missed",
    "alerts",
    "false_alarms",
    "accounts_burdened",
    "alerts_per_1000_accounts",
    "money_covered_share",
)


@dataclass(frozen=True)
class Option:
    """One option's column: its figures, its rules, and what it did kind by kind as (part, whole, width)."""

    id: str
    figures: dict[str, Quantity]
    rules: tuple[dict[str, Any], ...]
    caught: dict[str, tuple[int, int, int]]
    burdened: dict[str, tuple[int, int, int]]
    alerts: int


def supervision(request: DeskRequest) -> HttpResponse:
    """Give the newest comparison."""
    seat = get_seat()
    signed = list_signed(seat, "supervision.comparison")
    newest = signed[-1] if signed else None
    counts = Counter(str(row["option"]) for row in _list(seat))
    options = [_read_option(newest.evidence, name, counts[name]) for name in _names(newest.evidence)] if newest else []
    typologies = Counter((str(row["option"]), str(row["typology"])) for row in _list(seat))
    return page(
        request,
        "supervision/supervision.html",
        signed=newest,
        options=options,
        measures=MEASURES,
        typologies=sorted(typologies.items()),
        caught_kinds=sorted({kind for one in options for kind in one.caught}),
        burdened_kinds=sorted({kind for one in options for kind in one.burdened}),
    )


def _list(seat: Seat) -> list[dict[str, object]]:
    return seat.at_height("alerts", list_alerts)


def _names(evidence: Evidence) -> list[str]:
    return sorted(name.removeprefix("option.") for name in evidence.subjects if name.startswith("option."))


def _read_option(evidence: Evidence, name: str, alerts: int) -> Option:
    own = {key.removeprefix(f"{name}."): value for key, value in evidence.figures.items() if key.startswith(f"{name}.")}
    rules: Any = evidence.results["rules"]
    return Option(
        name,
        own,
        tuple(rule for rule in rules if rule["option"] == name),
        draw_shares(_pairs(own, "caught", "planted")),
        draw_shares(_pairs(own, "burdened", "innocent")),
        alerts,
    )


def _pairs(figures: dict[str, Quantity], part: str, whole: str) -> dict[str, tuple[int, int]]:
    kinds = [key.removeprefix(f"{whole}.") for key in figures if key.startswith(f"{whole}.")]
    return {kind: (figures[f"{part}.{kind}"].value, figures[f"{whole}.{kind}"].value) for kind in kinds}


@roles_only("supervisor")
def alerts(request: DeskRequest) -> HttpResponse:
    """Give the alerts of an option."""
    option = request.GET.get("option", "")
    everything = _list(get_seat())
    found = [row for row in everything if option in ("", row["option"])]
    return page(
        request,
        "supervision/alerts.html",
        option=option,
        options=sorted({str(row["option"]) for row in everything}),
        alerts=Paginator(found, ALERTS).get_page(request.GET.get("page")),
    )


@roles_only("supervisor")
def alert(request: DeskRequest, id_: str) -> HttpResponse:
    """Give one alert: the conditions of the rule with the values found, and the rows on which they hold."""
    with get_seat().desk.read() as connection:
        document: Any = get_alert(connection, id_)
    if document is None:
        raise Http404
    return page(request, "supervision/alert.html", id=id_, document=document, alert=document["alert"])


def name_of(rule: dict[str, Any]) -> Text:
    """Give a rule's name."""
    return text_from(rule["name"])
