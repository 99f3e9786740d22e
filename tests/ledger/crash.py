"""The process that is killed: it enters coins in groups and prints each receipt's digest and leaf once it has it."""

from __future__ import annotations

import sys
from pathlib import Path

from gongshi.ledger.adapters.sqlite_store import SqliteStore
from gongshi.ledger.records import Proof
from tests.ledger.worlds import World, coin, note, refused


def main(path: Path) -> None:
    world = World(path, store=SqliteStore(path))
    world.sequences = dict.fromkeys(("alpha", "beta"), world.engine.height * 1000)
    print("open", flush=True)
    while True:
        entries = [world.sign("alpha", coin("c", 1), note(f"n{number}", "x" * 400)) for number in range(7)]
        entries.append(world.sign("beta", refused()))
        tickets = [world.engine.submit(data) for data in entries]
        world.engine.advance()
        for ticket in tickets:
            receipt = world.engine.receipt(ticket)
            if isinstance(receipt, Proof):
                print(receipt.digest.hex(), receipt.leaf, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
