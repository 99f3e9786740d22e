from __future__ import annotations

import pytest

from gongshi.ledger.adapters.sqlite_store import SqliteStore
from gongshi.ledger.engines.follower import FollowerEngine, NotOrderingError
from gongshi_verifier.ed25519 import check_signature
from tests.ledger.worlds import KINDS, LOG_KEY, Clock, World, note


@pytest.fixture
def follower(tmp_path):
    world = World(tmp_path / "ledger.sqlite").begin()
    world.act("alpha", note("a", 1))
    world.store.export(tmp_path / "copy.sqlite")
    store = SqliteStore(tmp_path / "copy.sqlite")
    return world, FollowerEngine(store, KINDS, Clock(), LOG_KEY, check_signature)


def test_follower_holds_the_same_blocks(follower):
    world, engine = follower
    assert engine.state.app_hash() == world.engine.state.app_hash()
    assert [b.header for b in engine.blocks(1)] == [b.header for b in world.engine.blocks(1)]
    assert engine.prove("notes", "a") == world.engine.prove("notes", "a")


def test_follower_orders_nothing_and_signs_no_checkpoint(follower):
    _, engine = follower
    for act in (engine.advance, engine.checkpoint):
        with pytest.raises(NotOrderingError) as caught:
            act()
        assert caught.value.chain == "toy"
