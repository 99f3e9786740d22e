"""A driver that plays CometBFT: any call sequence of the ABCI grammar, with crashes between any two calls, on two replicas."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongshi.ledger.abci import messages_pb2 as pb
from gongshi.ledger.abci.application import Application, OtherChainError, genesis_mark
from gongshi.ledger.abci.clock import to_instant
from gongshi.ledger.adapters.sqlite_store import SqliteStore
from gongshi.ledger.audit import audit
from gongshi.ledger.engines.embedded import EmbeddedEngine
from gongshi.ledger.records import Block
from gongshi.ledger.rules import apply
from gongshi.ledger.state import found_state
from gongshi.terms.canonical import decode_cbor
from gongshi_verifier.ed25519 import check_signature
from tests.ledger.worlds import BEGIN, CHAIN, KINDS, LOG_KEY, NAMES, certificate, coin, genesis, note, refused, seal

CERTIFICATES = [certificate(name, until=90) for name in NAMES]
POOL = [
    *CERTIFICATES,
    *(seal("alpha", coin("c", number), sequence=number, until=90) for number in range(1, 5)),
    *(seal("beta", note("n", number), coin("c", 1), sequence=number, until=90) for number in range(1, 5)),
    seal("beta", refused(), sequence=7, until=90),
    b"no entry",
]
CALLS = ("prepare", "process", "finalize", "again", "commit")
STEP = st.tuples(
    st.lists(st.sampled_from(POOL), max_size=4),
    st.sampled_from([0, 1, 999_999, 1_000_000, 2_000_000_000]),  # how many ns a block comes after the one before
    st.frozensets(st.tuples(st.integers(0, 1), st.sampled_from(CALLS)), max_size=3),
)


def ask(application: Application, name: str, message: object) -> object:
    """Ask over the bytes that would be on the socket."""
    request = pb.Request()
    getattr(request, name).CopyFrom(message)
    getattr(request, name).SetInParent()
    response = pb.Response.FromString(
        application.answer(pb.Request.FromString(request.SerializeToString())).SerializeToString()
    )
    assert response.WhichOneof("value") == name
    return getattr(response, name)


def timestamp(nanoseconds: int) -> pb.Timestamp:
    return pb.Timestamp(seconds=nanoseconds // 10**9, nanos=nanoseconds % 10**9)


@dataclass
class Replica:
    """An application and what its node remembers of it: the decided blocks and the answers to them."""

    path: Path
    blocks: list[pb.RequestFinalizeBlock]
    answers: dict[int, bytes] = field(default_factory=dict)

    def open(self, *, found: bool = False) -> Replica:
        self.store = SqliteStore(self.path)
        if found:
            self.store.found(genesis())
        self.application = Application(self.store, KINDS, check_signature)
        self.handshake()
        return self

    def crash(self) -> None:
        self.store.close()
        self.open()

    def handshake(self) -> None:
        info = ask(self.application, "info", pb.RequestInfo())
        if info.last_block_height == 0:
            ask(self.application, "init_chain", founding())
        else:
            answer = pb.ResponseFinalizeBlock.FromString(self.answers[info.last_block_height])
            assert answer.app_hash == info.last_block_app_hash
        for block in self.blocks[info.last_block_height :]:
            self.finalize(block)
            ask(self.application, "commit", pb.Empty())

    def finalize(self, block: pb.RequestFinalizeBlock) -> None:
        answer = ask(self.application, "finalize_block", block).SerializeToString()
        assert self.answers.setdefault(block.height, answer) == answer, "the same block gives the same bytes"

    def height(self) -> int:
        return ask(self.application, "info", pb.RequestInfo()).last_block_height


def founding(**changes: object) -> pb.RequestInitChain:
    mark = f'"{genesis_mark(genesis())}"'.encode()
    return pb.RequestInitChain(**{"chain_id": CHAIN, "app_state_bytes": mark, "initial_height": 1, **changes})


def drive(replicas: list[Replica], blocks: list[pb.RequestFinalizeBlock], step: tuple, now: int) -> None:
    """Take one height through its calls on both replicas; a crash comes right after the call that it names."""
    txs, _, crashes = step

    def then(call: str) -> None:
        for number, replica in enumerate(replicas):
            if (number, call) in crashes:
                replica.crash()

    height = len(blocks) + 1
    offered = pb.RequestPrepareProposal(max_tx_bytes=1 << 20, txs=txs, height=height, time=timestamp(now))
    chosen = ask(replicas[height % 2].application, "prepare_proposal", offered).txs
    then("prepare")
    for replica in replicas:
        proposal = pb.RequestProcessProposal(txs=chosen, height=height, time=timestamp(now))
        assert ask(replica.application, "process_proposal", proposal).status == pb.VERDICT_ACCEPT
    then("process")
    block = pb.RequestFinalizeBlock(txs=chosen, height=height, time=timestamp(now))
    for replica in replicas:
        replica.finalize(block)
        assert replica.height() == height - 1, "FinalizeBlock writes nothing durable"
    blocks.append(block)  # CometBFT stores a block before it finalizes it; a crash from here on replays it
    then("finalize")
    for number, replica in enumerate(replicas):
        if replica.height() < height:
            if (number, "again") in crashes:
                replica.finalize(block)
            ask(replica.application, "commit", pb.Empty())
        assert replica.height() == height
    then("commit")


@settings(max_examples=25, deadline=None)
@given(st.lists(STEP, max_size=8))
def test_replicas_agree_with_the_bare_machine_whatever_crashes(steps):
    with tempfile.TemporaryDirectory() as folder:
        blocks: list[pb.RequestFinalizeBlock] = []
        replicas = [Replica(Path(folder) / f"{n}.sqlite", blocks).open(found=True) for n in range(2)]
        state, now = found_state(genesis()), BEGIN * 1_000_000
        for step in [(CERTIFICATES, 10**9, frozenset()), *steps]:
            now += step[1]
            drive(replicas, blocks, step, now)
            before = state
            time = to_instant(blocks[-1].time, state.time)
            applied = apply(state, Block(len(blocks), time, tuple(blocks[-1].txs)), KINDS, check_signature)
            state = applied.state
            for replica in replicas:
                info = ask(replica.application, "info", pb.RequestInfo())
                assert (info.last_block_height, info.last_block_app_hash) == (len(blocks), state.app_hash())
                answer = pb.ResponseFinalizeBlock.FromString(replica.answers[len(blocks)])
                assert [result.code for result in answer.tx_results] == [
                    int(r.problem is not None) for r in applied.results
                ]
            if not applied.leaves:
                assert state.app_hash() == before.app_hash(), "a block without an accepted entry moves nothing"
        for replica in replicas:
            assert audit(replica.store, KINDS, check_signature).app_hash == state.app_hash()
            replica.store.close()


@pytest.fixture
def replica(tmp_path):
    return Replica(tmp_path / "ledger.sqlite", []).open(found=True)


def block_of(*txs: bytes, height: int = 1, second: int = 1) -> pb.RequestFinalizeBlock:
    return pb.RequestFinalizeBlock(txs=txs, height=height, time=timestamp((BEGIN // 1000 + second) * 10**9))


def test_the_embedded_engine_comes_to_the_same_hash(replica, tmp_path):
    times = iter(BEGIN // 1000 * 1000 + second * 1000 for second in range(1, 9))

    class Clock:
        def now(self):
            return next(times)

    store = SqliteStore(tmp_path / "embedded.sqlite")
    store.found(genesis())
    engine = EmbeddedEngine(store, KINDS, Clock(), LOG_KEY, check_signature)
    for height, txs in enumerate([CERTIFICATES, POOL[2:5], POOL[5:]], 1):
        replica.finalize(block_of(*txs, height=height, second=height))
        ask(replica.application, "commit", pb.Empty())
        for data in txs:
            engine.submit(data)
        engine.advance()
        assert replica.application.state.app_hash() == engine.state.app_hash()


def test_another_height_or_a_commit_of_nothing_is_our_own_error(replica):
    with pytest.raises(AssertionError, match="Commit without"):
        ask(replica.application, "commit", pb.Empty())
    for height in (0, 2):
        with pytest.raises(AssertionError):
            ask(replica.application, "finalize_block", block_of(height=height))
    ask(replica.application, "finalize_block", block_of())
    ask(replica.application, "commit", pb.Empty())
    with pytest.raises(AssertionError):
        ask(replica.application, "finalize_block", block_of())


def test_a_block_that_is_finalized_twice_counts_once_and_the_last_one_counts(replica):
    ask(replica.application, "finalize_block", block_of(b"x"))
    answer = ask(replica.application, "finalize_block", block_of(*CERTIFICATES))
    ask(replica.application, "commit", pb.Empty())
    assert ask(replica.application, "info", pb.RequestInfo()).last_block_app_hash == answer.app_hash
    assert replica.application.state.log.size == 3


@pytest.mark.parametrize("change", [{"chain_id": "other"}, {"app_state_bytes": b'""'}, {"initial_height": 5}])
def test_a_node_founded_otherwise_is_refused(replica, change):
    with pytest.raises(OtherChainError):
        ask(replica.application, "init_chain", founding(**change))


def test_proposals_keep_to_both_limits(replica):
    txs = [bytes(127), bytes(128), bytes(1000)]
    sizes = [2 + 127, 3 + 128, 3 + 1000]  # a tag, the length as a varint, the bytes
    for count in range(4):
        for short in (0, 1):
            room = sum(sizes[:count]) - short
            offered = pb.RequestPrepareProposal(max_tx_bytes=room, txs=txs)
            assert len(ask(replica.application, "prepare_proposal", offered).txs) == max(count - short, 0)
    limit = genesis().params["block_bytes_max"]
    big = [bytes(limit // 2), bytes(limit // 2), b"x"]
    offered = pb.RequestPrepareProposal(max_tx_bytes=1 << 30, txs=big)
    chosen = ask(replica.application, "prepare_proposal", offered).txs
    assert len(chosen) == 2
    for proposal, status in ((chosen, pb.VERDICT_ACCEPT), (big, pb.VERDICT_REJECT)):
        asked = pb.RequestProcessProposal(txs=proposal)
        assert ask(replica.application, "process_proposal", asked).status == status


def test_the_mempool_takes_what_a_member_signed_for_this_chain(replica):
    def check(data: bytes) -> str:
        return ask(replica.application, "check_tx", pb.RequestCheckTx(tx=data)).log

    early = seal("alpha", coin("c", 1), sequence=1)
    assert check(early) == "ledger.key.unknown"
    ask(replica.application, "finalize_block", block_of(*CERTIFICATES))
    ask(replica.application, "commit", pb.Empty())
    assert check(early) == ""
    assert check(early[:-1] + bytes([early[-1] ^ 1])) == "ledger.entry.signature"
    assert check(seal("alpha", coin("c", 1), sequence=1, chain="other")) == "ledger.entry.other_chain"
    refusal = ask(replica.application, "check_tx", pb.RequestCheckTx(tx=b"no entry"))
    assert decode_cbor(refusal.data)[0] == refusal.log == "ledger.bytes.length"


def test_queries_read_the_committed_state(replica):
    def query(path: str, key: bytes):
        return ask(replica.application, "query", pb.RequestQuery(path=path, data=key))

    assert decode_cbor(query("/state/members", b"org/alpha").value)["kind"] == "bank"
    assert [query(*asked).code for asked in (("/state/members", b"org/x"), ("/state/x", b"x"), ("/x", b"\xff"))] == [
        2
    ] * 3
    assert query("/p2p/filter/id/x", b"").code == 0


def test_snapshots_and_vote_extensions_are_answered_empty(replica):
    application = replica.application
    assert not ask(application, "list_snapshots", pb.Empty()).snapshots
    assert ask(application, "offer_snapshot", pb.RequestOfferSnapshot()).result == pb.SNAPSHOT_ABORT
    assert not ask(application, "load_snapshot_chunk", pb.RequestLoadSnapshotChunk()).chunk
    assert ask(application, "apply_snapshot_chunk", pb.RequestApplySnapshotChunk()).result == pb.SNAPSHOT_ABORT
    assert not ask(application, "extend_vote", pb.RequestExtendVote()).vote_extension
    asked = pb.RequestVerifyVoteExtension()
    assert ask(application, "verify_vote_extension", asked).status == pb.VERDICT_ACCEPT


@given(st.integers(0, 2**33), st.integers(0, 10**9 - 1), st.integers(0, 2**43))
def test_block_time_rises_and_is_the_timestamp_where_it_can_be(seconds, nanos, last):
    time = to_instant(pb.Timestamp(seconds=seconds, nanos=nanos), last)
    cut = (seconds * 10**9 + nanos) // 10**6
    assert time == cut if cut > last else time == last + 1
