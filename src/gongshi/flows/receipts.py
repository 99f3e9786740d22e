"""A receipt that leaves the house: one entry's place in the log, as a dossier that anyone checks offline."""

from __future__ import annotations

from gongshi.flows.desk import Desk
from gongshi.flows.group_decisions import get_roots, read_history
from gongshi.ledger.proofs import Proved, make_dossier, select_with_certificates
from gongshi.ledger.records import LoggedEntry
from gongshi.terms.problem import Problem

PURPOSE = "receipt"


def find_entry(desk: Desk, digest: str) -> LoggedEntry | Problem:
    """Find an accepted entry by the hex digits that its digest begins with."""
    found = [logged for logged in read_history(desk) if logged.entry.digest.hex().startswith(digest.lower())]
    if len(found) != 1 or not digest:
        return Problem("ledger.entry.unknown", digest, {"entry": digest or "-", "found": len(found)})
    return found[0]


def make_receipt(desk: Desk, digest: str, checkpoint: str) -> bytes | Problem:
    """Give the dossier of one entry under a checkpoint, with the certificates that lead to its signer."""
    wanted = find_entry(desk, digest)
    if isinstance(wanted, Problem):
        return wanted
    chosen = select_with_certificates([wanted], read_history(desk))
    proved = [Proved(one.entry.data, one.leaf, desk.engine.prove_leaf(one.leaf)) for one in chosen]
    roots = {name: root for name, root in get_roots(desk).items() if name in {one.organisation for one in chosen}}
    content = {"digest": wanted.entry.digest}
    return make_dossier(PURPOSE, desk.engine.chain, checkpoint, proved, roots, content)
