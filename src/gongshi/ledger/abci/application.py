"""What each call of ABCI 2.0 means to the state machine (CometBFT v0.38, spec/abci, "Methods" and "Expected behaviour").

FinalizeBlock computes and writes nothing durable; Commit is the store's one transaction; Info says what is durable and nothing else. So
after a crash at any place CometBFT finds out by Info which block to send again, and the same block gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from gongshi.ledger.abci import messages_pb2 as pb
from gongshi.ledger.abci.clock import to_instant
from gongshi.ledger.abci.framing import encode_varint
from gongshi.ledger.codec import decode_entry
from gongshi.ledger.log import LogIndex
from gongshi.ledger.ports import Store
from gongshi.ledger.records import Block, Genesis, Result, Verify
from gongshi.ledger.recovery import recover
from gongshi.ledger.rules import Applied, Kinds, apply
from gongshi.ledger.state import MEMBERS, State, encode_genesis
from gongshi.terms.canonical import encode_cbor
from gongshi.terms.digest import compute_digest
from gongshi.terms.problem import Problem
from gongshi_verifier.suites import ED25519

CODESPACE = "gongshi"
APP_VERSION = 1
REFUSED = 1  # the code of a refused transaction; its problem's own code is in `log`
NOT_FOUND = 2
MESSAGE_OVERHEAD = 1 << 20  # of a request: votes, evidence and framing beside the block's transactions


class OtherChainError(Exception):
    """The node was founded with another chain's name, genesis or first height than this store."""


def genesis_mark(genesis: Genesis) -> str:
    """Give what a node's genesis carries as `app_state`, a JSON text: the SHA-256 of our genesis document, in hexadecimal."""
    return compute_digest(encode_genesis(genesis)).hex()


class Application:
    """One replica. Calls come one at a time, except `check_tx` and `query`, which read an immutable state beside them.

    What a call raises is our own error or the machine's (memory, disk): the server answers it with one exception and ends the process,
    for a replica that made a result of it would differ from the others.
    """

    def __init__(self, store: Store, kinds: Kinds, verify: Verify) -> None:
        """Open the store; every hash in it is derived again (`recover`: DivergenceError)."""
        self._store, self._kinds = store, kinds
        self._checks = verify if isinstance(verify, Mapping) else {ED25519: verify}
        self._genesis = store.genesis()
        self._state = recover(self._genesis, store.read_blocks(1), store.rows(), LogIndex())
        self._finalized: tuple[Block, Applied] | None = None
        self._methods: Mapping[str, Callable[..., object]] = {
            "echo": lambda request: pb.ResponseEcho(message=request.message),
            "flush": lambda _: pb.Empty(),
            "info": self.info,
            "init_chain": self.init_chain,
            "query": self.query,
            "check_tx": self.check_tx,
            "commit": self.commit,
            "list_snapshots": lambda _: pb.ResponseListSnapshots(),
            "offer_snapshot": lambda _: pb.ResponseOfferSnapshot(result=pb.SNAPSHOT_ABORT),
            "load_snapshot_chunk": lambda _: pb.ResponseLoadSnapshotChunk(),
            "apply_snapshot_chunk": lambda _: pb.ResponseApplySnapshotChunk(result=pb.SNAPSHOT_ABORT),
            "prepare_proposal": self.prepare_proposal,
            "process_proposal": self.process_proposal,
            "extend_vote": lambda _: pb.ResponseExtendVote(),
            "verify_vote_extension": lambda _: pb.ResponseVerifyVoteExtension(status=pb.VERDICT_ACCEPT),
            "finalize_block": self.finalize_block,
        }

    @property
    def state(self) -> State:
        """Give the last committed state, an immutable value."""
        return self._state

    @property
    def message_bytes_max(self) -> int:
        """Give the longest request in bytes that can be meant: two blocks' worth of entries, and what travels beside them."""
        return 2 * int(self._state.params["block_bytes_max"]) + MESSAGE_OVERHEAD

    def answer(self, request: pb.Request) -> pb.Response:
        """Give the answer to a request, of the type that was asked."""
        name = request.WhichOneof("value")
        assert name is not None, "a request that this version of ABCI does not know"
        response = pb.Response()
        field = getattr(response, name)
        field.CopyFrom(self._methods[name](getattr(request, name)))
        field.SetInParent()  # a message without a set field would leave the oneof empty
        return response

    def info(self, _: pb.RequestInfo) -> pb.ResponseInfo:
        """Say what is durable. A block that was finalized and not committed is not."""
        state = self._state  # once: it may be asked beside a commit
        hashed = state.app_hash() if state.height else b""
        return pb.ResponseInfo(
            data=state.chain, app_version=APP_VERSION, last_block_height=state.height, last_block_app_hash=hashed
        )

    def init_chain(self, request: pb.RequestInitChain) -> pb.ResponseInitChain:
        """Check that the node was founded for this store; may come again until the first commit."""
        mark = f'"{genesis_mark(self._genesis)}"'.encode()
        found = (request.chain_id, request.app_state_bytes.strip(), request.initial_height, self._state.height)
        if found != (self._state.chain, mark, 1, 0):
            raise OtherChainError(repr(found))
        return pb.ResponseInitChain(app_hash=self._state.app_hash())

    def check_tx(self, request: pb.RequestCheckTx) -> pb.TxResult:
        """Keep out what no member signed for this chain. All else is judged in the block, where what came before it is known."""
        problem = self._gate(request.tx)
        return pb.TxResult() if problem is None else _refuse(problem)

    def prepare_proposal(self, request: pb.RequestPrepareProposal) -> pb.ResponsePrepareProposal:
        """Propose what fits, in the order offered: `max_tx_bytes` counts with protobuf's overhead, the chain's own limit without."""
        listed, room, limit = [], request.max_tx_bytes, self._state.params["block_bytes_max"]
        for data in request.txs:
            room -= 1 + len(encode_varint(len(data))) + len(data)
            limit -= len(data)
            if room < 0 or limit < 0:
                break
            listed.append(data)
        return pb.ResponsePrepareProposal(txs=listed)

    def process_proposal(self, request: pb.RequestProcessProposal) -> pb.ResponseProcessProposal:
        """Accept; reject only a block above the chain's limit. Both depend on nothing but (state, block)."""
        fits = sum(map(len, request.txs)) <= self._state.params["block_bytes_max"]
        return pb.ResponseProcessProposal(status=pb.VERDICT_ACCEPT if fits else pb.VERDICT_REJECT)

    def finalize_block(self, request: pb.RequestFinalizeBlock) -> pb.ResponseFinalizeBlock:
        """Judge the block that follows the last committed one; may come again with the same or another block of that height."""
        assert request.height == self._state.height + 1, (request.height, self._state.height)
        time = to_instant(request.time, self._state.time)
        block = Block(request.height, time, tuple(request.txs), request.proposer_address.hex())
        applied = apply(self._state, block, self._kinds, self._checks)
        self._finalized = block, applied
        return pb.ResponseFinalizeBlock(
            tx_results=_tell(applied.results, len(request.txs)), app_hash=applied.state.app_hash()
        )

    def commit(self, _: pb.Empty) -> pb.ResponseCommit:
        """Keep the finalized block in one durable transaction."""
        assert self._finalized is not None, "Commit without FinalizeBlock"
        block, applied = self._finalized
        self._store.commit(block, applied)
        self._state, self._finalized = applied.state, None
        return pb.ResponseCommit()

    def query(self, request: pb.RequestQuery) -> pb.ResponseQuery:
        """Give a value of the last committed state as canonical CBOR: path `/state/<namespace>`, data the key in UTF-8.

        `/p2p/filter/…` asks whether a peer may connect and is answered by yes: members are admitted by their node's own configuration.
        """
        state = self._state
        if request.path.startswith("/p2p/filter/"):
            return pb.ResponseQuery(height=state.height)
        namespace = request.path.removeprefix("/state/")
        key = request.data.decode(errors="replace")
        leaf = state.trees[namespace].get(key) if namespace in state.trees else None
        if leaf is None:
            return pb.ResponseQuery(code=NOT_FOUND, codespace=CODESPACE, key=request.data, height=state.height)
        return pb.ResponseQuery(key=request.data, value=leaf.value, height=state.height)

    def _gate(self, data: bytes) -> Problem | None:
        state = self._state
        entry = decode_entry(data, state.params["entry_bytes_max"])
        if isinstance(entry, Problem):
            return entry
        where = entry.digest.hex()[:16]
        if entry.chain != state.chain:
            return Problem("ledger.entry.other_chain", where, {"chain": entry.chain})
        key = state.get(MEMBERS, f"key/{entry.key_id.hex()}")
        if key is None:
            return Problem("ledger.key.unknown", where, {"key": entry.key_id.hex()})
        certified = key.get("suite", ED25519)
        if entry.suite != certified:
            return Problem("ledger.entry.suite", where, {"suite": entry.suite, "certified": certified})
        if not self._checks[certified](key["public"], entry.signed, entry.signature):
            return Problem("ledger.entry.signature", where, {"organisation": key["org"]})
        return None


def _tell(results: Iterable[Result], expected: int) -> list[pb.TxResult]:
    """Give one result per transaction. `code` and `data` enter CometBFT's hash of results, `log` does not."""
    listed = [pb.TxResult() if result.problem is None else _refuse(result.problem, told=False) for result in results]
    assert len(listed) == expected, "one result per transaction"
    return listed


def _refuse(problem: Problem, *, told: bool = True) -> pb.TxResult:
    """Give a refusal; where it is told to the submitter, `data` carries the problem as CBOR [code, where, values]."""
    data = encode_cbor([problem.code, problem.where, dict(problem.values)]) if told else b""
    return pb.TxResult(code=REFUSED, data=data, log=problem.code, codespace=CODESPACE)
