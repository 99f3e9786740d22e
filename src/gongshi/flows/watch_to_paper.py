"""From the watch to the paper: what was seen, as signed figures."""

from __future__ import annotations

from collections.abc import Mapping

from gongshi.flows import evidence
from gongshi.flows.desk import Actor, Desk
from gongshi.terms.digest import Digest
from gongshi.watch.evidence import get_coverage_evidence
from gongshi.watch.store import list_signals


def sign_coverage(desk: Desk, analyst: Actor, tool: str, environment: Mapping[str, str]) -> Digest:
    """Sign how many signals were kept, by region, source, kind, technology and year."""
    with desk.read() as connection:
        signals = list_signals(connection)
    document = get_coverage_evidence(signals, tool, environment, desk.now())
    return evidence.sign(desk, analyst.organisation, document, analyst.mandate)
