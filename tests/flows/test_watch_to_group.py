"""An assessment is entered once and opens the work item that it asks for, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from gongshi.flows.watch_to_group import Asked, Assessed, assess, open_item
from gongshi.group.queries import get_item, get_milestones
from gongshi.group.records import Milestone
from gongshi.terms.instant import MS_PER_DAY, Instant
from gongshi.terms.text import Text
from gongshi.watch.store import list_assessments
from gongshi.wiring import House
from tests.flows.watched import ANALYST, declared, look, sources, technologies

SECRETARY = ("institute", "institute-secretary")


def enter(house: House, given=None) -> Assessed | list:
    known = [technology.id for technology in technologies()]
    return assess(house.desk, *ANALYST, given or declared(), known, "gongshi test")


def asked(house: House) -> Asked:
    summit = Milestone("summit", "", "summit", Text("峰会", "Summit"), date(2026, 12, 1))
    due = Instant(house.desk.now() + 30 * MS_PER_DAY)
    return Asked("white-paper", declared().assessment.work_item, due, [summit])


def test_an_assessment_cites_signals_and_opens_an_item(house: House) -> None:
    """
    signals, assessment, item -> the item names the assessment and the entry that holds it; its milestone is its own
    """
    look(house, sources())
    entered = enter(house)
    assert isinstance(entered, Assessed)
    assert entered.assessment.cited
    item = open_item(house.desk, SECRETARY, asked(house), entered)
    with house.desk.read() as connection:
        opened = get_item(connection, item)
        assert [(m.id, m.item) for m in get_milestones(connection)] == [("summit", item)]
    assert opened.origin == entered.assessment.id
    assert opened.cites == entered.proof.digest


def test_both_are_done_once(house: House) -> None:
    """
    assessed and opened twice -> one assessment, one item, no further block
    """
    look(house, sources())
    first = open_item(house.desk, SECRETARY, asked(house), enter(house))
    height = house.engine.height
    again = enter(house)
    assert again.proof is None
    assert open_item(house.desk, SECRETARY, asked(house), again) == first
    assert house.engine.height == height
    with house.desk.read() as connection:
        assert len(list_assessments(connection)) == 1


def test_an_assessment_that_leans_on_nothing_is_refused(house: House) -> None:
    """
    no signals were seen -> problems, and nothing is entered
    """
    height = house.engine.height
    problems = enter(house)
    assert problems
    assert all(problem.code.startswith("watch.assessment.") for problem in problems)
    unknown = replace(declared(), assessment=replace(declared().assessment, technology="no-such"))
    assert enter(house, unknown)
    assert house.engine.height == height
