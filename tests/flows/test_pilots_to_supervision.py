"""The executed population is mined under the example's options; alerts are entered once, and a comparison after them."""

from __future__ import annotations

import json

import pytest

from gongshi.flows.desk import EntryRefusedError
from gongshi.flows.pilots_to_supervision import compare, mine, read_past
from gongshi.flows.supervision_to_pilots import encode_customers, execute_population
from gongshi.pilots.entries import declare_customers, post_rates
from gongshi.supervision.columns import gather_columns
from gongshi.supervision.entries import record_alerts
from gongshi.supervision.population import planned_transfers
from gongshi.supervision.proofs import check_alert
from gongshi.supervision.records import Customer
from gongshi.supervision.store import get_alert, list_alerts, list_comparisons
from gongshi.terms.digest import compute_digest
from gongshi.terms.evidence import evidence_id
from gongshi.terms.problem import Problem
from tests.flows.pilot_house import found, opened, population_for
from tests.supervision.populations import example_options

SUPERVISOR = ("ministry", "ministry-supervisor")
NOT_SUPERVISOR = ("institute", "institute-secretary")
OPERATOR, OTHER = "payment-company", "internet-bank"


def nothing(_: object) -> None:
    """Nobody listens."""


@pytest.fixture(scope="module", params=[0, 3])
def world(request, tmp_path_factory):
    """A house whose engine commits at once, and one whose engine commits three blocks late."""
    path = tmp_path_factory.mktemp("supervision") / "home"
    found(path, request.param)
    with opened(path) as house:
        population = population_for(house)
        pilot = house.desk.engine.genesis.params["pilot"]
        execute_population(house.desk, population, pilot["issuer"], pilot["operators"], nothing)
        yield house, population


def test_supervision_sees_of_the_ledger_what_was_planned(world):
    house, population = world
    past = read_past(house.desk)
    planned, _ = gather_columns(planned_transfers(population), population.customers, population.rates)
    assert past.problems == ()
    assert past.columns.digest == planned.digest
    assert 0 < past.height <= house.engine.height


def test_alerts_and_comparison_are_entered_once(world):
    house, population = world
    past, heard = read_past(house.desk), []
    runs = mine(house.desk, SUPERVISOR, past, example_options(), heard.append)
    assert heard == runs
    compared = compare(house.desk, SUPERVISOR, past, runs, population.manifest, "test")
    with house.desk.read() as connection:
        alerts = list_alerts(connection)
        (listed,) = list_comparisons(connection)
    assert [(row["option"], row["id"]) for row in alerts] == [(r.option.id, a.id) for r in runs for a in r.alerts]
    assert listed["id"] == evidence_id(compared.evidence)
    figures = listed["evidence"]["results"]["figures"]
    assert {score.missed for score in compared.comparison.scores} != {0}
    assert {score.accounts_burdened for score in compared.comparison.scores} != {0}
    for score in compared.comparison.scores:
        assert figures[f"{score.option}.missed"]["value"] == score.missed
        assert figures[f"{score.option}.accounts_burdened"]["value"] == score.accounts_burdened

    height = house.engine.height
    again = mine(house.desk, SUPERVISOR, read_past(house.desk), example_options(), nothing)
    assert compare(house.desk, SUPERVISOR, past, again, population.manifest, "test") == compared
    assert house.engine.height == height
    with house.desk.read() as connection:
        assert list_alerts(connection) == alerts
        assert len(list_comparisons(connection)) == 1


def test_an_alert_of_the_ledger_holds_on_its_rows_alone(world):
    house, population = world
    past = read_past(house.desk)
    rules = {rule.digest(): rule for option in example_options() for rule in option.rules}
    rows = {one.id: one for one in planned_transfers(population)}
    for run in mine(house.desk, SUPERVISOR, past, example_options(), nothing):
        for alert in run.alerts[::7]:
            with house.desk.read() as connection:
                document = get_alert(connection, alert.id)
            assert document is not None
            heights = {bytes.fromhex(row["id"]): row["height"] for row in document["rows"]}
            told = [rows[one].__class__(**{**_fields(rows[one]), "height": heights[one]}) for one in alert.rows]
            rule = rules[alert.rule_digest]
            assert check_alert(alert, rule, told, population.customers, population.rates) == []


def _fields(transfer) -> dict[str, object]:
    return {name: getattr(transfer, name) for name in transfer.__dataclass_fields__}


def test_who_is_no_supervisor_enters_no_alerts(world):
    house, _ = world
    with pytest.raises(EntryRefusedError) as refused:
        mine(house.desk, NOT_SUPERVISOR, read_past(house.desk), example_options()[:1], nothing)
    assert refused.value.problem.code == "supervision.entry.role"


def test_another_batch_in_the_place_of_ours_is_no_silence(world):
    """The same past and option, with other alerts: a supervisor who mined differently must hear of it."""
    house, _ = world
    past, option = read_past(house.desk), example_options()[0].__class__("other", *_texts(), example_options()[0].rules)
    other = house.desk.blobs.put(json.dumps({"alerts": []}).encode())
    op = record_alerts(option.id, option.digest(), past.columns.digest, past.height, 0, other)
    house.desk.act(SUPERVISOR[0], op, mandate=SUPERVISOR[1])
    with pytest.raises(EntryRefusedError) as refused:
        mine(house.desk, SUPERVISOR, past, [option], nothing)
    assert refused.value.problem.code == "supervision.alerts.known"
    assert refused.value.problem.values["batch"] == compute_digest(json.dumps({"alerts": []}).encode()).hex()


def _texts():
    option = example_options()[0]
    return option.name, option.note


def test_an_operator_cannot_speak_of_anothers_customers(tmp_path):
    """The internet bank says that a client of the payment company is somebody else."""
    found(tmp_path / "home")
    with opened(tmp_path / "home") as house:
        population = population_for(house)
        pilot = house.desk.engine.genesis.params["pilot"]
        execute_population(house.desk, population, pilot["issuer"], pilot["operators"], nothing)
        wallet = next(wallet.id for wallet in population.wallets if wallet.operator == OPERATOR)
        before = read_past(house.desk).columns
        table = {name: who for name, who in population.customers.items() if name in _wallets_of(population, OTHER)}
        lie = encode_customers({**table, wallet: Customer("nobody", "institution")})
        house.desk.act(OTHER, declare_customers(house.desk.blobs.put(lie), len(table) + 1))
        past = read_past(house.desk)
        assert Problem("supervision.customer.foreign", wallet, {"operator": OTHER}) in past.problems
        at = past.columns.accounts.index(wallet)
        assert past.columns.owners[past.columns.owner[at]] == before.owners[before.owner[at]] != "nobody"

        house.desk.act(pilot["issuer"], post_rates("HKD", compute_digest(b"not held here")))
        codes = {problem.code for problem in read_past(house.desk).problems}
        assert {"supervision.table.missing", "supervision.rate.missing"} <= codes


def _wallets_of(population, operator: str) -> set[str]:
    return {wallet.id for wallet in population.wallets if wallet.operator == operator}
