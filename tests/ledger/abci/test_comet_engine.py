"""The network engine over a node that is played here: what it tells, waits for and refuses, without a binary."""

from __future__ import annotations

import pytest

from gongshi.ledger.abci import messages_pb2 as pb
from gongshi.ledger.abci.application import Application
from gongshi.ledger.adapters.sqlite_store import SqliteStore
from gongshi.ledger.audit import DivergenceError
from gongshi.ledger.engines.comet import CometEngine
from gongshi.ledger.records import Pending, Proof, Refused
from gongshi.ledger.state import found_state
from gongshi_verifier.ed25519 import check_signature
from tests.ledger.abci.test_application import ask, block_of
from tests.ledger.worlds import KINDS, LOG_KEY, Clock, certificate, coin, genesis, refused, seal


class PlayedNode:
    """One validator: a mempool, and a block of all of it whenever a moment passes."""

    def __init__(self, path) -> None:
        store = SqliteStore(path)
        store.found(genesis())
        self.application, self.waiting = Application(store, KINDS, check_signature), []
        self.hashes = [found_state(genesis()).app_hash()]

    def broadcast(self, data: bytes) -> tuple[int, bytes, str]:
        result = ask(self.application, "check_tx", pb.RequestCheckTx(tx=data))
        if result.code == 0:
            self.waiting.append(data)
        return result.code, result.data, result.log

    def height(self) -> int:
        return len(self.hashes) - 1

    def app_hash(self, height: int) -> bytes:
        return self.hashes[height - 1]

    def pause(self) -> None:
        height = self.height() + 1
        ask(self.application, "finalize_block", block_of(*self.waiting, height=height, second=height))
        ask(self.application, "commit", pb.Empty())
        self.waiting = []
        self.hashes.append(self.application.state.app_hash())


@pytest.fixture
def node(tmp_path):
    return PlayedNode(tmp_path / "ledger.sqlite")


@pytest.fixture
def engine(node, tmp_path):
    return open_engine(node, tmp_path)


def open_engine(node: PlayedNode, tmp_path) -> CometEngine:
    return CometEngine(SqliteStore(tmp_path / "ledger.sqlite"), KINDS, Clock(), LOG_KEY, check_signature, node)


def settle(engine: CometEngine, data: bytes):
    ticket = engine.submit(data)
    if isinstance(engine.receipt(ticket), Pending):
        engine.advance()
    return engine.receipt(ticket)


def test_receipts_are_proofs_refusals_or_pending(engine, node):
    data = seal("alpha", coin("c", 2), sequence=1)
    turned_away = settle(engine, data)
    assert isinstance(turned_away, Refused)
    assert turned_away.problem.code == "ledger.key.unknown"
    assert isinstance(settle(engine, certificate("alpha")), Proof)
    assert isinstance(settle(engine, data), Proof), "what the mempool turned away may come again"
    bad = seal("alpha", refused(), sequence=2)
    assert settle(engine, bad).problem.code == "toy.note.empty"
    ticket = engine.submit(bad)
    assert isinstance(engine.receipt(ticket), Pending), "an earlier refusal is not the answer"
    engine.advance()
    assert isinstance(engine.receipt(ticket), Refused)
    height = engine.height
    engine.advance()
    assert engine.height == height == node.height(), "nothing of ours waits"
    assert engine.state.app_hash() == node.application.state.app_hash()


def test_a_node_with_another_hash_is_refused(engine, node, tmp_path):
    settle(engine, certificate("alpha"))
    settle(engine, seal("alpha", coin("c", 2), sequence=1))
    open_engine(node, tmp_path)
    node.hashes[1] = bytes(32)
    with pytest.raises(DivergenceError, match="height 1: app hash of the network"):
        open_engine(node, tmp_path)


def test_a_store_that_another_judge_would_not_have_written_is_refused(engine, node):
    node.application._kinds = {}
    node.waiting.append(certificate("alpha"))
    node.pause()
    engine._store._connection.execute("UPDATE block SET app_hash = x'00'")
    with pytest.raises(DivergenceError, match="height 1: app hash"):
        engine.advance()
