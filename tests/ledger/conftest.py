from __future__ import annotations

import pytest

from gongshi.ledger.adapters.sqlite_store import SqliteStore


@pytest.fixture(autouse=True)
def close_stores(monkeypatch):
    """Close at the end of a test whatever store it opened."""
    opened, begin = [], SqliteStore.__init__

    def open_store(store, path):
        opened.append(store)
        begin(store, path)

    monkeypatch.setattr(SqliteStore, "__init__", open_store)
    yield
    for store in opened:
        if hasattr(store, "_connection"):
            store.close()
