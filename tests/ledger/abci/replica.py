"""A replica as its own process: the toy world's application on a unix socket. It prints one line once the socket is bound."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from gongshi.ledger.abci.application import Application
from gongshi.ledger.adapters.abci_server import AbciServer
from gongshi.ledger.adapters.sqlite_store import SqliteStore
from gongshi_verifier.ed25519 import check_signature
from tests.ledger.worlds import KINDS, genesis


def main(folder: Path) -> None:
    path = folder / "ledger.sqlite"
    is_new = not path.exists()
    store = SqliteStore(path)
    if is_new:
        store.found(genesis())
    server = AbciServer(Application(store, KINDS, check_signature), folder / "app.sock")
    asyncio.run(server.serve(lambda: print("bound", flush=True)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
