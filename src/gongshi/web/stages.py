"""The stage line: the rows of the harmonised matrix, with where the item has been and where it stands."""

from __future__ import annotations

from dataclasses import dataclass

from gongshi.group.records import StageChange, WorkItem
from gongshi.group.stages import ROWS, STAGES
from gongshi.terms.text import Text


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the matrix: `state` is done, here, skipped or ahead; `change` is the newest step in it."""

    major: int
    state: str
    change: StageChange | None
    name: Text | None
    skipped: str


def lay_out_stages(item: WorkItem) -> tuple[Row, ...]:
    """Give every row up to publication."""
    newest = {change.stage.major: change for change in item.history}
    skipped = {major: why for change in item.history for major, why in change.skipped}
    return tuple(
        Row(
            major,
            _state(major, item, major in newest),
            newest.get(major),
            STAGES[newest[major].stage] if major in newest else None,
            skipped.get(major, ""),
        )
        for major in ROWS
    )


def _state(major: int, item: WorkItem, is_entered: bool) -> str:
    if major == item.stage.major:
        return "here"
    if major > item.stage.major:
        return "ahead"
    return "done" if is_entered else "skipped"


def name_of(change: StageChange) -> Text:
    """Give the name of a stage."""
    return STAGES[change.stage]
