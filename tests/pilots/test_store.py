from __future__ import annotations

import pytest
import sqlalchemy as sa

from gongshi.ledger.adapters.blob_folder import BlobFolder
from gongshi.pilots.entries import (
    MONEY,
    PILOT,
    declare,
    declare_customers,
    freeze,
    issue,
    open_wallets,
    pay,
    post_rates,
    redeem,
)
from gongshi.pilots.records import Declared
from gongshi.pilots.store import (
    METADATA,
    Located,
    PilotCounts,
    PilotsProjection,
    Share,
    get_counts,
    get_issues,
    get_shares,
    get_standing,
    get_tables,
    get_tiers,
    get_transfers,
    locate_payments,
)
from gongshi.terms.transfer import Transfer
from tests.pilots.worlds import ALPHA, BANK, BETA, NOON, World, found, running


@pytest.fixture
def connection():
    engine = sa.create_engine("sqlite://")
    METADATA.create_all(engine)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def feed(connection, world: World, tmp_path) -> None:
    for block in world.blocks:
        for logged in block.entries:
            PilotsProjection().on_entry(connection, logged, BlobFolder(tmp_path))


def traded() -> tuple[World, list]:
    """alpha pays 300 and 200 in two batches of one entry, beta declares a leg abroad and one at home, and redeems 100."""
    world = running()
    payments = [world.payment("w1", "w4", 300), world.payment("w3", "w1", 200), world.payment("w1", "w2", 50)]
    world.must(ALPHA, pay(payments[:2]), pay(payments[2:]))
    legs = [
        Declared(world.next_id(BETA, "declare"), "x1", "w4", 70, "HKD", "XX", NOON - 5, "declared"),
        Declared(world.next_id(BETA, "declare"), "w4", "x1", 80, "CNY", "CN", NOON - 4, "remit"),
    ]
    world.must(BETA, declare(legs), redeem(100))
    return world, [*payments, *legs]


def test_transfers_are_given_in_the_order_of_time_and_id(connection, tmp_path):
    world, rows = traded()
    feed(connection, world, tmp_path)
    transfers = get_transfers(connection)
    assert [one.id for one in transfers] == [row.id for row in sorted(rows, key=lambda row: (row.at, row.id))]
    height = world.state.height
    by_id = {one.id: one for one in transfers}
    assert by_id[rows[0].id] == Transfer(rows[0].id, "w1", "w4", NOON, 300, "e-CNY", "CN", "pay", ALPHA, height - 1)
    assert by_id[rows[3].id] == Transfer(rows[3].id, "x1", "w4", NOON - 5, 70, "HKD", "XX", "declared", BETA, height)


def test_payments_are_located_in_their_entry(connection, tmp_path):
    world, rows = traded()
    feed(connection, world, tmp_path)
    leaf = world.blocks[-2].entries[0].leaf
    found_at = locate_payments(connection, [row.id for row in rows[:3]] + [bytes(16)])
    assert found_at == {
        rows[0].id: Located(leaf, 0, 0),
        rows[1].id: Located(leaf, 0, 1),
        rows[2].id: Located(leaf, 1, 0),
    }
    for identity, place in found_at.items():
        assert world.blocks[-2].entries[0].entry.ops[place.op].body["rows"][place.row][0] == identity


def test_counts_and_shares(connection, tmp_path):
    """A declared leg at home in a currency of account is no payment of the pilot: only e-CNY moves here."""
    world, _ = traded()
    feed(connection, world, tmp_path)
    assert get_counts(connection) == PilotCounts(wallets=4, operators=2, payments=3, declared=2, paid=550)
    assert get_shares(connection) == [
        Share(ALPHA, wallets=3, payments=3, paid=550, declared=0, issued=1_000_000),
        Share(BETA, wallets=1, payments=0, paid=0, declared=2, issued=499_900),
    ]
    assert get_tiers(connection) == {"small": 3, "large": 1}


def test_issues_and_redemptions(connection, tmp_path):
    world, _ = traded()
    world.must(BANK, issue(ALPHA, 1), issue(ALPHA, 2))
    feed(connection, world, tmp_path)
    amounts = [(operator, amount) for operator, amount, _ in get_issues(connection)]
    assert amounts == [(ALPHA, 1_000_000), (BETA, 500_000), (BETA, -100), (ALPHA, 1), (ALPHA, 2)]
    assert sum(amount for _, amount in amounts) == world.issued


def test_tables_are_the_newest_of_each_owner(connection, tmp_path):
    world = found()
    for digest in (b"1" * 32, b"2" * 32):
        world.must(ALPHA, declare_customers(digest, 1))
        world.must(BANK, post_rates("HKD", digest))
    world.must(BETA, declare_customers(b"3" * 32, 1))
    feed(connection, world, tmp_path)
    assert get_tables(connection, "customers") == {ALPHA: b"2" * 32, BETA: b"3" * 32}
    assert get_tables(connection, "rates") == {"HKD": b"2" * 32}


def test_standing_is_the_last_block_of_the_pilot(connection, tmp_path):
    world = found()
    feed(connection, world, tmp_path)
    assert get_standing(connection) is None
    assert get_counts(connection) == PilotCounts(0, 0, 0, 0, 0)
    world = running()
    world.must(ALPHA, freeze("w1", "case"))
    world.act(ALPHA, freeze("nobody", "case"))
    feed(connection, world, tmp_path)
    standing = get_standing(connection)
    assert (standing.height, standing.time) == (world.state.height - 1, world.blocks[-2].time)


def test_projection_equals_the_state(connection, tmp_path):
    world, _ = traded()
    world.must(BETA, open_wallets([("w8", "large")]))
    feed(connection, world, tmp_path)
    leaves = {leaf.key: world.state.get(MONEY, leaf.key) for leaf in world.state.trees[MONEY].leaves()}
    wallets = [value for key, value in leaves.items() if key.startswith("wallet/")]
    tiers = get_tiers(connection)
    assert {tier: sum(value[1] == tier for value in wallets) for tier in tiers} == tiers
    for share in get_shares(connection):
        assert share.wallets == sum(value[0] == share.operator for value in wallets)
    assert sum(share.issued for share in get_shares(connection)) == world.state.get(PILOT, "issued/e-CNY")
