"""The front page: where the white paper stands before its deadline, what waits for whom, and the newest figures."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse

from gongshi.group.queries import get_ballots, get_committees, get_items, get_milestones, waiting_for, waiting_for_all
from gongshi.terms.instant import day_of
from gongshi.web.charts import draw_calendar
from gongshi.web.figures import get_newest_figures
from gongshi.web.pages import page
from gongshi.web.readers import DeskRequest
from gongshi.web.seat import get_seat
from gongshi.web.stages import lay_out_stages

_STATIC = Path(__file__).parents[1] / "static"
_KINDS = {"desk.css": "text/css; charset=utf-8", "mark.svg": "image/svg+xml"}


def home(request: DeskRequest) -> HttpResponse:
    """Give the front page."""
    seat = get_seat()
    now = seat.desk.now()
    with seat.desk.read() as connection:
        item = next(iter(reversed(get_items(connection))), None)
        milestones = [one for one in get_milestones(connection) if item is not None and one.item == item.id]
        ballots = [one for one in get_ballots(connection) if item is not None and one.item == item.id]
        committees = get_committees(connection)
        own = waiting_for(connection, request.reader.organisation, now) if request.reader else ()
        everyone = waiting_for_all(connection, now) if request.reader else {}
    return page(
        request,
        "home.html",
        item=item,
        committee=next((one for one in committees if item and one.id == item.committee), None),
        stages=lay_out_stages(item) if item else (),
        calendar=draw_calendar(item, milestones, ballots, now) if item else None,
        milestones=[(one, (one.day - day_of(now)).days) for one in milestones],
        open_ballots=[one for one in ballots if one.tally is None],
        own=own,
        everyone=everyone,
        figures=get_newest_figures(seat),
    )


@cache
def _read_static(name: str) -> bytes:
    return (_STATIC / name).read_bytes()


def static(request: HttpRequest, name: str) -> HttpResponse:
    """Give the stylesheet or the mark: all that the pages need besides themselves."""
    del request
    if name not in _KINDS:
        raise Http404
    return HttpResponse(_read_static(name), content_type=_KINDS[name], headers={"Cache-Control": "max-age=300"})
