"""What the group's decisions give to a publication: the count of a ballot and the handling of its comments, as evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from gongshi.group.count import explain
from gongshi.group.records import Ballot, Comment, Committee, Milestone, Tally, WorkItem
from gongshi.group.rules import RESOLUTIONS
from gongshi.terms.canonical import encode_cbor, encode_json
from gongshi.terms.digest import Digest, compute_digest
from gongshi.terms.evidence import Evidence
from gongshi.terms.instant import end_of_day
from gongshi.terms.organisation import Mandate
from gongshi.terms.quantity import Quantity, count_of

_TOOL = "gongshi group"


def make_ballot_evidence(ballot: Ballot, tally: Tally, version: str) -> Evidence:
    """Give `group.ballot`: the figures of the count, the verdict, and the working line by line; `version` is the program's.

    The subjects are the text and the tally, not entries: the same papers give the same evidence whoever's keys signed them.
    """
    return Evidence(
        kind="group.ballot",
        subjects={"draft": ballot.draft, "tally": compute_digest(encode_cbor(tally.as_body()))},
        tool=f"{_TOOL} {version}",
        environment={"rule": ballot.rule.id, "valid_from": ballot.rule.valid_from, "source": ballot.rule.source},
        seed=None,
        times={"opens_at": ballot.opens_at, "closes_at": ballot.closes_at},
        figures=_figures(tally),
        results={
            "ballot": ballot.id,
            "verdict": tally.verdict,
            "working": [{"code": step.code, "values": dict(step.values)} for step in explain(tally)],
            "to_confirm": list(ballot.rule.to_confirm),
        },
    )


def make_comments_evidence(draft: Digest, comments: Sequence[Comment], version: str, at: int) -> Evidence:
    """Give `group.comments`: how many comments came, of which type, and how each was handled and received."""
    types = Counter(comment.type for comment in comments)
    handled = Counter(comment.resolution or "open" for comment in comments)
    figures = {"received": len(comments), **{name: types[name] for name in ("ge", "te", "ed")}}
    figures.update({name: handled[name] for name in (*RESOLUTIONS, "open")})
    figures["objections"] = sum(comment.reply == "objects" for comment in comments)
    return Evidence(
        kind="group.comments",
        subjects={"draft": draft},
        tool=f"{_TOOL} {version}",
        environment={},
        seed=None,
        times={"at": at},
        figures={name: count_of(number, "comment") for name, number in figures.items()},
        results={"comments": [_row(comment) for comment in comments]},
    )


def _figures(tally: Tally) -> dict[str, Quantity]:
    numbers = {
        "entitled": tally.entitled,
        "yes": tally.yes,
        "no": tally.no,
        "abstain": tally.abstain,
        "not_returned": tally.not_returned,
        "void": len(tally.void),
        "barred": len(tally.barred),
    }
    return {name: count_of(number, "vote") for name, number in numbers.items()}


def _row(comment: Comment) -> dict[str, object]:
    return {
        "id": comment.id,
        "organisation": comment.organisation,
        "clause": comment.clause,
        "type": comment.type,
        "resolution": comment.resolution,
        "reply": comment.reply,
        "suspect": comment.is_suspect,
    }


def make_plan_evidence(item: WorkItem, milestones: Sequence[Milestone], version: str, zone: str) -> Evidence:
    """Give `group.plan`: the item's stages with their days, its due day and its milestones, as they stand on the ledger."""
    days = {one.kind: end_of_day(one.day, zone) for one in milestones}
    return Evidence(
        kind="group.plan",
        subjects={"item": compute_digest(item.id.encode())},
        tool=f"{_TOOL} {version}",
        environment={"zone": zone, "stage": item.stage.code},
        seed=None,
        times={**days, "due": item.due},
        figures={
            "stages": count_of(len(item.history), "stage"),
            "milestones": count_of(len(milestones), "milestone"),
            "done": count_of(sum(one.is_done for one in milestones), "milestone"),
        },
        results={
            "item": item.id,
            "title": item.title.as_json(),
            "stages": [{"code": change.stage.code, "at": change.time} for change in item.history],
            "milestones": [
                {"id": one.id, "kind": one.kind, "name": one.name.as_json(), "day": one.day.isoformat()}
                for one in milestones
            ],
        },
    )


def make_alliance_evidence(
    committees: Sequence[Committee], mandates: Sequence[Mandate], version: str, at: int
) -> Evidence:
    """Give `group.alliance`: who sits in it, with which vote, and under which mandates."""
    members = {m.organisation.id: m.organisation for committee in committees for m in committee.members}
    return Evidence(
        kind="group.alliance",
        subjects={"committees": compute_digest(encode_json(sorted(committee.id for committee in committees)))},
        tool=f"{_TOOL} {version}",
        environment={},
        seed=None,
        times={"at": at},
        figures={
            "members": count_of(len(members), "organisation"),
            "voting": count_of(sum(one.voting for one in members.values()), "organisation"),
            "mandates": count_of(len(mandates), "mandate"),
            "committees": count_of(len(committees), "committee"),
        },
        results={
            "organisations": [
                {"id": one.id, "name": one.name.as_json(), "kind": one.kind, "voting": one.voting}
                for one in members.values()
            ],
            "mandates": [
                {"id": one.id, "organisation": one.organisation, "roles": list(one.roles)} for one in mandates
            ],
        },
    )
