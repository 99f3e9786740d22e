"""Keeps an embedded ledger in a folder of its own, starts it again, audits it, and alters its stored bytes."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gongshi.lab.targets.embedded.ports import TamperedError
from gongshi.ledger.adapters.sqlite_store import SqliteStore
from gongshi.ledger.audit import audit
from gongshi.ledger.engines.embedded import EmbeddedEngine
from gongshi.ledger.records import Genesis
from gongshi.ledger.rules import Kinds
from gongshi.seal.signing import make_signing_key
from gongshi.terms.digest import compute_digest
from gongshi_verifier.ed25519 import check_signature

# What the ledger stores; `genesis.one` is left out, for it is a number of SQL's and not of the ledger's.
TABLES = {
    "genesis": ["document"],
    "block": ["height", "time", "header", "app_hash", "first_leaf"],
    "entry": ["leaf", "height", "digest", "data"],
    "refusal": ["digest", "height", "problem", "seal"],
    "state": ["namespace", "key", "value", "amount"],
}
LOG_KEY = make_signing_key(compute_digest(b"gongshi.lab.embedded/log"))


@dataclass(frozen=True)
class StandingClock:
    """Stands at the genesis; the engine itself adds a millisecond a block."""

    instant: int

    def now(self) -> int:
        """Give the instant."""
        return self.instant


class EmbeddedBench:
    """One ledger at a time; `delay_blocks` makes the engine commit late."""

    def __init__(self, kinds: Kinds, delay_blocks: int = 0) -> None:
        self._kinds, self._delay = kinds, delay_blocks
        self._folder: Path | None = None
        self._store: SqliteStore | None = None
        self.environment: Mapping[str, str] = {"store": "sqlite", "delay_blocks": str(delay_blocks)}

    def found(self, genesis: Genesis) -> EmbeddedEngine:
        """Begin an empty ledger."""
        self.remove()
        self._folder, self._clock = Path(tempfile.mkdtemp(prefix="gongshi-lab-")), StandingClock(genesis.time)
        self._store = SqliteStore(self._path)
        self._store.found(genesis)
        return self._assemble(self._store)

    def start(self) -> EmbeddedEngine:
        """Start from the store as the desk does."""
        self._stop()
        try:
            self._store = SqliteStore(self._path)
            return self._assemble(self._store)
        except Exception as error:
            self._stop()
            raise TamperedError(repr(error)) from error

    def audit(self) -> None:
        """Judge every entry again from genesis and hold what comes out against what is stored."""
        store = SqliteStore(self._path)
        try:
            audit(store, self._kinds, check_signature)
            self._assemble(store)
        except Exception as error:
            raise TamperedError(repr(error)) from error
        finally:
            store.close()

    def remove(self) -> None:
        """Stop and remove the folder."""
        self._stop()
        if self._folder is not None:
            shutil.rmtree(self._folder)
            self._folder = None

    def stored_size_bytes(self) -> int:
        """Count the bytes of all records."""
        connection = sqlite3.connect(self._path)
        size = sum(len(_bytes_of(value)) for table in TABLES for row in _rows(connection, table) for value in row)
        connection.close()
        return size

    def flip(self, position: int) -> None:
        """Invert the byte of the record that the position falls into; the same position again restores the file."""
        self._stop()
        healthy = self._path.with_suffix(f".{position}")
        if healthy.exists():
            healthy.replace(self._path)
            return
        shutil.copyfile(self._path, healthy)
        connection = sqlite3.connect(self._path)
        connection.execute("PRAGMA ignore_check_constraints = ON")
        with connection:
            _flip(connection, position)
        connection.close()

    @property
    def _path(self) -> Path:
        assert self._folder is not None, "a ledger was founded"
        return self._folder / "ledger.sqlite"

    def _assemble(self, store: SqliteStore) -> EmbeddedEngine:
        return EmbeddedEngine(store, self._kinds, self._clock, LOG_KEY, check_signature, self._delay)

    def _stop(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None


def _rows(connection: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    order = ", ".join(str(place + 1) for place in range(len(TABLES[table])))
    return connection.execute(f"SELECT {', '.join(TABLES[table])} FROM {table} ORDER BY {order}").fetchall()  # noqa: S608 - names of our own


def _bytes_of(value: object) -> bytes:
    if isinstance(value, int):
        return value.to_bytes(8, "big", signed=True)
    return value.encode("utf-8", "surrogateescape") if isinstance(value, str) else bytes(value)  # type: ignore[call-overload]  # SQLite gives int, str or bytes


def _flip(connection: sqlite3.Connection, position: int) -> None:
    for table, names in TABLES.items():
        for row in _rows(connection, table):
            for column, value in zip(names, row, strict=True):
                data = bytearray(_bytes_of(value))
                if position < len(data):
                    data[position] ^= 0xFF
                    _update(connection, table, names, row, column, _like(value, bytes(data)))
                    return
                position -= len(data)
    raise AssertionError("the position lies in the store")


def _update(
    connection: sqlite3.Connection, table: str, names: list[str], row: tuple[object, ...], column: str, value: object
) -> None:
    where = " AND ".join(f"{name} IS ?" for name in names)
    changed = "CAST(? AS TEXT)" if isinstance(row[names.index(column)], str) else "?"
    connection.execute(f"UPDATE {table} SET {column} = {changed} WHERE {where}", (value, *row))  # noqa: S608 - names of the schema


def _like(value: object, data: bytes) -> object:
    return int.from_bytes(data, "big", signed=True) if isinstance(value, int) else data
