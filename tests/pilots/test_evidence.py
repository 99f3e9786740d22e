from __future__ import annotations

from dataclasses import replace

from gongshi.pilots.evidence import Supply, build_supply_evidence
from gongshi.pilots.records import read_terms
from gongshi.pilots.store import Share, Standing
from gongshi.terms.digest import Digest
from gongshi.terms.evidence import evidence_from
from gongshi_verifier.state import hash_sum_root
from tests.pilots.worlds import ALPHA, BETA, NOON, PARAMETERS

TOP = b"t" * 32
SUPPLY = Supply(Digest(hash_sum_root(TOP, 900)), TOP, held=900, issued=900, reserves={ALPHA: 300})
SHARES = [Share(ALPHA, 3, 5, 700, 1, 900)]


def build(supply=SUPPLY):
    terms = read_terms({"pilot": PARAMETERS})
    return build_supply_evidence(supply, Standing(7, NOON), SHARES, {"small": 2, "large": 1}, terms, tool="test")


def test_supply_is_conserved_when_the_root_opens_to_what_was_issued():
    assert SUPPLY.is_conserved()
    assert not replace(SUPPLY, issued=901).is_conserved()
    assert not replace(SUPPLY, issued=901, held=901).is_conserved()
    assert not replace(SUPPLY, root=Digest(bytes(32))).is_conserved()


def test_document_is_canonical_and_says_the_same_when_read():
    document = build()
    assert evidence_from(document.as_json()) == document
    assert (document.kind, document.times, document.results["height"]) == ("pilots.supply", {"at": NOON}, 7)
    assert build().digest() == document.digest()


def test_document_that_is_not_conserved_says_so():
    assert build(replace(SUPPLY, issued=901)).results["conserved"] is False


def test_operator_that_did_nothing_stands_with_zeroes():
    figures = build().figures
    assert figures["operators"].value == 2
    assert [
        figures[f"operator.{BETA}.{name}"].value for name in ("wallets", "payments", "paid", "issued", "reserve")
    ] == [0] * 5
    assert [
        figures[f"operator.{ALPHA}.{name}"].value for name in ("wallets", "payments", "paid", "declared", "reserve")
    ] == [3, 5, 700, 1, 300]


def test_money_is_in_yuan_with_two_places():
    assert build().figures["held"].printed() == "9.00"
