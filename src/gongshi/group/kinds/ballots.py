"""Ballots: opened with a frozen list, voted on under mandates, closed with a tally that every judge recounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gongshi.group.count import count
from gongshi.group.kinds.common import (
    BALLOTS,
    GROUPS,
    check_id,
    check_role,
    check_secretariat,
    is_words_or_none,
    words_to_body,
)
from gongshi.group.records import MEMBER_CLASSES, POSITIONS, BallotRule, Stage, Tally, Vote, Voter, Words
from gongshi.group.rules import compute_period_days, is_closing_time, read_rule
from gongshi.group.stages import BALLOT_ROWS
from gongshi.ledger.records import At, Op
from gongshi.ledger.rules import Kind
from gongshi.ledger.schema import Form, check_fields, is_count, is_digest, is_id, is_list_of, is_word
from gongshi.ledger.state import Draft
from gongshi.terms.digest import Digest, digest_to_text
from gongshi.terms.evidence import content_id
from gongshi.terms.instant import CALENDAR_END
from gongshi.terms.problem import Problem


def _is_map(value: Any) -> bool:
    return isinstance(value, dict)


def _is_instant(value: Any) -> bool:
    """A period is made of days: beyond the calendar there are none, and an id's JSON (RFC 8785) has no such integers."""
    return is_count(value) and value < CALENDAR_END


def _is_voter(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 3
        and is_id(value[0])
        and value[1] in MEMBER_CLASSES
        and is_list_of(is_id, 0, 8)(value[2])
    )


def _is_received(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and is_id(value[0]) and is_digest(value[1])


_OPEN: Form = {
    "ballot": is_id,
    "item": is_id,
    "draft": is_digest,
    "rule": _is_map,
    "electorate": is_list_of(_is_voter, 1, 256),
    "opens_at": _is_instant,
    "closes_at": _is_instant,
}
_CAST: Form = {
    "ballot": is_id,
    "position": is_word(*POSITIONS),
    "technical": is_list_of(is_id, 0, 64),
    "statement": is_words_or_none,
}
_CLOSE: Form = {"ballot": is_id, "votes": is_list_of(_is_received, 0, 4096), "tally": _is_map}


def ballot_id(item: str, draft: bytes, rule: str, opens_at: int, closes_at: int) -> str:
    """Give the id of a ballot: it belongs to its item, text, rule and period."""
    return content_id("bl", [item, digest_to_text(draft), rule, opens_at, closes_at])


def open_ballot(
    item: str, draft: Digest, rule: BallotRule, electorate: Sequence[Voter], opens_at: int, closes_at: int
) -> Op:
    """Open a ballot on the draft's current revision; `closes_at` is the end of a calendar day in the alliance's zone."""
    voters = [[voter.organisation, voter.member_class, list(voter.marks)] for voter in electorate]
    body = {"item": item, "draft": draft, "rule": rule.as_body(), "electorate": voters}
    name = ballot_id(item, draft, rule.id, opens_at, closes_at)
    return Op("group.ballot.open", 1, {"ballot": name, **body, "opens_at": opens_at, "closes_at": closes_at})


def cast_vote(ballot: str, position: str, technical: Sequence[str] = (), statement: Words | None = None) -> Op:
    """Vote; `technical` names the voter's own technical comments on the draft. A later vote replaces an earlier one."""
    body = {"ballot": ballot, "position": position, "technical": list(technical)}
    return Op("group.vote.cast", 1, {**body, "statement": words_to_body(statement)})


def close_ballot(ballot: str, votes: Sequence[Vote], tally: Tally) -> Op:
    """Close a ballot with every paper received, in its order, and the tally."""
    received = [[vote.organisation, vote.entry] for vote in votes]
    return Op("group.ballot.close", 1, {"ballot": ballot, "votes": received, "tally": tally.as_body()})


def rule_from_body(body: Any) -> BallotRule:
    """Read the rule of an entry that was accepted."""
    rule = read_rule(body)
    assert isinstance(rule, BallotRule)
    return rule


def voters_from_body(rows: Sequence[Any]) -> tuple[Voter, ...]:
    """Read the frozen list of an entry that was accepted."""
    return tuple(Voter(name, member_class, tuple(marks)) for name, member_class, marks in rows)


def _judge_open(body: Any, draft: Draft, at: At) -> Problem | None:
    problem = check_fields(body, _OPEN, "group.ballot.form") or check_secretariat(draft, at)
    if problem is not None:
        return problem
    rule = read_rule(body["rule"])
    if isinstance(rule, list):
        return rule[0]
    derived = ballot_id(body["item"], body["draft"], rule.id, body["opens_at"], body["closes_at"])
    problem = check_id(body["ballot"], derived) or _check_item(body, draft)
    problem = problem or _check_electorate(body, draft) or _check_period(body, rule, draft, at)
    if problem is not None:
        return problem
    item = draft.get(GROUPS, f"item/{body['item']}")
    draft.put(GROUPS, f"item/{body['item']}", {**item, "ballot": body["ballot"]})
    kept = {name: body[name] for name in ("item", "draft", "rule", "electorate", "opens_at", "closes_at")}
    draft.put(BALLOTS, f"ballot/{body['ballot']}", {**kept, "votes": [], "verdict": None})
    return None


def _check_item(body: Any, draft: Draft) -> Problem | None:
    """The item stands at its row's main action, has no other ballot there, and the text is the one that stands."""
    item = draft.get(GROUPS, f"item/{body['item']}")
    if item is None:
        return Problem("group.workitem.unknown", values={"item": body["item"]})
    stage = Stage(*item["stage"])
    if stage.major not in BALLOT_ROWS or stage.sub != 20:
        return Problem("group.ballot.stage", values={"stage": stage.code})
    if item["ballot"] is not None:
        return Problem("group.ballot.known", values={"ballot": item["ballot"]})
    known = None if item["draft"] is None else draft.get(GROUPS, f"draft/{item['draft']}")
    if known is None or known["digest"] != body["draft"]:
        return Problem("group.ballot.draft", values={"draft": item["draft"] or "-"})
    return None


def _check_electorate(body: Any, draft: Draft) -> Problem | None:
    """The list is the committee's voting members with their classes: none left out, none added, none twice."""
    item = draft.get(GROUPS, f"item/{body['item']}")
    members = draft.get(GROUPS, f"committee/{item['committee']}")["members"]
    expected = sorted([name, member_class] for name, member_class, is_voting in members if is_voting)
    if sorted(row[:2] for row in body["electorate"]) != expected:
        return Problem("group.ballot.electorate", values={"voters": len(body["electorate"]), "members": len(expected)})
    return None


def _check_period(body: Any, rule: BallotRule, draft: Draft, at: At) -> Problem | None:
    zone, values = draft.params["group"]["zone"], {"opens_at": body["opens_at"], "closes_at": body["closes_at"]}
    if not body["opens_at"] < body["closes_at"] or body["closes_at"] <= at.time:
        return Problem("group.ballot.times", values=values)
    if not is_closing_time(body["closes_at"], zone):
        return Problem("group.ballot.closing_time", values={**values, "zone": zone})
    # A ballot that is announced late is still open for the whole period: the day of the entry counts, if it is later.
    days = compute_period_days(max(body["opens_at"], at.time), body["closes_at"], zone)
    if days < rule.period_days:
        return Problem("group.ballot.period", values={"days": days, "least": rule.period_days})
    return None


def _judge_cast(body: Any, draft: Draft, at: At) -> Problem | None:
    problem = check_fields(body, _CAST, "group.vote.form") or check_role(draft, at, "expert", "secretariat")
    if problem is not None:
        return problem
    ballot = draft.get(BALLOTS, f"ballot/{body['ballot']}")
    if ballot is None:
        return Problem("group.ballot.unknown", values={"ballot": body["ballot"]})
    problem = _check_open(ballot, body, at) or _check_technical(ballot, body, draft, at)
    if problem is not None:
        return problem
    paper = [at.organisation, at.entry, body["position"], body["technical"]]
    draft.put(BALLOTS, f"ballot/{body['ballot']}", {**ballot, "votes": [*ballot["votes"], paper]})
    return None


def _check_open(ballot: Any, body: Any, at: At) -> Problem | None:
    """A voter of the frozen list, within the period by the block's time, one paper an entry."""
    values = {"ballot": body["ballot"], "organisation": at.organisation}
    if at.organisation not in [row[0] for row in ballot["electorate"]]:
        return Problem("group.vote.not_entitled", values=values)
    if at.time < ballot["opens_at"]:
        return Problem("group.vote.too_early", values={**values, "opens_at": ballot["opens_at"]})
    if at.time > ballot["closes_at"] or ballot["verdict"] is not None:
        return Problem("group.vote.too_late", values={**values, "closes_at": ballot["closes_at"]})
    if any(paper[1] == at.entry for paper in ballot["votes"]):
        return Problem("group.vote.twice", values=values)
    return None


def _check_technical(ballot: Any, body: Any, draft: Draft, at: At) -> Problem | None:
    """What a paper calls its technical comments are te comments of the same member on the same draft."""
    name = draft.get(GROUPS, f"item/{ballot['item']}")["draft"]
    for comment in body["technical"]:
        record = draft.get(GROUPS, f"comment/{comment}")
        if record is None or (record["org"], record["draft"], record["type"]) != (at.organisation, name, "te"):
            return Problem("group.vote.technical", values={"comment": comment, "organisation": at.organisation})
    return None


def _judge_close(body: Any, draft: Draft, at: At) -> Problem | None:
    problem = check_fields(body, _CLOSE, "group.ballot.form") or check_secretariat(draft, at)
    if problem is not None:
        return problem
    place = f"ballot/{body['ballot']}"
    ballot = draft.get(BALLOTS, place)
    if ballot is None:
        return Problem("group.ballot.unknown", values={"ballot": body["ballot"]})
    if ballot["verdict"] is not None:
        return Problem("group.ballot.closed", values={"ballot": body["ballot"]})
    if at.time <= ballot["closes_at"]:
        return Problem("group.ballot.still_open", values={"closes_at": ballot["closes_at"], "time": at.time})
    if body["votes"] != [paper[:2] for paper in ballot["votes"]]:
        return Problem("group.ballot.votes", values={"stated": len(body["votes"]), "received": len(ballot["votes"])})
    votes = [Vote(name, position, tuple(technical)) for name, _, position, technical in ballot["votes"]]
    tally = count(rule_from_body(ballot["rule"]), voters_from_body(ballot["electorate"]), votes)
    if body["tally"] != tally.as_body():
        return Problem("group.ballot.count", values={"ballot": body["ballot"], "verdict": tally.verdict})
    draft.put(BALLOTS, place, {**ballot, "verdict": tally.verdict})
    return None


KINDS = (
    Kind("group.ballot.open", 1, _judge_open),
    Kind("group.vote.cast", 1, _judge_cast),
    Kind("group.ballot.close", 1, _judge_close),
)
