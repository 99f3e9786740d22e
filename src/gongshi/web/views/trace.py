"""The chain from a signal to a printed number and back, as links to the pages of what stands in it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.urls import reverse

from gongshi.flows.trace import LAYERS, Node
from gongshi.flows.trace import trace as walk
from gongshi.web.chain import get_links
from gongshi.web.pages import page
from gongshi.web.readers import DeskRequest
from gongshi.web.seat import get_seat

SHOWN = 60


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the chain: what stands in it on the way to here and from here, and how many more there are."""

    name: str
    nodes: tuple[tuple[Node, str], ...]
    more: int
    is_here: bool


def trace(request: DeskRequest, id_: str) -> HttpResponse:
    """Give where a thing comes from and what came of it."""
    found = walk(get_links(get_seat()), id_)
    if found is None:
        raise Http404
    layers = []
    for name in LAYERS:
        nodes = tuple(
            {*found.origins[name], *found.results[name]} | ({found.node} if found.node.layer == name else set())
        )
        shown = tuple((node, _find_address(node)) for node in sorted(nodes)[:SHOWN])
        layers.append(Layer(name, shown, len(nodes) - len(shown), found.node.layer == name))
    return page(request, "trace.html", node=found.node, layers=layers)


def _find_address(node: Node) -> str:
    """Give the page of a node."""
    simple = {
        "signal": "watch-signal",
        "assessment": "watch-assessment",
        "item": "group-item",
        "run": "evidence",
        "ballot": "group-ballot",
    }
    if node.layer in simple:
        return reverse(simple[node.layer], args=[node.id])
    if node.layer == "clause":
        draft, _, rest = node.id.partition("/")
        clause, _, revision = rest.partition("@")
        return f"{reverse('group-draft', args=[draft])}?revision={revision}#{clause}"
    if node.layer == "number":
        evidence, _, name = node.id.partition("#")
        return f"{reverse('evidence', args=[evidence])}#{name}"
    return reverse("papers")
