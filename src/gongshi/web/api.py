"""What programs read: the same published things as JSON, described by OpenAPI. Nothing is written here."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI, Query, Schema

from gongshi.group.queries import get_ballots, get_items, get_milestones
from gongshi.terms.instant import instant_to_iso
from gongshi.watch.store import count_signals, list_signals
from gongshi.web.entries import get_listing
from gongshi.web.figures import Signed, is_published, list_signed
from gongshi.web.readers import may_read_evidence
from gongshi.web.seat import get_seat

api = NinjaAPI(title="Gongshi", version="1", docs_url=None, openapi_url="/openapi.json", urls_namespace="api")


def _is_open(signed: Signed) -> bool:
    published = is_published(get_seat(), signed.evidence)
    return may_read_evidence(None, signed.evidence, (), is_published=published)


class Page(Schema):
    """From which row on, and how many at most."""

    offset: int = 0
    limit: int = 50

    def cut(self, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """Give a part of the rows with their number."""
        start, most = max(self.offset, 0), min(max(self.limit, 1), 500)
        return {"count": len(rows), "offset": start, "rows": rows[start : start + most]}


@api.get("/status")
def status(request: HttpRequest) -> dict[str, Any]:
    """Give where everything stands."""
    del request
    seat = get_seat()
    with seat.desk.read() as connection:
        return {
            "chain": seat.desk.engine.chain,
            "now": instant_to_iso(seat.desk.now()),
            "ledger": {"height": seat.desk.engine.height, "entries": len(get_listing(seat).entries)},
            "signals": count_signals(connection),
            "items": {item.id: item.stage.code for item in get_items(connection)},
            "milestones": {one.id: one.day.isoformat() for one in get_milestones(connection)},
            "ballots": {one.id: one.tally.verdict if one.tally else "open" for one in get_ballots(connection)},
            "evidence": {one.id: one.evidence.kind for one in list_signed(seat) if _is_open(one)},
        }


@api.get("/signals")
def signals(request: HttpRequest, page: Query[Page], region: str = "", technology: str = "") -> dict[str, Any]:
    """Give signals, newest first."""
    del request
    with get_seat().desk.read() as connection:
        found = list_signals(connection, region=region, technology=technology)
    return page.cut([{**one.as_json(), "cluster": one.cluster} for one in found])


@api.get("/entries")
def entries(request: HttpRequest, page: Query[Page], kind: str = "") -> dict[str, Any]:
    """Give the ledger's entries in their order: place, signer, kinds."""
    del request
    found = get_listing(get_seat()).entries.values()
    return page.cut(
        [
            {
                "leaf": one.leaf,
                "height": one.height,
                "time": instant_to_iso(one.time),
                "organisation": one.organisation,
                "digest": one.digest,
                "kinds": list(one.kinds),
            }
            for one in found
            if not kind or kind in one.kinds
        ]
    )


@api.get("/evidence/{id_}")
def evidence(request: HttpRequest, id_: str) -> Any:
    """Give an evidence document."""
    found = [one for one in list_signed(get_seat()) if one.id == id_ and _is_open(one)]
    if not found:
        return api.create_response(request, {"code": "web.refused.not_found"}, status=404)
    return found[0].evidence.as_json()
