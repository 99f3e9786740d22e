"""A draft, a comment, a ballot with a carried vote, the count and the bundle: the group's decisions on a real house."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gongshi.flows import group_decisions as flow
from gongshi.flows.checkpoints import cosigned, make_policy
from gongshi.flows.desk import Actor
from gongshi.flows.evidence import read_evidence
from gongshi.group.adapters.draft_folder import load_draft
from gongshi.group.adapters.rule_folder import load_rules
from gongshi.group.entries import open_workitem, workitem_id
from gongshi.group.queries import get_ballot, get_comments, get_item
from gongshi.group.records import Stage
from gongshi.terms.instant import MS_PER_DAY, Instant, day_of, end_of_day
from gongshi.terms.problem import Problem
from gongshi.terms.text import Text
from gongshi.wiring import House
from gongshi_verifier.verify import verify_file
from tests.flows.pilot_house import ALLIANCE

SECRETARY = Actor("institute", "institute-secretary")
AUTHOR = Actor("research-lab", "lab-researcher")
VOTERS = {
    "ministry": "ministry-supervisor",
    "institute": "institute-expert",
    "consortium-a": "consortium-a-expert",
    "consortium-b": "consortium-b-expert",
    "payment-company": "payment-expert",
    "internet-bank": "bank-expert",
    "insurer": "insurer-expert",
}
TITLE = Text("分布式账本技术要求", "Requirements for distributed ledgers")
ITEM = workitem_id(TITLE, "as-1")
DRAFT = "ledger-requirements"


def go(house: House, *codes: str) -> None:
    """Move the item; rows between that may be skipped are skipped with a reason."""
    for code in codes:
        with house.desk.read() as connection:
            item = get_item(connection, ITEM)
        target = Stage(int(code[:2]), int(code[3:]))
        rows = range(item.stage.major + 10, target.major, 10) if item.stage.sub == 99 else ()
        flow.move(house.desk, SECRETARY, item, target, "as decided", dict.fromkeys(rows, "not needed"))


@pytest.fixture
def enquiry(house: House) -> House:
    """The item stands at 40.20 with the example's draft."""
    due = Instant(house.desk.now() + 200 * MS_PER_DAY)
    opening = open_workitem("white-paper", TITLE, "as-1", due)
    house.desk.act("institute", opening, mandate=SECRETARY.mandate)
    draft = load_draft(ALLIANCE / "drafts" / "ledger-requirements")
    flow.post(house.desk, AUTHOR, ITEM, draft)
    go(house, "00.20", "00.60", "00.99", "20.00", "20.20", "20.60", "20.99", "40.00", "40.20")
    return house


def call(house: House, marks: dict[str, tuple[str, ...]] | None = None) -> str:
    rules = load_rules()
    closes = end_of_day(day_of(house.desk.now()) + timedelta(days=20))
    period = flow.Period(house.desk.now(), closes, marks or {})
    ballot = flow.call_ballot(house.desk, SECRETARY, ITEM, rules["alliance-charter"], period)
    assert isinstance(ballot, str)
    return ballot


def vote(house: House, ballot: str, name: str, position: str) -> bytes:
    return flow.sign_vote(house.desk, Actor(name, VOTERS[name]), ballot, position, [], None)


def close(house: House, ballot: str):
    with house.desk.read() as connection:
        house.desk.clock.instant = get_ballot(connection, ballot).closes_at + 1
    return flow.close(house.desk, SECRETARY, ballot, "gongshi test")


def test_a_ballot_is_counted_and_recounted_offline(enquiry: House) -> None:
    """
    seven approve, one of them barred as drafter -> approved, 6 yes; the bundle holds under the policy and the recount agrees
    """
    ballot = call(enquiry, {"insurer": ("drafter",)})
    carried = [vote(enquiry, ballot, name, "approve") for name in VOTERS]
    enquiry.desk.settle(*[enquiry.desk.engine.submit(data) for data in carried])
    tally, signed = close(enquiry, ballot)
    assert (tally.verdict, tally.yes, tally.no) == ("approved", 6, 0)
    assert [name for name, _ in tally.barred] == ["insurer"]
    assert read_evidence(enquiry.desk, signed).kind == "group.ballot"
    data = flow.bundle(enquiry.desk, ballot, cosigned(enquiry.desk))
    report = verify_file(data, policy_text=make_policy(enquiry.desk))
    assert (report.ok, report.pinned, report.facts["yes"], report.facts["verdict"]) == (True, True, 6, "approved")


def test_a_carried_vote_counts_once_however_often_it_arrives(enquiry: House) -> None:
    """
    ministry's file arrives twice -> one paper
    """
    ballot = call(enquiry)
    data = vote(enquiry, ballot, "ministry", "approve")
    for _ in range(2):
        enquiry.desk.settle(enquiry.desk.engine.submit(data))
    with enquiry.desk.read() as connection:
        assert [paper.organisation for paper in get_ballot(connection, ballot).votes] == ["ministry"]


def test_a_ballot_is_called_once(enquiry: House) -> None:
    """
    the same period and rule again -> the same id, no entry
    """
    first = call(enquiry)
    height = enquiry.engine.height
    assert call(enquiry) == first
    assert enquiry.engine.height == height


def test_an_open_ballot_has_no_bundle(enquiry: House) -> None:
    """
    bundle before the close -> group.bundle.still_open
    """
    ballot = call(enquiry)
    found = flow.bundle(enquiry.desk, ballot, cosigned(enquiry.desk))
    assert isinstance(found, Problem)
    assert found.code == "group.bundle.still_open"


def test_a_comment_lives_from_text_to_reply(enquiry: House) -> None:
    """
    insurer comments, rejected with a reason, insurer objects -> evidence counts one comment and one objection
    """
    author = Actor("insurer", VOTERS["insurer"])
    clause = load_draft(ALLIANCE / "drafts" / "ledger-requirements").clauses[0].id
    flow.comment_on(enquiry.desk, author, DRAFT, clause, "te", "too wide")
    with enquiry.desk.read() as connection:
        (comment,) = get_comments(connection, DRAFT)
    flow.resolve(enquiry.desk, SECRETARY, comment, "rejected", "it is needed", None)
    flow.reply(enquiry.desk, author, comment.id, "objects", None)
    document = read_evidence(enquiry.desk, flow.sign_comments(enquiry.desk, SECRETARY, DRAFT, "gongshi test"))
    figures = {name: document.figures[name].value for name in ("received", "rejected", "objections")}
    assert figures == {"received": 1, "rejected": 1, "objections": 1}


@pytest.mark.parametrize(
    ("draft", "clause", "code"),
    [("no-draft", "c", "group.draft.unknown"), (DRAFT, "no-clause", "group.clause.unknown")],
)
def test_a_comment_on_nothing_is_refused(enquiry: House, draft: str, clause: str, code: str) -> None:
    """
    an unknown draft, an unknown clause -> its problem, no entry
    """
    height = enquiry.engine.height
    found = flow.comment_on(enquiry.desk, AUTHOR, draft, clause, "te", "word")
    assert isinstance(found, Problem)
    assert found.code == code
    assert enquiry.engine.height == height
