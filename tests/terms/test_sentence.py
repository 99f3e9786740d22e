"""Sentences by code: the place comes first, the code last, and a missing value never stops a sentence."""

from gongshi.terms.problem import Problem
from gongshi.terms.sentence import Catalogue

CATALOGUE = Catalogue(
    "en", {"ledger.entry.expired": "expired at {height}", "ledger.entry.lost": "{where} is lost", "page.title": "Home"}
)


def test_a_problem_is_explained():
    assert (
        CATALOGUE.explain(Problem("ledger.entry.expired", "ab", {"height": 7}))
        == "ab: expired at 7 [ledger.entry.expired]"
    )
    assert (
        CATALOGUE.explain(Problem("ledger.entry.expired", values={"height": 7}))
        == "expired at 7 [ledger.entry.expired]"
    )
    assert CATALOGUE.explain(Problem("ledger.entry.lost", "ab")) == "ab is lost [ledger.entry.lost]"


def test_a_value_that_is_missing_leaves_its_place_readable():
    assert CATALOGUE.say("ledger.entry.expired") == "expired at {height}"
    assert CATALOGUE.say("page.title") == "Home"
    assert CATALOGUE.say("page.unknown") == "page.unknown"


def test_a_value_called_code_is_filled_in_like_any_other():
    assert Catalogue("en", {"a": "{code} of {self}"}).say("a", code=7, self="x") == "7 of x"
