import dataclasses
from datetime import date

import pytest

from gongshi.group import entries as acts
from gongshi.group.count import count
from gongshi.group.records import Milestone, Stage, Vote
from gongshi.ledger.records import Op
from gongshi.seal.envelope import Sealed
from gongshi.terms.digest import compute_digest
from gongshi.terms.instant import CALENDAR_END, MS_PER_DAY
from gongshi.terms.text import Text
from tests.group import worlds
from tests.group.worlds import CLOSES, ITEM, OPENS, TITLE, at_ballot, at_enquiry, at_work, draft, electorate, rule

DUE = CLOSES + 60 * MS_PER_DAY


def altered(op: Op, **fields: object) -> Op:
    return Op(op.kind, op.version, {**op.body, **fields})


def stage(code: str) -> Stage:
    return Stage(int(code[:2]), int(code[3:]))


def test_a_committee_is_founded_once_by_the_secretariat_with_members_as_the_genesis_names_them():
    world = worlds.found()
    op = acts.found_committee(worlds.committee(), Text("演练", "Rehearsal"))
    assert world.act("bank", op) == "group.mandate.not_secretariat"
    assert world.act("institute", op) == "group.mandate.not_secretariat"
    assert world.lead(altered(op, name="x")) == "group.committee.form"
    first = op.body["members"][0]
    assert world.lead(altered(op, members=[{**first, "org": "nobody"}])) == "group.committee.member"
    assert world.lead(altered(op, members=[first, first])) == "group.committee.member"
    assert world.lead(altered(op, members=[{**first, "voting": False}])) == "group.committee.member_differs"
    assert world.lead(op) is None
    assert world.lead(op) == "group.committee.known"


def test_a_secretariat_role_that_another_member_gave_itself_counts_for_nothing():
    world = worlds.found()
    grant = acts.found_committee(worlds.committee())
    world.must("bank", worlds.grant_mandate("bank-secretary", ["secretariat"], DUE), mandate=None)
    assert world.act("bank", grant, mandate="bank-secretary") == "group.mandate.not_secretariat"


def test_a_work_item_belongs_to_its_title_and_origin_and_a_committee():
    world = worlds.found()
    op = acts.open_workitem("white-paper", TITLE, "as-1", DUE)
    assert world.lead(op) == "group.committee.unknown"
    assert world.lead(acts.found_committee(worlds.committee())) is None
    assert world.lead(altered(op, due="soon")) == "group.workitem.form"
    assert world.lead(altered(op, origin="as-2")) == "group.id.differs"
    assert world.lead(altered(op, due=1)) == "group.workitem.past_due"
    assert world.lead(op) is None
    assert world.lead(op) == "group.workitem.known"


def test_stages_move_by_the_matrix_with_reasons():
    world = at_work()

    def move(item: str, start: str, end: str, why: str | None = "because", skipped: dict[int, str] | None = None):
        return world.lead(acts.move_stage(item, stage(start), stage(end), why, skipped))

    assert move("wi-none", "00.00", "00.20") == "group.workitem.unknown"
    assert move(ITEM, "00.20", "00.60") == "group.stage.not_there"
    assert move(ITEM, "00.00", "00.60") == "group.stage.move"
    assert move(ITEM, "00.00", "00.21") == "group.stage.unknown"
    world.walk("00.20", "00.60")
    assert move(ITEM, "00.60", "00.99", why=None) == "group.stage.reason_missing"
    world.walk("00.99")
    assert move(ITEM, "00.99", "20.00") == "group.stage.skip_reason"
    twice = altered(acts.move_stage(ITEM, stage("00.99"), stage("20.00")), skipped=[[10, "a"], [10, "b"]])
    assert world.lead(twice) == "group.stage.form"
    assert world.lead(altered(twice, to="20.00")) == "group.stage.form"
    assert move(ITEM, "00.99", "20.00", skipped={10: "asked for by an assessment"}) is None
    assert world.act("bank", acts.move_stage(ITEM, stage("20.00"), stage("20.20"))) == "group.mandate.not_secretariat"


def test_a_milestone_is_set_and_set_again():
    world = at_work()
    summit = Milestone("summit", ITEM, "summit", Text("峰会", "Summit"), date(2016, 9, 4))
    op = acts.set_milestone(summit)
    assert world.lead(altered(op, day="2016-9-4")) == "group.milestone.form"
    assert world.lead(altered(op, item="wi-none")) == "group.workitem.unknown"
    assert world.act("bank", op) == "group.mandate.not_secretariat"
    assert world.lead(op) is None
    assert world.lead(acts.set_milestone(dataclasses.replace(summit, is_done=True))) is None
    assert world.get("groups", "milestone/summit") == [ITEM, "2016-09-04", True]


def test_a_draft_counts_its_revisions_and_stands_still_while_it_is_voted_on():
    world = at_work()
    op = acts.post_draft(ITEM, draft())
    assert world.act("lab", altered(op, clauses={})) == "group.draft.form"
    assert world.act("lab", altered(op, item="wi-none")) == "group.workitem.unknown"
    assert world.act("institute", op, mandate=None) == "group.mandate.role"
    assert world.act("lab", acts.post_draft(ITEM, draft(revision=2))) == "group.draft.revision"
    assert world.act("lab", op) is None
    assert world.act("lab", op) == "group.draft.revision"
    assert world.act("lab", altered(op, draft="another")) == "group.draft.other_item"
    busy = at_enquiry()
    assert busy.act("lab", acts.post_draft(ITEM, draft(revision=2))) == "group.draft.frozen"


def test_only_members_of_the_committee_write_its_drafts():
    world = worlds.found()
    few = dataclasses.replace(worlds.committee(), members=worlds.committee().members[:2])
    assert world.lead(acts.found_committee(few)) is None
    assert world.lead(acts.open_workitem("white-paper", TITLE, "as-1", DUE)) is None
    assert world.act("bank", acts.post_draft(ITEM, draft())) == "group.committee.not_member"


def test_evidence_is_signed_before_a_draft_leans_on_it():
    world = at_work()
    run = compute_digest(b"run")
    assert world.act("lab", acts.post_draft(ITEM, draft(), [run])) == "group.evidence.unsigned"
    sign = acts.sign_evidence(run, "lab.conformance", [draft().digest()])
    assert world.act("lab", altered(sign, kind=7)) == "group.evidence.form"
    assert world.act("lab", sign) is None
    assert world.act("lab", sign) == "group.evidence.signed"
    assert world.act("bank", altered(sign, kind="lab.other")) == "group.evidence.kind"
    assert world.act("bank", sign) is None
    attach = acts.attach_evidence("ledger-requirements", draft().digest(), [run])
    assert world.act("lab", attach) == "group.draft.unknown"
    assert world.act("lab", acts.post_draft(ITEM, draft())) is None
    assert world.act("lab", altered(attach, digest=run)) == "group.draft.not_current"
    assert world.act("lab", altered(attach, evidence=[])) == "group.draft.form"
    assert world.act("lab", attach) is None
    assert world.act("lab", attach) is None
    assert world.get("groups", "draft/ledger-requirements")["evidence"] == [run]


def post(organisation: str = "bank", number: int = 20, type_: str = "te", words: str = "unclear") -> Op:
    anchor = worlds.clause(number).digest()
    return acts.post_comment(organisation, "ledger-requirements", f"clause-{number:03d}", anchor, type_, words)


def test_a_comment_is_anchored_at_a_clause_of_the_revision_that_stands():
    world = at_enquiry()
    op = post()
    assert world.act("bank", altered(op, type="xx")) == "group.comment.form"
    assert world.act("bank", op, mandate=None) == "group.mandate.role"
    assert world.act("insurer", op) == "group.id.differs"
    lost = acts.post_comment("bank", "none", "clause-020", worlds.clause(20).digest(), "te", "x")
    assert world.act("bank", lost) == "group.draft.unknown"
    old = acts.post_comment("bank", "ledger-requirements", "clause-020", worlds.clause(16).digest(), "te", "x")
    assert world.act("bank", old) == "group.comment.anchor"
    assert world.act("bank", op) is None
    assert world.act("bank", op) == "group.comment.known"


def resolve_at(world: worlds.World, comment: str, resolution: str, **rest: object) -> str | None:
    return world.lead(acts.resolve_comment(comment, resolution, **rest))


def test_a_comment_lives_from_resolution_to_reply():
    world = at_enquiry()
    world.must("bank", post())
    comment = post().body["comment"]
    reply = acts.reply_to_resolution(comment, "satisfied")
    assert world.lead(Op("group.comment.resolve", 1, {})) == "group.comment.form"
    assert world.act("bank", acts.resolve_comment(comment, "accepted")) == "group.mandate.not_secretariat"
    assert resolve_at(world, "cm-none", "accepted") == "group.comment.unknown"
    assert resolve_at(world, comment, "rejected") == "group.comment.reason_missing"
    assert resolve_at(world, comment, "accepted", hunk="clause-020") == "group.comment.hunk_missing"
    digest = draft().digest()
    assert resolve_at(world, comment, "noted", revision=digest, hunk="clause-020") == "group.comment.nothing_to_apply"
    assert world.act("bank", reply) == "group.comment.unresolved"
    assert resolve_at(world, comment, "accepted") is None
    assert world.act("bank", reply) == "group.comment.not_applied"
    assert resolve_at(world, comment, "accepted", revision=digest, hunk="clause-777") == "group.comment.hunk"
    assert resolve_at(world, comment, "accepted", revision=digest, hunk="clause-020") is None
    assert world.act("insurer", reply) == "group.comment.not_own"
    assert world.act("bank", altered(reply, comment="cm-none")) == "group.comment.unknown"
    assert world.act("bank", altered(reply, reply="maybe")) == "group.comment.form"
    assert world.act("bank", reply) is None
    assert world.act("bank", reply) == "group.comment.closed"
    assert resolve_at(world, comment, "noted") == "group.comment.closed"


def test_a_rejection_goes_straight_to_the_reply_and_a_withdrawal_is_the_members_own():
    world = at_enquiry()
    world.must("bank", post())
    world.must("bank", post(number=16))
    first, second = post().body["comment"], post(number=16).body["comment"]
    assert resolve_at(world, first, "rejected", reason="out of scope") is None
    assert world.act("bank", acts.reply_to_resolution(first, "objects", "still so")) is None
    assert resolve_at(world, second, "withdrawn") == "group.comment.not_own"
    assert world.act("bank", acts.resolve_comment(second, "withdrawn")) is None
    assert world.act("bank", acts.reply_to_resolution(second, "silent")) == "group.comment.closed"
    assert world.get("groups", "open/ledger-requirements") is None


def test_a_ballot_opens_on_the_frozen_list_and_the_text_that_stands():
    world = at_work()
    digest = draft().digest()
    op = acts.open_ballot(ITEM, digest, rule(), electorate(lab=("drafter",)), OPENS, CLOSES)

    def variant(**changes: object) -> Op:
        values = {"item": ITEM, "draft": digest, "opens_at": OPENS, "closes_at": CLOSES, **changes}
        who = values.pop("who", electorate())
        return acts.open_ballot(values["item"], values["draft"], rule(), who, values["opens_at"], values["closes_at"])

    assert world.lead(op) == "group.ballot.stage"
    world = at_enquiry()
    assert world.act("bank", op) == "group.mandate.not_secretariat"
    assert world.lead(altered(op, electorate=[])) == "group.ballot.form"
    assert world.lead(altered(op, rule={**op.body["rule"], "tie": "toss"})) == "group.rule.form"
    assert world.lead(altered(op, rule={7: 1})) == "group.rule.form"
    assert world.lead(altered(op, ballot="bl-x")) == "group.id.differs"
    assert world.lead(variant(item="wi-none")) == "group.workitem.unknown"
    assert world.lead(variant(draft=compute_digest(b"other"))) == "group.ballot.draft"
    assert world.lead(variant(who=electorate()[1:])) == "group.ballot.electorate"
    assert world.lead(variant(opens_at=CLOSES + 1)) == "group.ballot.times"
    assert world.lead(variant(opens_at=1, closes_at=2)) == "group.ballot.times"
    assert world.lead(variant(closes_at=CLOSES - 1)) == "group.ballot.closing_time"
    for beyond in (CALENDAR_END, 2**53, 2**63 - 1):  # neither a calendar nor the JSON of an id reaches there
        for name in ("opens_at", "closes_at"):
            assert world.lead(altered(op, **{name: beyond})) == "group.ballot.form"
    assert world.lead(variant(closes_at=CALENDAR_END - 1)) == "group.ballot.closing_time"
    assert world.lead(variant(opens_at=CLOSES - 13 * MS_PER_DAY)) == "group.ballot.period"
    assert world.lead(op) is None
    assert world.lead(op) == "group.ballot.known"


def test_a_ballot_entered_late_is_still_open_for_its_whole_period():
    world = at_enquiry()
    op = acts.open_ballot(ITEM, draft().digest(), rule(), electorate(), OPENS, CLOSES)
    assert world.lead(op, at=CLOSES - 5 * MS_PER_DAY) == "group.ballot.period"


def test_a_vote_is_cast_by_a_listed_member_under_a_mandate_within_the_period():
    world, ballot = at_ballot()
    op = acts.cast_vote(ballot, "approve")
    assert world.act("bank", op) == "group.vote.too_early"
    assert world.act("bank", op, at=OPENS, mandate=None) == "group.mandate.role"
    assert world.act("bank", altered(op, position="perhaps")) == "group.vote.form"
    assert world.act("bank", altered(op, ballot="bl-none")) == "group.ballot.unknown"
    assert world.act(worlds.OBSERVER, op) == "group.vote.not_entitled"
    assert world.act("bank", op, op) == "group.vote.twice"
    assert world.act("bank", altered(op, technical=["cm-none"])) == "group.vote.technical"
    assert world.act("bank", op) is None
    assert world.act("bank", op, at=CLOSES) is None
    assert world.act("bank", op, at=CLOSES + 1) == "group.vote.too_late"
    assert len(world.votes(ballot)) == 2


def test_a_disapproval_leans_on_the_voters_own_technical_comment():
    world, ballot = at_ballot()
    world.must("bank", post("bank"))
    world.must("bank", post("bank", 16, "ed"))
    te, ed = post("bank").body["comment"], post("bank", 16, "ed").body["comment"]
    assert world.act("insurer", acts.cast_vote(ballot, "disapprove", [te]), at=OPENS) == "group.vote.technical"
    assert world.act("bank", acts.cast_vote(ballot, "disapprove", [ed])) == "group.vote.technical"
    assert world.act("bank", acts.cast_vote(ballot, "disapprove", [te])) is None


def test_closing_states_every_paper_and_the_count_and_the_judge_recounts():
    world, ballot = at_ballot(marks={"lab": ("drafter",)})
    worlds.vote_all(world, ballot, ["approve"] * 4 + ["abstain", "disapprove"])
    votes = world.votes(ballot)
    tally = count(rule(), electorate(lab=("drafter",)), votes)
    op = acts.close_ballot(ballot, votes, tally)
    assert world.lead(op) == "group.ballot.still_open"
    assert world.act("bank", op, at=CLOSES + 1) == "group.mandate.not_secretariat"
    assert world.lead(altered(op, ballot="bl-none")) == "group.ballot.unknown"
    assert world.lead(altered(op, votes=7)) == "group.ballot.form"
    assert world.lead(acts.close_ballot(ballot, votes[1:], tally)) == "group.ballot.votes"
    assert world.lead(acts.close_ballot(ballot, votes[::-1], tally)) == "group.ballot.votes"
    better = dataclasses.replace(tally, yes=tally.yes + 1)
    assert world.lead(acts.close_ballot(ballot, votes, better)) == "group.ballot.count"
    assert world.lead(op) is None
    assert world.lead(op) == "group.ballot.closed"
    assert tally.barred == (("lab", ("drafter",)),)
    assert (tally.yes, tally.abstain, tally.verdict) == (4, 1, "approved")


def test_the_verdict_limits_the_decision():
    world, ballot = at_ballot()
    leave = acts.move_stage(ITEM, stage("40.20"), stage("40.60"))
    proceed = acts.move_stage(ITEM, stage("40.60"), stage("40.99"), "approved")
    assert world.lead(leave) == "group.stage.ballot_open"
    world.must("bank", post("bank"))
    worlds.vote_all(world, ballot, ["approve"] * 5)
    assert world.close(ballot) is None
    assert world.lead(leave) is None
    assert world.lead(proceed) == "group.stage.comments_open"
    assert resolve_at(world, post("bank").body["comment"], "noted") is None
    assert world.lead(proceed) is None
    world.walk("50.00", "50.20")
    assert world.lead(acts.move_stage(ITEM, stage("50.20"), stage("50.60"))) == "group.stage.ballot_open"


def test_a_failed_ballot_does_not_proceed_and_a_new_enquiry_needs_a_new_ballot():
    world, ballot = at_ballot()
    worlds.vote_all(world, ballot, ["approve"] * 2)
    assert world.close(ballot) is None
    assert world.get("ballots", f"ballot/{ballot}")["verdict"] == "no_quorum"
    world.walk("40.60")
    proceed = acts.move_stage(ITEM, stage("40.60"), stage("40.99"), "approved")
    assert world.lead(proceed) == "group.stage.not_approved"
    world.walk("40.93", "40.20")
    assert world.lead(acts.move_stage(ITEM, stage("40.20"), stage("40.60"))) == "group.stage.ballot_open"


def test_a_deferred_comment_opens_again_in_the_next_phase():
    world, ballot = at_ballot()
    world.must("bank", post("bank"))
    comment = post("bank").body["comment"]
    assert resolve_at(world, comment, "deferred", reason="next phase") is None
    worlds.vote_all(world, ballot, ["approve"] * 5)
    assert world.close(ballot) is None
    world.walk("40.60", "40.99", "50.00")
    assert world.get("groups", "open/ledger-requirements") is None
    world.walk("50.20")
    assert world.get("groups", "open/ledger-requirements") == [comment]
    assert world.get("groups", f"comment/{comment}")["resolution"] is None


def test_a_published_text_takes_no_comment():
    world, ballot = at_ballot()
    worlds.vote_all(world, ballot, ["approve"] * 5)
    assert world.close(ballot) is None
    world.walk("40.60", "40.99", "60.00", skipped={50: "no negative vote"})
    assert world.act("bank", post("bank")) == "group.comment.too_late"


def test_an_envelope_is_sent_to_members_and_held_by_its_recipients():
    world = at_work()
    sealed = Sealed(b"envelope", compute_digest(b"envelope"), compute_digest(b"commitment"))
    op = acts.send_envelope(sealed, ["bank", "insurer"], Text("事件通报", "Incident note"), "TLP:AMBER", DUE)
    held = acts.hold_envelope(sealed.digest)
    assert world.act("payments", altered(op, marking="SECRET")) == "group.exchange.form"
    assert world.act("payments", altered(op, recipients=["nobody"])) == "group.exchange.recipient"
    assert world.act("bank", op) == "group.exchange.recipient"
    assert world.act("payments", altered(op, retain_until=1)) == "group.exchange.retention"
    assert world.act("bank", held) == "group.exchange.unknown"
    assert world.act("payments", op) is None
    assert world.act("payments", op) == "group.exchange.known"
    assert world.act("ministry", held) == "group.exchange.not_addressed"
    assert world.act("bank", altered(held, envelope=b"")) == "group.exchange.form"
    assert world.act("bank", held) is None
    assert world.act("bank", held) == "group.exchange.held_twice"


@pytest.mark.parametrize("kind", sorted(kind.name for kind in acts.KINDS))
def test_no_body_stops_the_machine(kind):
    world, _ = at_ballot()
    for body in (None, 7, [], {}, {1: 2}, {"ballot": b"", "rule": [], "x": {}}):
        assert world.lead(Op(kind, 1, body)).endswith(".form")


def test_the_last_paper_counts_and_all_are_kept():
    world, ballot = at_ballot()
    world.must("bank", acts.cast_vote(ballot, "disapprove"), at=OPENS)
    world.must("bank", acts.cast_vote(ballot, "approve"))
    votes = world.votes(ballot)
    assert [vote.position for vote in votes] == ["disapprove", "approve"]
    assert count(rule(), electorate(), votes).yes == 1
    assert isinstance(votes[0], Vote)
