"""What every page shows around its content."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest

from gongshi.group.queries import get_organisations, get_rehearsal
from gongshi.web.middleware import get_language
from gongshi.web.readers import DeskRequest
from gongshi.web.seat import get_seat

ROOMS = ("watch", "lab", "pilots", "supervision", "group", "papers", "ledger")


def desk(request: HttpRequest) -> dict[str, Any]:
    """Give the language, the reader, the names of the members, and where in the house the reader is."""
    seat = get_seat()
    match = request.resolver_match
    return {
        "language": getattr(request, "language", None) or get_language(request),
        "reader": getattr(cast("DeskRequest", request), "reader", None),
        "names": seat.at_height("names", lambda c: {one.id: one.name for one in get_organisations(c)}),
        "rehearsal": seat.at_height("rehearsal", get_rehearsal),
        "chain": seat.desk.engine.chain,
        "height": seat.desk.engine.height,
        "now": seat.desk.now(),
        "rooms": ROOMS,
        "room": match.url_name.partition("-")[0] if match and match.url_name else "",
        "here": request.get_full_path(),
    }
