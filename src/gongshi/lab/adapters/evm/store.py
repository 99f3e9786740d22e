"""The chain's records in one SQLite file, so that stored bytes can be altered and the chain opened again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from eth.db.backends.base import BaseDB


class FileDB(BaseDB):
    """Key and value bytes under py-evm's own schema; `flip` inverts one byte of what is stored."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path)
        self.connection.execute(
            "CREATE TABLE IF NOT EXISTS record (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID"
        )

    def __getitem__(self, key: bytes) -> bytes:
        row = self.connection.execute("SELECT value FROM record WHERE key = ?", (key,)).fetchone()
        if row is None:
            raise KeyError(key)
        return bytes(row[0])

    def __setitem__(self, key: bytes, value: bytes) -> None:
        self.connection.execute("INSERT OR REPLACE INTO record VALUES (?, ?)", (key, value))

    def __delitem__(self, key: bytes) -> None:
        if not self.connection.execute("DELETE FROM record WHERE key = ?", (key,)).rowcount:
            raise KeyError(key)

    def _exists(self, key: bytes) -> bool:
        return self.connection.execute("SELECT 1 FROM record WHERE key = ?", (key,)).fetchone() is not None

    def __iter__(self) -> Iterator[bytes]:
        return (bytes(key) for (key,) in self.connection.execute("SELECT key FROM record ORDER BY key"))

    def records(self) -> list[tuple[bytes, bytes]]:
        """Give all records in the order of their keys."""
        return self.connection.execute("SELECT key, value FROM record ORDER BY key").fetchall()

    def size_bytes(self) -> int:
        """Give how many bytes the keys and values have."""
        return sum(len(key) + len(value) for key, value in self.records())

    def commit(self) -> None:
        """Make what was written durable."""
        self.connection.commit()

    def close(self) -> None:
        """Close the file; what was not committed is gone."""
        self.connection.close()


class Flips:
    """Bytes of a store that stand inverted. A flipped key moves a record, so positions are counted in the healthy store."""

    def __init__(self, store: FileDB) -> None:
        self.store = store
        self.healthy = store.records()
        self.positions: set[int] = set()

    def flip(self, position: int) -> None:
        """Invert a byte, or restore it when it stands inverted."""
        self.positions ^= {position}
        self.store.connection.execute("DELETE FROM record")
        self.store.connection.executemany("INSERT INTO record VALUES (?, ?)", self._altered())
        self.store.commit()

    def _altered(self) -> Iterator[tuple[bytes, bytes]]:
        start = 0
        for key, value in self.healthy:
            both = bytearray(key + value)
            for position in self.positions:
                if start <= position < start + len(both):
                    both[position - start] ^= 0xFF
            yield bytes(both[: len(key)]), bytes(both[len(key) :])
            start += len(both)
