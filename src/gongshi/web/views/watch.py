"""The watch's pages: signals of both languages side by side, assessments, and what hits a member's own ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse

from gongshi.group.queries import get_items
from gongshi.group.records import WorkItem
from gongshi.watch.records import REGIONS, RINGS, Signal
from gongshi.watch.store import get_batches, list_assessments, list_citing, list_exposures, list_signals
from gongshi.web.pages import page
from gongshi.web.readers import DeskRequest, members_only
from gongshi.web.seat import Seat, get_seat

STORIES = 30


@dataclass(frozen=True, slots=True)
class Story:
    """Signals of one story: what is said of it in each language."""

    newest: Signal
    zh: tuple[Signal, ...]
    en: tuple[Signal, ...]


def signals(request: DeskRequest) -> HttpResponse:
    """Give the stories that fit the filter, newest first."""
    asked = {name: request.GET.get(name, "").strip()[:100] for name in ("q", "region", "technology", "source")}
    everything = get_seat().at_height("signals", lambda c: tuple(list_signals(c)))
    found = [one for one in everything if _fits(one, asked)]
    stories = Paginator(_tell(found), STORIES)
    return page(
        request,
        "watch/signals.html",
        asked=asked,
        stories=stories.get_page(request.GET.get("page")),
        signals=len(found),
        regions=REGIONS,
        technologies=sorted({hit.technology for one in everything for hit in one.technologies}),
        sources=sorted({one.source for one in everything}),
        counts={region: sum(one.region == region for one in found) for region in REGIONS},
    )


def _fits(signal: Signal, asked: dict[str, str]) -> bool:
    words = f"{signal.title} {signal.source} {' '.join(signal.aliases)}".casefold()
    return (
        asked["region"] in ("", signal.region)
        and asked["source"] in ("", signal.source)
        and (not asked["technology"] or asked["technology"] in {hit.technology for hit in signal.technologies})
        and all(part in words for part in asked["q"].casefold().split())
    )


def _tell(found: Iterable[Signal]) -> Sequence[Story]:
    stories: dict[str, list[Signal]] = {}
    for signal in found:
        stories.setdefault(signal.cluster or signal.id, []).append(signal)
    return [
        Story(
            group[0],
            tuple(one for one in group if one.language == "zh"),
            tuple(one for one in group if one.language == "en"),
        )
        for group in stories.values()
    ]


def signal(request: DeskRequest, id_: str) -> HttpResponse:
    """Give one signal: where it came from, why it was classified so, who tells the same story, who leans on it."""
    seat = get_seat()
    by_id = {one.id: one for one in seat.at_height("signals", lambda c: tuple(list_signals(c)))}
    if id_ not in by_id:
        raise Http404
    found = by_id[id_]
    with seat.desk.read() as connection:
        citing = list_citing(connection, id_)
        batch = get_batches(connection, [id_])[id_]
    story = [one for one in by_id.values() if found.cluster and one.cluster == found.cluster and one.id != id_]
    return page(request, "watch/signal.html", signal=found, citing=citing, batch=batch, story=story)


def assessments(request: DeskRequest) -> HttpResponse:
    """Give the radar: what analysts hold of each technology, with the signals they lean on."""
    found = get_seat().at_height("assessments", list_assessments)
    rings = {ring: [row for row in found if row[2].ring == ring] for ring in reversed(RINGS)}
    return page(request, "watch/assessments.html", rings=rings, count=len(found))


def assessment(request: DeskRequest, id_: str) -> HttpResponse:
    """Give one assessment with what it cites and the work item that it asked for."""
    seat = get_seat()
    found = [row for row in seat.at_height("assessments", list_assessments) if row[0] == id_]
    if not found:
        raise Http404
    _, organisation, one = found[0]
    cited = seat.at_height("signals", lambda c: tuple(list_signals(c)))
    items = _get_items(seat)
    return page(
        request,
        "watch/assessment.html",
        id=id_,
        organisation=organisation,
        assessment=one,
        cited=[signal for signal in cited if signal.id in one.cited],
        items=[item for item in items if item.origin == id_],
    )


def _get_items(seat: Seat) -> tuple[WorkItem, ...]:
    return seat.at_height("items", lambda c: tuple(get_items(c)))


@members_only
def exposures(request: DeskRequest) -> HttpResponse:
    """Give what hits the ledgers of the reader's own organisation."""
    assert request.reader is not None
    organisation = request.reader.organisation

    def read(connection: sa.Connection, *, closed: bool) -> object:
        return list_exposures(connection, organisation, closed=closed)

    with get_seat().desk.read() as connection:
        return page(
            request,
            "watch/exposures.html",
            exposures=read(connection, closed=False),
            closed=read(connection, closed=True),
        )
