"""One account per mandate, each with a one-time password that is shown once. There is no administrator."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from gongshi.terms.organisation import Mandate
from gongshi.web.models import Account

FAILURES_MAX = 5
BAR_S = 60
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
_GROUPS, _LENGTH = 4, 5


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account as it is told once: the mandate and its one-time password."""

    mandate: Mandate
    password: str


def make_accounts(mandates: Iterable[Mandate]) -> Iterator[NewAccount]:
    """Make an account for every mandate that has none."""
    known = set(Account.objects.values_list("mandate", flat=True))
    for mandate in mandates:
        if mandate.id not in known:
            password = _draw_password()
            account = Account(mandate=mandate.id)
            account.set_password(password)
            account.save()
            yield NewAccount(mandate, password)


def _draw_password() -> str:
    """Give 100 bits in groups that are easily read out: no letter that looks like another."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH)) for _ in range(_GROUPS))
    return "-".join(groups)


def check_password(mandate: str, password: str, now_s: int) -> Account | str:
    """Give the account, or the code of what is wrong; five failures bar the account for a minute."""
    account = Account.objects.filter(mandate=mandate).first()
    if account is None:
        make_password(password)  # an unknown name takes as long as a wrong password
        return "web.sign_in.wrong"
    if account.barred_until > now_s:
        return "web.sign_in.barred"
    if account.check_password(password):
        _remember(account, 0, 0)
        return account
    failures = account.failures + 1
    _remember(account, failures % FAILURES_MAX, now_s + BAR_S if failures == FAILURES_MAX else 0)
    return "web.sign_in.wrong"


def _remember(account: Account, failures: int, barred_until: int) -> None:
    account.failures, account.barred_until = failures, barred_until
    account.save(update_fields=["failures", "barred_until"])
