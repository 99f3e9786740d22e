"""Pictures as coordinates; the templates draw them as SVG, so that they print and scale, and a reader's program can read their words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from gongshi.group.records import Ballot, Milestone, WorkItem
from gongshi.terms.instant import day_of
from gongshi.terms.text import Text

WIDTH = 1000
_LEFT, _RIGHT = 20, 980
_LABEL_PX = 150


@dataclass(frozen=True, slots=True)
class Mark:
    """A point of the calendar; `row` keeps labels that stand close from lying on each other."""

    x: int
    row: int
    kind: str
    name: Text
    day: date
    anchor: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A period or a share, from `x` over `width`."""

    x: int
    width: int
    kind: str
    name: Text | str
    value: str = ""


@dataclass(frozen=True)
class Calendar:
    """The way of a work item from its opening to the last milestone."""

    months: tuple[tuple[int, date], ...]
    stages: tuple[Bar, ...]
    ballots: tuple[Bar, ...]
    marks: tuple[Mark, ...]
    today: int
    width: int = WIDTH


def draw_calendar(item: WorkItem, milestones: Sequence[Milestone], ballots: Sequence[Ballot], now: int) -> Calendar:
    """Lay the stages, the ballots and the milestones on one line of days."""
    begin = day_of(item.history[0].time)
    ends = [one.day for one in milestones] + [day_of(item.due), day_of(now)]
    end = max(ends) + timedelta(days=5)

    def place(day: date) -> int:
        return _LEFT + (_RIGHT - _LEFT) * (day - begin).days // max((end - begin).days, 1)

    return Calendar(
        tuple((place(month), month) for month in _months(begin, end)),
        tuple(_stage_bars(item, place(day_of(now)), place)),
        tuple(_ballot_bar(ballot, place) for ballot in ballots),
        _marks(milestones, place),
        place(day_of(now)),
    )


def _months(begin: date, end: date) -> list[date]:
    months = []
    month = (begin.replace(day=1) + timedelta(days=32)).replace(day=1)
    while month < end:
        months.append(month)
        month = (month + timedelta(days=32)).replace(day=1)
    return months


def _stage_bars(item: WorkItem, today: int, place: object) -> list[Bar]:
    assert callable(place)
    entered: dict[int, int] = {}
    for change in item.history:
        entered.setdefault(change.stage.major, place(day_of(change.time)))
    starts = sorted(entered.items())
    following = [x for _, x in starts[1:]] + [max(today, starts[-1][1])]
    return [
        Bar(x, max(after - x, 2), "here" if major == item.stage.major else "done", f"{major:02d}")
        for (major, x), after in zip(starts, following, strict=True)
    ]


def _ballot_bar(ballot: Ballot, place: object) -> Bar:
    assert callable(place)
    start, end = place(day_of(ballot.opens_at)), place(day_of(ballot.closes_at))
    return Bar(start, max(end - start, 2), "closed" if ballot.tally else "open", ballot.rule.name)


def _marks(milestones: Sequence[Milestone], place: object) -> tuple[Mark, ...]:
    assert callable(place)
    marks: list[Mark] = []
    for one in sorted(milestones, key=lambda milestone: milestone.day):
        x = place(one.day)
        row = marks[-1].row + 1 if marks and x - marks[-1].x < _LABEL_PX else 0
        anchor = "end" if x > WIDTH - _LABEL_PX else "middle"
        marks.append(Mark(x, row, one.kind, one.name, one.day, anchor))
    return tuple(marks)


def draw_shares(rows: Mapping[str, tuple[int, int]], width: int = 100) -> dict[str, tuple[int, int, int]]:
    """Give (part, whole, width of the part) for each name; of nothing there is no bar."""
    return {name: (part, whole, width * part // whole if whole else 0) for name, (part, whole) in rows.items()}


def draw_spread(samples: Sequence[int], low: int, high: int, width: int = 260) -> tuple[int, ...]:
    """Give the places of samples between two bounds."""
    return tuple(10 + (width - 20) * (sample - low) // max(high - low, 1) for sample in samples)
