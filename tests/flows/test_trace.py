"""The chain from a signal to a printed number: walked both ways, read from what the ledger says, and broken by any cut."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
import sqlalchemy as sa

from gongshi.flows.group_decisions import read_history
from gongshi.flows.trace import LAYERS, Node, read_links, trace
from gongshi.terms.evidence import evidence_id
from gongshi.wiring import open_house
from tests.doors.rehearsals import AS_OF, copy_rehearsed

CHAIN = [Node(layer, f"{layer}-1", f"the {layer}") for layer in LAYERS]
LINKS = frozenset(itertools.pairwise(CHAIN))
ASIDE = (Node("signal", "signal-2"), Node("assessment", "assessment-2"))
PLACES = range(len(LAYERS) - 1)


def reached(found: dict[str, tuple[Node, ...]]) -> list[str]:
    return [layer for layer in LAYERS if found[layer]]


@pytest.mark.parametrize("place", range(len(LAYERS)))
def test_any_node_leads_both_ways(place):
    found = trace({*LINKS, ASIDE}, CHAIN[place].id)
    assert found.node == CHAIN[place]
    assert [node for nodes in found.origins.values() for node in nodes] == CHAIN[:place]
    assert [node for nodes in found.results.values() for node in nodes] == CHAIN[place + 1 :]


@pytest.mark.parametrize("place", PLACES, ids=[f"{LAYERS[p]}-{LAYERS[p + 1]}" for p in PLACES])
def test_without_one_link_the_chain_ends_there(place):
    cut = LINKS - {(CHAIN[place], CHAIN[place + 1])}
    forth, back = trace({*cut, ASIDE}, CHAIN[0].id), trace({*cut, ASIDE}, CHAIN[-1].id)
    assert reached(forth.results if forth else dict.fromkeys(LAYERS, ())) == list(LAYERS[1 : place + 1])
    assert reached(back.origins if back else dict.fromkeys(LAYERS, ())) == list(LAYERS[place + 1 : -1])


def test_labels_make_no_link():
    """Two nodes are one by layer and id alone; what they are called joins nothing."""
    called_alike = [(Node("signal", "a", "x"), Node("item", "b", "y")), (Node("item", "c", "y"), Node("run", "d", "z"))]
    assert reached(trace(called_alike, "a").results) == ["item"]
    called_otherwise = [(Node("signal", "a"), Node("item", "b", "y")), (Node("item", "b", "other"), Node("run", "d"))]
    assert reached(trace(called_otherwise, "a").results) == ["item", "run"]


def test_a_ring_of_links_ends():
    ring = [(Node("item", "a"), Node("run", "b")), (Node("run", "b"), Node("item", "a"))]
    assert reached(trace(ring, "a").results) == ["item", "run"]


def test_an_unknown_id_leads_nowhere():
    assert trace(LINKS, "nothing") is None


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with open_house(copy_rehearsed(tmp_path_factory).home, AS_OF) as house:
        yield house.desk


@pytest.fixture(scope="module")
def said(desk):
    """What the ledger's entries say, by kind of operation."""
    kinds = {}
    for logged in read_history(desk):
        for op in logged.entry.ops:
            kinds.setdefault(op.kind, []).append(op.body)
    return kinds


def pairs(links, before, after) -> set[tuple[str, str]]:
    return {(one.id, other.id) for one, other in links if (one.layer, other.layer) == (before, after)}


def get_attached(said) -> set[bytes]:
    """Give the runs that were attached to the draft, with its text or later."""
    return {
        one for kind in ("group.draft.post", "group.draft.attach") for body in said[kind] for one in body["evidence"]
    }


@pytest.mark.slow
class TestOnARehearsedHome:
    """Every link is held against the entry that made it."""

    def test_signals_and_assessments(self, desk, said):
        (body,) = said["watch.assessment"]
        found = pairs(read_links(desk), "signal", "assessment")
        assert {signal for signal, _ in found} == {cited["signal"] for cited in body["cited"]}
        assert len({assessment for _, assessment in found}) == 1

    def test_assessments_and_items(self, desk, said):
        (body,) = said["group.workitem.open"]
        ((assessment, _),) = pairs(read_links(desk), "assessment", "item")
        assert assessment == body["origin"]
        assert assessment in {one for _, one in pairs(read_links(desk), "signal", "assessment")}

    def test_items_and_clauses(self, desk, said):
        found = pairs(read_links(desk), "item", "clause")
        posted = {(body["item"], f"{body['draft']}@{body['revision']}") for body in said["group.draft.post"]}
        assert {(item, f"{name.partition('/')[0]}@{name.rpartition('@')[2]}") for item, name in found} == posted

    def test_clauses_and_runs(self, desk, said):
        attached = {evidence_id(one) for one in get_attached(said)}
        signed = {evidence_id(body["evidence"]): set(body["subjects"]) for body in said["group.evidence.sign"]}
        clauses = {
            f"{body['draft']}/{id_}@{body['revision']}": digest
            for body in said["group.draft.post"]
            for id_, digest in body["clauses"].items()
        }
        meant = {(name, run) for run in attached for name, digest in clauses.items() if digest in signed[run]}
        assert pairs(read_links(desk), "clause", "run") == meant != set()

    def test_runs_and_ballots(self, desk, said):
        opened = {body["ballot"]: body["draft"] for body in said["group.ballot.open"]}
        texts = {body["digest"]: set(body["clauses"].values()) for body in said["group.draft.post"]}
        signed = {body["evidence"]: set(body["subjects"]) for body in said["group.evidence.sign"]}
        meant = {
            (evidence_id(run), ballot)
            for ballot, text in opened.items()
            for run in get_attached(said)
            if signed[run] & texts[text]
        }
        assert pairs(read_links(desk), "run", "ballot") == meant != set()

    def test_publications_and_numbers(self, desk, said):
        links = read_links(desk)
        published = {f"{b['id']}-{b['language']}-{b['revision']}": b["evidence"] for b in said["paper.publication"]}
        assert {one.id for _, one in links if one.layer == "publication"} == set(published)
        for publication, evidence in published.items():
            numbers = {number for number, one in pairs(links, "number", "publication") if one == publication}
            assert {number.partition("#")[0] for number in numbers} == {evidence_id(one) for one in evidence}
        assert pairs(links, "ballot", "publication")


# What each cut takes out of what was entered, and which layers a cited signal then still leads to.
WHOLE = list(LAYERS[1:])
CUTS = {
    "nothing": ("select 1", WHOLE),
    "signal-assessment": ("update watch_assessment set document = json_set(document, '$.cited', json('[]'))", None),
    "assessment-item": ("update group_item set origin = 'as-elsewhere'", WHOLE[:1]),
    "item-clause": ("update group_draft set item = 'wi-elsewhere'", WHOLE[:2]),
    "clause-run": ("delete from group_attached", WHOLE[:3]),
    "run-ballot": ("update group_ballot set draft = x'00'", [*WHOLE[:4], *WHOLE[5:]]),
    "ballot-number": ("delete from group_evidence where kind = 'group.ballot'", WHOLE),
    "number-publication": ("update paper_publication set evidence = '[]'", WHOLE[:5]),
}
COUNTED = set(CUTS) - {"ballot-number", "number-publication"}


def cut_desk(desk, statement):
    """Give the desk over a copy of its tables in which one link was never entered."""
    copy = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    with desk.database.connect() as source, copy.connect() as target:
        source.connection.driver_connection.backup(target.connection.driver_connection)
    with copy.begin() as connection:
        connection.execute(sa.text(statement))
    return replace(desk, database=copy)


@pytest.mark.slow
@pytest.mark.parametrize("cut", CUTS)
def test_a_link_that_was_never_entered_is_missing(desk, said, cut):
    statement, layers = CUTS[cut]
    signal = said["watch.assessment"][0]["cited"][0]["signal"]
    links = read_links(cut_desk(desk, statement))
    found = trace(links, signal)
    assert (None if found is None else reached(found.results)) == layers
    counts = {node.id for pair in links for node in pair if node.layer == "number" and node.id.endswith("#yes")}
    assert bool(counts) == (cut in COUNTED)
    for number in counts:
        assert ("signal" in reached(trace(links, number).origins)) == (cut == "nothing"), number
