"""`gongshi rehearse`: the whole job on the example alliance, by the product's own commands in the order of its calendar.

Each step is a command that a person could type on that day; the clock is set to the day and the home stays open between them.
What was done before is left as it is, so a second rehearsal only looks.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from gongshi.cli.alliance import get_as_of, get_founding
from gongshi.cli.context import Context
from gongshi.cli.desk import LONG_AGO
from gongshi.cli.errors import ProblemsError
from gongshi.flows.alliance_to_ledger import is_founded
from gongshi.terms.instant import MS_PER_DAY, instant_to_iso, start_of_day
from gongshi.terms.problem import Problem
from gongshi.wiring import Home, SetClock, open_house

ALLIANCE = Path(__file__).parents[3] / "examples" / "alliance"
DRAFT = "ledger-requirements"
TARGETS = ("embedded", "evm")
VOTER_ELSEWHERE = "consortium-b"


@dataclass(frozen=True)
class Step:
    """A command on a day of the calendar (an offset from the as-of day); `expected` is its exit code."""

    room: str
    day: int
    arguments: tuple[str, ...]
    expected: int = 0


@dataclass(frozen=True)
class Script:
    """What the rehearsal needs to know: the alliance's folder, the home, the size of the population."""

    alliance: Path
    home: Path
    payments: int

    def steps(self) -> Iterator[Step]:
        """Give every step in the order of the calendar."""
        yield from self._watch()
        yield from self._item()
        yield from self._enquiry()
        yield from self._pilot()
        yield from self._final()
        yield from self._paper()

    def _watch(self) -> Iterator[Step]:
        yield Step("watch", -140, ("watch", "run"))
        yield Step("watch", -138, ("watch", "match"))
        yield Step("watch", -135, ("watch", "assess", str(self.alliance / "assessments" / "interoperability.toml")))

    def _item(self) -> Iterator[Step]:
        skip = ("--skip", "10=The assessment that asks for the item is on the ledger and is cited.")
        yield Step("group", -130, ("group", "open-item", "--plan", DRAFT))
        yield self._stage("00.20", -128)
        yield self._stage("00.60", -120)
        yield self._stage("00.99", -119, "--reason", "The secretariat's review found the proposal complete.")
        yield self._stage("20.00", -118, *skip)
        yield self._stage("20.20", -116)
        yield Step("group", -115, ("group", "draft", str(self.alliance / "drafts" / DRAFT), "--by", "lab-researcher"))
        yield from self._tests(-110)
        yield self._stage("20.60", -100)
        yield self._stage("20.99", -99, "--reason", "No comment of substance is open.")

    def _tests(self, day: int) -> Iterator[Step]:
        for target in TARGETS:
            yield Step("lab", day, ("lab", "twins", "--target", target))
            yield Step("lab", day, ("lab", "run", "--draft", DRAFT, "--target", target))
            yield Step("lab", day, ("lab", "measure", "--draft", DRAFT, "--target", target))

    def _enquiry(self) -> Iterator[Step]:
        comments, votes = str(self.alliance / "comments"), str(self.alliance / "votes")
        papers = ("group", "vote-papers", votes, "--plan", "enquiry", "--comments", comments)
        skip = ("--skip", "30=The working draft was written in the committee itself.")
        yield self._stage("40.00", -60, *skip)
        yield self._stage("40.20", -40)
        yield Step("group", -40, ("group", "open-ballot", "--plan", "enquiry"))
        yield Step("group", -30, ("group", "comment-papers", comments, "--draft", DRAFT))
        yield Step("group", -20, (*papers, "--leave", VOTER_ELSEWHERE))
        yield from self._vote_elsewhere(papers)
        yield Step("group", -9, ("group", "close-ballot", "--plan", "enquiry"))
        yield self._stage("40.60", -9)
        yield Step("group", -8, ("group", "resolve-papers", comments, "--draft", DRAFT))
        yield self._stage("40.99", -7, "--reason", "The ballot approved the text and every comment is resolved.")
        yield self._stage("50.00", -6)

    def _vote_elsewhere(self, papers: tuple[str, ...]) -> Iterator[Step]:
        """One member signs in a home of his own, which follows the ledger; the signed vote comes over as a file."""
        member, export = self.home / "members" / VOTER_ELSEWHERE, self.home / "members" / "ledger.sqlite"
        vote = self.home / "members" / f"{VOTER_ELSEWHERE}.vote"
        keys = self.home / "keys" / VOTER_ELSEWHERE
        if not vote.exists():
            yield Step("group", -20, ("ledger", "export", "--out", str(export)))
            follow = ("init", "--follow", str(export), "--organisation", VOTER_ELSEWHERE, "--keys", str(keys))
            alliance = ("--alliance", str(self.alliance))
            yield Step("group", -20, ("@member", str(member), *follow, *alliance))
            yield Step("group", -20, ("@member", str(member), *papers, "--only", VOTER_ELSEWHERE, "--out", str(vote)))
        yield Step("group", -20, ("ledger", "submit", str(vote)))

    def _pilot(self) -> Iterator[Step]:
        yield Step("pilots", -15, ("pilots", "populate", "--payments", str(self.payments)))
        yield Step("supervision", -12, ("supervision", "compare"))
        note = str(self.alliance / "notes" / "incident.md")
        purpose = (
            "--purpose-zh",
            "安全事件通报：请核对本机构节点。",
            "--purpose-en",
            "Incident note: please check your nodes.",
        )
        to = ("--to", "internet-bank", "--to", "consortium-a")
        yield Step("exchange", -8, ("group", "send", note, *to, *purpose, "--from", "payment-company"))
        yield Step("exchange", -8, ("group", "receive", "--for", "internet-bank"))
        yield Step("exchange", -8, ("group", "receive", "--for", "consortium-a"))
        yield Step("exchange", -8, ("group", "receive", "--for", "insurer"), expected=1)

    def _final(self) -> Iterator[Step]:
        comments, votes = str(self.alliance / "comments"), str(self.alliance / "votes")
        draft = str(self.alliance / "drafts" / DRAFT)
        yield Step("group", -6, ("group", "draft", draft, "--revision", "2", "--by", "lab-researcher"))
        yield Step("group", -6, ("group", "resolve-papers", comments, "--draft", DRAFT, "--applied"))
        yield Step("group", -6, ("group", "reply-papers", comments, "--draft", DRAFT))
        yield from self._retests(-6)
        yield self._stage("50.20", -5)
        yield Step("group", -5, ("group", "open-ballot", "--plan", "final"))
        yield Step("group", -2, ("group", "vote-papers", votes, "--plan", "final", "--comments", comments))

    def _retests(self, day: int) -> Iterator[Step]:
        """A changed clause makes the runs that leaned on it suspect: the suite is run again on the text to be decided."""
        for target in TARGETS:
            yield Step("lab", day, ("lab", "run", "--draft", DRAFT, "--target", target))

    def _paper(self) -> Iterator[Step]:
        yield Step("watch", -1, ("watch", "run"))
        yield Step("watch", -1, ("watch", "cover"))
        yield Step("group", -1, ("group", "sign-comments", "--draft", DRAFT))
        yield Step("group", -1, ("group", "sign-plan"))
        yield Step("group", 0, ("group", "bundle", "--plan", "enquiry"))
        yield Step("paper", 0, ("paper", "publish"))
        yield Step("paper", 0, ("paper", "check", "--least", "30"))
        bundle = str(self.home / "published" / "ballot-enquiry.bundle")
        yield Step("verify", 0, ("verify", bundle, "--policy", str(self.home / "published" / "policy.txt")))

    def _stage(self, code: str, day: int, *options: str) -> Step:
        return Step("group", day, ("group", "stage", code, *options))


def register(app: typer.Typer) -> None:
    """Add the command to the tool."""
    app.command()(rehearse)


def rehearse(
    context: typer.Context,
    alliance: Annotated[Path, typer.Option(help="The folder of the example alliance.")] = ALLIANCE,
    seed: Annotated[int, typer.Option(help="The seed of everything that is drawn.")] = 2016,
    payments: Annotated[int, typer.Option(help="How many payments the pilot's population makes.")] = 120_000,
    delay_blocks: Annotated[int, typer.Option(help="Commit every entry so many blocks late.")] = 0,
) -> None:
    """Do the whole job once on the example alliance; what was done before is left as it is."""
    from gongshi.cli.main import run

    here: Context = context.obj
    begin = time.monotonic()
    if not _is_founded(here):
        options = ("--rehearsal", "--seed", str(seed), "--delay-blocks", str(delay_blocks))
        _run_or_exit(run(["init", "--alliance", str(alliance), *options], here), 0)
    _check_same(here, seed)
    script = Script(alliance.resolve(), here.home.resolve(), payments)
    with open_house(here.home, LONG_AGO) as house:
        day, clock = get_as_of(house), house.desk.clock
        assert isinstance(clock, SetClock)
        inside = replace(here, house=house)
        for step in script.steps():
            clock.instant = start_of_day(day) + step.day * MS_PER_DAY + MS_PER_DAY // 2
            arguments, place = list(step.arguments), inside
            if arguments[0] == "@member":
                place = replace(here, home=Path(arguments[1]), house=None, as_of=instant_to_iso(clock.instant))
                arguments = arguments[2:]
                if arguments[0] == "init" and Home(place.home).settings_path.exists():
                    continue
            here.tell("cli.rehearse.step", room=here.say(f"cli.room.{step.room}"), command=" ".join(arguments))
            _run_or_exit(run(arguments, place), step.expected)
    here.tell("cli.rehearse.done", seconds=f"{time.monotonic() - begin:.0f}", published=here.home / "published")
    for path in sorted((here.home / "published").iterdir()):
        here.tell("cli.rehearse.file", path=path, size=f"{path.stat().st_size:,}")


def _is_founded(here: Context) -> bool:
    if not Home(here.home).settings_path.exists():
        return False
    with open_house(here.home, LONG_AGO) as house:
        return is_founded(house.desk, get_founding(house))


def _check_same(here: Context, seed: int) -> None:
    """A home holds one rehearsal: another seed or another day asks for another home."""
    home = Home(here.home)
    settings = home.settings()
    with open_house(here.home, LONG_AGO) as house:
        day = get_as_of(house).isoformat()
    if settings.seed != seed:
        raise ProblemsError([Problem("cli.rehearse.other_seed", values={"path": here.home, "seed": settings.seed})])
    if here.as_of and here.as_of[:10] != day:
        raise ProblemsError([Problem("cli.rehearse.other_day", values={"path": here.home, "day": day})])


def _run_or_exit(code: int, expected: int) -> None:
    if code != expected:
        raise typer.Exit(code or 1)
