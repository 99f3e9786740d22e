from __future__ import annotations

import shutil
import sqlite3
import threading

import pytest

from gongshi.ledger.adapters.sqlite_store import SqliteStore, StoreError, _reason, _refusal_row
from gongshi.ledger.records import Pending, Proof, Result
from gongshi.terms.canonical import decode_cbor
from gongshi.terms.digest import compute_digest
from gongshi.terms.problem import Problem
from tests.ledger.worlds import World, coin, genesis, note, refused


@pytest.fixture
def world(tmp_path):
    world = World(tmp_path / "ledger.sqlite").begin()
    yield world
    world.store.close()


class Faulty:
    """A connection that fails at one step: before the statement runs, or after it has."""

    def __init__(self, connection, step: int, after: bool) -> None:
        self._connection, self._step, self._after, self.steps = connection, step, after, 0

    def execute(self, *given):
        return self._do(self._connection.execute, *given)

    def executemany(self, *given):
        return self._do(self._connection.executemany, *given)

    def _do(self, act, *given):
        if given[0].startswith(("SELECT", "PRAGMA", "ROLLBACK")):
            return act(*given)
        self.steps += 1
        if self.steps != self._step:
            return act(*given)
        if self._after:
            act(*given)
        raise sqlite3.OperationalError("planned")

    def __getattr__(self, name):
        return getattr(self._connection, name)


def test_a_refusal_is_kept_whatever_its_values_come_to():
    """A sum over five hundred amounts of 2^63-1 is longer than CBOR's integers; an entry that says so must not stop the store."""
    values = {"amount": 500 * (2**63 - 1), "below": -(2**63) - 1, "most": 2**64 - 1, "none": None}
    _, _, problem, _ = _refusal_row(Result(compute_digest(b""), None, Problem("toy.note.empty", "a", values)), 1)
    kept = {"amount": str(values["amount"]), "below": str(values["below"]), "most": 2**64 - 1, "none": "None"}
    assert decode_cbor(problem) == ["toy.note.empty", "a", kept]


STEPS = 7  # BEGIN, block, entries, refusals, rows put, rows removed, COMMIT


def copy_of(world, tmp_path) -> SqliteStore:
    """What another process would find if this one were gone now."""
    for suffix in ("", "-wal"):
        path = world.path.with_name(world.path.name + suffix)
        if path.exists():
            shutil.copyfile(path, tmp_path / f"copy.sqlite{suffix}")
    return SqliteStore(tmp_path / "copy.sqlite")


def test_a_commit_has_the_steps_that_the_faults_are_planned_for(world):
    faulty = world.store._connection = Faulty(world.store._connection, 0, after=False)
    world.act("alpha", note("a", 1))
    assert faulty.steps == STEPS


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", range(1, STEPS + 1))
def test_block_is_kept_whole_or_not_at_all(world, tmp_path, step, after):
    """Every step of a commit fails in turn. What then lies on disk holds together and is the state before, or the one after."""
    world.act("alpha", note("a", 1), coin("c", 3))
    before = world.engine.state.app_hash()
    whole = world.store._connection
    world.store._connection = Faulty(whole, step, after)
    data = world.sign("alpha", note("a", None), coin("c", 4))
    ticket = world.engine.submit(data)
    with pytest.raises(StoreError):
        world.engine.advance()
    if step < STEPS:
        assert isinstance(world.engine.receipt(ticket), Pending)
    found = world.assemble(copy_of(world, tmp_path))
    is_kept = found.state.app_hash() != before
    assert is_kept == (step == STEPS and after)
    assert found.state.amount("coins", "c") == (7 if is_kept else 3)
    assert found.get("notes", "a") == (None if is_kept else 1)
    world.store._connection = whole


def test_fault_before_the_commit_is_no_doubt(world):
    whole = world.store._connection
    world.store._connection = Faulty(whole, 3, after=False)
    ticket = world.engine.submit(world.sign("alpha", coin("c", 4)))
    with pytest.raises(StoreError):
        world.engine.advance()
    world.store._connection = whole
    world.engine.advance()
    assert isinstance(world.engine.receipt(ticket), Proof)


def test_commit_that_failed_for_an_unknown_reason_is_never_repeated(world):
    """It may be on disk: a second try would enter the block twice. Only opening the store again finds out."""
    whole = world.store._connection
    world.store._connection = Faulty(whole, STEPS, after=True)
    data = world.sign("alpha", coin("c", 4))
    ticket = world.engine.submit(data)
    with pytest.raises(StoreError):
        world.engine.advance()
    world.store._connection = whole
    world.engine.submit(world.sign("beta", coin("c", 5)))
    for act in (world.engine.advance, lambda: world.engine.receipt(ticket)):
        with pytest.raises(StoreError) as caught:
            act()
        assert caught.value.reason == "in_doubt"
    engine = world.reopen()
    assert engine.state.amount("coins", "c") == 4
    assert isinstance(engine.receipt(engine.submit(data)), Proof)


def test_commits_are_synced(world):
    (mode,), (level,) = (world.store._read_one(f"PRAGMA {name}") for name in ("journal_mode", "synchronous"))
    assert (mode, level) == ("wal", 2)


def test_full_disk(world, tmp_path):
    (pages,) = world.store._read_one("PRAGMA page_count")
    world.store._connection.execute(f"PRAGMA max_page_count = {pages}")
    ticket = world.engine.submit(world.sign("alpha", note("a", "x" * 30_000)))
    with pytest.raises(StoreError) as caught:
        world.engine.advance()
    assert (caught.value.reason, caught.value.path) == ("full", world.path)
    assert isinstance(world.engine.receipt(ticket), Pending)
    world.store._connection.execute("PRAGMA max_page_count = 100000")
    world.engine.advance()
    assert isinstance(world.engine.receipt(ticket), Proof)
    assert world.reopen().get("notes", "a") == "x" * 30_000


def test_read_only_file(world, tmp_path):
    world.store._connection.execute("PRAGMA query_only = ON")
    world.engine.submit(world.sign("alpha", note("a", 1)))
    with pytest.raises(StoreError) as caught:
        world.engine.advance()
    assert caught.value.reason == "read_only"


def test_locked_by_another_process(world):
    world.store._connection.execute("PRAGMA busy_timeout = 0")
    other = sqlite3.connect(world.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    ticket = world.engine.submit(world.sign("alpha", note("a", 1)))
    with pytest.raises(StoreError) as caught:
        world.engine.advance()
    assert caught.value.reason == "locked"
    other.execute("ROLLBACK")
    other.close()
    world.engine.advance()
    assert isinstance(world.engine.receipt(ticket), Proof)


def test_file_that_is_no_database(tmp_path):
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(b"not a database, but long enough to be taken for one" * 100)
    with pytest.raises(StoreError) as caught:
        SqliteStore(path)
    assert caught.value.reason == "corrupt"


def test_folder_that_is_not_there(tmp_path):
    with pytest.raises(StoreError) as caught:
        SqliteStore(tmp_path / "nowhere" / "ledger.sqlite")
    assert caught.value.reason == "missing"


def test_file_that_was_never_founded(tmp_path):
    with pytest.raises(StoreError) as caught:
        SqliteStore(tmp_path / "ledger.sqlite").genesis()
    assert (caught.value.reason, caught.value.place) == ("missing", "genesis")


@pytest.mark.parametrize(
    "statement", ["DELETE FROM genesis", "UPDATE genesis SET document = x'ff'", "UPDATE genesis SET document = x'80'"]
)
def test_genesis_that_is_no_genesis(world, statement):
    world.store._connection.execute(statement)
    with pytest.raises(StoreError) as caught:
        world.store.genesis()
    assert (caught.value.reason, caught.value.place) == ("corrupt", "genesis")


def test_table_that_is_gone_is_named(world):
    world.store._connection.execute("DROP TABLE state")
    with pytest.raises(StoreError) as caught:
        list(world.store.rows())
    assert (caught.value.reason, caught.value.place) == ("unreadable", "state")


def test_closed_store_is_told_as_one(tmp_path):
    store = SqliteStore(tmp_path / "ledger.sqlite")
    store.close()
    with pytest.raises(StoreError) as caught:
        store.genesis()
    assert caught.value.reason == "unreadable"


def test_founding_twice_changes_nothing(world):
    with pytest.raises(StoreError):
        world.store.found(genesis(chain="other"))
    assert world.store.genesis() == genesis()


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("SQLITE_FULL", "full"),
        ("SQLITE_READONLY_DBMOVED", "read_only"),
        ("SQLITE_BUSY_SNAPSHOT", "locked"),
        ("SQLITE_LOCKED", "locked"),
        ("SQLITE_CORRUPT_INDEX", "corrupt"),
        ("SQLITE_NOTADB", "corrupt"),
        ("SQLITE_CANTOPEN_ISDIR", "missing"),
        ("SQLITE_IOERR_FSYNC", "io"),
        ("SQLITE_ERROR", "unreadable"),
    ],
)
def test_word_for_what_sqlite_says(name, word):
    error = sqlite3.OperationalError("planned")
    error.sqlite_errorname = name
    assert _reason(error) == word


def test_results_by_digest(world):
    accepted, refusal = world.sign("alpha", note("a", 1)), world.sign("alpha", refused())
    world.settle(accepted)
    world.settle(refusal)
    height, leaf, rest = world.store.result(compute_digest(accepted))
    assert (height, rest) == (3, b"")
    assert leaf == 4
    assert world.store.result(compute_digest(refusal))[:2] == (4, None)
    assert world.store.result(compute_digest(b"never seen")) is None


def test_pages_are_whole(world):
    assert world.store.check_pages() == "ok"


def test_export_is_a_store_of_its_own(world, tmp_path):
    world.act("alpha", coin("c", 5))
    world.store.export(tmp_path / "copy.sqlite")
    copy = World(tmp_path / "copy.sqlite", store=SqliteStore(tmp_path / "copy.sqlite"))
    assert copy.engine.state.app_hash() == world.engine.state.app_hash()
    with pytest.raises(StoreError):
        world.store.export(tmp_path / "copy.sqlite")


def test_reader_does_not_see_what_is_not_committed(world):
    """A thread that reads while another is inside its transaction waits for the end of it."""
    inside, seen = threading.Event(), []

    def write():
        with world.store._transaction():
            world.store._connection.execute("INSERT INTO state VALUES ('notes', 'ghost', x'01', x'')")
            inside.set()
            reader.join(0.2)
            raise ZeroDivisionError

    def read():
        inside.wait()
        seen.extend(key for _, key, _, _ in world.store.rows())

    reader = threading.Thread(target=read)
    reader.start()
    with pytest.raises(ZeroDivisionError):
        write()
    reader.join()
    assert seen
    assert "ghost" not in seen
