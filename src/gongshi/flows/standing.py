"""Where everything stands: one object over all rooms, for `gongshi status` and the desk's home page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gongshi.flows.desk import Desk
from gongshi.group.queries import compute_tally, get_ballots, get_items, get_milestones, list_evidence
from gongshi.paper.store import list_publications
from gongshi.pilots.store import get_counts
from gongshi.supervision.store import list_alerts
from gongshi.terms.evidence import evidence_id
from gongshi.watch.store import count_signals, list_exposures


def get_standing(desk: Desk, published: Path) -> dict[str, Any]:
    """Give `ledger`, `signals`, `exposures`, `runs`, `pilot`, `alerts`, `ballots`, `items`, `publications`."""
    with desk.read() as connection:
        counts = get_counts(connection)
        return {
            "chain": desk.engine.chain,
            "ledger": _ledger(desk),
            "signals": count_signals(connection),
            "exposures": Counter(exposure.organisation for exposure in list_exposures(connection)),
            "runs": [_run(row) for row in list_evidence(connection, "lab.")],
            "pilot": {"wallets": counts.wallets, "payments": counts.payments, "declared": counts.declared},
            "alerts": Counter(str(alert["option"]) for alert in list_alerts(connection)),
            "items": {item.id: item.stage.code for item in get_items(connection)},
            "milestones": {one.id: one.day.isoformat() for one in get_milestones(connection)},
            "ballots": {
                ballot.id: {
                    "rule": ballot.rule.id,
                    "papers": len(ballot.votes),
                    "closed": ballot.tally is not None,
                    "verdict": compute_tally(ballot).verdict,
                }
                for ballot in get_ballots(connection)
            },
            "publications": [
                {
                    "id": row["id"],
                    "language": row["language"],
                    "revision": row["revision"],
                    "path": str(published / row["name"]),
                    "sha256": row["file"].hex(),
                }
                for row in list_publications(connection)
            ],
        }


def _run(row: Mapping[str, Any]) -> dict[str, str]:
    return {"id": evidence_id(row["digest"]), "kind": row["kind"], "organisation": row["org"]}


def _ledger(desk: Desk) -> dict[str, Any]:
    blocks = list(desk.engine.blocks(1))
    return {
        "height": desk.engine.height,
        "entries": sum(len(block.entries) for block in blocks),
        "root": blocks[-1].app_hash.hex() if blocks else "",
    }
