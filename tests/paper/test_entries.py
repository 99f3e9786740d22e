"""The publication's entry: every refusal by its code, and what a publication leaves in the state."""

import pytest

from gongshi.group.entries import sign_evidence
from gongshi.ledger.records import Op
from gongshi.paper.entries import publish
from gongshi.terms.digest import compute_digest
from tests.paper.chains import EVIDENCE, found, publication

SECRETARY = "institute-secretary"


@pytest.fixture
def world():
    """An alliance in which a member has signed an evidence."""
    world = found()
    world.must("lab", sign_evidence(EVIDENCE, "watch.coverage", []))
    return world


def enter(world, organisation="institute", mandate=SECRETARY, **fields):
    return world.act(organisation, publish(publication(**fields)), mandate=mandate)


def test_a_publication_is_kept_by_language(world):
    assert enter(world) is None
    assert enter(world, language="en", file=compute_digest(b"en")) is None
    kept = world.get("papers", "white-paper/zh")
    assert kept == {"revision": 1, "file": compute_digest(b"pdf"), "manifest": compute_digest(b"parts")}
    assert world.get("papers", "white-paper/en")["file"] == compute_digest(b"en")


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "White Paper"},
        {"language": "fr"},
        {"revision": -1},
        {"title": {"zh": "书", "en": ""}},
        {"file": b"short"},
        {"manifest": "text"},
        {"evidence": []},
        {"evidence": [b"short"]},
        {"cutoff": "today"},
        {"more": 1},
    ],
)
def test_a_body_of_another_form(world, wrong):
    op = publish(publication())
    assert world.act("institute", Op(op.kind, 1, {**op.body, **wrong}), mandate=SECRETARY) == "paper.publication.form"


@pytest.mark.parametrize("missing", ["id", "language", "revision", "title", "file", "manifest", "evidence", "cutoff"])
def test_a_body_that_lacks_a_field(world, missing):
    op = publish(publication())
    body = {name: value for name, value in op.body.items() if name != missing}
    assert world.act("institute", Op(op.kind, 1, body), mandate=SECRETARY) == "paper.publication.form"


@pytest.mark.parametrize(
    ("organisation", "mandate"),
    [("bank", "bank-expert"), ("institute", "institute-expert"), ("institute", None)],
)
def test_only_the_secretariat_publishes(world, organisation, mandate):
    assert enter(world, organisation, mandate) == "paper.publication.not_secretariat"
    assert world.get("papers", "white-paper/zh") is None


def test_evidence_that_nobody_signed(world):
    assert enter(world, evidence=(EVIDENCE, compute_digest(b"other"))) == "paper.publication.unsigned"


def test_revisions_follow_each_other(world):
    assert enter(world, revision=2) == "paper.publication.revision"
    assert enter(world, revision=0) == "paper.publication.revision"
    assert enter(world) is None
    assert enter(world) == "paper.publication.revision"
    assert enter(world, revision=3) == "paper.publication.revision"
    assert enter(world, revision=2) is None
    assert enter(world, revision=2, language="en") == "paper.publication.revision"
