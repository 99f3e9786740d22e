"""Every link that a page offers leads somewhere: a crawl from the front page, as nobody in particular and as members."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape

import pytest
from django.urls import resolve

EACH_MAX = 6  # pages of one kind are alike; some of each are read


def crawl(client):
    """Give the addresses that were asked for, each with the page that offered it and the answer's status."""
    waiting, found, kinds = [("/", "")], {}, Counter()
    while waiting:
        address, offered_on = waiting.pop(0)
        kind = resolve(address.partition("?")[0]).view_name
        if address in found or kinds[kind] >= EACH_MAX or kind in ("language", "sign-out"):
            continue
        kinds[kind] += 1
        answer = client.get(address)
        found[address] = (answer.status_code, offered_on)
        if answer["Content-Type"].startswith("text/html"):
            offered = re.findall(r'(?:href|src)="(/[^"#]*)', answer.content.decode())
            waiting += [(unescape(one), address) for one in offered]
    return found, kinds


@pytest.mark.parametrize("mandate", ["", "bank-expert", "ministry-supervisor"])
def test_no_link_of_a_page_leads_nowhere(desks, mandate):
    found, kinds = crawl(desks.member(mandate) if mandate else desks.anonymous())
    assert kinds["watch-signal"] == EACH_MAX
    assert not {
        address: seen for address, seen in found.items() if seen[0] not in (200, 302, 403)
    }  # 403: said with the reason


def test_what_stands_in_no_chain_offers_none(desks):
    from gongshi.watch.store import list_signals
    from gongshi.web.chain import get_traced

    with desks.house.desk.read() as connection:
        signals = [one.id for one in list_signals(connection)]
    cited = [one for one in signals if one in get_traced(desks.seat)]
    (uncited, *_) = [one for one in signals if one not in cited]
    client = desks.anonymous()
    assert f"/trace/{cited[0]}/" in client.get(f"/watch/signals/{cited[0]}/").content.decode()
    assert "/trace/" not in client.get(f"/watch/signals/{uncited}/").content.decode()
