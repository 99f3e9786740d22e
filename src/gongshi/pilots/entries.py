"""The digital currency's entry kinds: constructors for those who submit, judgements for the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gongshi.ledger.entries import is_supervisor
from gongshi.ledger.records import At, Op
from gongshi.ledger.rules import Judgement, Kind
from gongshi.ledger.schema import (
    Form,
    check_fields,
    is_amount,
    is_bytes,
    is_count,
    is_digest,
    is_id,
    is_list_of,
    is_word,
)
from gongshi.ledger.state import Draft
from gongshi.pilots.records import PAYMENT_KINDS, Declared, Payment, Terms, Wallet, read_terms
from gongshi.pilots.rules import check_issue, check_receive, spend
from gongshi.terms.problem import Problem
from gongshi.terms.transfer import family_tag

PILOT = "pilot"
CURRENCY = "e-CNY"
MONEY = f"money/{CURRENCY}"
NAMESPACES = {PILOT: "map", MONEY: "sum"}
ROWS_MAX = 500  # rows of an operation; with the names of a population, an entry of them stays below 64 KiB

_is_payment_id = is_bytes(16)


def _is_currency(value: Any) -> bool:
    return bool(value == CURRENCY)


def _is_row(*forms: Any) -> Any:
    return lambda row: (
        isinstance(row, list)
        and len(row) == len(forms)
        and all(is_right(item) for is_right, item in zip(forms, row, strict=True))
    )


def _is_capitals(size: int) -> Any:
    return lambda value: isinstance(value, str) and len(value) == size and value.isascii() and value.isupper()


_ISSUE: Form = {"currency": _is_currency, "operator": is_id, "amount": is_amount}
_REDEEM: Form = {"currency": _is_currency, "amount": is_amount}
_OPEN: Form = {"currency": _is_currency, "rows": is_list_of(_is_row(is_id, is_id), 1, ROWS_MAX)}
_FUND: Form = {
    "currency": _is_currency,
    "rows": is_list_of(_is_row(_is_payment_id, is_id, is_amount), 1, ROWS_MAX),
}
_PAY: Form = {
    "currency": _is_currency,
    "rows": is_list_of(
        _is_row(_is_payment_id, is_id, is_id, is_amount, is_word(*PAYMENT_KINDS), is_count), 1, ROWS_MAX
    ),
}
_DECLARE: Form = {
    "rows": is_list_of(
        _is_row(_is_payment_id, is_id, is_id, is_amount, _is_capitals(3), _is_capitals(2), is_count, is_id), 1, ROWS_MAX
    ),
}
_CUSTOMERS: Form = {"table": is_digest, "rows": is_count}
_RATES: Form = {"currency": _is_capitals(3), "table": is_digest}
_FREEZE: Form = {"currency": _is_currency, "wallet": is_id, "cause": is_id}


def issue(operator: str, amount: int) -> Op:
    """Issue currency to an operator; the issuer's act."""
    return Op("pilots.issue", 1, {"currency": CURRENCY, "operator": operator, "amount": amount})


def redeem(amount: int) -> Op:
    """Return currency from the operator's reserve to the issuer: it ceases to exist."""
    return Op("pilots.redeem", 1, {"currency": CURRENCY, "amount": amount})


def open_wallets(rows: Sequence[tuple[str, str]]) -> Op:
    """Open wallets (pseudonym, tier); the operator's act."""
    return Op("pilots.wallets.open", 1, {"currency": CURRENCY, "rows": [list(row) for row in rows]})


def fund_wallets(rows: Sequence[tuple[bytes, str, int]]) -> Op:
    """Pay from the operator's reserve into wallets: (id, wallet, amount)."""
    return Op("pilots.fund", 1, {"currency": CURRENCY, "rows": [list(row) for row in rows]})


def pay(payments: Sequence[Payment]) -> Op:
    """Submit payments of the operator's own wallets, in the order in which they were made."""
    rows = [[p.id, p.payer, p.payee, p.amount, p.kind, p.at] for p in payments]
    return Op("pilots.pay", 1, {"currency": CURRENCY, "rows": rows})


def declare(legs: Sequence[Declared]) -> Op:
    """Declare legs outside the ledger."""
    rows = [[d.id, d.payer, d.payee, d.amount, d.currency, d.zone, d.at, d.kind] for d in legs]
    return Op("pilots.declare", 1, {"rows": rows})


def declare_customers(table: bytes, rows: int) -> Op:
    """Declare the digest of the operator's table of who owns which wallet: the table itself stays off the ledger."""
    return Op("pilots.customers.declare", 1, {"table": table, "rows": rows})


def post_rates(currency: str, table: bytes) -> Op:
    """Post the digest of a currency's daily rates; the issuer's act."""
    return Op("pilots.rates.post", 1, {"currency": currency, "table": table})


def freeze(wallet: str, cause: str) -> Op:
    """Freeze a wallet, as its operator or as a supervisory authority, with a cause."""
    return Op("pilots.freeze", 1, {"currency": CURRENCY, "wallet": wallet, "cause": cause})


def unfreeze(wallet: str, cause: str) -> Op:
    """Lift one's own freeze, with a cause; the wallet is free when nobody's is left."""
    return Op("pilots.unfreeze", 1, {"currency": CURRENCY, "wallet": wallet, "cause": cause})


def get_issued(draft: Draft) -> int:
    """Give what is in circulation: issued less redeemed."""
    return int(draft.get(PILOT, f"issued/{CURRENCY}") or 0)


def get_wallet(draft: Draft, name: str) -> Wallet | None:
    """Give a wallet's standing."""
    value = draft.get(MONEY, f"wallet/{name}")
    return None if value is None else Wallet(*value)


def _judge_issue(body: Any, draft: Draft, at: At) -> Problem | None:
    problem = check_fields(body, _ISSUE, "pilots.issue.form")
    if problem is not None:
        return problem
    issued, operator, amount = get_issued(draft), body["operator"], body["amount"]
    problem = check_issue(read_terms(draft.params), at.organisation, operator, issued, amount)
    if problem is not None:
        return problem
    _move_reserve(draft, operator, amount)
    draft.put(PILOT, f"issued/{CURRENCY}", issued + amount)
    return None


def _judge_redeem(body: Any, draft: Draft, at: At) -> Problem | None:
    problem = check_fields(body, _REDEEM, "pilots.issue.form") or _check_operator(draft, at)
    if problem is not None:
        return problem
    amount, reserve = body["amount"], draft.amount(MONEY, f"reserve/{at.organisation}")
    if amount > reserve:
        return Problem("pilots.reserve.not_covered", values={"amount": amount, "reserve": reserve})
    _move_reserve(draft, at.organisation, -amount)
    draft.put(PILOT, f"issued/{CURRENCY}", get_issued(draft) - amount)
    return None


def _judge_open(body: Any, draft: Draft, at: At) -> Problem | None:
    problem = check_fields(body, _OPEN, "pilots.wallet.form") or _check_operator(draft, at)
    if problem is not None:
        return problem
    tiers = read_terms(draft.params).tiers
    for name, tier in body["rows"]:
        if tier not in tiers:
            return Problem("pilots.wallet.tier", values={"wallet": name, "tier": tier})
        if get_wallet(draft, name) is not None:
            return Problem("pilots.wallet.known", values={"wallet": name})
        draft.put(MONEY, f"wallet/{name}", Wallet(at.organisation, tier, frozen=False, day=0, spent=0).as_list(), 0)
    return None


def _judge_fund(body: Any, draft: Draft, at: At) -> Problem | None:
    problem = check_fields(body, _FUND, "pilots.payment.form") or _check_operator(draft, at)
    problem = problem or _check_ids(body["rows"], draft, at, "fund")
    if problem is not None:
        return problem
    terms, total = read_terms(draft.params), sum(row[2] for row in body["rows"])
    reserve = draft.amount(MONEY, f"reserve/{at.organisation}")
    if total > reserve:
        return Problem("pilots.reserve.not_covered", values={"amount": total, "reserve": reserve})
    for _, name, amount in body["rows"]:
        problem = _receive(draft, name, amount, terms)
        if problem is not None:
            return problem
    _move_reserve(draft, at.organisation, -total)
    return None


def _judge_pay(body: Any, draft: Draft, at: At) -> Problem | None:
    problem = check_fields(body, _PAY, "pilots.payment.form") or _check_operator(draft, at)
    problem = problem or _check_ids(body["rows"], draft, at, "pay")
    if problem is not None:
        return problem
    terms = read_terms(draft.params)
    for row in body["rows"]:
        problem = _pay_one(Payment(*row), draft, at, terms)
        if problem is not None:
            return problem
    return None


def _pay_one(payment: Payment, draft: Draft, at: At, terms: Terms) -> Problem | None:
    payer = get_wallet(draft, payment.payer)
    if payer is None:
        return Problem("pilots.wallet.unknown", values={"wallet": payment.payer})
    if payer.operator != at.organisation:
        return Problem("pilots.wallet.not_own", values={"wallet": payment.payer, "operator": payer.operator})
    if payment.payer == payment.payee:
        return Problem("pilots.payment.to_itself", values={"wallet": payment.payer})
    if payment.at > at.time:
        return Problem("pilots.payment.from_the_future", values={"at": payment.at, "time": at.time})
    place = f"wallet/{payment.payer}"
    balance = draft.amount(MONEY, place)
    after = spend(payment, payer, balance, terms)
    if isinstance(after, Problem):
        return after
    draft.put(MONEY, place, after.as_list(), balance - payment.amount)
    return _receive(draft, payment.payee, payment.amount, terms)


def _judge_declare(body: Any, draft: Draft, at: At) -> Problem | None:
    problem = check_fields(body, _DECLARE, "pilots.declaration.form") or _check_operator(draft, at)
    problem = problem or _check_ids(body["rows"], draft, at, "declare")
    if problem is not None:
        return problem
    if any(row[6] > at.time for row in body["rows"]):
        return Problem("pilots.payment.from_the_future", values={"time": at.time})
    return None


def _judge_customers(body: Any, draft: Draft, at: At) -> Problem | None:
    problem = check_fields(body, _CUSTOMERS, "pilots.declaration.form") or _check_operator(draft, at)
    if problem is None:
        draft.put(PILOT, f"customers/{at.organisation}", [body["table"], body["rows"]])
    return problem


def _judge_rates(body: Any, draft: Draft, at: At) -> Problem | None:
    problem = check_fields(body, _RATES, "pilots.declaration.form")
    if problem is None and at.organisation != draft.params["pilot"]["issuer"]:
        problem = Problem("pilots.issue.not_issuer", values={"organisation": at.organisation})
    if problem is None:
        draft.put(PILOT, f"rates/{body['currency']}", body["table"])
    return problem


def _judge_freeze(body: Any, draft: Draft, at: At) -> Problem | None:
    return _set_frozen(body, draft, at, frozen=True)


def _judge_unfreeze(body: Any, draft: Draft, at: At) -> Problem | None:
    return _set_frozen(body, draft, at, frozen=False)


def _set_frozen(body: Any, draft: Draft, at: At, *, frozen: bool) -> Problem | None:
    """Everybody who may freeze holds a freeze of his own: an operator cannot free what an authority froze."""
    problem = check_fields(body, _FREEZE, "pilots.wallet.form")
    if problem is not None:
        return problem
    name = body["wallet"]
    wallet = get_wallet(draft, name)
    if wallet is None:
        return Problem("pilots.wallet.unknown", values={"wallet": name})
    if at.organisation != wallet.operator and not is_supervisor(draft, at):
        return Problem("pilots.wallet.not_own", values={"wallet": name, "operator": wallet.operator})
    before = draft.get(PILOT, f"freeze/{name}") or {}
    held = {who: cause for who, cause in before.items() if who != at.organisation}
    if frozen:
        held[at.organisation] = body["cause"]
    elif len(held) == len(before):
        return Problem("pilots.freeze.none", values={"wallet": name, "organisation": at.organisation})
    draft.put(PILOT, f"freeze/{name}", held)
    place = f"wallet/{name}"
    after = Wallet(wallet.operator, wallet.tier, bool(held), wallet.day, wallet.spent)
    draft.put(MONEY, place, after.as_list(), draft.amount(MONEY, place))
    return None


def _receive(draft: Draft, name: str, amount: int, terms: Terms) -> Problem | None:
    wallet = get_wallet(draft, name)
    if wallet is None:
        return Problem("pilots.wallet.unknown", values={"wallet": name})
    place = f"wallet/{name}"
    balance = draft.amount(MONEY, place)
    problem = check_receive(name, wallet, balance, amount, terms)
    if problem is None:
        draft.put(MONEY, place, wallet.as_list(), balance + amount)
    return problem


def _move_reserve(draft: Draft, operator: str, amount: int) -> None:
    place = f"reserve/{operator}"
    draft.put(MONEY, place, [operator], draft.amount(MONEY, place) + amount)


def _check_operator(draft: Draft, at: At) -> Problem | None:
    if at.organisation not in draft.params["pilot"]["operators"]:
        return Problem("pilots.operator.unknown", values={"organisation": at.organisation})
    return None


def _check_ids(rows: list[Any], draft: Draft, at: At, family: str) -> Problem | None:
    """An operator's ids bear its mark and rise; one that does not rise was submitted before, or another took its place."""
    tag = family_tag(at.organisation, family)
    last = draft.get(PILOT, f"last/{family}/{at.organisation}") or b""
    for row in rows:
        if row[0][8:] != tag:
            return Problem("pilots.payment.foreign_id", values={"id": row[0].hex()})
        if row[0] <= last:
            return Problem("pilots.payment.repeated", values={"id": row[0].hex()})
        last = row[0]
    draft.put(PILOT, f"last/{family}/{at.organisation}", last)
    return None


def _in_pilot(judge: Judgement) -> Judgement:
    """Refuse what concerns the pilot where the members have not agreed on its parameters."""

    def judged(body: Any, draft: Draft, at: At) -> Problem | None:
        if "pilot" not in draft.params:
            return Problem("pilots.terms.missing", values={"chain": at.chain})
        return judge(body, draft, at)

    return judged


_JUDGEMENTS: dict[str, Judgement] = {
    "pilots.issue": _judge_issue,
    "pilots.redeem": _judge_redeem,
    "pilots.wallets.open": _judge_open,
    "pilots.fund": _judge_fund,
    "pilots.pay": _judge_pay,
    "pilots.declare": _judge_declare,
    "pilots.customers.declare": _judge_customers,
    "pilots.rates.post": _judge_rates,
    "pilots.freeze": _judge_freeze,
    "pilots.unfreeze": _judge_unfreeze,
}
KINDS = tuple(Kind(name, 1, _in_pilot(judge)) for name, judge in _JUDGEMENTS.items())
