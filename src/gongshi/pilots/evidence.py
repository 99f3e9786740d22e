"""The pilot's money as evidence: what was issued, what all wallets and reserves hold, and the root that opens to the sum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gongshi.pilots.records import Terms
from gongshi.pilots.store import Share, Standing
from gongshi.terms.digest import Digest, digest_to_text
from gongshi.terms.evidence import Evidence
from gongshi.terms.quantity import Quantity, count_of
from gongshi_verifier.state import check_total


@dataclass(frozen=True, slots=True)
class Supply:
    """What the ledger commits to: `root` is the money namespace's in the header of the block, and opens to (`top`, `held`)."""

    root: Digest
    top: bytes
    held: int
    issued: int
    reserves: Mapping[str, int]

    def is_conserved(self) -> bool:
        """Ask whether all balances sum to what is in circulation, by the root itself."""
        return self.held == self.issued and check_total(self.top, self.held, self.root)


def build_supply_evidence(
    supply: Supply,
    standing: Standing,
    shares: Sequence[Share],
    tiers: Mapping[str, int],
    terms: Terms,
    *,
    tool: str,
) -> Evidence:
    """Give `pilots.supply`; figures of one operator are named `operator.NAME.FIGURE`, of a tier `tier.NAME.wallets`.

    All of it is read from the ledger as of the last block that changed the pilot, so asking again later gives the same document.
    """
    return Evidence(
        kind="pilots.supply",
        subjects={"money": supply.root},
        tool=tool,
        environment={"issuer": terms.issuer, "currency": terms.currency},
        seed=None,
        times={"at": standing.time},
        figures={**_totals(supply, shares, terms), **_by_operator(supply, shares, terms), **_by_tier(tiers)},
        results={
            "height": standing.height,
            "conserved": supply.is_conserved(),
            "root": digest_to_text(supply.root),
            "top": digest_to_text(supply.top),
            "operators": list(terms.operators),
            "tiers": {
                name: {"payment": tier.payment_limit, "day": tier.daily_limit, "balance": tier.balance_limit}
                for name, tier in terms.tiers.items()
            },
        },
    )


def _totals(supply: Supply, shares: Sequence[Share], terms: Terms) -> dict[str, Quantity]:
    reserves = sum(supply.reserves.values())
    return {
        "wallets": count_of(sum(share.wallets for share in shares), "wallet"),
        "operators": count_of(len(terms.operators), "operator"),
        "payments": count_of(sum(share.payments for share in shares), "payment"),
        "paid": _money(sum(share.paid for share in shares)),
        "declared": count_of(sum(share.declared for share in shares), "payment"),
        "issued": _money(supply.issued),
        "held": _money(supply.held),
        "held_in_wallets": _money(supply.held - reserves),
        "reserves": _money(reserves),
        "quota": _money(terms.quota),
    }


def _by_operator(supply: Supply, shares: Sequence[Share], terms: Terms) -> dict[str, Quantity]:
    by_name = {share.operator: share for share in shares}
    figures: dict[str, Quantity] = {}
    for name in terms.operators:
        share = by_name.get(name, Share(name, 0, 0, 0, 0, 0))
        figures |= {
            f"operator.{name}.wallets": count_of(share.wallets, "wallet"),
            f"operator.{name}.payments": count_of(share.payments, "payment"),
            f"operator.{name}.paid": _money(share.paid),
            f"operator.{name}.declared": count_of(share.declared, "payment"),
            f"operator.{name}.issued": _money(share.issued),
            f"operator.{name}.reserve": _money(supply.reserves.get(name, 0)),
        }
    return figures


def _by_tier(tiers: Mapping[str, int]) -> dict[str, Quantity]:
    return {f"tier.{name}.wallets": count_of(number, "wallet") for name, number in sorted(tiers.items())}


def _money(amount: int) -> Quantity:
    return Quantity(amount, 2, "CNY")
