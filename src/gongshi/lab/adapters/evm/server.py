"""Answers the lab's questions about one node: a JSON object a line on standard input, one a line on standard output.

Bytes travel as hex. `{"ok": …}` is an answer, `{"missing": true}` is "there is none", `{"error": …}` is a failure.
"""

from __future__ import annotations

import json
import platform
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from gongshi.lab.adapters.evm import audit, reader
from gongshi.lab.adapters.evm.chain import Contract
from gongshi.lab.adapters.evm.node import TIERS, Node, NotThereError
from gongshi.lab.adapters.evm.store import Flips

PACKAGES = ("py-evm", "vyper", "trie", "eth-keys", "coincurve")


class Server:
    """Holds at most one node, in a folder that goes with it."""

    def __init__(self, source: Path) -> None:
        self.contract = Contract(source)
        self.folder: tempfile.TemporaryDirectory[str] | None = None
        self.loads: list[list[bytes]] = []

    def about(self) -> dict[str, Any]:
        """Name the versions that a result depends on, and the limits that the contract was given."""
        versions = {package: version(package) for package in PACKAGES}
        return {"versions": {**versions, "python": platform.python_version(), "fork": "cancun"}, "tiers": TIERS}

    def open(self, seed: int) -> None:
        """Begin an empty chain."""
        self.close()
        self.folder = tempfile.TemporaryDirectory(prefix="gongshi-evm-")
        self.node = Node(Path(self.folder.name), self.contract, seed)

    def close(self) -> None:
        """End the chain and remove its folder."""
        if self.folder is not None:
            self.node.store.close()
            self.folder.cleanup()
            self.folder = None

    def create_account(self, name: str, tier: int) -> str:
        """Pass on."""
        return self.node.create_account(name, tier)

    def prepare(self, payer: str, legs: list[Any], tamper: str) -> bytes:
        """Pass on."""
        return self.node.prepare(payer, legs, tamper)

    def issue(self, payee: str, amount: int, by: str | None) -> dict[str, Any]:
        """Sign and submit an issue."""
        return self.node.submit(self.node.issue(payee, amount, by))

    def submit(self, data: str) -> dict[str, Any]:
        """Pass on."""
        return self.node.submit(bytes.fromhex(data))

    def balance(self, address: str) -> int:
        """Ask the contract."""
        return self.node.call("balance_of", bytes.fromhex(address))

    def total_supply(self) -> int:
        """Ask the contract."""
        return self.node.call("total_supply")

    def state_root(self) -> bytes:
        """Pass on."""
        return self.node.state_root()

    def height(self) -> int:
        """Pass on."""
        return self.node.height()

    def block(self, height: int) -> dict[str, Any]:
        """Pass on."""
        return self.node.block(height)

    def find(self, transaction: str) -> dict[str, Any]:
        """Pass on."""
        return self.node.find(bytes.fromhex(transaction))

    def history(self, address: str) -> list[list[Any]]:
        """Pass on."""
        return self.node.history(address)

    def prove(self, transaction: str) -> dict[str, Any]:
        """Pass on."""
        return self.node.prove(bytes.fromhex(transaction))

    def stored_size_bytes(self) -> int:
        """Pass on."""
        return self.node.store.size_bytes()

    def flip_stored_byte(self, position: int) -> None:
        """Invert a byte; what a healthy store looks like is remembered at the first flip."""
        if self.node.flips is None:
            self.node.flips = Flips(self.node.store)
        self.node.flips.store = self.node.store
        self.node.flips.flip(position)
        if not self.node.flips.positions:
            self.node.flips = None

    def reopen(self) -> dict[str, Any]:
        """Start from the store."""
        return audit.reopen(self.node)

    def audit(self) -> dict[str, Any]:
        """Check the whole store."""
        return audit.audit(self.node)

    def read_header(self, header: str) -> dict[str, Any] | None:
        """From bytes alone; None when they are no header."""
        try:
            return reader.read_header(bytes.fromhex(header))
        except reader.NotReadableError:
            return None

    def compute_root(self, transactions: list[str]) -> bytes:
        """From bytes alone."""
        return reader.compute_root([bytes.fromhex(data) for data in transactions])

    def check_proof(self, leaf: str, path: str, header: str, block_hash: str) -> bool:
        """From bytes alone."""
        return reader.check_proof(*(bytes.fromhex(data) for data in (leaf, path, header, block_hash)))

    def prepare_load(self, payments: int) -> int:
        """Sign a load, keep it here, and give its number."""
        self.loads.append(self.node.prepare_load(payments))
        return len(self.loads) - 1

    def commit_load(self, load: int) -> int:
        """Commit a load that was prepared."""
        return self.node.commit_load(self.loads[load])


def answer(server: Server, line: str) -> dict[str, Any]:
    """Do what one line asks."""
    question = json.loads(line)
    act: Callable[..., Any] = getattr(server, question["verb"])
    try:
        return {"ok": act(**question["values"])}
    except NotThereError:
        return {"missing": True}
    except Exception as error:  # noqa: BLE001 - the other side turns it into its own error, with these words
        return {"error": type(error).__name__, "detail": str(error)[:500]}


def main() -> None:
    """Answer until the input ends."""
    server = Server(Path(sys.argv[1]))
    for line in sys.stdin:
        print(json.dumps(answer(server, line), default=lambda value: value.hex()), flush=True)  # noqa: T201 - the protocol
    server.close()


if __name__ == "__main__":
    main()
