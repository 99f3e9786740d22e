"""The chain that is tested: py-evm with the rules of Cancun, its genesis, and what it refuses in words of the lab."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import vyper
from eth.chains.base import MiningChain
from eth.vm.forks import CancunVM
from eth_abi import decode, encode
from eth_keys import keys
from eth_utils import ValidationError
from vyper.compiler.settings import Settings

CHAIN_ID = 2016
GENESIS_TIME = 1_451_606_400
GAS_LIMIT = 30_000_000
GAS_PRICE = 100 * 10**9
GENESIS = {
    "coinbase": b"\x00" * 20,
    "difficulty": 0,
    "gas_limit": GAS_LIMIT,
    "timestamp": GENESIS_TIME,
    "nonce": b"\x00" * 8,
    "extra_data": b"",
    "base_fee_per_gas": 10**9,
}
REVERTS = {"issuer", "limit", "balance"}


class Chain(MiningChain):
    """One fork from genesis on."""

    chain_id = CHAIN_ID
    vm_configuration = ((0, CancunVM),)


def make_key(seed: int, name: str) -> Any:
    """Derive a signing key; the seed is the run's, so that a run can be repeated to the byte."""
    return keys.PrivateKey(hashlib.sha256(f"gongshi.lab.evm/{seed}/{name}".encode()).digest())


def genesis_state(seed: int) -> dict[bytes, Any]:
    """The issuer alone has ether at genesis."""
    issuer = make_key(seed, "issuer").public_key.to_canonical_address()
    return {issuer: {"balance": 10**30, "nonce": 0, "code": b"", "storage": {}}}


class Contract:
    """The digital currency, compiled by Vyper from its source."""

    def __init__(self, source: Path) -> None:
        compiled = vyper.compile_code(
            source.read_text(encoding="utf-8"),
            output_formats=["bytecode", "method_identifiers"],
            settings=Settings(evm_version="cancun"),
        )
        self.code = bytes.fromhex(compiled["bytecode"].removeprefix("0x"))
        self.selectors = {
            name.split("(")[0]: bytes.fromhex(found[2:].rjust(8, "0"))
            for name, found in compiled["method_identifiers"].items()
        }
        self.types = {name.split("(")[0]: name.split("(")[1][:-1] for name in compiled["method_identifiers"]}

    def call(self, method: str, *values: Any) -> bytes:
        """Encode a call."""
        types = [kind for kind in self.types[method].split(",") if kind]
        return self.selectors[method] + bytes(encode(types, values))


def read_revert(output: bytes) -> str:
    """Give the word of a revert, or what little the machine said."""
    if output[:4] == bytes.fromhex("08c379a0"):
        return str(decode(["string"], output[4:])[0])
    return output.hex() or "reverted"


def name_refusal(chain: Chain, transaction: Any, error: ValidationError) -> str:
    """Give the lab's word for why py-evm would not take a transaction; its own words are kept as the detail."""
    said = str(error).lower()
    if "signature" in said or said.startswith(("transaction.r", "transaction.s", "transaction.v")):
        return "signature"
    state = chain.get_vm().state
    if not state.account_exists(transaction.sender):
        return "sender"
    if state.get_nonce(transaction.sender) != transaction.nonce:
        return "nonce"
    return "balance" if "balance" in said or "afford" in said else "other"
