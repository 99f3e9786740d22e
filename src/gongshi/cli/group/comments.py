"""A comment's way: posted, resolved, carried out in a revision, replied to. A folder of papers is a rehearsal's comments."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gongshi import __version__
from gongshi.cli.context import Context
from gongshi.cli.errors import ProblemsError
from gongshi.flows.group_decisions import comment_on, reply, resolve, sign_comments
from gongshi.group.comments import CHANGES
from gongshi.group.entries import comment_id
from gongshi.group.kinds.common import words_to_body
from gongshi.group.queries import get_comments
from gongshi.group.records import Comment, CommentPaper, Words
from gongshi.terms.evidence import evidence_id
from gongshi.terms.problem import Problem
from gongshi.wiring import House, load_comments

By = Annotated[str, typer.Option("--by", help="The mandate under which you act.")]
DraftId = Annotated[str, typer.Option("--draft", help="The draft.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the family."""
    app.command()(comment)
    app.command()(comments)
    app.command("comment-papers")(comment_papers)
    app.command("resolve")(resolve_one)
    app.command("resolve-papers")(resolve_papers)
    app.command("reply")(reply_one)
    app.command("reply-papers")(reply_papers)
    app.command("sign-comments")(sign_handling)


def comment(
    context: typer.Context,
    draft: DraftId,
    clause: Annotated[str, typer.Option(help="The clause's id.")],
    text: Annotated[str, typer.Argument(help="What you say.")],
    type_: Annotated[str, typer.Option("--type", help="ge, te or ed.")] = "te",
    proposed: Annotated[str, typer.Option(help="The change that you propose.")] = "",
    by: By = "",
) -> None:
    """Comment on a clause of the revision that stands."""
    here: Context = context.obj
    with here.open() as house:
        author = here.actor(house, "expert", given=by)
        posted = comment_on(house.desk, author, draft, clause, type_, text, proposed or None)
    if isinstance(posted, Problem):
        raise ProblemsError([posted])
    here.tell("cli.entered", entry=posted.digest.hex()[:16], height=posted.height, leaf=posted.leaf)


def comments(context: typer.Context, draft: DraftId) -> None:
    """List the comments on a draft with their handling."""
    here: Context = context.obj
    with here.open() as house, house.desk.read() as connection:
        rows = [
            {
                "id": one.id,
                "organisation": one.organisation,
                "clause": one.clause,
                "type": one.type,
                "comment": _shown(one.comment),
                "resolution": one.resolution or "",
                "reply": one.reply or "",
            }
            for one in get_comments(connection, draft)
        ]
    here.give(rows, ("id", "organisation", "clause", "type", "comment", "resolution", "reply"))


def _shown(words: Words) -> object:
    return words if isinstance(words, str) else words.as_json()


def comment_papers(context: typer.Context, folder: Path, draft: DraftId) -> None:
    """Post the comments of a folder, each under the mandate that its paper names."""
    here: Context = context.obj
    papers = load_papers(folder)
    with here.open() as house:
        for paper in papers:
            if find_comment(house, draft, paper) is None:
                author = here.actor(house, given=paper.mandate)
                posted = comment_on(house.desk, author, draft, paper.clause, paper.type, paper.comment, paper.proposed)
                if isinstance(posted, Problem):
                    raise ProblemsError([posted])
    types = [paper.type for paper in papers]
    counts = {name: types.count(name) for name in ("ge", "te", "ed")}
    here.tell("cli.group.commented", count=len(papers), **counts)


def resolve_one(
    context: typer.Context,
    id_: Annotated[str, typer.Argument(metavar="ID")],
    resolution: Annotated[
        str, typer.Argument(help="accepted, modified, partly, rejected, noted, deferred, withdrawn.")
    ],
    reason: Annotated[str, typer.Option(help="Why; a rejection needs it.")] = "",
    applied: Annotated[bool, typer.Option(help="The revision that stands carries it out, in the same clause.")] = False,
    by: By = "",
) -> None:
    """Resolve a comment; once more with --applied when a revision has carried the change out."""
    here: Context = context.obj
    with here.open() as house:
        with house.desk.read() as connection:
            found = [one for one in get_comments(connection) if one.id == id_]
        if not found:
            raise ProblemsError([Problem("group.comment.unknown", id_, {"comment": id_})])
        hunk = found[0].clause if applied else None
        proof = resolve(
            house.desk, here.actor(house, "secretariat", given=by), found[0], resolution, reason or None, hunk
        )
    here.tell("cli.entered", entry=proof.digest.hex()[:16], height=proof.height, leaf=proof.leaf)


def resolve_papers(
    context: typer.Context,
    folder: Path,
    draft: DraftId,
    applied: Annotated[bool, typer.Option(help="State the revision and clause that carry the changes out.")] = False,
    by: By = "",
) -> None:
    """Resolve the comments of a folder as its papers foresee."""
    here: Context = context.obj
    papers = load_papers(folder)
    with here.open() as house:
        secretary = here.actor(house, "secretariat", given=by)
        for paper in papers:
            found = _find_or_fail(house, draft, paper)
            if applied and paper.resolution in CHANGES and found.revision is None:
                resolve(house.desk, secretary, found, paper.resolution, paper.reason, found.clause)
            elif not applied and found.resolution is None:
                resolve(house.desk, secretary, found, paper.resolution, paper.reason, None)
    changes = sum(paper.resolution in CHANGES for paper in papers)
    code = "cli.group.applied" if applied else "cli.group.resolved"
    rejected = sum(paper.resolution == "rejected" for paper in papers)
    here.tell(code, count=len(papers), changes=changes, rejected=rejected)


def reply_one(
    context: typer.Context,
    id_: Annotated[str, typer.Argument(metavar="ID")],
    answer: Annotated[str, typer.Argument(help="satisfied, objects or silent.")],
    text: Annotated[str, typer.Option(help="In your words.")] = "",
    by: By = "",
) -> None:
    """Say whether the resolution of your comment satisfies you; this closes it."""
    here: Context = context.obj
    with here.open() as house:
        proof = reply(house.desk, here.actor(house, "expert", given=by), id_, answer, text or None)
    here.tell("cli.entered", entry=proof.digest.hex()[:16], height=proof.height, leaf=proof.leaf)


def reply_papers(context: typer.Context, folder: Path, draft: DraftId) -> None:
    """Reply to the resolutions as the papers of a folder foresee, each under its own mandate."""
    here: Context = context.obj
    papers = load_papers(folder)
    with here.open() as house:
        for paper in papers:
            found = _find_or_fail(house, draft, paper)
            if found.reply is None:
                reply(house.desk, here.actor(house, given=paper.mandate), found.id, paper.reply, None)
    answers = [paper.reply for paper in papers]
    counts = {name: answers.count(name) for name in ("satisfied", "objects", "silent")}
    here.tell("cli.group.replied", count=len(papers), **counts)


def sign_handling(context: typer.Context, draft: DraftId, by: By = "") -> None:
    """Sign how the comments were handled, as evidence for a publication."""
    here: Context = context.obj
    with here.open() as house:
        signed = sign_comments(house.desk, here.actor(house, "secretariat", given=by), draft, __version__)
    if isinstance(signed, Problem):
        raise ProblemsError([signed])
    here.tell("cli.group.comments_signed", evidence=evidence_id(signed))


def load_papers(folder: Path) -> list[CommentPaper]:
    """Give the papers of a folder, or fail with every problem."""
    papers = load_comments(folder)
    problems = [paper for paper in papers if isinstance(paper, Problem)]
    if problems:
        raise ProblemsError(problems)
    return [paper for paper in papers if isinstance(paper, CommentPaper)]


def find_comment(house: House, draft: str, paper: CommentPaper) -> Comment | None:
    """Find the comment that a paper made, on whichever revision it was made."""
    with house.desk.read() as connection:
        found = get_comments(connection, draft)
    said = words_to_body(paper.comment)
    for one in found:
        if one.id == comment_id(paper.organisation, draft, paper.clause, one.anchor, said):
            return one
    return None


def _find_or_fail(house: House, draft: str, paper: CommentPaper) -> Comment:
    found = find_comment(house, draft, paper)
    if found is None:
        raise ProblemsError([Problem("group.comment.unknown", paper.key, {"comment": paper.key})])
    return found
