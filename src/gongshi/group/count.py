"""The count: one pure function from a rule, a frozen list and the papers to a tally with its working.

1. voters outside the rule's classes, and those whose mark of interest the rule bars, are set aside with the reason;
2. the last paper of a voter counts; a void paper is set aside with the reason;
3. papers are added up; the quorum and then each test compares two integer sums, never fractions as floats
   (0.667 would refuse an exact two thirds);
4. a comparison of nothing with nothing holds emptily and therefore does not count as held.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from gongshi.group.records import BallotRule, Compared, Step, Tally, Test, Vote, Voter

_APPROVES = ("approve", "approve_with_comments")


def count(rule: BallotRule, electorate: Sequence[Voter], votes: Iterable[Vote]) -> Tally:
    """Count the papers in the order in which they were received."""
    barred = _bar(rule, electorate)  # 1
    voters = {voter.organisation: voter.member_class for voter in electorate if voter.organisation not in barred}
    papers = {vote.organisation: vote for vote in votes if vote.organisation in voters}  # 2
    void = {name: "disapproval_without_te" for name, vote in papers.items() if _is_void(rule, vote)}
    valid = [vote for name, vote in papers.items() if name not in void]
    numbers = _add_up(rule, voters, valid)  # 3
    quorum = [] if rule.quorum is None else [_compare(rule.quorum, numbers)]
    tests = [_compare(test, numbers) for test in rule.tests]
    return Tally(
        entitled=numbers["m"],
        yes=numbers["y"],
        no=numbers["n"],
        abstain=numbers["a"],
        not_returned=numbers["m"] - len(papers),
        barred=tuple(sorted(barred.items())),
        void=tuple(sorted(void.items())),
        tests=(*quorum, *tests),
        verdict=_decide(rule, numbers, quorum, tests),
    )


def count_with(rule: BallotRule, electorate: Sequence[Voter], votes: Sequence[Vote], vote: Vote) -> Tally:
    """Say what the count would be if this paper came in."""
    return count(rule, electorate, (*votes, vote))


def explain(tally: Tally) -> tuple[Step, ...]:
    """Give the working line by line."""
    steps = [Step("group.count.entitled", {"entitled": tally.entitled})]
    steps += [
        Step("group.count.barred", {"organisation": name, "reasons": ", ".join(reasons)})
        for name, reasons in tally.barred
    ]
    steps += [Step("group.count.void", {"organisation": name, "reason": reason}) for name, reason in tally.void]
    papers = {"yes": tally.yes, "no": tally.no, "abstain": tally.abstain, "not_returned": tally.not_returned}
    steps.append(Step("group.count.papers", papers))
    steps += [_explain_test(test) for test in tally.tests]
    steps.append(Step(f"group.verdict.{tally.verdict}", papers))
    return tuple(steps)


def _bar(rule: BallotRule, electorate: Sequence[Voter]) -> dict[str, tuple[str, ...]]:
    """Give who is set aside, with each reason."""
    barred = {}
    for voter in electorate:
        reasons = [mark for mark in voter.marks if mark in rule.barred]
        if voter.member_class not in rule.classes:
            reasons.append(f"class:{voter.member_class}")
        if reasons:
            barred[voter.organisation] = tuple(sorted(reasons))
    return barred


def _is_void(rule: BallotRule, vote: Vote) -> bool:
    return "disapproval_without_te" in rule.void and vote.position == "disapprove" and not vote.technical


def _add_up(rule: BallotRule, voters: Mapping[str, str], papers: Sequence[Vote]) -> dict[str, int]:
    numbers = {}
    for suffix, classes in (("", set(voters.values())), ("P", {"P"})):
        positions = [vote.position for vote in papers if voters[vote.organisation] in classes]
        yes = sum(position in _APPROVES for position in positions)
        no, abstain = positions.count("disapprove"), positions.count("abstain")
        counted = yes + no if rule.abstentions == "dropped" else yes + no + abstain
        entitled = sum(voter_class in classes for voter_class in voters.values())
        values = (yes, no, abstain, counted, yes + no + abstain, entitled)
        numbers.update({f"{symbol}{suffix}": value for symbol, value in zip("ynavpm", values, strict=True)})
    return numbers


def _compare(test: Test, numbers: Mapping[str, int]) -> Compared:
    left = sum(factor * numbers[symbol] for symbol, factor in test.left.items())
    right = sum(factor * numbers[symbol] for symbol, factor in test.right.items())
    relations = {"ge": left >= right, "gt": left > right, "le": left <= right, "lt": left < right}
    return Compared(test.name, left, test.relation, right, relations[test.relation] and (left, right) != (0, 0))  # 4


def _decide(rule: BallotRule, numbers: Mapping[str, int], quorum: Sequence[Compared], tests: Sequence[Compared]) -> str:
    if not all(test.holds for test in quorum):
        return "no_quorum"
    if numbers["y"] + numbers["n"] == 0:
        return "no_vote"
    if all(test.holds for test in tests):
        return "approved"
    if rule.tie == "discuss" and numbers["y"] == numbers["n"]:
        return "discuss"
    return "not_approved"


def _explain_test(test: Compared) -> Step:
    values = {"test": test.name, "left": test.left, "relation": test.relation, "right": test.right}
    if (test.left, test.right) == (0, 0):
        return Step("group.count.empty", values)
    return Step("group.count.held" if test.holds else "group.count.not_held", values)
