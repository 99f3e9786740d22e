"""The rules of the pilot: who may move how much. Pure; the caller holds the balances."""

from __future__ import annotations

from gongshi.pilots.records import Payment, Terms, Wallet
from gongshi.terms.problem import Problem

_MS_PER_MIN, _MIN_PER_DAY = 60_000, 1440


def compute_day(at: int, utc_offset_min: int) -> int:
    """Give the calendar day that an instant belongs to, as a number of days, in the pilot's zone."""
    return (at // _MS_PER_MIN + utc_offset_min) // _MIN_PER_DAY


def check_issue(terms: Terms, organisation: str, operator: str, issued: int, amount: int) -> Problem | None:
    """Only the issuer issues, only to an operator, and only within the quota."""
    if organisation != terms.issuer:
        return Problem("pilots.issue.not_issuer", values={"organisation": organisation})
    if operator not in terms.operators:
        return Problem("pilots.issue.not_operator", values={"operator": operator})
    if issued + amount > terms.quota:
        return Problem("pilots.issue.over_quota", values={"issued": issued, "amount": amount, "quota": terms.quota})
    return None


def spend(payment: Payment, payer: Wallet, balance: int, terms: Terms) -> Wallet | Problem:
    """Give the payer's wallet after the payment, or why it may not: frozen, over a limit, out of order, or not covered."""
    values = {"wallet": payment.payer, "amount": payment.amount}
    tier = terms.tiers[payer.tier]
    day = compute_day(payment.at, terms.utc_offset_min)
    spent = payment.amount + (payer.spent if day == payer.day else 0)
    if payer.frozen:
        return Problem("pilots.wallet.frozen", values=values)
    if day < payer.day:
        return Problem("pilots.payment.out_of_order", values={**values, "day": day, "last": payer.day})
    if payment.amount > tier.payment_limit:
        return Problem("pilots.payment.over_limit", values={**values, "limit": tier.payment_limit})
    if spent > tier.daily_limit:
        return Problem("pilots.payment.over_daily_limit", values={**values, "limit": tier.daily_limit})
    if payment.amount > balance:
        return Problem("pilots.payment.not_covered", values={**values, "balance": balance})
    return Wallet(payer.operator, payer.tier, payer.frozen, day, spent)


def check_receive(name: str, wallet: Wallet, balance: int, amount: int, terms: Terms) -> Problem | None:
    """A wallet takes money up to its tier's balance, unless it is frozen."""
    if wallet.frozen:
        return Problem("pilots.wallet.frozen", values={"wallet": name, "amount": amount})
    limit = terms.tiers[wallet.tier].balance_limit
    if balance + amount > limit:
        return Problem("pilots.wallet.over_balance", values={"wallet": name, "amount": amount, "limit": limit})
    return None
