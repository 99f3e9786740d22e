"""One node on one store: accounts, signed transactions, blocks, queries and proofs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import rlp
from eth.db.atomic import AtomicDB
from eth.exceptions import HeaderNotFound, PyEVMError, TransactionNotFound
from eth.vm.spoof import SpoofTransaction
from eth_hash.auto import keccak
from eth_utils import ValidationError
from trie import HexaryTrie

from gongshi.lab.adapters.evm import chain as rules
from gongshi.lab.adapters.evm.reader import make_path
from gongshi.lab.adapters.evm.store import FileDB, Flips

CURVE_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
TIERS = {1: (5_000_000, 50_000_000), 2: (500_000, 2_000_000), 3: (200_000, 1_000_000)}
ETHER = 10**18
TRANSFER_GAS, BATCH_GAS, DEPLOY_GAS = 200_000, 3_000_000, 8_000_000
LOAD_BLOCK = 100
UNREADABLE = (rlp.exceptions.RLPException, PyEVMError, ValidationError, ValueError, TypeError, IndexError)
TRANSFER_TOPIC = keccak(b"Transfer(address,address,uint256)")
ISSUE_TOPIC = keccak(b"Issue(address,uint256)")


class NotThereError(Exception):
    """What was asked for is not in the chain."""


class Node:
    """A chain of its own in `folder`; blocks are made by the call, one second apart by their time stamps."""

    def __init__(self, folder: Path, contract: rules.Contract, seed: int) -> None:
        self.path = folder / "chain.sqlite"
        self.contract = contract
        self.seed = seed
        self.keys: dict[str, Any] = {}
        self.flips: Flips | None = None
        self.store = FileDB(self.path)
        self.chain = rules.Chain.from_genesis(AtomicDB(self.store), rules.GENESIS, rules.genesis_state(seed))
        self.issuer = self._add_key("issuer")
        self._deploy()

    def _add_key(self, name: str) -> str:
        key = rules.make_key(self.seed, name)
        address = key.public_key.to_canonical_address().hex()
        self.keys[address] = key
        return str(address)

    def _deploy(self) -> None:
        made = [self._sign(self.issuer, b"", self.contract.code, gas=DEPLOY_GAS)]
        self.currency = keccak(rlp.encode([bytes.fromhex(self.issuer), 0]))[-20:]
        for place, (tier, limits) in enumerate(TIERS.items()):
            data = self.contract.call("set_limits", tier, *limits)
            made.append(self._sign(self.issuer, self.currency, data, ahead=place + 1))
        assert all(receipt.state_root == b"\x01" for receipt in self._mine(made)[0])

    # -- what changes the chain

    def create_account(self, name: str, tier: int) -> str:
        """Give the address of a new wallet that has ether to transact with."""
        address = self._add_key(name)
        data = self.contract.call("open_wallet", bytes.fromhex(address), tier)
        fund = self._sign(self.issuer, bytes.fromhex(address), b"", value=1_000 * ETHER)
        receipts, computations = self._mine([fund, self._sign(self.issuer, self.currency, data, ahead=1)])
        assert receipts[1].state_root == b"\x01", computations[1].output
        return address

    def prepare(self, payer: str, legs: Sequence[Sequence[Any]], tamper: str) -> bytes:
        """Sign a payment of one leg, or a batch of several; `tamper` spoils it as the port says."""
        data = self._payment(legs)
        gas = TRANSFER_GAS if len(legs) == 1 else BATCH_GAS
        signer = self.keys[payer] if tamper != "sender" else rules.make_key(self.seed, "nobody")
        made = self._sign(payer, self.currency, data, gas=gas, ahead=-1 if tamper == "nonce" else 0, signer=signer)
        return bytes(self._spoil(made, legs, tamper).encode())

    def _payment(self, legs: Sequence[Sequence[Any]]) -> bytes:
        payees, amounts = [bytes.fromhex(leg[0]) for leg in legs], [leg[1] for leg in legs]
        if len(legs) == 1:
            return self.contract.call("transfer", payees[0], amounts[0])
        return self.contract.call("transfer_batch", payees, amounts)

    def _spoil(self, made: Any, legs: Sequence[Sequence[Any]], tamper: str) -> Any:
        if tamper == "signature":
            return made.copy(s=made.s ^ 1)
        if tamper == "payload":
            return made.copy(data=self._payment([[legs[0][0], legs[0][1] + 1]]))
        if tamper == "malleable":
            return made.copy(s=CURVE_ORDER - made.s, v=_other_parity(made.v))
        return made

    def issue(self, payee: str, amount: int, by: str | None) -> bytes:
        """Sign an issue."""
        data = self.contract.call("issue", bytes.fromhex(payee), amount)
        return bytes(self._sign(by or self.issuer, self.currency, data).encode())

    def submit(self, data: bytes) -> dict[str, Any]:
        """Decode, let py-evm judge and execute, and give the result in the lab's words."""
        builder = self.chain.get_vm_class_for_block_number(0).get_transaction_builder()
        try:
            made = builder.decode(data)
        except UNREADABLE as error:
            return _refused("malformed", str(error))
        if self._is_known(made.hash):
            return _refused("replay", "already in the chain")
        try:
            made.validate()
            receipts, computations = self._mine([made])
        except ValidationError as error:
            return _refused(rules.name_refusal(self.chain, made, error), str(error))
        if receipts[0].state_root != b"\x01":
            word = rules.read_revert(computations[0].output)
            return _refused(word if word in rules.REVERTS else "other", word)
        return {"accepted": True, "transaction": made.hash.hex(), "height": self.height()}

    def _sign(
        self,
        payer: str,
        to: bytes,
        data: bytes,
        *,
        gas: int = TRANSFER_GAS,
        value: int = 0,
        ahead: int = 0,
        signer: Any = None,
    ) -> Any:
        nonce = self.chain.get_vm().state.get_nonce(bytes.fromhex(payer)) + ahead
        builder = self.chain.get_vm_class_for_block_number(0).get_transaction_builder()
        unsigned = builder.create_unsigned_transaction(
            nonce=nonce, gas_price=rules.GAS_PRICE, gas=gas, to=to, value=value, data=data
        )
        return unsigned.as_signed_transaction(signer or self.keys[payer], chain_id=rules.CHAIN_ID)

    def _mine(self, transactions: Sequence[Any]) -> tuple[Any, Any]:
        self.chain.set_header_timestamp(rules.GENESIS_TIME + self.height() + 1)
        _, receipts, computations = self.chain.mine_all(transactions)
        self.store.commit()
        return receipts, computations

    # -- what only looks

    def call(self, method: str, *values: Any) -> int:
        """Call a view of the contract at the head."""
        builder = self.chain.get_vm_class_for_block_number(0).get_transaction_builder()
        caller = bytes.fromhex(self.issuer)
        unsigned = builder.create_unsigned_transaction(
            nonce=self.chain.get_vm().state.get_nonce(caller),
            gas_price=rules.GAS_PRICE,
            gas=TRANSFER_GAS,
            to=self.currency,
            value=0,
            data=self.contract.call(method, *values),
        )
        spoof = SpoofTransaction(unsigned, from_=caller)
        return int.from_bytes(self.chain.get_transaction_result(spoof, self.chain.get_canonical_head()), "big")

    def state_root(self) -> bytes:
        """Give the root of the contract's own storage: ether and nonces are not the application's state."""
        trie = HexaryTrie(self.chain.chaindb.db, self.chain.get_canonical_head().state_root)
        return bytes(rlp.decode(trie[keccak(self.currency)])[2])

    def height(self) -> int:
        """Give the height of the head."""
        return int(self.chain.get_canonical_head().block_number)

    def block(self, height: int) -> dict[str, Any]:
        """Give header and transactions as bytes; NotThereError when there is none."""
        try:
            found = self.chain.get_canonical_block_by_number(height)
        except HeaderNotFound as error:
            raise NotThereError(height) from error
        return {"header": rlp.encode(found.header), "transactions": [made.encode() for made in found.transactions]}

    def find(self, transaction: bytes) -> dict[str, Any]:
        """Give where a transaction stands, and its bytes; NotThereError when it does not."""
        try:
            height, index = self.chain.get_canonical_transaction_index(transaction)
        except TransactionNotFound as error:
            raise NotThereError(transaction.hex()) from error
        return {"height": height, "index": index, "data": self.block(height)["transactions"][index]}

    def prove(self, transaction: bytes) -> dict[str, Any]:
        """Give leaf, path and header of a transaction."""
        found = self.find(transaction)
        block = self.block(found["height"])
        return {
            "leaf": found["data"],
            "path": make_path(block["transactions"], found["index"]),
            "header": block["header"],
        }

    def history(self, address: str) -> list[list[Any]]:
        """Read an account's movements from the events in the receipts of every block."""
        lines = []
        for height in range(1, self.height() + 1):
            block = self.chain.get_canonical_block_by_number(height)
            for made, receipt in zip(block.transactions, block.get_receipts(self.chain.chaindb), strict=True):
                amounts = [amount for log in receipt.logs for amount in _amounts(log, address)]
                lines += [[made.hash.hex(), height, amount] for amount in amounts]
        return lines

    def _is_known(self, transaction: bytes) -> bool:
        try:
            self.chain.get_canonical_transaction_index(transaction)
        except TransactionNotFound:
            return False
        return True

    # -- the load

    def prepare_load(self, payments: int) -> list[bytes]:
        """Sign payments of one unit between two wallets of the first tier; give their bytes."""
        if not hasattr(self, "pair"):
            self.pair = self.create_account("payer", 1), self.create_account("payee", 1)
            assert self.submit(self.issue(self.pair[0], TIERS[1][0], None))["accepted"]
        data = self._payment([[self.pair[1], 1]])
        return [self._sign(self.pair[0], self.currency, data, ahead=place).encode() for place in range(payments)]

    def commit_load(self, data: Sequence[bytes]) -> int:
        """Decode them, recover their senders and execute them in blocks of a hundred; give how many succeeded."""
        builder = self.chain.get_vm_class_for_block_number(0).get_transaction_builder()
        load, succeeded = [builder.decode(made) for made in data], 0
        for start in range(0, len(load), LOAD_BLOCK):
            receipts, _ = self._mine(load[start : start + LOAD_BLOCK])
            succeeded += sum(receipt.state_root == b"\x01" for receipt in receipts)
        return succeeded


def _other_parity(v: int) -> int:
    return v + 1 if v % 2 else v - 1


def _refused(code: str, detail: str) -> dict[str, Any]:
    return {"accepted": False, "code": code, "detail": detail[:200]}


def _amounts(log: Any, address: str) -> list[int]:
    topics, amount = list(log.topics), int.from_bytes(log.data, "big")
    whose = int(address, 16)
    if topics[0] == int.from_bytes(ISSUE_TOPIC, "big"):
        return [amount] if topics[1] == whose else []
    assert topics[0] == int.from_bytes(TRANSFER_TOPIC, "big")
    return [-amount] * (topics[1] == whose) + [amount] * (topics[2] == whose)
