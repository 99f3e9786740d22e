"""Advisories are matched to a member's inventory; the same findings are entered once."""

from __future__ import annotations

from gongshi.flows.evidence import read_evidence
from gongshi.flows.inventories_to_watch import match_inventories
from gongshi.watch.declare import DeclaredInventory
from gongshi.watch.store import list_exposures
from gongshi.wiring import House
from tests.flows.watched import ANALYST, LIBRARY, sources

MINE = DeclaredInventory("payment-company", "example-ledger", "sources/inventory/go.mod")


def match(house: House, *inventories: DeclaredInventory):
    return match_inventories(house.desk, ANALYST, sources(), inventories, LIBRARY, "gongshi test")


def test_findings_are_signed_by_the_member_and_the_evidence_by_the_analyst(house: House) -> None:
    """
    payment-company's go.mod, the example's advisories -> exposures in the tables, evidence that counts them
    """
    matching = match(house, MINE)
    (matched,) = matching.matched
    assert matched.is_new
    assert matched.exposures
    assert not matching.problems
    with house.desk.read() as connection:
        found = list_exposures(connection)
    assert {e.id for e in found} == {e.id for e in matched.exposures}
    assert {e.organisation for e in found} == {"payment-company"}
    assert read_evidence(house.desk, matching.evidence).kind == "watch.exposure"


def test_the_same_findings_are_entered_once(house: House) -> None:
    """
    matched twice at one instant -> the second is not new, and the ledger does not grow
    """
    match(house, MINE)
    height = len([e for b in house.engine.blocks(1) for e in b.entries])
    (again,) = match(house, MINE).matched
    assert not again.is_new
    assert len([e for b in house.engine.blocks(1) for e in b.entries]) == height


def test_an_inventory_that_is_absent_is_a_problem(house: House) -> None:
    """
    nowhere/go.mod -> watch.inventory.absent, nothing signed
    """
    matching = match(house, DeclaredInventory("insurer", "other", "nowhere/go.mod"))
    assert [problem.code for problem in matching.problems] == ["watch.inventory.absent"]
    assert matching.matched == ()
    assert matching.evidence is None
