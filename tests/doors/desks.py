"""Readers of the desk in a test: anonymous ones, and members who have changed their one-time password."""

from __future__ import annotations

from functools import cached_property

from gongshi.flows.group_decisions import get_roots
from gongshi.group.queries import get_ballots, get_comments, get_exchanges, get_items, get_mandates, list_evidence
from gongshi.supervision.store import list_alerts
from gongshi.terms.evidence import evidence_id
from gongshi.watch.store import list_assessments, list_signals
from gongshi.web.seat import take_seat
from gongshi.web.settings import configure
from gongshi.wiring import House, get_catalogue

HOST = "127.0.0.1"
# Tests sign in often; how slow a password is to guess is not what they ask.
FAST = ["django.contrib.auth.hashers.MD5PasswordHasher"]


class Desks:
    """The served house and its readers."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.seat = take_seat(house)
        configure(house.home.path, PASSWORD_HASHERS=FAST)
        from gongshi.web.accounts import make_accounts

        with house.desk.read() as connection:
            self.passwords = {one.mandate.id: one.password for one in make_accounts(get_mandates(connection))}

    def anonymous(self, language: str = "en", **options):
        from django.test import Client

        client = Client(HTTP_HOST=HOST, **options)
        client.cookies["gongshi_language"] = language
        return client

    def member(self, mandate: str, language: str = "en", **options):
        """Give a client that is signed in under a mandate, past the one-time password."""
        from gongshi.web.models import Account

        account = Account.objects.get(mandate=mandate)
        Account.objects.filter(mandate=mandate).update(is_one_time=False)
        client = self.anonymous(language, **options)
        client.force_login(account)
        return client

    def say(self, code: str, language: str = "en", **values: object) -> str:
        return get_catalogue(language).say(code, **values)

    @cached_property
    def ids(self) -> dict[str, str]:
        """Give one id of each kind of thing, to fill addresses with."""
        with self.house.desk.read() as connection:
            kinds = {row["kind"]: evidence_id(row["digest"]) for row in list_evidence(connection)}
            closed, open_ = get_ballots(connection)
            return {
                "signal": list_signals(connection)[0].id,
                "assessment": list_assessments(connection)[0][0],
                "item": get_items(connection)[0].id,
                "alert": str(list_alerts(connection)[0]["id"]),
                "closed": closed.id,
                "open": open_.id,
                "comment": get_comments(connection)[0].id,
                "exchange": get_exchanges(connection)[0].envelope.hex(),
                "run": kinds["lab.conformance"],
                "exposure": kinds["watch.exposure"],
                "count": kinds["group.ballot"],
            }

    def find_entry(self, kind: str) -> str:
        """Give the digest of the newest entry with an operation of a kind."""
        from gongshi.web.entries import get_listing

        return [one.digest for one in get_listing(self.seat).entries.values() if kind in one.kinds][-1]

    @property
    def roots(self) -> dict[str, bytes]:
        return get_roots(self.house.desk)
