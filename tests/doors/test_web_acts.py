"""Commenting and voting in the browser: what a member does there stands on the ledger under his mandate, or is refused with the reason."""

from __future__ import annotations

import html
import re

import pytest

from gongshi.group.queries import get_ballot, get_comments
from gongshi_verifier.verify import verify_file

COMMENT = "/group/drafts/ledger-requirements/clauses/{clause}/comment/"


def comments(desks):
    with desks.house.desk.read() as connection:
        return get_comments(connection, "ledger-requirements")


def votes(desks, ballot):
    with desks.house.desk.read() as connection:
        return get_ballot(connection, ballot).votes


def vote(client, ballot, **form):
    return client.post(f"/group/ballots/{ballot}/vote/", form)


def test_a_comment_is_signed_and_stands_beside_its_clause(desks):
    client = desks.member("holding-expert")
    text = "请说明 <b>总量</b> 在何时核对。"
    answer = client.post(COMMENT.format(clause="conservation"), {"type": "te", "text": text, "proposed": "逐块核对。"})
    assert answer.headers["Location"] == "/group/drafts/ledger-requirements/#conservation"
    made = comments(desks)[-1]
    assert (made.organisation, made.mandate, made.clause, made.type) == (
        "holding",
        "holding-expert",
        "conservation",
        "te",
    )
    assert (made.comment, made.proposed) == (text, "逐块核对。")
    page = desks.anonymous().get("/group/drafts/ledger-requirements/").content.decode()
    assert "请说明 &lt;b&gt;总量&lt;/b&gt; 在何时核对。" in page


@pytest.mark.parametrize(
    ("clause", "form", "code"),
    [
        ("conservation", {"type": "te", "text": "  "}, "web.comment.empty"),
        ("conservation", {"type": "te", "text": "x" * 4001}, "web.comment.long"),
        ("nothing", {"type": "te", "text": "x"}, "group.clause.unknown"),
        ("conservation", {"type": "zz", "text": "x"}, "group.comment.form"),
    ],
)
def test_a_comment_that_is_none_is_refused_and_what_was_written_is_kept(desks, clause, form, code):
    before = len(comments(desks))
    answer = desks.member("holding-expert").post(COMMENT.format(clause=clause), form)
    assert answer.status_code == 400
    assert code in answer.content.decode()
    assert len(comments(desks)) == before


def test_a_mandate_without_that_role_does_not_comment(desks):
    before = len(comments(desks))
    answer = desks.member("bank-operator").post(COMMENT.format(clause="conservation"), {"type": "te", "text": "x"})
    assert answer.status_code == 400
    assert "group.mandate." in answer.content.decode()
    assert len(comments(desks)) == before


def test_who_is_not_signed_in_does_not_comment(desks):
    answer = desks.anonymous().post(COMMENT.format(clause="conservation"), {"type": "te", "text": "x"})
    assert answer.headers["Location"].startswith("/sign-in/")


def test_an_organisation_whose_keys_are_elsewhere_signs_elsewhere(desks, monkeypatch):
    keyrings = {name: opened for name, opened in desks.house.desk.keyrings.items() if name != "holding"}
    monkeypatch.setattr(desks.house.desk, "keyrings", keyrings)
    client, sentence = desks.member("holding-expert"), desks.say("web.ballot.stand.no_keys")
    assert sentence in html.unescape(client.get("/group/drafts/ledger-requirements/").content.decode())
    answer = client.post(COMMENT.format(clause="conservation"), {"type": "te", "text": "x"})
    assert answer.status_code == 400
    assert "<code>web.keys.not_here</code>" in answer.content.decode()
    refused = vote(client, desks.ids["open"], position="approve", step="sign")
    assert refused.status_code == 403
    assert sentence in html.unescape(refused.content.decode())


def test_a_vote_is_shown_before_it_is_signed_and_its_receipt_verifies(desks):
    client, ballot = desks.member("consortium-b-expert"), desks.ids["open"]
    before = len(votes(desks, ballot))
    shown = vote(client, ballot, position="approve_with_comments", statement="We agree.")
    assert shown.status_code == 200
    assert desks.say("web.vote.confirm_title") in shown.content.decode()
    assert len(votes(desks, ballot)) == before
    done = vote(client, ballot, position="approve_with_comments", statement="We agree.", step="sign")
    assert desks.say("web.vote.done") in done.content.decode()
    cast = votes(desks, ballot)[-1]
    assert (cast.organisation, cast.position, cast.statement) == ("consortium-b", "approve_with_comments", "We agree.")
    assert cast.mandate == "consortium-b-expert"
    receipt = client.get(re.search(r'href="(/ledger/entries/\w+/receipt)"', done.content.decode()).group(1))
    policy = client.get("/ledger/policy.txt").content.decode()
    report = verify_file(receipt.content, policy_text=policy)
    assert (report.exit_code, report.findings) == (0, ())
    assert report.facts["organisation"] == "consortium-b"
    assert report.facts["kinds"] == ["group.vote.cast/1"]


def test_until_the_close_another_paper_replaces_the_first(desks):
    client, ballot = desks.member("payment-expert"), desks.ids["open"]
    for position in ("abstain", "approve"):
        assert vote(client, ballot, position=position, step="sign").status_code == 200
    own = [one.position for one in votes(desks, ballot) if one.organisation == "payment-company"]
    assert own == ["abstain", "approve"]
    assert desks.say("web.ballot.stand.again") in client.get(f"/group/ballots/{ballot}/").content.decode()


def test_a_disapproval_names_its_own_technical_comments_only(desks):
    client, ballot = desks.member("bank-expert"), desks.ids["open"]
    own = [one.id for one in comments(desks) if (one.organisation, one.type) == ("internet-bank", "te")]
    foreign = [one.id for one in comments(desks) if one.organisation == "insurer"]
    form = client.get(f"/group/ballots/{ballot}/vote/").content.decode()
    assert all(one in form for one in own)
    assert not any(one in form for one in foreign)
    vote(client, ballot, position="disapprove", technical=[*own, *foreign], step="sign")
    assert set(votes(desks, ballot)[-1].technical) == set(own)


def test_a_disapproval_without_a_technical_comment_is_warned_of(desks):
    shown = vote(desks.member("insurer-expert"), desks.ids["open"], position="disapprove")
    assert desks.say("web.vote.void") in shown.content.decode()


@pytest.mark.parametrize(
    ("mandate", "which", "standing"),
    [
        ("lab-researcher", "open", "barred"),
        ("central-bank-observer", "open", "not_entitled"),
        ("bank-operator", "open", "role"),
        ("insurer-expert", "closed", "closed"),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_who_may_not_vote_is_told_why(desks, mandate, which, standing, language):
    ballot = desks.ids[which]
    before = len(votes(desks, ballot))
    client = desks.member(mandate, language)
    sentence = desks.say(f"web.ballot.stand.{standing}", language)
    assert sentence in client.get(f"/group/ballots/{ballot}/").content.decode()
    assert client.get(f"/group/ballots/{ballot}/vote/").status_code == 403
    answer = vote(client, ballot, position="approve", step="sign")
    assert answer.status_code == 403
    assert sentence in answer.content.decode()
    assert len(votes(desks, ballot)) == before


@pytest.mark.parametrize(("shift_days", "standing"), [(-30, "early"), (60, "closed")])
def test_outside_its_days_a_ballot_takes_no_paper(desks, shift_days, standing):
    clock = desks.house.desk.clock
    now = clock.instant
    clock.instant = now + shift_days * 86_400_000
    try:
        answer = vote(desks.member("insurer-expert"), desks.ids["open"], position="approve", step="sign")
    finally:
        clock.instant = now
    assert answer.status_code == 403
    assert desks.say(f"web.ballot.stand.{standing}") in answer.content.decode()


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({}, "web.vote.position"),
        ({"position": "perhaps"}, "web.vote.position"),
        ({"position": "approve", "statement": "x" * 4001}, "web.vote.long"),
    ],
)
def test_a_paper_that_is_none_is_refused(desks, form, code):
    answer = vote(desks.member("insurer-expert"), desks.ids["open"], step="sign", **form)
    assert answer.status_code == 400
    assert code in answer.content.decode()


def test_what_the_ledger_refuses_is_told_in_its_words(desks, monkeypatch):
    """The page spares a member a form that would be refused, yet it is the ledger that judges."""
    from gongshi.web.views import vote as view

    monkeypatch.setattr(view, "_stand", lambda ballot, reader: "open")
    client = desks.member("central-bank-observer")
    answer = vote(client, desks.ids["open"], position="approve", step="sign")
    assert answer.status_code == 409
    assert re.search(r"<code>group\.(vote|mandate)\.\w+</code>", answer.content.decode())


def test_an_unknown_ballot_is_not_found(desks):
    assert desks.member("insurer-expert").get("/group/ballots/bl-nothing/vote/").status_code == 404
