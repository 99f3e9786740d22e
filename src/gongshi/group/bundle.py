"""The ballot bundle: all that a stranger needs to recount a ballot offline, and nothing that he has to believe.

The opening, every paper, the closing, and the entries that certify the signers' keys, each proved under one checkpoint.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from gongshi.ledger.proofs import Proved, make_dossier, select_with_certificates
from gongshi.ledger.records import LoggedEntry
from gongshi.terms.problem import Problem

PURPOSE = "ballot"
_KINDS = ("group.ballot.open", "group.vote.cast", "group.ballot.close")

ProveLeaf = Callable[[int], tuple[bytes, ...]]


def make_ballot_bundle(
    ballot: str,
    chain: str,
    checkpoint: str,
    history: Iterable[LoggedEntry],
    roots: Mapping[str, bytes],
    prove_leaf: ProveLeaf,
) -> bytes | Problem:
    """Give the bundle of a closed ballot. `roots` has every member's root key; `prove_leaf` proves under the checkpoint."""
    listed = list(history)
    wanted = select_ballot(ballot, listed)
    found = [kind for logged in wanted for kind in _kinds_of(ballot, logged)]
    for kind, reason in (("group.ballot.open", "unknown"), ("group.ballot.close", "still_open")):
        if kind not in found:
            return Problem(f"group.bundle.{reason}", values={"ballot": ballot})
    chosen = select_with_certificates(wanted, listed)
    proved = [Proved(logged.entry.data, logged.leaf, prove_leaf(logged.leaf)) for logged in chosen]
    signers = {logged.organisation for logged in chosen}
    known = {name: root for name, root in roots.items() if name in signers}
    return make_dossier(PURPOSE, chain, checkpoint, proved, known, {"ballot": ballot})


def select_ballot(ballot: str, history: Iterable[LoggedEntry]) -> Sequence[LoggedEntry]:
    """Give the entries that open, vote in and close a ballot, in the log's order."""
    return [logged for logged in history if _kinds_of(ballot, logged)]


def _kinds_of(ballot: str, logged: LoggedEntry) -> list[str]:
    return [op.kind for op in logged.entry.ops if op.kind in _KINDS and _names(op.body, ballot)]


def _names(body: Any, ballot: str) -> bool:
    return isinstance(body, dict) and body.get("ballot") == ballot
