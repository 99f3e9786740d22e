"""From the pilot to the reader: its supply as signed evidence, proved from the root that the block's header commits to.

1. the projection says which block changed the pilot last;  2. that block's header holds the money namespace's root;
3. the path of any leaf folds to that root and opens it to the sum of all balances, which must be what was issued.
"""

from __future__ import annotations

from gongshi.flows import evidence
from gongshi.flows.desk import Desk
from gongshi.ledger.state import read_roots
from gongshi.pilots.entries import CURRENCY, MONEY, PILOT
from gongshi.pilots.evidence import Supply, build_supply_evidence
from gongshi.pilots.records import Terms, read_terms
from gongshi.pilots.store import Standing, get_shares, get_standing, get_tiers
from gongshi.terms.digest import Digest
from gongshi.terms.evidence import Evidence
from gongshi_verifier.state import EMPTY, compute_path, fold, hash_sum_root


class SupplyError(Exception):
    """The money that is held is not the money that was issued, or the root does not open to it: nothing is signed."""

    def __init__(self, issued: int, held: int, height: int) -> None:
        super().__init__(f"issued {issued}, held {held} at height {height}")
        self.issued, self.held, self.height = issued, held, height


class NoPilotError(Exception):
    """Nothing has happened in the pilot yet."""


def sign_supply(desk: Desk, issuer: tuple[str, str | None], tool: str) -> Digest:
    """Prove the supply and sign it as an organisation under a mandate; asked again after no change, it is the same document."""
    organisation, mandate = issuer
    return evidence.sign(desk, organisation, prove_supply(desk, tool), mandate)


def prove_supply(desk: Desk, tool: str) -> Evidence:
    """Give the `pilots.supply` evidence; SupplyError when money is not conserved, NoPilotError before the first act."""
    desk.catch_up()
    with desk.read() as connection:
        standing = get_standing(connection)  # 1
        shares, tiers = get_shares(connection), get_tiers(connection)
    if standing is None:
        raise NoPilotError
    terms = read_terms(desk.engine.genesis.params)
    supply = _read_supply(desk, terms, standing)
    if not supply.is_conserved():
        raise SupplyError(supply.issued, supply.held, standing.height)
    return build_supply_evidence(supply, standing, shares, tiers, terms, tool=tool)


def _read_supply(desk: Desk, terms: Terms, standing: Standing) -> Supply:
    block = next(desk.engine.blocks(standing.height))
    root = read_roots(block.header)[MONEY]  # 2
    reserves, opened = {}, (EMPTY, 0)
    for operator in terms.operators:
        reserves[operator], opened = _open_root(desk, f"reserve/{operator}")  # 3
        assert hash_sum_root(*opened) == root, "the newest state has the root of the block that changed it last"
    issued = int(desk.engine.get(PILOT, f"issued/{CURRENCY}") or 0)
    return Supply(Digest(root), *opened, issued, reserves)


def _open_root(desk: Desk, key: str) -> tuple[int, tuple[bytes, int]]:
    """Give the amount under a key, and the (top, total) to which its path, or that of its absence, folds."""
    proof = desk.engine.prove(MONEY, key)
    if proof.leaf is None:
        return 0, (EMPTY, 0)
    opened = fold(proof.leaf, proof.steps, is_sum=True)
    assert opened is not None, "the engine's own path is well formed"
    amount = proof.leaf.amount if proof.leaf.path == compute_path(key) else 0
    return amount, opened
