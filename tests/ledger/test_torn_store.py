"""A machine that loses power: the log beside the database ends anywhere, or holds other bytes somewhere.

Each commit is synced before its receipts go out (`synchronous = FULL`), so what was acknowledged lies before the size that
the log had then. Whatever is lost or torn behind it: the store opens to the hash of the last commit that is whole, or says
what is wrong. It never opens to a state that was not committed.
"""

from __future__ import annotations

import random
import shutil

import pytest

from gongshi.ledger.adapters.sqlite_store import SqliteStore, StoreError
from gongshi.ledger.audit import DivergenceError
from gongshi.ledger.engines.embedded import EmbeddedEngine
from tests.ledger.worlds import KINDS, LOG_KEY, Clock, World, check_signature, coin, note

COMMITS = 6
WAL_HEADER, FRAME_HEADER = 32, 24


class Torn:
    """A ledger of some commits: the files as they lay, and after each commit the log's size and the state's hash."""

    def __init__(self, folder) -> None:
        self.folder, path = folder, folder / "ledger.sqlite"
        world = World(path).begin()
        self.wal = path.with_name(path.name + "-wal")
        self.marks = [(self.wal.stat().st_size, world.engine.height, world.engine.state.app_hash())]
        for number in range(COMMITS):
            world.act("alpha", coin("c", 1), note(f"n{number}", "x" * 3000))
            self.marks.append((self.wal.stat().st_size, world.engine.height, world.engine.state.app_hash()))
        page = world.store._connection.execute("PRAGMA page_size").fetchone()[0]
        self.frame = FRAME_HEADER + page
        self.database, self.log = path.read_bytes(), self.wal.read_bytes()
        world.store.close()

    def open(self, log: bytes, name: str):
        """Give (height, app hash) of what opens from these bytes, or the refusal."""
        folder = self.folder / name
        folder.mkdir()
        (folder / "ledger.sqlite").write_bytes(self.database)
        (folder / "ledger.sqlite-wal").write_bytes(log)
        try:
            store = SqliteStore(folder / "ledger.sqlite")
        except StoreError as error:
            return error
        try:
            engine = EmbeddedEngine(store, KINDS, Clock(), LOG_KEY, check_signature)
        except (StoreError, DivergenceError) as error:
            return error
        else:
            return engine.height, engine.state.app_hash()
        finally:
            store.close()
            shutil.rmtree(folder)

    def expected(self, whole: int):
        """Give what was committed within the log's first bytes, or None where not even the beginning is whole."""
        kept = [(height, app_hash) for size, height, app_hash in self.marks if size <= whole]
        return kept[-1] if kept else None


@pytest.fixture(scope="module")
def torn(tmp_path_factory):
    return Torn(tmp_path_factory.mktemp("torn"))


def frames(torn: Torn) -> range:
    return range(WAL_HEADER, len(torn.log) + 1, torn.frame)


def test_a_commit_is_in_the_log_before_its_receipt(torn):
    sizes = [size for size, _, _ in torn.marks]
    assert sizes == sorted(set(sizes))
    assert all((size - WAL_HEADER) % torn.frame == 0 for size in sizes)
    assert torn.open(torn.log, "whole") == torn.expected(len(torn.log)) == torn.marks[-1][1:]


def check(torn: Torn, found, whole: int) -> None:
    expected = torn.expected(whole)
    if expected is None:  # before the first mark: what opens was committed earlier, or it says why not
        assert isinstance(found, (StoreError, DivergenceError)) or found[0] < torn.marks[0][1]
    else:
        assert found == expected


def test_a_log_that_ends_after_any_frame_opens_to_the_last_whole_commit(torn):
    for size in frames(torn):
        check(torn, torn.open(torn.log[:size], f"end-{size}"), size)


def test_a_log_that_ends_or_turns_to_zeros_anywhere_opens_to_the_last_whole_commit(torn):
    chance = random.Random(3)
    for number in range(40):
        size = chance.randrange(WAL_HEADER, len(torn.log))
        filled = bytes(len(torn.log) - size) if number % 2 else b""
        if torn.log[size : size + 1] == b"\0" and filled:
            continue  # the first byte that is lost is the same as before
        check(torn, torn.open(torn.log[:size] + filled, f"tear-{number}"), size)


def test_a_byte_that_turned_loses_what_follows_it_and_invents_nothing(torn):
    chance = random.Random(5)
    for number in range(40):
        place = chance.randrange(WAL_HEADER, len(torn.log))
        log = bytearray(torn.log)
        log[place] ^= 1 << chance.randrange(8)
        check(torn, torn.open(bytes(log), f"turn-{number}"), place)


def test_a_frame_from_another_place_is_no_frame(torn):
    """A write that landed in the wrong place: two frames exchanged."""
    starts = list(frames(torn))[:-1]
    for first, second in zip(starts[-8:-4], starts[-4:], strict=True):
        log = bytearray(torn.log)
        one, other = slice(first, first + torn.frame), slice(second, second + torn.frame)
        log[one], log[other] = log[other], log[one]
        check(torn, torn.open(bytes(log), f"swap-{first}"), first)
