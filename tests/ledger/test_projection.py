from __future__ import annotations

import pytest
import sqlalchemy as sa

from gongshi.ledger import projection
from gongshi.ledger.adapters.blob_folder import BlobFolder
from gongshi.ledger.projection import catch_up, drop
from tests.ledger.worlds import World, note, refused

METADATA = sa.MetaData()
NOTES = sa.Table(
    "toy_note",
    METADATA,
    sa.Column("leaf", sa.Integer, primary_key=True),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("organisation", sa.Text, nullable=False),
)


class PlannedError(Exception):
    pass


class NotesProjection:
    """Which notes were put by whom."""

    metadata = METADATA

    def __init__(self, name="notes", version=1, fail_at=0):
        self.name, self.version, self.fail_at, self.seen = name, version, fail_at, []

    def on_entry(self, connection, logged, blobs):
        self.seen.append(logged.leaf)
        for op in logged.entry.ops:
            if op.kind == "toy.note":
                row = {"leaf": logged.leaf, "key": op.body[0], "organisation": logged.organisation}
                connection.execute(sa.insert(NOTES).values(**row))
        if logged.height == self.fail_at:
            raise PlannedError


class CountProjection(NotesProjection):
    """Hears everything and keeps nothing."""

    metadata = sa.MetaData()

    def on_entry(self, connection, logged, blobs):
        self.seen.append(logged.leaf)


@pytest.fixture
def world(tmp_path):
    world = World(tmp_path / "ledger.sqlite").begin()
    world.act("alpha", note("a", 1))
    world.act("beta", refused())
    world.act("beta", note("b", 1))
    return world


@pytest.fixture
def database(tmp_path):
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'desk.sqlite'}")
    yield engine
    engine.dispose()


@pytest.fixture
def feed(world, database, tmp_path):
    def feed(*projections):
        return catch_up(world.engine, database, projections, BlobFolder(tmp_path))

    return feed


def rows(database):
    with database.connect() as connection:
        return [
            tuple(row)
            for row in connection.execute(sa.select(NOTES.c.key, NOTES.c.organisation).order_by(NOTES.c.leaf))
        ]


def test_blocks_are_fed_once(world, database, feed):
    notes = NotesProjection()
    assert feed(notes) == world.engine.height == 5
    assert rows(database) == [("a", "alpha"), ("b", "beta")]
    seen = list(notes.seen)
    assert len(seen) == 4
    feed(notes)
    assert notes.seen == seen
    world.act("alpha", note("c", 1))
    feed(notes)
    assert rows(database)[2:] == [("c", "alpha")]
    assert len(notes.seen) == 5


def test_rebuild_equals(database, feed):
    notes = NotesProjection()
    feed(notes)
    before = rows(database)
    drop(database, (notes,))
    assert not sa.inspect(database).has_table("toy_note")
    feed(notes)
    assert rows(database) == before != []


def test_another_version_begins_again(database, feed):
    feed(NotesProjection())
    newer = NotesProjection(version=2)
    feed(newer)
    assert len(newer.seen) == 4
    assert rows(database) == [("a", "alpha"), ("b", "beta")]


def test_one_that_is_ahead_of_the_ledger_begins_again(database, feed):
    """The ledger was put back from a copy; what the desk had seen after it did not happen."""
    feed(NotesProjection())
    with database.begin() as connection:
        connection.execute(sa.text("UPDATE projection SET height = 9"))
        connection.execute(sa.insert(NOTES).values(leaf=99, key="ghost", organisation="alpha"))
    feed(NotesProjection())
    assert rows(database) == [("a", "alpha"), ("b", "beta")]


def test_one_that_joins_later_hears_everything_and_the_others_nothing_twice(feed):
    notes, late = NotesProjection(), CountProjection(name="count")
    feed(notes)
    feed(notes, late)
    assert late.seen == notes.seen


@pytest.mark.parametrize(("at_once", "kept"), [(1, [("a", "alpha")]), (100, [])])
def test_blocks_of_a_transaction_that_fails_are_fed_again_as_a_whole(database, feed, monkeypatch, at_once, kept):
    monkeypatch.setattr(projection, "_BLOCKS_AT_ONCE", at_once)
    with pytest.raises(PlannedError):
        feed(NotesProjection(fail_at=5))
    assert rows(database) == kept
    feed(NotesProjection())
    assert rows(database) == [("a", "alpha"), ("b", "beta")]


def test_nothing_to_feed_is_fine(world, feed):
    assert feed() == world.engine.height
