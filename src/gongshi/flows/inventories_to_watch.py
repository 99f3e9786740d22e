"""From members' inventories to the watch: advisories are matched to what a member really runs; each member signs his own findings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from gongshi.flows import evidence
from gongshi.flows.desk import Desk, EntryRefusedError
from gongshi.terms.digest import Digest
from gongshi.terms.problem import Problem
from gongshi.watch.declare import DeclaredInventory
from gongshi.watch.entries import WATCH, encode_exposures, expose_ledger
from gongshi.watch.evidence import get_exposure_evidence
from gongshi.watch.inventories import read_inventory
from gongshi.watch.match import Index, index_advisories, match_inventory
from gongshi.watch.ports import Library, LibraryError
from gongshi.watch.records import Advisory, Exposure, Inventory, Source
from gongshi.watch.sources.osv import read_advisories

ADVISORY_KIND = "osv"


@dataclass(frozen=True)
class Matched:
    """An inventory with what hits it; `is_new` says whether the ledger did not hold these very findings already."""

    inventory: Inventory
    exposures: tuple[Exposure, ...]
    is_new: bool


@dataclass(frozen=True)
class Matching:
    """All that one matching gave."""

    matched: tuple[Matched, ...]
    problems: tuple[Problem, ...]
    evidence: Digest | None


def match_inventories(
    desk: Desk,
    analyst: tuple[str, str],
    sources: Iterable[Source],
    inventories: Iterable[DeclaredInventory],
    library: Library,
    tool: str,
) -> Matching:
    """Match every inventory with every advisory source; `analyst` is who signs the evidence: organisation and mandate."""
    advisories, raws, problems = _read_sources(desk, sources, library)
    index, matched = index_advisories(advisories), []
    for declared in inventories:
        one, wrong = _match(desk, declared, index, tuple(raws.values()), library)
        problems += wrong
        matched += [one] if one is not None else []
    if not matched:
        return Matching((), tuple(problems), None)
    found = [exposure for one in matched for exposure in one.exposures]
    document = get_exposure_evidence([one.inventory for one in matched], found, raws, tool, {}, desk.now())
    signed = evidence.sign(desk, analyst[0], document, analyst[1])
    return Matching(tuple(matched), tuple(problems), signed)


def _read_sources(
    desk: Desk, sources: Iterable[Source], library: Library
) -> tuple[list[Advisory], dict[str, Digest], list[Problem]]:
    advisories: list[Advisory] = []
    raws: dict[str, Digest] = {}
    problems: list[Problem] = []
    for source in sources:
        if source.kind == ADVISORY_KIND:
            raw = library.read(source.location)
            found, wrong = read_advisories(raw, source.id)
            advisories += found
            problems += wrong
            raws[source.id] = Digest(desk.blobs.put(raw))
    return advisories, raws, problems


def _match(
    desk: Desk, declared: DeclaredInventory, index: Index, advisories: Sequence[Digest], library: Library
) -> tuple[Matched | None, list[Problem]]:
    try:
        raw = library.read(declared.location)
    except LibraryError as error:
        return None, [Problem(f"watch.inventory.{error.reason}", declared.ledger, {"location": error.location})]
    name = PurePosixPath(declared.location).name
    inventory, problems = read_inventory(raw, name, declared.organisation, declared.ledger)
    exposures, wrong = match_inventory(inventory, index)
    desk.blobs.put(raw)
    is_new = _enter(desk, inventory, exposures, advisories)
    return Matched(inventory, tuple(exposures), is_new), [*problems, *wrong]


def _enter(desk: Desk, inventory: Inventory, exposures: Sequence[Exposure], advisories: Sequence[Digest]) -> bool:
    desk.blobs.put(encode_exposures(exposures))
    op = expose_ledger(inventory, exposures, advisories)
    if desk.engine.get(WATCH, f"exposures/{inventory.organisation}/{inventory.ledger}") == op.body:
        return False
    try:
        desk.act(inventory.organisation, op)
    except EntryRefusedError as error:
        if error.problem.code == "watch.exposures.known":
            return False
        raise
    return True
