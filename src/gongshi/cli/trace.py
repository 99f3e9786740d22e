"""`gongshi trace ID`: where a thing comes from and what came of it, from a signal to a printed number and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from gongshi.cli.context import Context
from gongshi.cli.errors import ProblemsError
from gongshi.flows.trace import LAYERS, Node, read_links
from gongshi.flows.trace import trace as trace_links
from gongshi.terms.problem import Problem

SHOWN = 12


def register(app: typer.Typer) -> None:
    """Add the command to the tool."""
    app.command()(trace)


def trace(context: typer.Context, id_: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Print the chain signal → assessment → work item → clause → run → ballot → number, both ways from ID."""
    here: Context = context.obj
    with here.open() as house:
        found = trace_links(read_links(house.desk), id_)
    if found is None:
        raise ProblemsError([Problem("cli.trace.unknown", id_)], 1)
    if here.as_json:
        here.give({"node": _json(found.node), "origins": _layers(found.origins), "results": _layers(found.results)})
        return
    for layer in LAYERS:
        nodes = [*found.origins[layer], *([found.node] if found.node.layer == layer else []), *found.results[layer]]
        if nodes:
            here.tell("cli.trace.layer", layer=here.say(f"cli.trace.layer.{layer}"), count=len(nodes))
        for node in nodes[:SHOWN]:
            here.tell("cli.trace.node", mark="●" if node == found.node else " ", id=node.id, label=node.label)
        if len(nodes) > SHOWN:
            here.tell("cli.trace.more", count=len(nodes) - SHOWN)


def _layers(layers: Mapping[str, tuple[Node, ...]]) -> dict[str, list[dict[str, str]]]:
    return {name: [_json(node) for node in nodes] for name, nodes in layers.items()}


def _json(node: Node) -> dict[str, str]:
    return {"layer": node.layer, "id": node.id, "label": node.label}
