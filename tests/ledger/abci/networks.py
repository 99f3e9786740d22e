"""One real CometBFT validator with a replica of the toy world, in a folder of its own; started, killed and started again by their ids."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gongshi.ledger.abci.application import genesis_mark
from gongshi.ledger.adapters.comet_rpc import CometRpc, CometRpcError
from tests.ledger.worlds import CHAIN, genesis

BINARY = Path(__file__).parents[3] / ".cache/engine/bin/cometbft"
PATIENCE = 30.0


def need_binary() -> None:
    """Skip with one line that names what builds it; under STRICT=1 that is a failure."""
    if not BINARY.exists():
        if os.environ.get("STRICT") == "1":
            pytest.fail("no CometBFT here: make engine")
        pytest.skip("no CometBFT here: make engine")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Network:
    """A validator and its replica."""

    def __init__(self, folder: Path) -> None:
        self.home, self.app_folder = folder / "node", folder / "app"
        self.app_folder.mkdir()
        self.port = free_port()
        self.app: subprocess.Popen[str] | None = None
        self.node: subprocess.Popen[bytes] | None = None
        self.rpc = CometRpc(self.port)
        subprocess.run([BINARY, "init", "--home", self.home], check=True, capture_output=True)
        self._set_genesis()
        self._set_config()

    def start(self) -> None:
        """Start the replica, then the node, and wait until the node answers."""
        command = [sys.executable, "-m", "tests.ledger.abci.replica", str(self.app_folder)]
        self.app = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.app.stdout is not None
        assert self.app.stdout.readline() == "bound\n"
        self.app.stdout.close()
        with (self.home / "log").open("ab") as log:
            self.node = subprocess.Popen([BINARY, "start", "--home", self.home], stdout=log, stderr=log)
        self.wait(lambda: self.rpc.height() >= 0)

    def kill(self) -> None:
        """SIGKILL both, the replica first."""
        for process in (self.app, self.node):
            if process is not None:
                process.kill()
                process.wait()

    def wait(self, is_so) -> None:
        """Wait for what the network does in its own time."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                if is_so():
                    return
            except CometRpcError:
                pass
            assert time.monotonic() < end, (self.home / "log").read_text()[-2000:]
            time.sleep(0.02)

    def _set_genesis(self) -> None:
        path = self.home / "config/genesis.json"
        document = json.loads(path.read_text())
        document["chain_id"], document["app_state"] = CHAIN, genesis_mark(genesis())
        document["consensus_params"]["block"]["max_bytes"] = str(4 << 20)
        path.write_text(json.dumps(document))

    def _set_config(self) -> None:
        path = self.home / "config/config.toml"
        text = path.read_text()
        for pattern, line in {
            r"^proxy_app = .*$": f'proxy_app = "unix://{self.app_folder}/app.sock"',
            r'^laddr = "tcp://127.0.0.1:26657"$': f'laddr = "tcp://127.0.0.1:{self.port}"',
            r'^laddr = "tcp://0.0.0.0:26656"$': 'laddr = "tcp://127.0.0.1:0"',
            r"^recheck = .*$": "recheck = false",
            r"^timeout_commit = .*$": 'timeout_commit = "50ms"',
            r"^create_empty_blocks = .*$": "create_empty_blocks = false",
        }.items():
            text, count = re.subn(pattern, line, text, flags=re.MULTILINE)
            assert count == 1, pattern
        path.write_text(text)
