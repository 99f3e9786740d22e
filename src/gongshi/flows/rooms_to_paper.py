"""From all rooms to the paper: the newest signed evidence for each role in which the paper prints it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gongshi.flows.desk import Desk
from gongshi.flows.evidence import read_evidence
from gongshi.group.queries import get_signers, list_evidence
from gongshi.paper.records import Material
from gongshi.terms.digest import Digest
from gongshi.terms.evidence import Evidence

Judge = Callable[[Evidence], bool]


def _target(name: str) -> Judge:
    def is_of(evidence: Evidence) -> bool:
        about = evidence.results.get("target")
        return isinstance(about, Mapping) and about.get("id") == name

    return is_of


# role: (kind of evidence, and which of that kind)
ROLES: dict[str, tuple[str, Judge]] = {
    "coverage": ("watch.coverage", lambda _: True),
    "exposures": ("watch.exposure", lambda _: True),
    "assessment": ("watch.assessment", lambda _: True),
    "conformance-embedded": ("lab.conformance", _target("embedded")),
    "conformance-evm": ("lab.conformance", _target("evm")),
    "speed-embedded": ("lab.throughput", _target("embedded")),
    "speed-evm": ("lab.throughput", _target("evm")),
    "pilot": ("pilots.supply", lambda _: True),
    "options": ("supervision.comparison", lambda _: True),
    "ballot": ("group.ballot", lambda _: True),
    "comments": ("group.comments", lambda _: True),
    "plan": ("group.plan", lambda _: True),
    "alliance": ("group.alliance", lambda _: True),
}


def collect_materials(desk: Desk) -> dict[str, Material]:
    """Give the materials by role; a role without evidence on this desk is left out, and the paper's own check names it."""
    found: dict[str, Material] = {}
    with desk.read() as connection:
        rows = list_evidence(connection)
        signers = {row["digest"]: tuple(name for name, _ in get_signers(connection, row["digest"])) for row in rows}
    for row in rows:
        for role, (kind, is_meant) in ROLES.items():
            if row["kind"] != kind:
                continue
            document = read_evidence(desk, row["digest"])
            if document is not None and is_meant(document):
                found[role] = Material(role, document, Digest(row["digest"]), signers[row["digest"]])
    return {role: found[role] for role in ROLES if role in found}
