"""The chain from a signal to a printed number and back: signal → assessment → work item → clause → run → ballot → number.

Every link is read from what the ledger's entries say, none from where things happen to stand; a link that was never entered is
missing here as it is missing there. `trace` walks from any node both ways.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from gongshi.flows.desk import Desk
from gongshi.flows.evidence import read_evidence
from gongshi.group.queries import get_attached, get_ballots, get_clauses, get_drafts, get_items, list_evidence
from gongshi.paper.store import list_publications
from gongshi.terms.evidence import Evidence, evidence_id
from gongshi.terms.text import Text
from gongshi.watch.store import list_assessments, list_signals

LAYERS = ("signal", "assessment", "item", "clause", "run", "ballot", "number", "publication")


@dataclass(frozen=True, slots=True, order=True)
class Node:
    """A thing in the chain; `layer` is one of LAYERS."""

    layer: str
    id: str
    label: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Trace:
    """Where a node comes from and what came of it, each by layer."""

    node: Node
    origins: Mapping[str, tuple[Node, ...]]
    results: Mapping[str, tuple[Node, ...]]


Links = frozenset[tuple[Node, Node]]


def read_links(desk: Desk) -> Links:
    """Read every link that the ledger holds."""
    with desk.read() as connection:
        links = [*_from_watch(connection), *_from_drafts(connection)]
        links += [*_from_runs(desk, connection), *_from_ballots(desk, connection)]
    return frozenset(links)


def trace(links: Iterable[tuple[Node, Node]], id_: str) -> Trace | None:
    """Walk from a node to its origins and to its results; None when nothing has this id."""
    pairs = list(links)
    named = sorted({node for pair in pairs for node in pair if node.id == id_})
    if not named:
        return None
    back = [(after, before) for before, after in pairs]
    return Trace(named[0], _by_layer(_reach(back, named[0])), _by_layer(_reach(pairs, named[0])))


def _reach(pairs: Iterable[tuple[Node, Node]], start: Node) -> set[Node]:
    following: dict[Node, set[Node]] = {}
    for before, after in pairs:
        following.setdefault(before, set()).add(after)
    reached: set[Node] = set()
    waiting = [start]
    while waiting:
        fresh = following.get(waiting.pop(), set()) - reached
        reached |= fresh
        waiting += fresh
    return reached


def _by_layer(nodes: set[Node]) -> dict[str, tuple[Node, ...]]:
    return {layer: tuple(sorted(n for n in nodes if n.layer == layer)) for layer in LAYERS}


def _from_watch(connection: sa.Connection) -> Iterable[tuple[Node, Node]]:
    """An assessment cites signals; a work item names the assessment that asked for it."""
    titles = {signal.id: signal.title for signal in list_signals(connection)}
    for id_, _, assessment in list_assessments(connection):
        for cited in assessment.cited:
            yield Node("signal", cited, titles.get(cited, "")), Node("assessment", id_, assessment.technology)
    for item in get_items(connection):
        yield Node("assessment", item.origin), Node("item", item.id, item.title.zh)


def _clause(draft: str, revision: int, clause: str) -> str:
    return f"{draft}/{clause}@{revision}"


def _from_drafts(connection: sa.Connection) -> Iterable[tuple[Node, Node]]:
    for row in get_drafts(connection):
        for clause in get_clauses(connection, row["id"], row["revision"]):
            name = _clause(row["id"], row["revision"], clause.id)
            yield Node("item", row["item"]), Node("clause", name, clause.title.zh)


def _from_runs(desk: Desk, connection: sa.Connection) -> Iterable[tuple[Node, Node]]:
    """A run names the digest of each clause that it tests; it counts for the drafts to which it is attached."""
    for row in get_drafts(connection):
        clauses = {clause.digest(): clause.id for clause in get_clauses(connection, row["id"], row["revision"])}
        for digest in get_attached(connection, row["id"]):
            document = read_evidence(desk, digest)
            tested = set() if document is None else set(document.subjects.values()) & clauses.keys()
            for clause in tested:
                name = _clause(row["id"], row["revision"], clauses[clause])
                yield Node("clause", name), Node("run", evidence_id(digest), _label(document))


def _from_ballots(desk: Desk, connection: sa.Connection) -> Iterable[tuple[Node, Node]]:
    """A ballot is on a revision, and so on the runs that test its clauses; a publication cites counts and runs.

    A number comes from its own evidence alone and goes into the publication: the other way round, every number of a paper
    would come from everything that the paper cites.
    """
    yield from _runs_to_ballots(desk, connection)
    published = [(row, set(row["evidence"])) for row in list_publications(connection)]
    for row in list_evidence(connection):
        document = read_evidence(desk, row["digest"])
        if document is None:
            continue
        source = _source(document)
        for publication, cited in published:
            if row["digest"] in cited:
                node = Node("publication", f"{publication['id']}-{publication['language']}-{publication['revision']}")
                yield source, node
                for name, figure in document.figures.items():
                    number = Node("number", f"{document.id()}#{name}", f"{figure.printed()} {figure.unit}")
                    yield source, number
                    yield number, node


def _runs_to_ballots(desk: Desk, connection: sa.Connection) -> Iterable[tuple[Node, Node]]:
    texts = {row["digest"]: row for row in get_drafts(connection)}
    for ballot in get_ballots(connection):
        row = texts.get(ballot.draft)
        if row is None:
            continue
        clauses = {clause.digest() for clause in get_clauses(connection, row["id"], row["revision"])}
        for digest in get_attached(connection, row["id"]):
            document = read_evidence(desk, digest)
            if document is not None and clauses & set(document.subjects.values()):
                yield Node("run", evidence_id(digest)), Node("ballot", ballot.id, ballot.rule.name.zh)


def _source(document: Evidence) -> Node:
    """A count is its ballot; every other evidence is a run of some room."""
    ballot = document.results.get("ballot")
    if document.kind == "group.ballot" and isinstance(ballot, str):
        return Node("ballot", ballot)
    return Node("run", document.id(), _label(document))


def _label(document: Evidence | None) -> str:
    if document is None:
        return ""
    target = document.results.get("target")
    name = Text(**target["name"]).zh if isinstance(target, dict) else ""
    return f"{document.kind} {name}".strip()
