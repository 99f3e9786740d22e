"""SIGKILL at moments that a seed chooses: what was acknowledged is there, and every hash derives again."""

from __future__ import annotations

import random
import subprocess
import sys

from gongshi.ledger.adapters.sqlite_store import SqliteStore
from gongshi.ledger.audit import audit
from gongshi_verifier.ed25519 import check_signature
from tests.ledger.worlds import KINDS, World

ROUNDS, SEED = 15, 2016


def run_until_killed(path, lines: int) -> list[str]:
    """Kill the process after so many lines that it printed, wherever it stands then; give all that it had printed."""
    command = [sys.executable, "-m", "tests.ledger.crash", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        seen = [process.stdout.readline() for _ in range(lines)]
        process.kill()
        seen += process.stdout.readlines()
    assert process.returncode == -9
    assert seen[0] == "open\n"
    return [line for line in seen[1:] if line.endswith("\n")]


def test_nothing_acknowledged_is_missing_after_a_kill(tmp_path):
    path, moment = tmp_path / "ledger.sqlite", random.Random(SEED)
    World(path).begin().store.close()
    acknowledged: dict[bytes, int] = {}
    for _ in range(ROUNDS):
        for line in run_until_killed(path, moment.randrange(1, 60)):
            digest, leaf = line.split()
            acknowledged[bytes.fromhex(digest)] = int(leaf)
        store = SqliteStore(path)
        world = World(path, store=store)
        assert {digest: store.result(digest)[1] for digest in acknowledged} == acknowledged
        assert audit(store, KINDS, check_signature).app_hash == world.engine.state.app_hash()
        assert world.engine.state.trees["coins"].total() >= len(acknowledged)
        assert world.engine.state.trees["coins"].total() % 7 == 0, "a group is on the ledger whole or not at all"
        store.close()
    assert len(acknowledged) > 100
