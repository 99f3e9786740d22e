"""Advisories against inventories: the plain OSV verdict, with its certainty, for every member's ledger.

Matching is per record and per component: aliases group findings for reading and decide nothing. Withdrawn records are
left out. `stdlib` and `toolchain` belong to the compiler, not to a requirement, and are not judged. A `replace` is
named and what it builds is judged beside it, while the verdict stays that of the required version.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from gongshi.terms.problem import Problem
from gongshi.watch.records import Advisory, Affected, Certainty, Component, Exposure, Inventory, VersionRange
from gongshi.watch.versions import VersionUnreadError, get_hit, get_key, is_in_range, is_pseudo

NOT_REQUIRED = frozenset({"stdlib", "toolchain"})
Index = Mapping[tuple[str, str], Sequence[tuple[Advisory, Affected]]]


def index_advisories(advisories: Iterable[Advisory]) -> Index:
    """Give the live advisories by (ecosystem, module), so that an inventory costs its own size, not the database's."""
    index: dict[tuple[str, str], list[tuple[Advisory, Affected]]] = defaultdict(list)
    for advisory in advisories:
        for affected in advisory.affected if not advisory.withdrawn else ():
            if affected.module not in NOT_REQUIRED:
                index[affected.ecosystem, affected.module].append((advisory, affected))
    return index


def match_inventory(inventory: Inventory, index: Index) -> tuple[list[Exposure], list[Problem]]:
    """Give the exposures of an inventory in order of module and advisory, and what could not be compared."""
    found: dict[str, Exposure] = {}
    problems: list[Problem] = []
    for component in inventory.components:
        for advisory, affected in index.get((component.ecosystem, component.module), ()):
            try:
                exposure = _match(inventory, component, advisory, affected, index)
            except VersionUnreadError as error:
                where = f"{inventory.ledger}:{component.module}"
                problems.append(
                    Problem("watch.version.unreadable", where, {"version": error.version, "advisory": advisory.id})
                )
                continue
            if exposure is not None:
                found.setdefault(exposure.id, exposure)
    return sorted(found.values(), key=lambda exposure: (exposure.module, exposure.advisory)), problems


def is_affected(version: str, affected: Affected) -> bool:
    """Ask OSV's question: is the version listed, or inside one of the SEMVER ranges?"""
    return _is_listed(version, affected) or _get_range(version, affected) is not None


def _is_listed(version: str, affected: Affected) -> bool:
    return version in affected.versions or version.removeprefix("v") in affected.versions


def _get_range(version: str, affected: Affected) -> VersionRange | None:
    """Give the first range that holds the version; commit ids (GIT) are not versions and are never compared as such."""
    ranges = [given for given in affected.ranges if given.kind == "SEMVER"]
    return next((given for given in ranges if is_in_range(version, given)), None)


def _match(
    inventory: Inventory, component: Component, advisory: Advisory, affected: Affected, index: Index
) -> Exposure | None:
    get_key(component.version)
    within = _get_range(component.version, affected)
    if within is None and not _is_listed(component.version, affected):
        return None
    hit, fixed_in = get_hit(component.version, within) if within else (f"= {component.version}", "")
    return Exposure(
        organisation=inventory.organisation,
        ledger=inventory.ledger,
        module=component.module,
        version=component.version,
        advisory=advisory.id,
        aliases=advisory.aliases,
        reviewed=advisory.reviewed,
        certainty=_get_certainty(component.version, affected, within, fixed_in),
        hit=hit,
        fixed_in=fixed_in,
        replaced_by=component.replaced_by,
        built=_is_built(component, advisory, index),
    )


def _get_certainty(version: str, affected: Affected, within: VersionRange | None, fixed_in: str) -> Certainty:
    """Say how far the plain verdict can be trusted (handbook 9): the true bounds may stand in custom ranges; commits are not in line."""
    if affected.custom and within is not None and all(kind == "introduced" for kind, _ in within.events):
        return "custom-range-says-otherwise"
    return "pseudo-version" if is_pseudo(version) or is_pseudo(fixed_in) else "exact"


def _is_built(component: Component, advisory: Advisory, index: Index) -> bool:
    """Ask whether what is built is hit as well: a replacement by another module or version may not be."""
    if not component.replaced_by:
        return True
    module, _, version = component.replaced_by.partition(" ")
    candidates = [
        affected for found, affected in index.get((component.ecosystem, module), ()) if found.id == advisory.id
    ]
    return bool(version) and any(is_affected(version, affected) for affected in candidates)
