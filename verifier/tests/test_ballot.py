"""A ballot's bundle as a file: recounted from signed entries, and every way of bending it named.

The rules of counting themselves are held against the house's count in the group's own tests.
"""

import hashlib

import pytest
from makings import MEMBERS, codes, found, founded

from gongshi_verifier.verify import verify_file

RULE = {
    "barred": ["drafter"],
    "classes": ["P"],
    "void": ["disapproval_without_te"],
    "abstentions": "dropped",
    "quorum": {"name": "half", "left": {"p": 2}, "relation": "ge", "right": {"m": 1}},
    "tests": [{"name": "two thirds", "left": {"y": 3}, "relation": "ge", "right": {"v": 2}}],
    "tie": "fail",
}
TALLY = {
    "entitled": 3,
    "yes": 2,
    "no": 0,
    "abstain": 1,
    "not_returned": 0,
    "barred": [],
    "void": [],
    "tests": [["half", 6, "ge", 3, True], ["two thirds", 6, "ge", 4, True]],
    "verdict": "approved",
}
POSITIONS = {"bank": "approve", "institute": "abstain", "ministry": "approve"}


def held(suffix="", *, positions=POSITIONS, tally=TALLY, rule=RULE, unnamed=(), electorate=None):
    """A whole ballot in a log: opening, papers, closing."""
    world = founded(suffix)
    rows = electorate or [[name, "P", []] for name in MEMBERS]
    world.act("institute", "group.ballot.open", {"ballot": "bl-1", "rule": rule, "electorate": rows})
    papers = [
        (name, world.act(name, "group.vote.cast", {"ballot": "bl-1", "position": position, "technical": []}))
        for name, position in positions.items()
    ]
    votes = [[name, hashlib.sha256(world.leaves[leaf]).digest()] for name, leaf in papers if name not in unnamed]
    world.act("institute", "group.ballot.close", {"ballot": "bl-1", "votes": votes, "tally": tally})
    return world


WORLD = held()
BALLOT = {"ballot": "bl-1"}


def test_an_honest_bundle_is_recounted():
    report = verify_file(WORLD.dossier("ballot", BALLOT), None, WORLD.policy())
    assert (report.exit_code, codes(report)) == (0, [])
    assert {"ballot": "bl-1", **TALLY}.items() <= dict(report.facts).items()
    assert verify_file(WORLD.dossier("ballot", BALLOT)).exit_code == 3


@pytest.mark.parametrize("place", range(3))
def test_a_vote_taken_out_is_named_with_its_voter(place):
    name = list(POSITIONS)[place]
    entries = [item for item in WORLD.all() if item.leaf != 4 + place]
    report = verify_file(WORLD.dossier("ballot", BALLOT, entries=entries), None, WORLD.policy())
    assert (report.findings[0].code, report.findings[0].place) == ("verify.ballot.vote_missing", name)
    assert report.exit_code == 1


def test_an_altered_vote_is_not_in_the_log():
    world = held(positions={**POSITIONS, "bank": "disapprove"})
    entries = WORLD.all()
    entries[4] = world.included(4)
    report = verify_file(WORLD.dossier("ballot", BALLOT, entries=entries), None, WORLD.policy())
    assert found(report) == [("verify.entry.inclusion", "leaf 4")]


@pytest.mark.parametrize(
    ("name", "stated"), [("yes", 3), ("entitled", True), ("verdict", "not_approved"), ("tests", [])]
)
def test_an_altered_count_is_named(name, stated):
    world = held(tally={**TALLY, name: stated})
    report = verify_file(world.dossier("ballot", BALLOT), None, world.policy())
    assert found(report) == [("verify.ballot.count_differs", f"bl-1/{name}")]
    assert report.findings[0].values == {"stated": stated, "counted": TALLY[name]}


def test_true_is_not_one():
    world = held(positions={"bank": "approve"}, tally={**TALLY, "yes": True})
    assert ("verify.ballot.count_differs", "bl-1/yes") in found(verify_file(world.dossier("ballot", BALLOT)))


def test_a_count_more_or_less_is_named():
    world = held(tally={**TALLY, "bonus": None})
    assert [f.place for f in verify_file(world.dossier("ballot", BALLOT)).findings] == ["bl-1/bonus"]
    world = held(tally={name: value for name, value in TALLY.items() if name != "void"})
    assert [f.place for f in verify_file(world.dossier("ballot", BALLOT)).findings] == ["bl-1/void"]


def test_a_vote_that_the_closing_leaves_out_is_named():
    world = held(unnamed=("ministry",))
    report = verify_file(world.dossier("ballot", BALLOT))
    assert found(report) == [("verify.ballot.vote_unnamed", "ministry")]


def test_a_bundle_made_again_with_fresh_keys_fails_by_the_policy_alone():
    forged = held("/forged", positions={**POSITIONS, "bank": "disapprove"}, tally={**TALLY, "yes": 1})
    report = verify_file(held("/forged").dossier("ballot", BALLOT), None, WORLD.policy())
    assert found(report) == [
        ("verify.log.signature", "makings.test"),
        *(("verify.root.other", name) for name in MEMBERS),
    ]
    assert report.exit_code == 1
    alone = verify_file(held("/forged").dossier("ballot", BALLOT))
    assert (alone.exit_code, [signer.pinned for signer in alone.signers]) == (3, [False] * 3)
    assert verify_file(forged.dossier("ballot", BALLOT)).exit_code == 1


def test_a_bundle_is_of_the_ballot_that_it_names():
    report = verify_file(WORLD.dossier("ballot", {"ballot": "bl-2"}))
    assert found(report) == [("verify.ballot.opening", "bl-2")]
    for content in ({}, {"ballot": 7}, {"ballot": "bl-1", "more": 1}):
        assert codes(verify_file(WORLD.dossier("ballot", content))) == ["verify.ballot.form"]


def test_an_organisation_that_stands_in_the_list_twice_makes_it_unreadable():
    world = held(electorate=[["bank", "P", []], ["bank", "P", ["drafter"]], ["ministry", "P", []]])
    assert codes(verify_file(world.dossier("ballot", BALLOT))) == ["verify.ballot.unreadable"]


def test_ties_barred_members_and_empty_ballots():
    cases = [
        ({"bank": "approve", "ministry": "disapprove"}, {**RULE, "void": [], "tie": "discuss"}, "discuss"),
        ({"bank": "approve", "ministry": "disapprove"}, {**RULE, "void": []}, "not_approved"),
        ({"bank": "abstain", "ministry": "abstain"}, RULE, "no_vote"),
        ({"bank": "approve"}, RULE, "no_quorum"),
        ({"bank": "approve"}, {**RULE, "quorum": None}, "approved"),
        # A disapproval without a technical reason is void, and then too few have voted for a quorum.
        ({"bank": "approve_with_comments", "ministry": "disapprove"}, RULE, "no_quorum"),
        ({"bank": "approve_with_comments", "ministry": "disapprove"}, {**RULE, "quorum": None}, "approved"),
    ]
    for positions, rule, verdict in cases:
        world = held(positions=positions, rule=rule, tally={})
        counted = {f.place: f.values["counted"] for f in verify_file(world.dossier("ballot", BALLOT)).findings}
        assert counted["bl-1/verdict"] == verdict, positions
    world = held(electorate=[["bank", "P", ["drafter"]], ["institute", "O", []], ["ministry", "P", []]], tally={})
    counted = {f.place: f.values["counted"] for f in verify_file(world.dossier("ballot", BALLOT)).findings}
    assert counted["bl-1/barred"] == [["bank", ["drafter"]], ["institute", ["class:O"]]]
    assert (counted["bl-1/entitled"], counted["bl-1/yes"]) == (1, 1)
