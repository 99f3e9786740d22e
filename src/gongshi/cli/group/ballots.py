"""Ballots: opened as the founding file plans them, voted in here or by file, counted with the working shown, bundled for the recount."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gongshi import __version__
from gongshi.cli.alliance import get_founding
from gongshi.cli.context import Context
from gongshi.cli.errors import ProblemsError
from gongshi.cli.group.comments import find_comment, load_papers
from gongshi.cli.group.work import get_item_or_fail
from gongshi.flows.checkpoints import cosigned, make_policy
from gongshi.flows.desk import Actor
from gongshi.flows.group_decisions import Period, bundle, call_ballot, close, find_ballot, sign_vote
from gongshi.group.count import explain
from gongshi.group.queries import compute_tally, get_ballot, get_ballots, get_drafts
from gongshi.group.records import Ballot, BallotPlan, Tally, Vote, VotePaper
from gongshi.terms.evidence import evidence_id
from gongshi.terms.instant import instant_to_iso
from gongshi.terms.problem import Problem
from gongshi.wiring import House, load_rules, load_votes

By = Annotated[str, typer.Option("--by", help="The mandate under which you act.")]
Plan = Annotated[str, typer.Option("--plan", help="The ballot of the founding file.")]
Out = Annotated[
    Path | None, typer.Option("--out", help="Write the signed entry to this file instead of submitting it.")
]
POLICY_FILE = "policy.txt"


def register(app: typer.Typer) -> None:
    """Add the commands to the family."""
    app.command("open-ballot")(open_ballot)
    app.command()(ballots)
    app.command("ballot")(show_ballot)
    app.command()(vote)
    app.command("vote-papers")(vote_papers)
    app.command("close-ballot")(close_ballot)
    app.command("bundle")(write_bundle)


def open_ballot(context: typer.Context, plan: Plan, by: By = "") -> None:
    """Open a planned ballot on the text that stands; the list of voters is frozen."""
    here: Context = context.obj
    with here.open() as house:
        planned = get_plan(house, plan)
        rules = load_rules()
        if not isinstance(rules, dict):
            raise ProblemsError(rules)
        secretary = here.actor(house, "secretariat", given=by)
        item = get_item_or_fail(house, "")
        name = call_ballot(house.desk, secretary, item.id, rules[planned.rule], get_period(planned))
        if isinstance(name, Problem):
            raise ProblemsError([name])
        ballot = get_ballot_or_fail(house, name)
    if here.as_json:
        here.give(_row(ballot))
    here.tell("cli.group.ballot_opened", **{**_row(ballot), "rule": ballot.rule.name.in_(here.language)})


def ballots(context: typer.Context) -> None:
    """List the ballots."""
    here: Context = context.obj
    with here.open() as house, house.desk.read() as connection:
        rows = [_row(ballot) for ballot in get_ballots(connection)]
    here.give(rows, ("id", "rule", "voters", "papers", "closes", "verdict"))


def show_ballot(context: typer.Context, id_: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Show a ballot's count, line by line."""
    here: Context = context.obj
    with here.open() as house:
        ballot = get_ballot_or_fail(house, id_)
    tally = compute_tally(ballot)
    if here.as_json:
        here.give({**_row(ballot), "tally": tally.as_body(), "votes": [_vote(one) for one in ballot.votes]})
    _tell_count(here, tally)


def _vote(vote: Vote) -> dict[str, object]:
    return {name: getattr(vote, name) for name in ("organisation", "position", "technical", "time")}


def _tell_count(here: Context, tally: Tally) -> None:
    for step in explain(tally):
        here.tell("cli.group.count_line", text=here.say(step.code, **step.values))


def vote(
    context: typer.Context,
    ballot: Annotated[str, typer.Argument(help="The ballot.")],
    position: Annotated[str, typer.Argument(help="approve, approve_with_comments, disapprove, abstain.")],
    statement: Annotated[str, typer.Option(help="In your words.")] = "",
    technical: Annotated[
        list[str] | None, typer.Option(help="Your technical comment that a disapproval rests on.")
    ] = None,
    out: Out = None,
    by: By = "",
) -> None:
    """Vote for your organisation, here or to a file that is carried to the secretariat."""
    here: Context = context.obj
    with here.open() as house:
        voter = here.actor(house, "expert", "secretariat", given=by)
        data = sign_vote(house.desk, voter, ballot, position, technical or [], statement or None)
        _hand_in(here, house, voter, data, out)


def vote_papers(
    context: typer.Context,
    folder: Path,
    plan: Plan,
    comments: Annotated[Path, typer.Option(help="The folder of comments that the papers name.")],
    only: Annotated[str, typer.Option(help="Only this organisation's paper.")] = "",
    leave: Annotated[str, typer.Option(help="Not this organisation's paper: it comes another way.")] = "",
    out: Out = None,
) -> None:
    """Cast the papers of a folder in a planned ballot, each under its own mandate; a paper that was cast stays cast."""
    here: Context = context.obj
    with here.open() as house:
        name = _find_planned(house, plan)
        papers = [
            p for p in _load(folder) if p.ballot == plan and only in ("", p.organisation) and p.organisation != leave
        ]
        for paper in papers:
            cast = {one.organisation for one in get_ballot_or_fail(house, name).votes}
            if paper.organisation in cast:
                continue
            voter = here.actor(house, given=paper.mandate)
            technical = _technical(house, paper, comments)
            data = sign_vote(house.desk, voter, name, paper.position, technical, paper.statement)
            _hand_in(here, house, voter, data, out, quiet=out is None)
        ballot = get_ballot_or_fail(house, name)
    here.tell("cli.group.voted", ballot=name, papers=len(ballot.votes), voters=len(ballot.electorate))


def _technical(house: House, paper: VotePaper, folder: Path) -> list[str]:
    with house.desk.read() as connection:
        draft = get_drafts(connection)[-1]["id"]
    found = [find_comment(house, draft, one) for one in load_papers(folder) if one.key in paper.technical]
    return [one.id for one in found if one is not None]


def _hand_in(here: Context, house: House, voter: Actor, data: bytes, out: Path | None, *, quiet: bool = False) -> None:
    if out is not None:
        out.write_bytes(data)
        here.tell("cli.group.vote_signed", organisation=voter.organisation, path=out)
        return
    (proof,) = house.desk.settle(house.desk.engine.submit(data))
    if not quiet:
        here.tell("cli.entered", entry=proof.digest.hex()[:16], height=proof.height, leaf=proof.leaf)


def close_ballot(context: typer.Context, plan: Plan, by: By = "") -> None:
    """Count and close a planned ballot; the count is explained and signed as evidence."""
    here: Context = context.obj
    with here.open() as house:
        name = _find_planned(house, plan)
        ballot = get_ballot_or_fail(house, name)
        if ballot.tally is None:
            secretary = here.actor(house, "secretariat", given=by)
            closed = close(house.desk, secretary, name, __version__)
            if isinstance(closed, Problem):
                raise ProblemsError([closed])
            here.tell("cli.group.ballot_closed", ballot=name, evidence=evidence_id(closed[1]))
        _tell_count(here, compute_tally(get_ballot_or_fail(house, name)))


def write_bundle(
    context: typer.Context,
    plan: Plan = "",
    ballot: Annotated[str, typer.Option(help="The ballot's id, where no plan is named.")] = "",
    out: Out = None,
) -> None:
    """Write the bundle by which anyone recounts a closed ballot offline, and the policy beside it."""
    here: Context = context.obj
    with here.open() as house:
        name = ballot or _find_planned(house, plan)
        path = out or house.home.published_path / f"ballot-{plan or name}.bundle"
        if not path.exists():
            data = bundle(house.desk, name, cosigned(house.desk))
            if isinstance(data, Problem):
                raise ProblemsError([data])
            path.write_bytes(data)
        policy = path.with_name(POLICY_FILE)
        policy.write_text(make_policy(house.desk), encoding="utf-8")
    if here.as_json:
        here.give({"bundle": str(path), "policy": str(policy)})
    here.tell("cli.group.bundled", path=path, size=f"{path.stat().st_size:,}", policy=policy)


def get_plan(house: House, plan: str) -> BallotPlan:
    """Give a ballot of the founding file, laid out as this home's calendar is."""
    for planned in get_founding(house).ballots:
        if planned.id == plan:
            return planned
    raise ProblemsError([Problem("group.ballot.unknown", plan, {"ballot": plan})])


def get_period(plan: BallotPlan) -> Period:
    """Give from when until when a planned ballot is open, and the marks of its voters."""
    return Period(plan.opens_at, plan.closes_at, dict(plan.marks))


def get_ballot_or_fail(house: House, name: str) -> Ballot:
    """Give a ballot, or fail with the problem."""
    with house.desk.read() as connection:
        found = get_ballot(connection, name)
    if found is None:
        raise ProblemsError([Problem("group.ballot.unknown", name, {"ballot": name})])
    return found


def _find_planned(house: House, plan: str) -> str:
    planned = get_plan(house, plan)
    name = find_ballot(house.desk, get_item_or_fail(house, "").id, planned.rule, get_period(planned))
    if not name:
        raise ProblemsError([Problem("group.ballot.unknown", plan, {"ballot": plan})])
    return name


def _load(folder: Path) -> list[VotePaper]:
    papers = load_votes(folder)
    problems = [paper for paper in papers if isinstance(paper, Problem)]
    if problems:
        raise ProblemsError(problems)
    return [paper for paper in papers if isinstance(paper, VotePaper)]


def _row(ballot: Ballot) -> dict[str, object]:
    return {
        "id": ballot.id,
        "rule": ballot.rule.id,
        "voters": len(ballot.electorate),
        "papers": len(ballot.votes),
        "closes": instant_to_iso(ballot.closes_at)[:16],
        "verdict": "" if ballot.tally is None else ballot.tally.verdict,
    }
