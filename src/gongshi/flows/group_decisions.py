"""The group's decisions at the desk: comments, ballots and the bundle by which a ballot is recounted offline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gongshi.flows import evidence
from gongshi.flows.desk import Actor, Desk
from gongshi.group.bundle import make_ballot_bundle
from gongshi.group.count import count
from gongshi.group.entries import (
    ballot_id,
    cast_vote,
    close_ballot,
    move_stage,
    open_ballot,
    post_comment,
    post_draft,
    reply_to_resolution,
    resolve_comment,
)
from gongshi.group.evidence import make_ballot_evidence, make_comments_evidence
from gongshi.group.queries import (
    get_ballot,
    get_ballots,
    get_clauses,
    get_comments,
    get_committees,
    get_drafts,
    get_item,
)
from gongshi.group.records import BallotRule, Comment, Draft, Stage, Tally, Voter, Words, WorkItem
from gongshi.ledger.records import LoggedEntry, Proof
from gongshi.terms.clause import Clause
from gongshi.terms.digest import Digest
from gongshi.terms.problem import Problem


@dataclass(frozen=True)
class Period:
    """From when until when a ballot is open, and who is marked as interested in its text."""

    opens_at: int
    closes_at: int
    marks: dict[str, tuple[str, ...]]


def move(
    desk: Desk, secretary: Actor, item: WorkItem, target: Stage, reason: Words | None, skipped: dict[int, str]
) -> Proof:
    """Move a work item from where it stands."""
    op = move_stage(item.id, item.stage, target, reason, skipped)
    return desk.act(secretary.organisation, op, mandate=secretary.mandate)


def post(desk: Desk, author: Actor, item: str, draft: Draft) -> Proof:
    """Keep a draft's document and post the revision."""
    desk.blobs.put(draft.encode())
    return desk.act(author.organisation, post_draft(item, draft), mandate=author.mandate)


def find_clause(desk: Desk, draft: str, clause: str) -> Clause | Problem:
    """Give a clause of the revision that stands."""
    with desk.read() as connection:
        revisions = [row["revision"] for row in get_drafts(connection) if row["id"] == draft]
        if not revisions:
            return Problem("group.draft.unknown", values={"draft": draft})
        found = [one for one in get_clauses(connection, draft, max(revisions)) if one.id == clause]
    return found[0] if found else Problem("group.clause.unknown", values={"clause": clause, "draft": draft})


def comment_on(
    desk: Desk, author: Actor, draft: str, clause: str, type_: str, words: Words, proposed: Words | None = None
) -> Proof | Problem:
    """Comment on a clause of the revision that stands."""
    found = find_clause(desk, draft, clause)
    if isinstance(found, Problem):
        return found
    op = post_comment(author.organisation, draft, clause, found.digest(), type_, words, proposed)
    return desk.act(author.organisation, op, mandate=author.mandate)


def resolve(
    desk: Desk, secretary: Actor, comment: Comment, resolution: str, reason: Words | None, hunk: str | None
) -> Proof:
    """Resolve a comment; `hunk` names the clause in which the revision that stands carries the change out."""
    with desk.read() as connection:
        texts = [row for row in get_drafts(connection) if row["id"] == comment.draft]
    latest = Digest(max(texts, key=lambda row: row["revision"])["digest"])
    op = resolve_comment(comment.id, resolution, reason, latest if hunk else None, hunk)
    return desk.act(secretary.organisation, op, mandate=secretary.mandate)


def reply(desk: Desk, author: Actor, comment: str, answer: str, text: Words | None) -> Proof:
    """Say whether a resolution satisfies."""
    return desk.act(author.organisation, reply_to_resolution(comment, answer, text), mandate=author.mandate)


def call_ballot(desk: Desk, secretary: Actor, item: str, rule: BallotRule, period: Period) -> str | Problem:
    """Open a ballot on the item's current text, with the committee's voting members as they are now; give its id, once."""
    with desk.read() as connection:
        found = get_item(connection, item)
        drafts = get_drafts(connection, item)
        committees = {committee.id: committee for committee in get_committees(connection)}
    if found is None or not drafts:
        return Problem("group.workitem.unknown", values={"item": item})
    members = committees[found.committee].members
    electorate = [
        Voter(m.organisation.id, m.member_class, period.marks.get(m.organisation.id, ()))
        for m in members
        if m.organisation.voting
    ]
    text = Digest(max(drafts, key=lambda row: row["revision"])["digest"])
    known = find_ballot(desk, item, rule.id, period)
    if known:
        return known
    op = open_ballot(item, text, rule, electorate, period.opens_at, period.closes_at)
    desk.act(secretary.organisation, op, mandate=secretary.mandate)
    return ballot_id(item, text, rule.id, period.opens_at, period.closes_at)


def find_ballot(desk: Desk, item: str, rule: str, period: Period) -> str:
    """Give the id of the item's ballot under a rule in a period, on whichever revision; empty when there is none."""
    wanted = (item, rule, period.opens_at, period.closes_at)
    with desk.read() as connection:
        for ballot in get_ballots(connection):
            if (ballot.item, ballot.rule.id, ballot.opens_at, ballot.closes_at) == wanted:
                return ballot.id
    return ""


def sign_vote(
    desk: Desk, voter: Actor, ballot: str, position: str, technical: Sequence[str], statement: Words | None
) -> bytes:
    """Sign a vote; the bytes are submitted here or carried to another home as a file."""
    return desk.sign(voter.organisation, [cast_vote(ballot, position, technical, statement)], voter.mandate)


def close(desk: Desk, secretary: Actor, ballot: str, tool_version: str) -> tuple[Tally, Digest] | Problem:
    """Count and close a ballot; the count is signed as evidence. Give the tally and the evidence's digest."""
    with desk.read() as connection:
        found = get_ballot(connection, ballot)
    if found is None:
        return Problem("group.ballot.unknown", values={"ballot": ballot})
    tally = count(found.rule, found.electorate, found.votes)
    desk.act(secretary.organisation, close_ballot(ballot, found.votes, tally), mandate=secretary.mandate)
    document = make_ballot_evidence(found, tally, tool_version)
    return tally, evidence.sign(desk, secretary.organisation, document, secretary.mandate)


def sign_comments(desk: Desk, secretary: Actor, draft: str, version: str) -> Digest | Problem:
    """Sign how the comments on a draft were handled, as evidence on the revision that stands."""
    with desk.read() as connection:
        drafts = [row for row in get_drafts(connection) if row["id"] == draft]
        comments = get_comments(connection, draft)
    if not drafts:
        return Problem("group.draft.unknown", values={"draft": draft})
    text = Digest(max(drafts, key=lambda row: row["revision"])["digest"])
    document = make_comments_evidence(text, comments, version, desk.now())
    return evidence.sign(desk, secretary.organisation, document, secretary.mandate)


def bundle(desk: Desk, ballot: str, checkpoint: str) -> bytes | Problem:
    """Give the bundle of a closed ballot under a checkpoint."""
    return make_ballot_bundle(
        ballot, desk.engine.chain, checkpoint, read_history(desk), get_roots(desk), desk.engine.prove_leaf
    )


def read_history(desk: Desk) -> list[LoggedEntry]:
    """Read every accepted entry."""
    return [logged for block in desk.engine.blocks(0) for logged in block.entries]


def get_roots(desk: Desk) -> dict[str, bytes]:
    """Give every member's root key."""
    return {member.id: member.root for member in desk.engine.genesis.members}
