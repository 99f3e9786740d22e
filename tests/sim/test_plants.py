"""The simulation itself under test: each planted bug is found within some seeds, by the invariant that should find it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from gongshi.group import count
from gongshi.group.kinds import ballots
from gongshi.group.store import GroupProjection
from gongshi.ledger import entries, rules
from gongshi.ledger.state import Draft
from gongshi.pilots import entries as pilots
from tests.sim.faults import Disk
from tests.sim.run import BrokenError, run_seed

_SEEDS = 12
Patch = pytest.MonkeyPatch


def _pay_without_debit(patch: Patch) -> None:
    def put(draft: Draft, place: str, value: Any, balance: int, payment: Any) -> Any:
        return draft.put(pilots.MONEY, place, value, balance), payment

    real = pilots._pay_one

    def pay_one(payment: Any, draft: Draft, at: Any, terms: Any) -> Any:
        place = f"wallet/{payment.payer}"
        before = draft.amount(pilots.MONEY, place)
        problem = real(payment, draft, at, terms)
        if problem is None:
            put(draft, place, draft.get(pilots.MONEY, place), before, payment)
        return problem

    patch.setattr(pilots, "_pay_one", pay_one)


def _one_fen_is_not_paid(patch: Patch) -> None:
    """Conserved as a whole and wrong in each: the smallest amount is accepted and moves nothing."""
    real = pilots._pay_one

    def pay_one(payment: Any, draft: Draft, at: Any, terms: Any) -> Any:
        if payment.amount == 1:  # a rare case, as bugs are
            return None
        return real(payment, draft, at, terms)

    patch.setattr(pilots, "_pay_one", pay_one)


def _payments_may_come_twice(patch: Patch) -> None:
    patch.setattr(pilots, "_check_ids", lambda *_: None)


def _count_ignores_barring(patch: Patch) -> None:
    patch.setattr(count, "_bar", lambda *_: {})


def _count_takes_the_first_paper(patch: Patch) -> None:
    real = count.count

    def first(rule: Any, electorate: Any, votes: Any) -> Any:
        return real(rule, electorate, list(votes)[::-1])

    patch.setattr(ballots, "count", first)
    for place in ("tests.sim.actions.ballots.count", "gongshi.group.queries.count"):
        patch.setattr(place, first)


def _refused_leaves_a_trace(patch: Patch) -> None:
    patch.setattr(Draft, "drop", Draft.keep)


def _sequence_is_not_checked(patch: Patch) -> None:
    real = rules._check_signer

    def check(entry: Any, key: Any, draft: Draft, block: Any, where: str) -> Any:
        problem = real(entry, key, draft, block, where)
        return None if problem is not None and problem.code == "ledger.entry.sequence" else problem

    patch.setattr(rules, "_check_signer", check)


def _revoked_keys_still_sign(patch: Patch) -> None:
    real = rules._check_signer

    def check(entry: Any, key: Any, draft: Draft, block: Any, where: str) -> Any:
        living = None if key is None else {**key, "until": None}
        return real(entry, living, draft, block, where)

    patch.setattr(rules, "_check_signer", check)


def _purpose_is_not_checked(patch: Patch) -> None:
    real = rules._check_kind

    def check(*given: Any) -> Any:
        problem = real(*given)
        return None if problem is not None and problem.code == "ledger.key.purpose" else problem

    patch.setattr(rules, "_check_kind", check)


def _possession_is_not_checked(patch: Patch) -> None:
    believing = {name: replace(suite, check_signature=lambda *_: True) for name, suite in entries.SUITES.items()}
    patch.setattr(entries, "SUITES", believing)


def _acknowledged_before_durable(patch: Patch) -> None:
    patch.setattr(Disk, "sync", lambda _: None)


def _commit_forgets_a_write(patch: Patch) -> None:
    real, seen = Disk._write, [0]

    def write(disk: Disk, record: tuple) -> None:
        seen[0] += record[0] == "state"
        if record[0] != "state" or seen[0] % 50:
            real(disk, record)

    patch.setattr(Disk, "_write", write)


def _projection_misses_an_event(patch: Patch) -> None:
    real, seen = GroupProjection.on_entry, [0]

    def on_entry(projection: GroupProjection, connection: Any, logged: Any, blobs: Any) -> None:
        seen[0] += 1
        if seen[0] % 37:
            real(projection, connection, logged, blobs)

    patch.setattr(GroupProjection, "on_entry", on_entry)


PLANTS: dict[Callable[[Patch], None], set[str]] = {
    _pay_without_debit: {"supply_is_conserved"},
    _one_fen_is_not_paid: {"money_follows_the_book", "nobody_gets_in"},
    _payments_may_come_twice: {"nobody_gets_in", "works_without_a_fault"},
    _count_ignores_barring: {"count_equals_recount"},
    _count_takes_the_first_paper: {"count_equals_recount"},
    _refused_leaves_a_trace: {"refused_entries_changed_nothing", "supply_is_conserved"},
    _sequence_is_not_checked: {"nobody_gets_in"},
    _revoked_keys_still_sign: {"nobody_gets_in"},
    _purpose_is_not_checked: {"nobody_gets_in"},
    _possession_is_not_checked: {"nobody_gets_in"},
    _acknowledged_before_durable: {"nothing_acknowledged_is_missing"},
    _commit_forgets_a_write: {"recovers_what_was_committed", "disk_holds_the_state"},
    _projection_misses_an_event: {"projections_equal_their_rebuild", "projections_tell_what_was_accepted"},
}


def run_seeds() -> None:
    for seed in range(_SEEDS):
        run_seed(seed)


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__.strip("_"))
def test_a_planted_bug_is_found(plant: Callable[[Patch], None], monkeypatch: Patch) -> None:
    """
    one judgement or write of the product is broken -> within twelve seeds the right invariant says so, with its seed
    """
    plant(monkeypatch)
    with pytest.raises(BrokenError) as caught:
        run_seeds()
    assert caught.value.name in PLANTS[plant]
    assert f"SEED={caught.value.seed} step {caught.value.step}" in str(caught.value)
