"""What a ballot bundle cannot hide from the offline recount."""

import dataclasses

import pytest

from gongshi.group.count import count
from gongshi.group.records import Vote, Voter
from gongshi_verifier.ballot import recount
from tests.group.recounts import as_entries, checked
from tests.group.worlds import rule

VOTERS = [Voter(f"m{n}", "P") for n in range(5)]
VOTES = [Vote(f"m{n}", "approve") for n in range(4)] + [Vote("m4", "abstain")]


@pytest.fixture
def entries():
    law = rule("alliance-charter")
    return as_entries(law, VOTERS, VOTES, count(law, VOTERS, VOTES))


def codes(entries) -> list[str]:
    return [finding.code for finding in recount(entries)[0]]


def with_body(entry, **fields):
    kind, version, body = entry.ops[0]
    return dataclasses.replace(entry, ops=[[kind, version, {**body, **fields}]])


def test_an_honest_ballot_is_recounted(entries):
    findings, tally = recount(entries)
    assert findings == []
    assert (tally["ballot"], tally["verdict"], tally["yes"]) == ("bl-1", "approved", 4)
    assert recount(entries[::-1]) == (findings, tally)


def test_a_vote_taken_out_is_named(entries):
    missing = entries.pop(2)
    findings, _ = recount(entries)
    assert findings[0].code == "verify.ballot.vote_missing"
    assert findings[0].values == {"organisation": "m1", "digest": missing.digest.hex()}
    assert "verify.ballot.count_differs" in codes(entries)


def test_a_vote_that_the_closing_does_not_name_is_seen(entries):
    body = {"ballot": "bl-1", "position": "approve", "technical": []}
    extra = dataclasses.replace(checked(99, "m4", "group.vote.cast", body), leaf=6)
    assert codes([*entries[:-1], extra, dataclasses.replace(entries[-1], leaf=7)])[0] == "verify.ballot.vote_unnamed"


def test_a_paper_after_the_closing_and_another_order_are_seen(entries):
    late = dataclasses.replace(entries[2], leaf=100)
    assert "verify.ballot.order" in codes([*entries[:2], *entries[3:], late])
    swapped = [*entries[:-1], with_body(entries[-1], votes=entries[-1].ops[0][2]["votes"][::-1])]
    assert codes(swapped) == ["verify.ballot.vote_order"]


@pytest.mark.parametrize("name", ["yes", "verdict", "barred", "tests"])
def test_each_stated_value_is_compared(entries, name):
    stated = {**entries[-1].ops[0][2]["tally"], name: 99}
    findings, _ = recount([*entries[:-1], with_body(entries[-1], tally=stated)])
    assert [(f.code, f.place) for f in findings] == [("verify.ballot.count_differs", f"bl-1/{name}")]
    extra = {**entries[-1].ops[0][2]["tally"], "bonus": 1}
    assert codes([*entries[:-1], with_body(entries[-1], tally=extra)]) == ["verify.ballot.count_differs"]


def test_openings_closings_and_who_closes(entries):
    assert codes(entries[1:]) == ["verify.ballot.opening"]
    assert codes([*entries, dataclasses.replace(entries[0], leaf=50)]) == ["verify.ballot.opening"]
    assert codes(entries[:-1]) == ["verify.ballot.closing"]
    assert codes([*entries, dataclasses.replace(entries[-1], leaf=50)]) == ["verify.ballot.closing"]
    assert codes([*entries[:-1], dataclasses.replace(entries[-1], organisation="m0")]) == ["verify.ballot.closer"]


def test_an_unreadable_rule_is_no_traceback(entries):
    for fields in ({"rule": {}}, {"electorate": 7}, {"electorate": [["m0"]]}, {"rule": None}):
        assert codes([with_body(entries[0], **fields), *entries[1:]]) == ["verify.ballot.unreadable"]
    assert codes([entries[0], with_body(entries[1], position="perhaps"), *entries[2:]]) == ["verify.ballot.unreadable"]
    assert codes([*entries[:-1], with_body(entries[-1], votes=[7])]) == ["verify.ballot.unreadable"]
