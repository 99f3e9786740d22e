"""Opens and audits a store: what py-evm itself notices when it starts, and what a full audit notices."""

from __future__ import annotations

from typing import Any

from eth.db.atomic import AtomicDB
from eth.db.backends.memory import MemoryDB
from eth_hash.auto import keccak

from gongshi.lab.adapters.evm import chain as rules
from gongshi.lab.adapters.evm.node import Node
from gongshi.lab.adapters.evm.store import FileDB

ACCEPTED = {"accepted": True}


def reopen(node: Node) -> dict[str, Any]:
    """Start py-evm on the store as any user of it would: open the chain, read its head and its head's state."""
    node.store.close()
    node.store = FileDB(node.path)
    try:
        node.chain = rules.Chain(AtomicDB(node.store))
        node.chain.get_vm().state.get_nonce(bytes.fromhex(node.issuer))
    except Exception as error:  # noqa: BLE001 - damaged bytes fail py-evm in any of its exceptions; each is a detection
        return _tampered(repr(error))
    return ACCEPTED


def audit(node: Node) -> dict[str, Any]:
    """Check every record: those keyed by a hash against it, the others against a second chain that runs all blocks again."""
    records = dict(node.store.records())
    for key, value in records.items():
        if len(key) == 32 and keccak(value) != key:
            return _tampered(f"record {key.hex()}")
    try:
        again = _run_again(node)
    except Exception as error:  # noqa: BLE001 - as above
        return _tampered(repr(error))
    return ACCEPTED if _indexes(records) == _indexes(again) else _tampered("index")


def _run_again(node: Node) -> dict[bytes, bytes]:
    memory = MemoryDB()
    fresh = rules.Chain.from_genesis(AtomicDB(memory), rules.GENESIS, rules.genesis_state(node.seed))
    stored = rules.Chain(AtomicDB(node.store))
    for height in range(1, stored.get_canonical_head().block_number + 1):
        fresh.import_block(stored.get_canonical_block_by_number(height))
    return dict(memory.kv_store)


def _indexes(records: dict[bytes, bytes]) -> dict[bytes, bytes]:
    return {key: value for key, value in records.items() if len(key) != 32}


def _tampered(detail: str) -> dict[str, Any]:
    return {"accepted": False, "code": "tampered", "detail": detail[:200]}
