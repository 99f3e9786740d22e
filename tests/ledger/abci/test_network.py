"""A real CometBFT validator: entries are committed, an embedded replay agrees, and two kills lose nothing."""

from __future__ import annotations

from datetime import datetime

import pytest

from gongshi.ledger.abci import messages_pb2 as pb
from gongshi.ledger.abci.clock import to_instant
from gongshi.ledger.adapters.sqlite_store import SqliteStore
from gongshi.ledger.audit import DivergenceError, audit
from gongshi.ledger.engines.comet import CometEngine
from gongshi.ledger.records import Block, Pending, Proof, Refused
from gongshi.ledger.rules import apply
from gongshi.ledger.state import found_state
from gongshi.terms.digest import compute_digest
from gongshi_verifier.ed25519 import check_signature
from tests.ledger.abci.networks import Network, need_binary
from tests.ledger.worlds import KINDS, LOG_KEY, NAMES, Clock, certificate, coin, genesis, note, refused, seal


@pytest.fixture
def network(tmp_path):
    need_binary()
    network = Network(tmp_path)
    try:
        yield network
    finally:
        network.kill()
        network.rpc.close()


def committed(network: Network, data: bytes) -> bool:
    store = SqliteStore(network.app_folder / "ledger.sqlite")
    try:
        return store.result(compute_digest(data)) is not None
    finally:
        store.close()


def to_timestamp(text: str) -> pb.Timestamp:
    whole, _, fraction = text.removesuffix("Z").partition(".")
    seconds = int(datetime.fromisoformat(f"{whole}+00:00").timestamp())
    return pb.Timestamp(seconds=seconds, nanos=int(fraction.ljust(9, "0")))


def replay(network: Network):
    """Judge the node's blocks by the bare state machine; each header carries the hash that the block before it gave."""
    state = found_state(genesis())
    for height in range(1, network.rpc.height() + 1):
        assert network.rpc.app_hash(height) == state.app_hash()
        time, txs, proposer = network.rpc.block(height)
        block = Block(height, to_instant(to_timestamp(time), state.time), txs, proposer)
        state = apply(state, block, KINDS, check_signature).state
    return state


@pytest.mark.slow
def test_a_validator_commits_and_loses_nothing_when_killed(network):
    network.start()
    for name in NAMES:
        data = certificate(name)
        assert network.rpc.broadcast(data)[0] == 0
        network.wait(lambda data=data: committed(network, data))
    sequence, entries = 0, []
    for _ in range(2):
        for _ in range(20):
            sequence += 1
            ops = [refused()] if sequence % 7 == 0 else [coin("c", 1), note(f"n{sequence}", "x" * 300)]
            entries.append(seal("alpha", *ops, sequence=sequence))
            assert network.rpc.broadcast(entries[-1])[0] == 0
        network.wait(lambda: all(committed(network, data) for data in entries))
        network.kill()
        network.start()
        assert all(committed(network, data) for data in entries)
    # What waits when both are killed is lost or comes, but never comes twice.
    waiting = [seal("beta", coin("c", 1), sequence=number) for number in range(1, 30)]
    for data in waiting:
        network.rpc.broadcast(data)
    network.kill()
    network.start()
    last = seal("beta", coin("c", 1), sequence=100)
    assert network.rpc.broadcast(last)[0] == 0
    network.wait(lambda: committed(network, last))

    code, data, log = network.rpc.broadcast(b"no entry")
    assert (code, log) == (1, "ledger.bytes.length")
    assert data

    state = replay(network)
    network.kill()
    store = SqliteStore(network.app_folder / "ledger.sqlite")
    assert audit(store, KINDS, check_signature).app_hash == state.app_hash()
    found = [store.result(compute_digest(data)) for data in [*entries, *waiting, last]]
    accepted = sum(1 for result in found if result is not None and result[1] is not None)
    assert state.amount("coins", "c") == accepted


@pytest.mark.slow
def test_the_engine_submits_waits_and_proves(network):
    network.start()
    store = SqliteStore(network.app_folder / "ledger.sqlite")

    def open_engine() -> CometEngine:
        return CometEngine(store, KINDS, Clock(), LOG_KEY, check_signature, network.rpc)

    engine = open_engine()

    def settle(data: bytes):
        ticket = engine.submit(data)
        assert engine.submit(data) == ticket, "the same bytes twice are one ticket"
        for _ in range(20):
            receipt = engine.receipt(ticket)
            if not isinstance(receipt, Pending):
                return receipt
            engine.advance()
        return receipt

    early = settle(seal("alpha", coin("c", 5), sequence=1))
    assert isinstance(early, Refused)
    assert early.problem.code == "ledger.key.unknown"
    for name in NAMES:
        assert isinstance(settle(certificate(name)), Proof)
    receipt = settle(seal("alpha", coin("c", 5), sequence=1))
    assert isinstance(receipt, Proof)
    data = next(e.entry.data for b in engine.blocks(receipt.height) for e in b.entries if e.leaf == receipt.leaf)
    assert compute_digest(data) == receipt.digest
    empty = settle(seal("beta", refused(), sequence=1))
    assert isinstance(empty, Refused)
    assert empty.problem.code == "toy.note.empty"
    assert engine.state.amount("coins", "c") == 5
    assert open_engine().state.app_hash() == engine.state.app_hash()

    class Lying:
        def __getattr__(self, name):
            return getattr(network.rpc, name)

        def app_hash(self, _):
            return bytes(32)

    with pytest.raises(DivergenceError, match="app hash of the network"):
        CometEngine(store, KINDS, Clock(), LOG_KEY, check_signature, Lying())
