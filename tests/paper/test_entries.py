"""A publication is entered by the secretariat, once a revision, and cites what members have signed here."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gongshi.flows.desk import Actor, EntryRefusedError
from gongshi.ledger.records import Op
from gongshi.paper.entries import publish
from gongshi.paper.records import Publication
from gongshi.paper.store import get_file_name, list_publications
from gongshi.terms.digest import Digest, compute_digest
from gongshi.terms.text import Text
from tests.paper.houses import SECRETARY, opened, sign_alliance

STRANGE = compute_digest(b"nobody signed this")


@pytest.fixture
def house(home):
    with opened(home) as house:
        yield house


@pytest.fixture
def publication(house):
    return Publication(
        id="small-paper",
        language="zh",
        revision=1,
        title=Text("小白皮书", "A small paper"),
        file=compute_digest(b"file"),
        manifest=compute_digest(b"manifest"),
        evidence=(Digest(sign_alliance(house)),),
        cutoff=house.desk.now(),
    )


def refusal(house, op, actor=SECRETARY):
    with pytest.raises(EntryRefusedError) as refused:
        house.desk.act(actor.organisation, op, mandate=actor.mandate)
    return refused.value.problem


def enter(house, publication):
    house.desk.act(SECRETARY.organisation, publish(publication), mandate=SECRETARY.mandate)


def test_a_publication_is_kept_with_where_it_stands(house, publication):
    enter(house, publication)
    enter(house, replace(publication, revision=2, file=compute_digest(b"second")))
    enter(house, replace(publication, language="en"))
    with house.desk.read() as connection:
        rows = list_publications(connection)
    assert [row["name"] for row in rows] == ["small-paper-zh.pdf", "small-paper-zh-r2.pdf", "small-paper-en.pdf"]
    assert rows[0]["title"] == publication.title
    assert rows[0]["evidence"] == list(publication.evidence)
    assert (rows[0]["organisation"], rows[0]["leaf"] < rows[1]["leaf"]) == ("institute", True)


def test_the_same_revision_is_not_published_twice_and_none_is_left_out(house, publication):
    enter(house, publication)
    for revision in (1, 3):
        problem = refusal(house, publish(replace(publication, revision=revision)))
        assert (problem.code, problem.values) == (
            "paper.publication.revision",
            {"revision": revision, "expected": 2},
        )


def test_evidence_that_nobody_signed_is_not_cited(house, publication):
    problem = refusal(house, publish(replace(publication, evidence=(*publication.evidence, STRANGE))))
    assert (problem.code, problem.values["evidence"]) == ("paper.publication.unsigned", STRANGE.hex()[:16])


@pytest.mark.parametrize(
    "actor",
    [Actor("institute", "institute-expert"), Actor("research-lab", "lab-analyst"), Actor("institute", None)],
    ids=["another mandate", "another member", "no mandate"],
)
def test_only_the_secretariat_publishes(house, publication, actor):
    problem = refusal(house, publish(publication), actor)
    assert (problem.code, problem.values) == (
        "paper.publication.not_secretariat",
        {"organisation": actor.organisation},
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "no id"),
        ("language", "fr"),
        ("revision", -1),
        ("title", {"zh": "题"}),
        ("file", b"short"),
        ("manifest", "text"),
        ("evidence", []),
        ("evidence", [b"short"]),
        ("cutoff", "today"),
    ],
)
def test_a_body_of_another_form(house, publication, field, value):
    body = {**publish(publication).body, field: value}
    assert refusal(house, Op("paper.publication", 1, body)).code == "paper.publication.form"


def test_a_field_too_many_or_too_few(house, publication):
    body = publish(publication).body
    for wrong in ({**body, "more": 1}, {name: body[name] for name in body if name != "cutoff"}):
        assert refusal(house, Op("paper.publication", 1, wrong)).code == "paper.publication.form"


@pytest.mark.parametrize(("revision", "name"), [(1, "p-zh.pdf"), (2, "p-zh-r2.pdf")])
def test_a_file_is_named_by_its_revision(revision, name):
    assert get_file_name("p", "zh", revision) == name
