"""From the watch to the group: an analyst's assessment is entered, and the secretariat opens the work item that it asks for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from gongshi.flows import evidence
from gongshi.flows.desk import Desk
from gongshi.group.entries import open_workitem, set_milestone, workitem_id
from gongshi.group.queries import get_item
from gongshi.group.records import Milestone
from gongshi.ledger.records import Proof
from gongshi.terms.instant import Instant
from gongshi.terms.problem import Problem
from gongshi.terms.text import Text
from gongshi.watch.assess import check_assessment
from gongshi.watch.declare import DeclaredAssessment
from gongshi.watch.entries import assess_technology
from gongshi.watch.evidence import get_assessment_evidence
from gongshi.watch.records import Assessment
from gongshi.watch.store import get_batches, list_assessments, list_signals


@dataclass(frozen=True)
class Asked:
    """What an assessment asks the secretariat to open: the committee, the item's title and due day, its milestones."""

    committee: str
    title: Text
    due: Instant
    milestones: Sequence[Milestone]


@dataclass(frozen=True)
class Assessed:
    """An assessment that stands on the ledger; `proof` is None when it stood there before."""

    assessment: Assessment
    proof: Proof | None


def assess(
    desk: Desk, organisation: str, mandate: str, declared: DeclaredAssessment, technologies: Collection[str], tool: str
) -> Assessed | list[Problem]:
    """Look up the citations of a declared assessment, check it and enter it."""
    with desk.read() as connection:
        signals = {signal.id: signal for signal in list_signals(connection)}
        assessment = declared.cite(signals.values())
        problems = check_assessment(assessment, signals, technologies)
        known = {id_ for id_, _, _ in list_assessments(connection)}
        batches = get_batches(connection, assessment.cited)
    if problems:
        return problems
    if assessment.id in known:
        return Assessed(assessment, None)
    proof = desk.act(organisation, assess_technology(assessment, batches), mandate=mandate)
    evidence.sign(desk, organisation, get_assessment_evidence(assessment, batches, tool, desk.now()), mandate)
    return Assessed(assessment, proof)


def open_item(desk: Desk, secretary: tuple[str, str], asked: Asked, assessed: Assessed) -> str:
    """Open the work item that an assessment asks for, with its milestones; give the item's id."""
    item = workitem_id(asked.title, assessed.assessment.id)
    with desk.read() as connection:
        if get_item(connection, item) is not None:
            return item
    organisation, mandate = secretary
    cites = assessed.proof.digest if assessed.proof else None
    opening = open_workitem(asked.committee, asked.title, assessed.assessment.id, asked.due, cites)
    milestones = [set_milestone(_of_item(milestone, item)) for milestone in asked.milestones]
    desk.act(organisation, opening, *milestones, mandate=mandate)
    return item


def _of_item(milestone: Milestone, item: str) -> Milestone:
    return Milestone(milestone.id, item, milestone.kind, milestone.name, milestone.day, milestone.is_done)
