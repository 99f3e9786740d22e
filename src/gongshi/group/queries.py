"""What the desk asks of the group's tables; every answer is a record or a tuple of records, in a stated order."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import sqlalchemy as sa

from gongshi.group.comments import CHANGES as TEXT_CHANGES
from gongshi.group.count import count
from gongshi.group.kinds.ballots import rule_from_body, voters_from_body
from gongshi.group.records import (
    Ballot,
    Comment,
    Committee,
    Compared,
    Exchange,
    Member,
    Milestone,
    Stage,
    StageChange,
    Tally,
    Vote,
    Waiting,
    Words,
    WorkItem,
)
from gongshi.group.rules import read_clause
from gongshi.group.store import (
    ATTACHED,
    BALLOTS,
    CHANGES,
    CLAUSES,
    COMMENTS,
    COMMITTEES,
    DRAFTS,
    EVIDENCE,
    EXCHANGES,
    HELD,
    ITEMS,
    MANDATES,
    MEMBERS,
    MILESTONES,
    VOTES,
    unpack,
)
from gongshi.terms.clause import Clause
from gongshi.terms.digest import Digest
from gongshi.terms.instant import ALLIANCE_ZONE, Instant, end_of_day
from gongshi.terms.organisation import Mandate, Organisation
from gongshi.terms.text import Text, text_from


def get_committees(connection: sa.Connection) -> tuple[Committee, ...]:
    """Give the committees with their members, by id."""
    committees = []
    for row in connection.execute(sa.select(COMMITTEES).order_by(COMMITTEES.c.id)).all():
        listed = sa.select(MEMBERS).where(MEMBERS.c.committee == row.id).order_by(MEMBERS.c.org)
        members = tuple(_member(member) for member in connection.execute(listed).mappings())
        committees.append(Committee(row.id, _text(row.name), row.secretariat, members))
    return tuple(committees)


def get_rehearsal(connection: sa.Connection) -> Text | None:
    """Give the mark that everything made from a rehearsed committee's decisions carries."""
    row = connection.execute(sa.select(COMMITTEES.c.rehearsal).where(COMMITTEES.c.rehearsal.is_not(None))).first()
    return None if row is None else _text(row.rehearsal)


def get_organisations(connection: sa.Connection) -> tuple[Organisation, ...]:
    """Give the organisations that sit in any committee, by id."""
    found = {m.organisation.id: m.organisation for committee in get_committees(connection) for m in committee.members}
    return tuple(found[name] for name in sorted(found))


def get_mandates(connection: sa.Connection) -> tuple[Mandate, ...]:
    """Give every mandate, also those that have ended, by organisation and id."""
    rows = connection.execute(sa.select(MANDATES).order_by(MANDATES.c.org, MANDATES.c.id)).all()
    return tuple(Mandate(row.id, row.org, tuple(unpack(row.roles)), Instant(row.until)) for row in rows)


def get_items(connection: sa.Connection) -> tuple[WorkItem, ...]:
    """Give the work items with their stage histories, in the order in which they were opened."""
    return tuple(_item(connection, row) for row in connection.execute(sa.select(ITEMS).order_by(ITEMS.c.leaf)).all())


def get_item(connection: sa.Connection, item: str) -> WorkItem | None:
    """Give a work item."""
    row = connection.execute(sa.select(ITEMS).where(ITEMS.c.id == item)).one_or_none()
    return None if row is None else _item(connection, row)


def get_milestones(connection: sa.Connection) -> tuple[Milestone, ...]:
    """Give the milestones by their day."""
    rows = connection.execute(sa.select(MILESTONES).order_by(MILESTONES.c.day, MILESTONES.c.id)).all()
    return tuple(
        Milestone(row.id, row.item, row.kind, _text(row.name), date.fromisoformat(row.day), row.done) for row in rows
    )


def get_drafts(connection: sa.Connection, item: str | None = None) -> list[dict[str, Any]]:
    """Give the drafts' revisions: id, revision, item, title (Text), digest, org, time, leaf, and whether the text is here."""
    query = sa.select(DRAFTS).order_by(DRAFTS.c.id, DRAFTS.c.revision)
    if item is not None:
        query = query.where(DRAFTS.c.item == item)
    return [{**row, "title": _text(row["title"])} for row in connection.execute(query).mappings()]


def get_clauses(connection: sa.Connection, draft: str, revision: int) -> tuple[Clause, ...]:
    """Give the clauses of a revision in their order, as far as the document is on this desk."""
    at = (CLAUSES.c.draft == draft) & (CLAUSES.c.revision == revision) & CLAUSES.c.document.is_not(None)
    clauses = []
    for row in connection.execute(sa.select(CLAUSES).where(at).order_by(CLAUSES.c.place)).all():
        clause = read_clause(unpack(row.document))
        if isinstance(clause, Clause) and clause.digest() == row.digest:
            clauses.append(clause)
    return tuple(clauses)


def get_attached(connection: sa.Connection, draft: str) -> tuple[Digest, ...]:
    """Give the digests of the evidence that is attached to a draft."""
    query = sa.select(ATTACHED.c.evidence).where(ATTACHED.c.draft == draft).order_by(ATTACHED.c.evidence)
    return tuple(Digest(digest) for digest in connection.execute(query).scalars())


def get_signers(connection: sa.Connection, evidence: bytes) -> tuple[tuple[str, int], ...]:
    """Give (organisation, leaf) of the entries that sign an evidence."""
    query = sa.select(EVIDENCE).where(EVIDENCE.c.digest == evidence).order_by(EVIDENCE.c.leaf)
    return tuple((row.org, row.leaf) for row in connection.execute(query).all())


def get_comments(connection: sa.Connection, draft: str | None = None) -> tuple[Comment, ...]:
    """Give the comments in the order in which they were made."""
    query = sa.select(COMMENTS).order_by(COMMENTS.c.leaf)
    if draft is not None:
        query = query.where(COMMENTS.c.draft == draft)
    return tuple(_comment(row) for row in connection.execute(query).all())


def get_ballots(connection: sa.Connection) -> tuple[Ballot, ...]:
    """Give the ballots with every paper received, in the order in which they were opened."""
    rows = connection.execute(sa.select(BALLOTS).order_by(BALLOTS.c.leaf)).all()
    return tuple(_ballot(connection, row) for row in rows)


def get_ballot(connection: sa.Connection, ballot: str) -> Ballot | None:
    """Give a ballot."""
    row = connection.execute(sa.select(BALLOTS).where(BALLOTS.c.id == ballot)).one_or_none()
    return None if row is None else _ballot(connection, row)


def compute_tally(ballot: Ballot) -> Tally:
    """Count a ballot as it stands, open or closed."""
    return count(ballot.rule, ballot.electorate, ballot.votes)


def get_exchanges(connection: sa.Connection, organisation: str | None = None) -> tuple[Exchange, ...]:
    """Give the exchanges, or those that an organisation sent or received, with the receipts."""
    held: dict[bytes, list[tuple[str, Instant]]] = {}
    for row in connection.execute(sa.select(HELD).order_by(HELD.c.time, HELD.c.org)).all():
        held.setdefault(row.envelope, []).append((row.org, Instant(row.time)))
    rows = connection.execute(sa.select(EXCHANGES).order_by(EXCHANGES.c.time)).all()
    exchanges = (_exchange(row, held.get(row.envelope, [])) for row in rows)
    return tuple(e for e in exchanges if organisation in (None, e.sender, *e.recipients))


def waiting_for(
    connection: sa.Connection, organisation: str, now: int, zone: str = ALLIANCE_ZONE
) -> tuple[Waiting, ...]:
    """Give what waits for an organisation at an instant, what is due first coming first.

    A voter: an open ballot without his paper. A commenter: a resolution without his reply. A recipient: an envelope without
    his receipt. The secretariat: a comment without resolution, a ballot past its close, a milestone that is not done.
    """
    secretariats = {committee.secretariat for committee in get_committees(connection)}
    waiting = [*_votes(connection, organisation, now), *_replies(connection, organisation)]
    waiting += _receipts(connection, organisation)
    if organisation in secretariats:
        waiting += [*_closings(connection, now), *_resolutions(connection)]
        waiting += [
            Waiting("milestone", m.id, m.name, end_of_day(m.day, zone))
            for m in get_milestones(connection)
            if not m.is_done
        ]
    return tuple(sorted(waiting, key=lambda one: (one.due is None, one.due or 0, one.kind, one.id)))


def waiting_for_all(connection: sa.Connection, now: int, zone: str = ALLIANCE_ZONE) -> dict[str, tuple[Waiting, ...]]:
    """Give what waits for each organisation; those for whom nothing waits are left out."""
    found = {one.id: waiting_for(connection, one.id, now, zone) for one in get_organisations(connection)}
    return {name: waiting for name, waiting in found.items() if waiting}


def tally_from(value: Any) -> Tally:
    """Read a tally as the closing entry states it."""
    numbers = {name: value[name] for name in ("entitled", "yes", "no", "abstain", "not_returned", "verdict")}
    return Tally(
        **numbers,
        barred=tuple((name, tuple(reasons)) for name, reasons in value["barred"]),
        void=tuple((name, reason) for name, reason in value["void"]),
        tests=tuple(Compared(*row) for row in value["tests"]),
    )


def _votes(connection: sa.Connection, organisation: str, now: int) -> list[Waiting]:
    names = _titles(connection)
    return [
        Waiting("vote", ballot.id, names[ballot.item], ballot.closes_at)
        for ballot in get_ballots(connection)
        if ballot.tally is None
        and ballot.opens_at <= now <= ballot.closes_at
        and _is_entitled(ballot, organisation)
        and organisation not in {vote.organisation for vote in ballot.votes}
    ]


def _is_entitled(ballot: Ballot, organisation: str) -> bool:
    barred = {name for name, _ in compute_tally(ballot).barred}
    return organisation not in barred and organisation in {voter.organisation for voter in ballot.electorate}


def _closings(connection: sa.Connection, now: int) -> list[Waiting]:
    names = _titles(connection)
    return [
        Waiting("close", ballot.id, names[ballot.item], ballot.closes_at)
        for ballot in get_ballots(connection)
        if ballot.tally is None and now > ballot.closes_at
    ]


def _resolutions(connection: sa.Connection) -> list[Waiting]:
    """A comment waits for its resolution; one that was accepted waits until the change is carried out in a revision."""
    return [
        Waiting("resolve", comment.id, comment.comment, None)
        for comment in get_comments(connection)
        if comment.resolution is None or (comment.resolution in TEXT_CHANGES and comment.revision is None)
    ]


def _replies(connection: sa.Connection, organisation: str) -> list[Waiting]:
    return [
        Waiting("reply", comment.id, comment.comment, None)
        for comment in get_comments(connection)
        if comment.organisation == organisation and comment.reply is None and _is_answerable(comment)
    ]


def _is_answerable(comment: Comment) -> bool:
    if comment.resolution in TEXT_CHANGES:
        return comment.revision is not None
    return comment.resolution in ("rejected", "noted")


def _receipts(connection: sa.Connection, organisation: str) -> list[Waiting]:
    return [
        Waiting("receipt", exchange.envelope.hex(), exchange.purpose, exchange.retain_until)
        for exchange in get_exchanges(connection, organisation)
        if organisation in exchange.recipients and organisation not in {name for name, _ in exchange.held}
    ]


def _titles(connection: sa.Connection) -> dict[str, Text]:
    return {row.id: _text(row.title) for row in connection.execute(sa.select(ITEMS.c.id, ITEMS.c.title)).all()}


def _text(packed: str) -> Text:
    return text_from(unpack(packed))


def _words(packed: str) -> Words | None:
    value = unpack(packed)
    return text_from(value) if isinstance(value, dict) else value


def _some_words(packed: str) -> Words:
    words = _words(packed)
    assert words is not None
    return words


def _maybe_digest(value: bytes | None) -> Digest | None:
    return None if value is None else Digest(value)


def _member(row: Any) -> Member:
    return Member(Organisation(row["org"], _text(row["name"]), row["kind"], row["voting"]), row["class"])


def _item(connection: sa.Connection, row: Any) -> WorkItem:
    query = sa.select(CHANGES).where(CHANGES.c.item == row.id).order_by(CHANGES.c.place)
    history = tuple(_change(change) for change in connection.execute(query).all())
    cites = _maybe_digest(row.cites)
    stage = history[-1].stage
    return WorkItem(row.id, row.committee, _text(row.title), row.origin, cites, Instant(row.due), stage, history)


def _change(row: Any) -> StageChange:
    return StageChange(
        stage=Stage(row.major, row.sub),
        time=Instant(row.time),
        organisation=row.org,
        mandate=row.mandate,
        reason=_words(row.reason),
        skipped=tuple((major, why) for major, why in unpack(row.skipped)),
        entry=Digest(row.entry),
    )


def _comment(row: Any) -> Comment:
    return Comment(
        id=row.id,
        draft=row.draft,
        organisation=row.org,
        mandate=row.mandate,
        clause=row.clause,
        anchor=Digest(row.anchor),
        type=row.type,
        comment=_some_words(row.text),
        proposed=_words(row.proposed),
        time=Instant(row.time),
        resolution=row.resolution,
        reason=_words(row.reason),
        revision=_maybe_digest(row.revision),
        hunk=row.hunk,
        reply=row.reply,
        reply_text=_words(row.reply_text),
        is_suspect=row.suspect,
    )


def _ballot(connection: sa.Connection, row: Any) -> Ballot:
    query = sa.select(VOTES).where(VOTES.c.ballot == row.id).order_by(VOTES.c.leaf)
    return Ballot(
        id=row.id,
        item=row.item,
        draft=Digest(row.draft),
        rule=rule_from_body(unpack(row.rule)),
        electorate=voters_from_body(unpack(row.electorate)),
        opens_at=Instant(row.opens_at),
        closes_at=Instant(row.closes_at),
        opened_by=row.org,
        votes=tuple(_vote(vote) for vote in connection.execute(query).all()),
        tally=None if row.tally is None else tally_from(unpack(row.tally)),
    )


def _vote(row: Any) -> Vote:
    return Vote(
        organisation=row.org,
        position=row.position,
        technical=tuple(unpack(row.technical)),
        statement=_words(row.statement),
        mandate=row.mandate,
        time=row.time,
        entry=row.entry,
    )


def _exchange(row: Any, held: list[tuple[str, Instant]]) -> Exchange:
    return Exchange(
        envelope=Digest(row.envelope),
        commitment=Digest(row.commitment),
        sender=row.sender,
        recipients=tuple(unpack(row.recipients)),
        purpose=_text(row.purpose),
        marking=row.marking,
        retain_until=Instant(row.retain_until),
        sent_at=Instant(row.time),
        held=tuple(held),
    )


def get_organisations_with(connection: sa.Connection, role: str, now: int) -> Collection[str]:
    """Give the organisations that have a living mandate with a role."""
    return sorted({m.organisation for m in get_mandates(connection) if role in m.roles and m.until >= now})


def list_evidence(connection: sa.Connection, kind: str = "") -> list[dict[str, Any]]:
    """Give signed evidence whose kind begins so: digest, org, kind, time, leaf, in the order of the ledger."""
    query = sa.select(EVIDENCE).where(EVIDENCE.c.kind.startswith(kind)).order_by(EVIDENCE.c.leaf)
    return [dict(row) for row in connection.execute(query).mappings()]
