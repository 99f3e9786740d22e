"""From the group to the lab and back: the clauses of a draft are what is tested, and the signed runs are attached to that draft."""

from __future__ import annotations

from dataclasses import dataclass

from gongshi.flows import evidence
from gongshi.flows.desk import Desk
from gongshi.group.entries import attach_evidence
from gongshi.group.queries import get_attached, get_clauses, get_drafts
from gongshi.lab.ports import Target
from gongshi.lab.records import Run, Throughput
from gongshi.lab.rules import conformance_evidence, run_suite, throughput_evidence, untested_clauses
from gongshi.lab.suites import get_cases
from gongshi.terms.clause import Clause
from gongshi.terms.digest import Digest
from gongshi.terms.evidence import Evidence
from gongshi.terms.problem import Problem


@dataclass(frozen=True)
class Tested:
    """The draft's current revision: its id, digest and clauses."""

    draft: str
    revision: int
    digest: Digest
    clauses: tuple[Clause, ...]


def get_tested(desk: Desk, draft: str) -> Tested | Problem:
    """Give the revision that stands, or the problem that there is none here."""
    with desk.read() as connection:
        found = [row for row in get_drafts(connection) if row["id"] == draft]
        if not found:
            return Problem("group.draft.unknown", values={"draft": draft})
        latest = max(found, key=lambda row: row["revision"])
        clauses = get_clauses(connection, draft, latest["revision"])
    return Tested(draft, latest["revision"], Digest(latest["digest"]), clauses)


def run_clauses(tested: Tested, target: Target, seed: int) -> tuple[Run, Evidence, list[Problem]]:
    """Play the suite's cases for the draft's clauses on a target; clauses without a case are named."""
    wanted = {clause.catalogue for clause in tested.clauses}
    cases = [case for case in get_cases() if case.catalogue in wanted]
    run = run_suite(target, cases, seed)
    return run, conformance_evidence(run, tested.clauses), untested_clauses(tested.clauses, cases)


def attach_run(desk: Desk, researcher: tuple[str, str], tested: Tested, document: Evidence) -> Digest:
    """Sign a run and attach it to the revision that it tested."""
    organisation, mandate = researcher
    digest = evidence.sign(desk, organisation, document, mandate)
    with desk.read() as connection:
        known = digest in get_attached(connection, tested.draft)
    if not known:
        desk.act(organisation, attach_evidence(tested.draft, tested.digest, [digest]), mandate=mandate)
    return digest


def attach_measurement(desk: Desk, researcher: tuple[str, str], tested: Tested, measured: Throughput) -> Digest:
    """Sign a measured figure and attach it."""
    return attach_run(desk, researcher, tested, throughput_evidence(measured))
