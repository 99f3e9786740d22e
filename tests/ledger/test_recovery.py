"""A store of six blocks, altered in one place: opening it names the block and the place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gongshi.ledger.adapters.sqlite_store import SqliteStore, StoreError
from gongshi.ledger.audit import DivergenceError, audit
from gongshi.ledger.log import LogIndex
from gongshi.ledger.recovery import recover
from gongshi.terms.canonical import decode_cbor, encode_cbor
from gongshi_verifier.ed25519 import check_signature
from tests.ledger.worlds import KINDS, World, coin, genesis, note, refused


@pytest.fixture
def world(tmp_path):
    """1-2 certificates · 3 a note and coins · 4 refused · 5 the note again · 6 a note removed and coins."""
    world = World(tmp_path / "ledger.sqlite").begin()
    world.act("alpha", note("a", 1), coin("c", 7))
    world.act("beta", refused())
    world.act("beta", note("a", 2))
    world.act("alpha", note("a", None), coin("d", 5))
    yield world
    world.store.close()


def reopened(world, *statements: str):
    for statement in statements:
        world.store._connection.execute(statement)
    return world.reopen()


def divergence(world, *statements: str) -> tuple[int, str]:
    with pytest.raises(DivergenceError) as caught:
        reopened(world, *statements)
    return caught.value.height, caught.value.what


def audited(world, *statements: str) -> tuple[int, str]:
    for statement in statements:
        world.store._connection.execute(statement)
    with pytest.raises(DivergenceError) as caught:
        audit(world.store, KINDS, check_signature)
    return caught.value.height, caught.value.what


def test_state_is_as_it_was(world):
    before, checkpoint = world.engine.state, world.engine.checkpoint()
    after = reopened(world).state
    assert (after.height, after.time, after.parent, after.log) == (
        before.height,
        before.time,
        before.parent,
        before.log,
    )
    assert after.app_hash() == before.app_hash()
    assert {leaf.key for leaf in after.trees["coins"].leaves()} == {"c", "d"}
    assert world.engine.checkpoint() == checkpoint


def test_audit_judges_everything_again(world):
    seen: list[int] = []
    done = audit(world.store, KINDS, check_signature, seen.append)
    assert (done.height, done.entries, done.app_hash) == (6, 5, world.engine.state.app_hash())
    assert seen == [1, 1, 1, 0, 1, 1]


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("DELETE FROM entry WHERE height = 5", (5, "entries")),
        ("UPDATE block SET app_hash = zeroblob(32) WHERE height = 3", (3, "entries")),
        ("UPDATE block SET app_hash = zeroblob(32) WHERE height = 4", (4, "entries")),
        ("UPDATE block SET header = x'ff' WHERE height = 3", (3, "header")),
        ("UPDATE block SET header = x'80' WHERE height = 3", (3, "header")),
        ("UPDATE block SET header = x'01' WHERE height = 3", (3, "header")),
        ("UPDATE block SET header = x'' WHERE height = 3", (3, "header")),
        ("UPDATE block SET header = (SELECT header FROM block WHERE height = 5) WHERE height = 3", (3, "height")),
        ("UPDATE block SET time = time + 1 WHERE height = 3", (3, "time")),
        ("DELETE FROM block WHERE height = 3", (3, "missing block")),
        ("DELETE FROM block WHERE height = 4", (4, "missing block")),
        ("DELETE FROM block WHERE height = 1", (1, "missing block")),
        ("DELETE FROM block WHERE height = 6", (5, "state coins")),
        ("UPDATE state SET value = x'02' WHERE namespace = 'notes'", (6, "state notes")),
        ("DELETE FROM state WHERE key = 'd'", (6, "state coins")),
        ("UPDATE state SET amount = x'06' WHERE key = 'd'", (6, "state coins")),
        ("UPDATE state SET key = 'e' WHERE key = 'd'", (6, "state coins")),
        ("INSERT INTO state VALUES ('notes', 'x', x'01', x'')", (6, "state notes")),
        ("INSERT INTO state VALUES ('ghosts', 'x', x'01', x'')", (6, "state ghosts")),
        (
            "UPDATE state SET value = (SELECT value FROM state WHERE key LIKE 'key/%') WHERE key LIKE 'seq/%'",
            (6, "state members"),
        ),
    ],
)
def test_what_was_altered_is_named(world, statement, place):
    if "'notes'" in statement and statement.startswith("UPDATE"):
        world.act("alpha", note("b", 1))
        place = (7, place[1])
    assert divergence(world, statement) == place


BESIDE = [
    ("UPDATE entry SET data = CAST(data || x'00' AS BLOB) WHERE height = 3", "entry 4 of block 3"),
    ("UPDATE entry SET data = (SELECT data FROM entry WHERE height = 2) WHERE height = 3", "entry 4 of block 3"),
    ("UPDATE entry SET digest = zeroblob(32) WHERE height = 3", "entry 4 of block 3"),
    ("UPDATE entry SET leaf = 4000 WHERE height = 3", "entry 4000 of block 3"),
    ("UPDATE block SET first_leaf = first_leaf + 1 WHERE height = 3", "entry 4 of block 3"),
    ("UPDATE refusal SET problem = CAST(problem || x'00' AS BLOB)", "refusal at height 4"),
    ("UPDATE refusal SET height = 9", "refusal at height 9"),
    ("UPDATE refusal SET digest = zeroblob(32)", "refusal at height 4"),
    ("UPDATE refusal SET seal = zeroblob(32)", "refusal at height 4"),
]


@pytest.mark.parametrize(("statement", "place"), BESIDE)
def test_what_stands_beside_the_hashed_bytes_is_checked_too(world, statement, place):
    with pytest.raises(StoreError) as caught:
        reopened(world, statement)
    assert (caught.value.reason, caught.value.place) == ("corrupt", place)


def test_an_amount_in_a_tree_that_commits_to_none_is_seen(world):
    world.act("alpha", note("b", 1))
    statement = "UPDATE state SET amount = x'00000000000000000000000000000001' WHERE namespace = 'notes'"
    assert divergence(world, statement) == (7, "state notes")


def test_blocks_in_another_order_are_seen(world):
    swap = [
        "UPDATE block SET height = 30 WHERE height = 3",
        "UPDATE block SET height = 3 WHERE height = 5",
        "UPDATE block SET height = 5 WHERE height = 30",
    ]
    with pytest.raises(StoreError) as caught:
        reopened(world, *swap)
    assert caught.value.place.endswith("of block 3")


def changed_genesis(**changes):
    return replace(genesis(), **changes)


@pytest.mark.parametrize(
    ("founding", "what"),
    [
        (changed_genesis(chain="other"), "chain"),
        (changed_genesis(members=genesis().members[:1]), "parent"),
        (genesis(entry_bytes_max=7), "parent"),
        (genesis(namespaces={"members": "map"}), "parent"),
    ],
)
def test_another_genesis_is_seen_at_the_first_block(world, founding, what):
    with pytest.raises(DivergenceError) as caught:
        recover(founding, world.store.read_blocks(1), world.store.rows(), LogIndex())
    assert (caught.value.height, caught.value.what) == (1, what)


def remade_header(world, height: int, place: int, value: object):
    """A block whose header says something else, told to `recover` without a store."""
    blocks = list(world.store.read_blocks(1))
    header = decode_cbor(blocks[height - 1].header)
    header[place] = value
    blocks[height - 1] = replace(blocks[height - 1], header=encode_cbor(header))
    with pytest.raises(DivergenceError) as caught:
        recover(world.store.genesis(), blocks, world.store.rows(), LogIndex())
    return caught.value.height, caught.value.what


def test_header_is_held_against_its_block(world):
    assert remade_header(world, 3, 2, "other") == (3, "chain")
    assert remade_header(world, 3, 5, bytes(32)) == (3, "parent")
    assert remade_header(world, 3, 7, bytes(32)) == (3, "parameters")
    assert remade_header(world, 3, 6, []) == (3, "namespaces")
    assert remade_header(world, 3, 6, {"members": bytes(32)}) == (3, "namespaces")
    assert remade_header(world, 3, 0, "gongshi/other") == (3, "entries")
    assert remade_header(world, 3, 1, 2) == (3, "entries")


def test_audit_sees_what_hashes_alone_do_not(world):
    """A store made consistent in itself around an entry that the rules refuse is found by judging again."""
    assert audited(world, "DELETE FROM entry WHERE height = 3") == (3, "app hash")


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("DELETE FROM block WHERE height = 3", (3, "missing block")),
        ("UPDATE block SET time = (SELECT time FROM block WHERE height = 2) WHERE height = 3", (3, "time")),
        ("UPDATE block SET header = x'' WHERE height = 3", (3, "app hash")),
        ("UPDATE block SET app_hash = zeroblob(32) WHERE height = 4", (4, "app hash")),
        ("UPDATE state SET amount = x'06' WHERE key = 'd'", (6, "state coins")),
        ("INSERT INTO state VALUES ('ghosts', 'x', x'01', x'')", (6, "state ghosts")),
    ],
)
def test_audit_names_what_was_altered(world, statement, place):
    assert audited(world, statement) == place


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("UPDATE block SET header = 'text' WHERE height = 3", "block 3"),
        ("UPDATE block SET time = 'noon' WHERE height = 5", "block 5"),
        ("UPDATE entry SET data = 7 WHERE height = 5", "block 5"),
        ("UPDATE state SET value = 7 WHERE key = 'd'", "state coins"),
    ],
)
def test_value_of_a_type_that_was_never_written_is_told_with_its_place(world, statement, place):
    with pytest.raises(StoreError) as caught:
        reopened(world, statement)
    assert (caught.value.reason, caught.value.place) == ("corrupt", place)


def test_truncated_file_is_told_with_the_place(world, tmp_path):
    world.store._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    world.store.close()
    whole = world.path.read_bytes()
    world.path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(StoreError) as caught:
        SqliteStore(world.path).genesis()
    assert caught.value.reason == "corrupt"
    world.path.write_bytes(whole)
    world.store = SqliteStore(world.path)
