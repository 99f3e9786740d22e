"""The projection: what the desk reads after a walk through the room, and that a rebuild reads the same."""

import dataclasses
from datetime import date

import pytest
import sqlalchemy as sa

from gongshi.group import entries as acts
from gongshi.group import queries
from gongshi.group.records import Milestone, Stage
from gongshi.group.store import METADATA, GroupProjection
from gongshi.ledger.entries import end_mandate
from gongshi.seal.envelope import Sealed
from gongshi.terms.digest import compute_digest
from gongshi.terms.instant import MS_PER_DAY, end_of_day
from gongshi.terms.text import Text
from tests.group import worlds
from tests.group.test_entries import post
from tests.group.worlds import CLOSES, ITEM, OPENS, draft

NOTE = Sealed(b"envelope", compute_digest(b"envelope"), compute_digest(b"commitment"))
RUN = compute_digest(b"run")
SUMMIT = Milestone("summit", ITEM, "summit", Text("峰会", "Summit"), date(2016, 9, 4))


class Blobs(dict):
    def put(self, data: bytes):
        self[compute_digest(data)] = data
        return compute_digest(data)


@pytest.fixture
def blobs():
    kept = Blobs()
    kept.put(draft().encode())
    return kept


@pytest.fixture
def open_world():
    """A ballot is open; two have voted; one comment; one envelope; one milestone; a run is attached."""
    world, ballot = worlds.at_ballot(marks={"lab": ("drafter",)})
    assert world.lead(acts.set_milestone(SUMMIT)) is None
    world.must("lab", acts.sign_evidence(RUN, "lab.conformance"))
    world.must("lab", acts.attach_evidence("ledger-requirements", draft().digest(), [RUN]))
    world.must("bank", post("bank"))
    worlds.vote_all(world, ballot, ["approve", "", "approve"])
    sent = acts.send_envelope(NOTE, ["bank"], Text("通报", "Note"), "TLP:AMBER", CLOSES + 90 * MS_PER_DAY)
    world.must("payments", sent)
    return world, ballot


def read(world, blobs):
    """Feed the projection and open a connection."""
    engine = sa.create_engine("sqlite://")
    connection = engine.connect()
    METADATA.create_all(connection)
    projection = GroupProjection()
    for logged in world.history:
        projection.on_entry(connection, logged, blobs)
    return connection


def waiting(connection, organisation, now):
    return [(one.kind, one.id) for one in queries.waiting_for(connection, organisation, now)]


def test_what_waits_for_whom_while_a_ballot_is_open(open_world, blobs):
    world, ballot = open_world
    with read(world, blobs) as connection:
        comment = post("bank").body["comment"]
        assert waiting(connection, "ministry", OPENS + 5) == [("vote", ballot)]
        assert waiting(connection, "lab", OPENS + 5) == []  # barred
        assert waiting(connection, "payments", OPENS + 5) == []  # has voted
        assert waiting(connection, "bank", OPENS + 5) == [("vote", ballot), ("receipt", NOTE.digest.hex())]
        assert waiting(connection, "institute", OPENS + 5) == [("milestone", "summit"), ("resolve", comment)]
        assert waiting(connection, "institute", CLOSES + 1)[0] == ("close", ballot)
        assert waiting(connection, "ministry", OPENS - 1) == []
        everyone = queries.waiting_for_all(connection, OPENS + 5)
        assert sorted(everyone) == ["bank", "institute", "insurer", "ministry"]
        assert everyone["institute"][0].due == end_of_day(SUMMIT.day)


def test_members_items_and_drafts_are_read_back(open_world, blobs):
    world, _ = open_world
    world.must("lab", end_mandate("lab-expert"), mandate=None)
    with read(world, blobs) as connection:
        assert queries.get_committees(connection)[0] == dataclasses.replace(
            worlds.committee(), members=tuple(sorted(worlds.committee().members, key=lambda m: m.organisation.id))
        )
        assert [one.id for one in queries.get_organisations(connection)] == sorted([*worlds.MEMBERS, worlds.OBSERVER])
        mandates = {mandate.id: mandate for mandate in queries.get_mandates(connection)}
        assert mandates["bank-expert"].roles == ("expert", "researcher")
        assert mandates["lab-expert"].until == world.time
        assert "lab" not in queries.get_organisations_with(connection, "expert", world.time + 1)
        assert queries.get_organisations_with(connection, "secretariat", world.time + 1) == ["institute"]
        (item,) = queries.get_items(connection)
        assert item == queries.get_item(connection, ITEM)
        assert (item.stage, item.history[0].stage, len(item.history)) == (Stage(40, 20), Stage(0, 0), 10)
        assert item.history[4].skipped == ((10, "asked for by an assessment"),)
        assert queries.get_item(connection, "wi-none") is None
        assert queries.get_milestones(connection) == (SUMMIT,)
        (text,) = queries.get_drafts(connection, ITEM)
        assert (text["revision"], text["digest"], text["here"]) == (1, draft().digest(), True)
        assert queries.get_clauses(connection, "ledger-requirements", 1) == draft().clauses
        assert queries.get_attached(connection, "ledger-requirements") == (RUN,)
        assert [name for name, _ in queries.get_signers(connection, RUN)] == ["lab"]
        assert queries.get_rehearsal(connection) is None


def test_a_document_that_is_not_here_leaves_no_clauses(open_world):
    world, _ = open_world
    with read(world, Blobs()) as connection:
        assert queries.get_clauses(connection, "ledger-requirements", 1) == ()
        assert queries.get_drafts(connection)[0]["here"] is False


def test_a_ballot_and_its_count_are_read_back(open_world, blobs):
    world, ballot = open_world
    assert world.close(ballot) is None
    with read(world, blobs) as connection:
        (found,) = queries.get_ballots(connection)
        assert found == queries.get_ballot(connection, ballot)
        assert found.rule == worlds.rule()
        assert [(vote.organisation, vote.position) for vote in found.votes] == [
            ("institute", "approve"),
            ("payments", "approve"),
        ]
        assert found.tally == queries.compute_tally(found)
        assert found.tally.verdict == world.get("ballots", f"ballot/{ballot}")["verdict"] == "no_quorum"
        assert queries.get_ballot(connection, "bl-none") is None
        assert ("vote", ballot) not in waiting(connection, "ministry", OPENS + 5)


def test_a_comments_life_and_what_it_waits_for(open_world, blobs):
    world, ballot = open_world
    comment = post("bank").body["comment"]
    worlds.vote_all(world, ballot, ["", "approve", "", "approve", "approve"])
    assert world.close(ballot) is None
    world.walk("40.60")
    assert world.lead(acts.resolve_comment(comment, "accepted", Text("采纳", "Taken over"))) is None
    with read(world, blobs) as connection:
        assert ("resolve", comment) in waiting(connection, "institute", CLOSES)
        assert ("reply", comment) not in waiting(connection, "bank", CLOSES)
    second = draft(2, "shall hold at each block")
    world.must("lab", acts.post_draft(ITEM, second))
    applied = acts.resolve_comment(comment, "accepted", "as proposed", second.digest(), "clause-020")
    assert world.lead(applied) is None
    with read(world, blobs) as connection:
        (found,) = queries.get_comments(connection, "ledger-requirements")
        assert found.is_suspect
        assert (found.resolution, found.revision, found.hunk) == ("accepted", second.digest(), "clause-020")
        assert ("reply", comment) in waiting(connection, "bank", CLOSES)
    world.must("bank", acts.reply_to_resolution(comment, "satisfied", "thank you"))
    with read(world, blobs) as connection:
        (found,) = queries.get_comments(connection)
        assert (found.reply, found.reply_text) == ("satisfied", "thank you")
        assert ("reply", comment) not in waiting(connection, "bank", CLOSES)


def test_a_deferred_comment_is_read_as_open_again(open_world, blobs):
    world, ballot = open_world
    comment = post("bank").body["comment"]
    worlds.vote_all(world, ballot, ["", "approve", "", "approve", "approve"])
    assert world.close(ballot) is None
    assert world.lead(acts.resolve_comment(comment, "deferred", "next phase")) is None
    world.walk("40.60", "40.99", "50.00")
    with read(world, blobs) as connection:
        assert queries.get_comments(connection)[0].resolution == "deferred"
    world.walk("50.20")
    with read(world, blobs) as connection:
        assert queries.get_comments(connection)[0].resolution is None


def test_exchanges_show_their_receipts_to_those_concerned(open_world, blobs):
    world, _ = open_world
    held = world.must("bank", acts.hold_envelope(NOTE.digest))
    with read(world, blobs) as connection:
        (sent,) = queries.get_exchanges(connection, "bank")
        assert (sent.sender, sent.recipients, sent.held) == ("payments", ("bank",), (("bank", held.time),))
        assert queries.get_exchanges(connection, "ministry") == ()
        assert len(queries.get_exchanges(connection)) == 1
        assert "receipt" not in [kind for kind, _ in waiting(connection, "bank", OPENS + 5)]


def test_a_milestone_that_is_done_waits_for_nobody_and_a_rehearsal_is_marked(blobs):
    world = worlds.found()
    mark = Text("演练", "Rehearsal")
    assert world.lead(acts.found_committee(worlds.committee(), mark)) is None
    assert world.lead(acts.open_workitem("white-paper", worlds.TITLE, "as-1", CLOSES, compute_digest(b"entry"))) is None
    assert world.lead(acts.set_milestone(SUMMIT)) is None
    assert world.lead(acts.set_milestone(dataclasses.replace(SUMMIT, is_done=True))) is None
    with read(world, blobs) as connection:
        assert waiting(connection, "institute", OPENS) == []
        assert queries.get_rehearsal(connection) == mark
        assert queries.get_items(connection)[0].cites == compute_digest(b"entry")
