"""The Ethereum virtual machine as a target: questions to a node process, answers in the nouns of the lab."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from gongshi.lab.ports import Tamper
from gongshi.lab.records import About, Account, Header, Limits, Mark, Movement, Proof, Result, StoredBlock
from gongshi.terms.text import Text

NAME = Text("以太坊虚拟机（py-evm，Vyper 合约）", "Ethereum virtual machine (py-evm, Vyper contract)")


class Wire(Protocol):
    """The way to the node."""

    def ask(self, verb: str, **values: Any) -> Any:
        """Give the answer to a question; KeyError when there is no such thing, LabError when the node failed."""
        ...


class EvmReader:
    """Reads Ethereum's bytes through the node's process, which is given the bytes and nothing else."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def read_header(self, header: bytes) -> Header:
        """Give what stands in a header; a ValueError when the bytes are none."""
        found = self._wire.ask("read_header", header=header.hex())
        if found is None:
            raise ValueError("no header")
        return Header(found["height"], *(bytes.fromhex(found[name]) for name in ("hash", "parent", "root", "hash")))

    def compute_root(self, chain: Sequence[StoredBlock]) -> bytes:
        """Give the root of the trie of the last block's transactions."""
        return bytes.fromhex(
            self._wire.ask("compute_root", transactions=[data.hex() for data in chain[-1].transactions])
        )

    def check_proof(self, proof: Proof, anchor: bytes) -> bool:
        """Check header, path and leaf."""
        parts = {"leaf": proof.leaf.hex(), "path": proof.path.hex(), "header": proof.header.hex()}
        return bool(self._wire.ask("check_proof", **parts, block_hash=anchor.hex()))


class EvmTarget:
    """One chain per `open`; the process behind the wire is the caller's to start and stop."""

    marks: Mapping[int, Mark] = {}

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        said = wire.ask("about")
        self._limits = {int(tier): Limits(*limits) for tier, limits in said["tiers"].items()}
        self.reader = EvmReader(wire)
        self.about = About(
            "evm", NAME, "evm", said["versions"], {"store": "sqlite", "consensus": "one node, no competition"}
        )

    def open(self, seed: int) -> None:
        """Begin an empty chain with the contract deployed."""
        self._wire.ask("open", seed=seed)

    def close(self) -> None:
        """End the chain."""
        self._wire.ask("close")

    def create_account(self, name: str, tier: int) -> Account:
        """Open a wallet that has ether to pay for its calls."""
        return Account(name, self._wire.ask("create_account", name=name, tier=tier), tier)

    def limits(self, tier: int) -> Limits:
        """Give what the contract was told at deployment."""
        return self._limits[tier]

    def issue(self, payee: Account, amount: int, by: Account | None = None) -> Result:
        """Call `issue`."""
        return _result(self._wire.ask("issue", payee=payee.address, amount=amount, by=by.address if by else None))

    def prepare(self, payer: Account, payee: Account, amount: int, tamper: Tamper = "none") -> bytes:
        """Sign a call of `transfer`."""
        return self._prepare(payer, [(payee, amount)], tamper)

    def prepare_batch(self, payer: Account, legs: Sequence[tuple[Account, int]]) -> bytes:
        """Sign a call of `transfer_batch`."""
        return self._prepare(payer, legs, "none")

    def _prepare(self, payer: Account, legs: Sequence[tuple[Account, int]], tamper: Tamper) -> bytes:
        told = [[payee.address, amount] for payee, amount in legs]
        return bytes.fromhex(self._wire.ask("prepare", payer=payer.address, legs=told, tamper=tamper))

    def submit(self, data: bytes) -> Result:
        """Send raw bytes; accepted means executed with status 1."""
        return _result(self._wire.ask("submit", data=data.hex()))

    def balance(self, account: Account) -> int:
        """Call `balance_of`."""
        return int(self._wire.ask("balance", address=account.address))

    def total_supply(self) -> int:
        """Call `total_supply`."""
        return int(self._wire.ask("total_supply"))

    def state_root(self) -> bytes:
        """Give the root of the contract's storage."""
        return bytes.fromhex(self._wire.ask("state_root"))

    def height(self) -> int:
        """Give the head's number."""
        return int(self._wire.ask("height"))

    def block(self, height: int) -> StoredBlock:
        """Give the RLP of header and transactions."""
        found = self._wire.ask("block", height=height)
        return StoredBlock(bytes.fromhex(found["header"]), tuple(bytes.fromhex(data) for data in found["transactions"]))

    def find(self, transaction: str) -> tuple[int, bytes]:
        """Ask the chain's index."""
        found = self._wire.ask("find", transaction=transaction)
        return found["height"], bytes.fromhex(found["data"])

    def history(self, account: Account) -> tuple[Movement, ...]:
        """Read the events."""
        return tuple(Movement(*line) for line in self._wire.ask("history", address=account.address))

    def prove(self, transaction: str) -> Proof:
        """Give the way through the trie of transactions. It shows inclusion; success stands in the receipt."""
        found = self._wire.ask("prove", transaction=transaction)
        return Proof(*(bytes.fromhex(found[name]) for name in ("leaf", "path", "header")))

    def stored_size_bytes(self) -> int:
        """Count keys and values."""
        return int(self._wire.ask("stored_size_bytes"))

    def flip_stored_byte(self, position: int) -> None:
        """Invert a byte of a key or a value."""
        self._wire.ask("flip_stored_byte", position=position)

    def reopen(self) -> Result:
        """Open py-evm on its store."""
        return _result(self._wire.ask("reopen"))

    def audit(self) -> Result:
        """Check every record."""
        return _result(self._wire.ask("audit"))

    def prepare_load(self, payments: int) -> object:
        """Sign a load; it stays on the node's side."""
        return self._wire.ask("prepare_load", payments=payments)

    def commit_load(self, load: object) -> int:
        """Execute a load in blocks of a hundred."""
        return int(self._wire.ask("commit_load", load=load))


def _result(answer: dict[str, Any]) -> Result:
    return Result(**answer)
