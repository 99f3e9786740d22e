"""The draft's clauses are tested on the embedded ledger; the signed run is attached to the revision that it tested, once."""

from __future__ import annotations

from typing import Any

from gongshi.flows.alliance_to_ledger import get_parameters
from gongshi.flows.evidence import read_evidence
from gongshi.flows.group_decisions import post
from gongshi.flows.group_to_lab import attach_run, get_tested, run_clauses
from gongshi.flows.pilots_to_lab import get_currency
from gongshi.group.adapters.draft_folder import load_draft
from gongshi.group.entries import open_workitem
from gongshi.group.queries import get_attached
from gongshi.lab.adapters.embedded_bench import EmbeddedBench
from gongshi.lab.targets.embedded import EmbeddedTarget
from gongshi.terms.instant import MS_PER_DAY, Instant
from gongshi.terms.problem import Problem
from gongshi.wiring import KINDS, NAMESPACES, House
from tests.flows.pilot_house import ALLIANCE
from tests.flows.test_group_decisions import AUTHOR, DRAFT, ITEM, SECRETARY, TITLE


def post_text(house: House) -> Any:
    due = Instant(house.desk.now() + 200 * MS_PER_DAY)
    house.desk.act("institute", open_workitem("white-paper", TITLE, "as-1", due), mandate=SECRETARY.mandate)
    post(house.desk, AUTHOR, ITEM, load_draft(ALLIANCE / "drafts" / "ledger-requirements"))
    found = get_tested(house.desk, DRAFT)
    assert not isinstance(found, Problem)
    return found


def test_a_run_is_signed_and_attached_once(house: House) -> None:
    """
    twelve clauses, each with its case, on the embedded ledger -> twelve passed; attached twice -> one evidence
    """
    text = post_text(house)
    target = EmbeddedTarget(EmbeddedBench(KINDS), get_currency(), get_parameters(KINDS, NAMESPACES))
    run, document, untested = run_clauses(text, target, 2016)
    assert untested == []
    assert {verdict.outcome for verdict in run.verdicts} == {"pass"}
    assert len(run.verdicts) >= 10
    first = attach_run(house.desk, AUTHOR, text, document)
    height = house.engine.height
    assert attach_run(house.desk, AUTHOR, text, document) == first
    assert house.engine.height == height
    with house.desk.read() as connection:
        assert get_attached(connection, DRAFT) == (first,)
    assert read_evidence(house.desk, first).encode() == document.encode()


def test_a_draft_that_nobody_posted_is_a_problem(house: House) -> None:
    """
    no draft -> group.draft.unknown
    """
    found = get_tested(house.desk, DRAFT)
    assert isinstance(found, Problem)
    assert found.code == "group.draft.unknown"
