"""The projection reads what any member wrote: it lists what is sound, and nothing that is not makes it fall."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import sqlalchemy as sa

from gongshi.supervision.entries import record_alerts, record_comparison
from gongshi.supervision.proofs import encode_batch
from gongshi.supervision.records import Option
from gongshi.supervision.rules import run_option
from gongshi.supervision.store import (
    SupervisionProjection,
    get_alert,
    get_alert_batches,
    list_alerts,
    list_comparisons,
)
from gongshi.terms.digest import compute_digest
from gongshi.terms.evidence import evidence_id
from tests.supervision.ledgers import BANK, MINISTRY, Ledger
from tests.supervision.test_rules import CYCLES, DESK, LARGE, ROWS
from tests.supervision.worlds import columns_of, row

COLUMNS = columns_of(ROWS, holders=DESK)
MANIFEST = compute_digest(b"manifest")


class Shelf(dict):
    """Blobs in memory."""

    def put(self, data: bytes) -> bytes:
        digest = compute_digest(data)
        self[digest] = data
        return digest


class World:
    """A ledger, its blobs, and the tables that follow it."""

    def __init__(self) -> None:
        self.ledger, self.shelf = Ledger(), Shelf()

    def enter(self, option: Option, columns=COLUMNS, organisation=MINISTRY, data: bytes | None = None) -> bytes:
        run = run_option(columns, option)
        batch = self.shelf.put(encode_batch(columns, run) if data is None else data)
        op = record_alerts(option.id, option.digest(), columns.digest, 1, len(run.alerts), batch)
        assert self.ledger.act(organisation, op) is None
        return batch

    def compare(self, data: bytes, *options: Option, columns=COLUMNS) -> bytes:
        evidence = self.shelf.put(data)
        op = record_comparison(columns.digest, MANIFEST, [option.digest() for option in options], evidence)
        assert self.ledger.act(MINISTRY, op) is None
        return evidence

    def tables(self) -> sa.Connection:
        projection = SupervisionProjection()
        engine = sa.create_engine("sqlite://")
        projection.metadata.create_all(engine)
        connection = engine.connect()
        for block in self.ledger.blocks:
            for logged in block.entries:
                projection.on_entry(connection, logged, self.shelf)
        return connection


@pytest.fixture
def world():
    return World()


def ids_of(option, columns=COLUMNS):
    return [alert.id for alert in run_option(columns, option).alerts]


def test_alerts_are_listed_in_the_order_of_their_batches(world):
    batch = world.enter(CYCLES)
    world.enter(LARGE)
    with world.tables() as connection:
        assert [row["id"] for row in list_alerts(connection)] == ids_of(CYCLES) + ids_of(LARGE)
        assert [row["id"] for row in list_alerts(connection, "large")] == ids_of(LARGE)
        first = list_alerts(connection)[0]
        assert {**first, "time": 0} == {
            "option": "cycles",
            "id": ids_of(CYCLES)[0],
            "typology": "temporal_cycle",
            "rule": "test-temporal_cycle",
            "time": 0,
            "rows": 2,
            "complete": True,
        }
        document = get_alert(connection, ids_of(CYCLES)[0])
        assert document["alert"]["id"] == ids_of(CYCLES)[0]
        assert get_alert_batches(connection, ids_of(CYCLES)[0]) == [batch]
        assert get_alert(connection, "al-none") is None
        assert get_alert_batches(connection, "al-none") == []


def test_an_alert_that_a_longer_past_repeats_is_listed_once(world):
    longer = columns_of([*ROWS, row(50, "k", "m", 100, 5_000)], holders=DESK)
    world.enter(LARGE)
    world.enter(LARGE, longer)
    with world.tables() as connection:
        listed = [row["id"] for row in list_alerts(connection)]
        assert listed == [*ids_of(LARGE), *[id_ for id_ in ids_of(LARGE, longer) if id_ not in ids_of(LARGE)]]
        assert len(get_alert_batches(connection, ids_of(LARGE)[0])) == 2


def test_two_options_with_one_rule_both_list_its_alerts(world):
    other = replace(CYCLES, id="other")
    world.enter(CYCLES)
    world.enter(other)
    with world.tables() as connection:
        assert [row["option"] for row in list_alerts(connection)] == ["cycles"] * 2 + ["other"] * 2


def test_two_supervisors_with_the_same_batch_are_two_entries_and_one_list(world):
    world.enter(CYCLES)
    world.enter(CYCLES, organisation=BANK)
    with world.tables() as connection:
        assert [row["id"] for row in list_alerts(connection)] == ids_of(CYCLES)


def test_a_batch_that_is_not_held_here_has_no_alerts(world):
    batch = world.enter(CYCLES)
    del world.shelf[batch]
    with world.tables() as connection:
        assert list_alerts(connection) == []


ALERT = {"id": "al-x", "typology": "t", "rule": "r", "time": 1, "complete": True}


@pytest.mark.parametrize(
    "data",
    [
        b"\xff",
        b"[]",
        b"{}",
        b"[" * 100_000,
        json.dumps({"alerts": 5}).encode(),
        json.dumps({"alerts": [5]}).encode(),
        json.dumps({"alerts": [{"alert": ALERT}]}).encode(),
        json.dumps({"alerts": [{"alert": {**ALERT, "time": 2**70}, "rows": []}]}).encode(),
        json.dumps({"alerts": [{"alert": {**ALERT, "time": "1"}, "rows": []}]}).encode(),
        json.dumps({"alerts": [{"alert": {**ALERT, "rule": "\ud800"}, "rows": []}]}).encode(),
        json.dumps({"alerts": [{"alert": {**ALERT, "id": 5}, "rows": []}]}).encode(),
    ],
)
def test_a_batch_that_is_none_lists_nothing_and_stops_nobody(world, data):
    world.enter(CYCLES, data=data)
    world.enter(LARGE)
    with world.tables() as connection:
        assert [row["id"] for row in list_alerts(connection)] == ids_of(LARGE)


def test_what_a_claim_holds_besides_is_kept_whatever_it_is(world):
    world.enter(CYCLES, data=json.dumps({"alerts": [{"alert": ALERT, "rows": [1], "note": "\ud800 对敲"}]}).encode())
    with world.tables() as connection:
        assert get_alert(connection, "al-x")["note"] == "\ud800 对敲"


def test_comparisons_are_listed_newest_first_with_their_evidence(world):
    world.enter(CYCLES)
    world.enter(LARGE)
    first = world.compare(b'{"kind": "one"}', CYCLES, LARGE)
    second = world.compare("\xff".encode("latin-1"), CYCLES, LARGE)
    third = world.compare(b'{"kind": "three"}', LARGE, CYCLES)
    del world.shelf[third]
    with world.tables() as connection:
        found = [(row["id"], row["evidence"]) for row in list_comparisons(connection)]
    assert found == [(evidence_id(third), None), (evidence_id(second), None), (evidence_id(first), {"kind": "one"})]
