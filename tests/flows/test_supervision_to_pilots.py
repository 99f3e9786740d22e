"""The small population is executed on a real house: every payment is made, money is conserved, a cut-off run goes on."""

from __future__ import annotations

import pytest

from gongshi.flows.desk import Desk, EntryRefusedError
from gongshi.flows.pilots_evidence import prove_supply
from gongshi.flows.supervision_to_pilots import execute_population
from gongshi.pilots.entries import MONEY
from gongshi.pilots.store import get_counts, get_issues, get_transfers
from gongshi.supervision.population import planned_transfers
from tests.flows.pilot_house import found, opened, population_for
from tests.supervision.populations import SMALL


class CutOffError(Exception):
    """The process died here."""


def execute(house, population, on_batch=lambda rows: None) -> None:
    pilot = house.desk.engine.genesis.params["pilot"]
    execute_population(house.desk, population, pilot["issuer"], pilot["operators"], on_batch)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    path = tmp_path_factory.mktemp("pilot") / "home"
    found(path)
    return path


def issued(desk: Desk) -> int:
    with desk.read() as connection:
        return sum(amount for _, amount, _ in get_issues(connection))


def held(desk: Desk) -> int:
    """What the root of the money's tree opens to."""
    return prove_supply(desk, "test").figures["held"].value


def test_a_population_is_executed_once_however_often_it_is_asked_for(home):
    with opened(home) as house:
        population, done = population_for(house), []
        execute(house, population, done.append)
        assert sum(done) == SMALL.payments
        height = house.engine.height
        with house.desk.read() as connection:
            counts, transfers = get_counts(connection), get_transfers(connection)
        assert (counts.payments, counts.declared) == (SMALL.payments, len(population.declared))
        assert counts.wallets == len(population.wallets)

        planned = {
            t.id: (t.payer, t.payee, t.time, t.amount, t.kind, t.operator) for t in planned_transfers(population)
        }
        assert {t.id: (t.payer, t.payee, t.time, t.amount, t.kind, t.operator) for t in transfers} == planned

        assert held(house.desk) == issued(house.desk) > 0
        execute(house, population, done.append)
        assert (house.engine.height, sum(done)) == (height, 2 * SMALL.payments)


def test_nobody_ends_below_zero_and_the_openings_are_what_was_issued(home):
    with opened(home) as house:
        population = population_for(house)
        execute(house, population)
        assert sum(wallet.opening for wallet in population.wallets) == issued(house.desk)
        balances = dict.fromkeys((wallet.id for wallet in population.wallets), 0)
        balances |= {wallet.id: wallet.opening for wallet in population.wallets}
        names = [wallet.id for wallet in population.wallets]
        for payer, payee, amount in zip(
            population.payments.payer, population.payments.payee, population.payments.amount, strict=True
        ):
            balances[names[payer]] -= int(amount)
            balances[names[payee]] += int(amount)
            assert balances[names[payer]] >= 0
        leaves = {name: house.desk.engine.prove(MONEY, f"wallet/{name}").leaf for name in names[::50]}
        assert {name: leaf.amount for name, leaf in leaves.items()} == {name: balances[name] for name in leaves}


def test_a_run_that_was_cut_off_is_taken_up(tmp_path):
    found(tmp_path / "home")

    def die(rows: int) -> None:
        if rows:
            raise CutOffError

    with opened(tmp_path / "home") as house:
        population = population_for(house)
        with pytest.raises(CutOffError):
            execute(house, population, die)
        assert issued(house.desk) > 0
    with opened(tmp_path / "home") as house:
        with house.desk.read() as connection:
            assert 0 < get_counts(connection).payments < SMALL.payments
        execute(house, population)
        with house.desk.read() as connection:
            assert get_counts(connection).payments == SMALL.payments
        assert held(house.desk) == issued(house.desk)
        assert issued(house.desk) == sum(wallet.opening for wallet in population.wallets)


def test_an_operator_without_its_keys_is_not_impersonated(tmp_path):
    """Payments of one operator's wallets are refused when the other submits them."""
    found(tmp_path / "home")
    with opened(tmp_path / "home") as house:
        population = population_for(house)
        pilot = house.desk.engine.genesis.params["pilot"]
        with pytest.raises(EntryRefusedError) as refused:
            execute_population(house.desk, population, pilot["operators"][0], pilot["operators"], lambda rows: None)
    assert refused.value.problem.code == "pilots.issue.not_issuer"
