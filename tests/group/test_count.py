"""The boundary cases of the handbook, 3.3, each with its working; and the house's count against the verifier's."""

import dataclasses
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongshi.group import count as counting
from gongshi.group.count import count, count_with, explain
from gongshi.group.records import POSITIONS, BallotRule, Vote, Voter
from gongshi_verifier.ballot import recount
from tests.group.recounts import as_entries
from tests.group.worlds import rule

TE = ("cm-1",)


def of(member_class: str, yes: int, no: int, abstain: int = 0, away: int = 0, *, bare: int = 0):
    """So many members of a class with so many papers each way; `bare` of the disapprovals come without a comment."""
    positions = ["approve"] * yes + ["disapprove"] * no + ["abstain"] * abstain + [""] * away
    voters = [Voter(f"{member_class.lower()}{place:03d}", member_class) for place in range(len(positions))]
    votes = [
        Vote(voter.organisation, position, () if yes <= place < yes + bare else TE)
        for place, (voter, position) in enumerate(zip(voters, positions, strict=True))
        if position
    ]
    return voters, votes


def tally_of(law: BallotRule, *groups):
    voters = [voter for listed, _ in groups for voter in listed]
    votes = [vote for _, listed in groups for vote in listed]
    return count(law, voters, votes)


def worked(tally) -> list[tuple[int, int, bool]]:
    return [(test.left, test.right, test.holds) for test in tally.tests]


DIS = [
    (of("P", 20, 10), of("O", 10, 0), [(60, 60, True), (40, 40, True)], "approved"),
    (of("P", 20, 10), of("O", 9, 0), [(60, 60, True), (40, 39, False)], "not_approved"),
    (of("P", 19, 10), of("O", 11, 0), [(57, 58, False), (40, 40, True)], "not_approved"),
    (of("P", 20, 10), of("O", 0, 0), [(60, 60, True), (40, 30, False)], "not_approved"),
    (of("P", 21, 7), of("O", 0, 0), [(63, 56, True), (28, 28, True)], "approved"),
    (of("P", 0, 0, 0, 9), of("O", 0, 0), [(0, 0, False), (0, 0, False)], "no_vote"),
    (of("P", 0, 0, 9), of("O", 0, 0, 3), [(0, 0, False), (0, 0, False)], "no_vote"),
    (of("P", 0, 0, 0, 4), of("O", 5, 0), [(0, 0, False), (0, 5, True)], "not_approved"),
]


@pytest.mark.parametrize(("first", "second", "working", "verdict"), DIS)
def test_enquiry(first, second, working, verdict):
    tally = tally_of(rule("iso-dis"), first, second)
    assert (worked(tally), tally.verdict) == (working, verdict)


def test_a_void_disapproval_turns_fail_into_pass():
    law = rule("iso-dis")
    tally = tally_of(law, of("P", 20, 11, bare=1), of("O", 10, 0))
    assert (worked(tally), tally.verdict) == ([(60, 60, True), (40, 40, True)], "approved")
    assert tally.void == (("p020", "disapproval_without_te"),)
    lenient = dataclasses.replace(law, void=())
    tally = tally_of(lenient, of("P", 20, 11, bare=1), of("O", 10, 0))
    assert (worked(tally), tally.verdict) == ([(60, 62, False), (44, 41, False)], "not_approved")


def test_the_list_is_frozen():
    """P 19-10, others 11-0; while the ballot is open one negative member moves from P to O."""
    (p_voters, p_votes), (o_voters, o_votes) = of("P", 19, 10), of("O", 11, 0)
    frozen = count(rule("iso-dis"), [*p_voters, *o_voters], [*p_votes, *o_votes])
    moved = [*p_voters[:-1], dataclasses.replace(p_voters[-1], member_class="O"), *o_voters]
    assert frozen.verdict == "not_approved"
    thawed = count(rule("iso-dis"), moved, [*p_votes, *o_votes])
    assert (worked(thawed), thawed.verdict) == ([(57, 56, True), (40, 40, True)], "approved")


@pytest.mark.parametrize(
    ("papers", "working", "verdict"),
    [
        ((20, 7, 3, 10), [(120, 120, True), (60, 60, True), (28, 30, True)], "approved"),
        ((20, 7, 2, 11), [(116, 120, False), (60, 58, True), (28, 29, True)], "no_quorum"),
        ((20, 8, 2, 10), [(120, 120, True), (60, 60, True), (32, 30, False)], "not_approved"),
        ((19, 6, 5, 10), [(120, 120, True), (57, 60, False), (24, 30, True)], "not_approved"),
    ],
)
def test_technical_committee_of_forty(papers, working, verdict):
    tally = tally_of(rule("gbt-tc"), of("P", *papers))
    assert (worked(tally), tally.verdict, tally.entitled) == (working, verdict, 40)


@pytest.mark.parametrize(
    ("papers", "working", "verdict"),
    [((20, 7, 3, 10), (28, 27, False), "not_approved"), ((19, 6, 5, 10), (24, 25, True), "approved")],
)
def test_abstentions_dropped_would_turn_the_committees_verdict(papers, working, verdict):
    dropped = dataclasses.replace(rule("gbt-tc"), abstentions="dropped")
    tally = tally_of(dropped, of("P", *papers))
    assert (worked(tally)[-1], tally.verdict) == (working, verdict)


@pytest.mark.parametrize(
    ("papers", "working", "verdict"),
    [((9, 0, 3), (36, 36, True), "approved"), ((8, 0, 4), (32, 36, False), "not_approved")],
)
def test_group_standard_with_twelve_present(papers, working, verdict):
    tally = tally_of(rule("group-standard"), of("P", *papers))
    assert (worked(tally), tally.verdict) == ([working], verdict)


def test_barring_turns_pass_into_fail():
    voters, votes = of("P", 9, 0, 3)
    assert count(rule("group-standard"), voters, votes).verdict == "approved"
    marked = [dataclasses.replace(voter, marks=("drafter",)) if n < 3 else voter for n, voter in enumerate(voters)]
    tally = count(rule("group-standard"), marked, votes)
    assert (worked(tally), tally.verdict, tally.entitled) == ([(24, 27, False)], "not_approved", 9)
    assert [name for name, _ in tally.barred] == ["p000", "p001", "p002"]


def test_a_tie_is_discussed_further():
    tally = tally_of(rule("jtc1"), of("P", 5, 5))
    assert (worked(tally), tally.verdict) == ([(10, 10, False)], "discuss")
    assert tally_of(rule("jtc1"), of("P", 6, 5)).verdict == "approved"
    assert tally_of(rule("jtc1"), of("P", 5, 6)).verdict == "not_approved"


def test_other_rules_at_their_limits():
    assert tally_of(rule("iso-ts"), of("P", 20, 10), of("O", 0, 30)).verdict == "approved"
    assert tally_of(rule("iso-ts"), of("P", 19, 10)).verdict == "not_approved"
    assert tally_of(rule("iso-ts"), of("P", 1, 0), of("O", 1, 0)).barred == (("o000", ("class:O",)),)
    assert tally_of(rule("iso-tr"), of("P", 6, 5)).verdict == "approved"
    assert tally_of(rule("iso-tr"), of("P", 5, 5)).verdict == "not_approved"
    assert tally_of(rule("iso-fdis"), of("P", 20, 10), of("O", 10, 0)).verdict == "approved"
    assert tally_of(rule("gbt-letter"), of("P", 6, 2, 0, 4)).verdict == "approved"
    assert tally_of(rule("gbt-letter"), of("P", 6, 1, 0, 5)).verdict == "no_quorum"
    assert tally_of(rule("gbt-meeting"), of("P", 5, 2, 1, 4)).verdict == "not_approved"


def test_a_late_paper_would_have_turned_it():
    voters, votes = of("P", 2, 1, 0, 1)
    law = rule("alliance-charter")
    assert count(law, voters, votes).verdict == "not_approved"
    assert count_with(law, voters, votes, Vote(voters[-1].organisation, "approve")).verdict == "approved"


def test_the_working_is_explained_line_by_line():
    voters, votes = of("P", 3, 2, 1, 1, bare=1)
    voters[0] = dataclasses.replace(voters[0], marks=("drafter",))
    steps = explain(count(rule("alliance-charter"), voters, votes))
    assert [step.code for step in steps] == [
        "group.count.entitled",
        "group.count.barred",
        "group.count.void",
        "group.count.papers",
        "group.count.not_held",
        "group.count.not_held",
        "group.count.held",
        "group.verdict.no_quorum",
    ]
    assert steps[3].values == {"yes": 2, "no": 1, "abstain": 1, "not_returned": 1}
    empty = explain(count(rule("iso-dis"), voters, ()))
    assert [step.code for step in empty][-3:] == ["group.count.empty", "group.count.empty", "group.verdict.no_vote"]


RULES = ("iso-dis", "iso-ts", "jtc1", "gbt-tc", "gbt-letter", "group-standard", "alliance-charter")


@pytest.mark.parametrize("name", RULES)
def test_the_house_and_the_verifier_agree_on_every_ballot_of_up_to_five(name):
    """Every mix of papers (the voters are alike, so that their order does not matter), with one observer and one drafter."""
    law = rule(name)
    papers = ["", "approve", "disapprove", "bare", "abstain"]
    total = 0
    for size in range(1, 6):
        voters = [Voter(f"m{n}", "O" if n == 4 else "P", ("drafter",) if n == 3 else ()) for n in range(size)]
        plain, special = voters[:3], voters[3:]
        for mix in itertools.combinations_with_replacement(papers, len(plain)):
            for rest in itertools.product(papers, repeat=len(special)):
                votes = [paper for v, word in zip(voters, (*mix, *rest), strict=True) if (paper := _paper(v, word))]
                _assert_agreed(law, voters, votes)
                total += 1
    assert total == 5 + 15 + 35 + 35 * 5 + 35 * 25


def _paper(voter: Voter, word: str) -> Vote | None:
    if not word:
        return None
    return Vote(voter.organisation, "disapprove" if word == "bare" else word, () if word == "bare" else TE)


def _assert_agreed(law: BallotRule, voters: list[Voter], votes: list[Vote]) -> None:
    tally = count(law, voters, votes)
    findings, counted = recount(as_entries(law, voters, votes, tally))
    assert findings == []
    assert counted == {"ballot": "bl-1", **tally.as_body()}


CLASSES, MARKS = ("P", "O", "other"), ("drafter", "drafters_employer", "guest")
BALLOTS = st.lists(
    st.tuples(
        st.sampled_from(CLASSES),
        st.lists(st.sampled_from(MARKS), max_size=2, unique=True),
        st.lists(st.tuples(st.sampled_from(POSITIONS), st.booleans()), max_size=3),
    ),
    min_size=1,
    max_size=60,
)


@given(members=BALLOTS, name=st.sampled_from(RULES), seed=st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_the_house_and_the_verifier_agree_on_bigger_ballots(members, name, seed):
    """Members change their minds; papers arrive in any order."""
    voters = [Voter(f"m{n:02d}", kind, tuple(marks)) for n, (kind, marks, _) in enumerate(members)]
    votes = [
        Vote(f"m{n:02d}", position, TE if te else ())
        for n, (_, _, papers) in enumerate(members)
        for position, te in papers
    ]
    seed.shuffle(votes)
    _assert_agreed(rule(name), voters, votes)


@given(members=BALLOTS)
@settings(max_examples=60, deadline=None)
def test_nothing_is_lost_and_nothing_counted_twice(members):
    voters = [Voter(f"m{n:02d}", kind, tuple(marks)) for n, (kind, marks, _) in enumerate(members)]
    votes = [Vote(f"m{n:02d}", position, ()) for n, (_, _, papers) in enumerate(members) for position, _ in papers]
    tally = count(rule("iso-dis"), voters, votes)
    papers = tally.yes + tally.no + tally.abstain + len(tally.void) + tally.not_returned
    assert papers == tally.entitled == len(voters) - len(tally.barred)


def test_a_planted_mistake_in_the_count_is_seen(monkeypatch):
    """A count that forgets the last paper."""
    real = counting.count
    monkeypatch.setattr(counting, "count", lambda law, voters, votes: real(law, voters, tuple(votes)[:-1]))
    voters, votes = of("P", 3, 1)
    findings, _ = recount(as_entries(rule("iso-dis"), voters, votes, counting.count(rule("iso-dis"), voters, votes)))
    assert {finding.code for finding in findings} == {"verify.ballot.count_differs"}
    assert {finding.place for finding in findings} >= {"bl-1/no", "bl-1/not_returned"}
