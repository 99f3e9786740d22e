import dataclasses

from gongshi.group.count import count
from gongshi.group.evidence import make_ballot_evidence, make_comments_evidence
from gongshi.group.records import Ballot, Comment, Vote
from gongshi.terms.canonical import encode_cbor
from gongshi.terms.digest import compute_digest
from tests.group import worlds
from tests.group.worlds import CLOSES, OPENS, electorate, rule

DRAFT = compute_digest(b"draft")
VOTES = (*(Vote(name, "approve") for name in worlds.MEMBERS[:4]), Vote("insurer", "abstain"))
BALLOT = Ballot("bl-1", "wi-1", DRAFT, rule(), electorate(lab=("drafter",)), OPENS, CLOSES, "institute", VOTES)


def comment(name: str, **fields) -> Comment:
    base = Comment(name, "d", "bank", None, "clause-016", DRAFT, "te", "unclear", None, OPENS)
    return dataclasses.replace(base, **fields)


def test_a_ballots_evidence_carries_figures_verdict_and_working():
    tally = count(BALLOT.rule, BALLOT.electorate, VOTES)
    evidence = make_ballot_evidence(BALLOT, tally, "0.1.0")
    figures = {name: figure.value for name, figure in evidence.figures.items()}
    expected = {"entitled": 5, "yes": 4, "no": 0, "abstain": 1, "not_returned": 0, "void": 0, "barred": 1}
    assert figures == expected
    assert evidence.kind == "group.ballot"
    assert evidence.subjects == {"draft": DRAFT, "tally": compute_digest(encode_cbor(tally.as_body()))}
    assert evidence.results["verdict"] == "approved"
    assert evidence.results["working"][-1]["code"] == "group.verdict.approved"
    assert evidence.id() == make_ballot_evidence(BALLOT, tally, "0.1.0").id()
    worse = count(BALLOT.rule, BALLOT.electorate, VOTES[1:])
    assert evidence.id() != make_ballot_evidence(BALLOT, worse, "0.1.0").id()


def test_comments_are_counted_by_type_handling_and_reply():
    comments = [
        comment("cm-1", resolution="accepted", reply="satisfied"),
        comment("cm-2", resolution="rejected", reply="objects"),
        comment("cm-3", type="ed"),
    ]
    evidence = make_comments_evidence(DRAFT, comments, "0.1.0", OPENS)
    figures = {name: figure.value for name, figure in evidence.figures.items() if figure.value}
    assert figures == {"received": 3, "te": 2, "ed": 1, "accepted": 1, "rejected": 1, "open": 1, "objections": 1}
    assert [row["id"] for row in evidence.results["comments"]] == ["cm-1", "cm-2", "cm-3"]
    assert evidence.encode()
