"""The block store on SQLite: block, state and app hash in one transaction with a sync (WAL, synchronous=FULL).

A commit that fails half-way may or may not have reached the disk; after it the store refuses to go on, and opening it again finds out.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gongshi.ledger.records import Block, Genesis, Member, Result, StoredBlock
from gongshi.ledger.rules import Applied
from gongshi.ledger.state import encode_genesis
from gongshi.terms.canonical import NotCanonicalError, decode_cbor, encode_cbor
from gongshi.terms.digest import Digest, compute_digest
from gongshi.terms.instant import Instant

_SCHEMA = """
CREATE TABLE genesis (one INTEGER PRIMARY KEY CHECK (one = 1), document BLOB NOT NULL);
CREATE TABLE block (height INTEGER PRIMARY KEY, time INTEGER NOT NULL, header BLOB NOT NULL,
                    app_hash BLOB NOT NULL, first_leaf INTEGER NOT NULL);
CREATE TABLE entry (leaf INTEGER PRIMARY KEY, height INTEGER NOT NULL, digest BLOB NOT NULL, data BLOB NOT NULL);
CREATE INDEX entry_digest ON entry (digest);
CREATE INDEX entry_height ON entry (height);
CREATE TABLE refusal (digest BLOB PRIMARY KEY, height INTEGER NOT NULL, problem BLOB NOT NULL, seal BLOB NOT NULL);
CREATE TABLE state (namespace TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, amount BLOB NOT NULL,
                    PRIMARY KEY (namespace, key)) WITHOUT ROWID;
"""


class StoreError(Exception):
    """The store cannot be opened, read or written; `reason` is one word, `place` the first bad place where it is known."""

    def __init__(self, reason: str, path: Path, place: str = "") -> None:
        super().__init__(f"{reason}: {path} {place}".strip())
        self.reason = reason
        self.path = path
        self.place = place


class SqliteStore:
    """One file; one writer. Its threads take turns, so that none reads what another has not committed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._turn = threading.RLock()
        self._is_in_doubt = False
        self._connection = _connect(path)

    def found(self, genesis: Genesis) -> None:
        """Begin an empty store with its genesis."""
        with self._transaction():
            for statement in _SCHEMA.split(";\n"):
                self._connection.execute(statement)
            self._connection.execute("INSERT INTO genesis VALUES (1, ?)", (encode_genesis(genesis),))

    def genesis(self) -> Genesis:
        """Give what the chain begins with."""
        if not self._read("SELECT 1 FROM sqlite_master WHERE name = 'genesis'"):
            raise StoreError("missing", self._path, "genesis")
        rows = self._read("SELECT document FROM genesis")
        try:
            ((document,),) = rows
            _, chain, time, members, params = decode_cbor(document)
        except (ValueError, NotCanonicalError):
            raise StoreError("corrupt", self._path, "genesis") from None
        listed = tuple(Member(*member) for member in members)
        return Genesis(chain, Instant(time), listed, params)

    def rows(self) -> Iterator[tuple[str, str, bytes, int]]:
        """Give the rows of state: namespace, key, value, amount."""
        for row in self._read("SELECT namespace, key, value, amount FROM state"):
            self._check_types(row, (str, str, bytes, bytes), f"state {row[0]}")
            namespace, key, value, amount = row
            yield namespace, key, value, int.from_bytes(amount, "big")

    def commit(self, block: Block, applied: Applied) -> None:
        """Keep a block with its writes and its app hash: durable when this returns, or nothing is."""
        state, logged = applied.state, applied.logged
        first = state.log.size - len(applied.leaves)
        refused = [_refusal_row(result, block.height) for result in logged.refused]
        with self._transaction():
            self._connection.execute(
                "INSERT INTO block VALUES (?, ?, ?, ?, ?)",
                (
                    block.height,
                    block.time,
                    logged.header,
                    logged.app_hash,
                    first,
                ),
            )
            self._connection.executemany(
                "INSERT INTO entry VALUES (?, ?, ?, ?)",
                [(e.leaf, block.height, e.entry.digest, e.entry.data) for e in logged.entries],
            )
            self._connection.executemany("INSERT OR REPLACE INTO refusal VALUES (?, ?, ?, ?)", refused)
            self._write_state(applied)

    def result(self, digest: Digest) -> tuple[int, int | None, bytes] | None:
        """Give (height, leaf, b"") of an accepted entry, (height, None, problem) of a refused one, or None."""
        row = self._read_one("SELECT height, leaf FROM entry WHERE digest = ?", digest)
        if row is not None:
            return row[0], row[1], b""
        row = self._read_one("SELECT height, problem FROM refusal WHERE digest = ?", digest)
        return None if row is None else (row[0], None, row[1])

    def read_blocks(self, from_height: int) -> Iterator[StoredBlock]:
        """Give the blocks from a height on. What stands beside the hashed bytes (leaves, digests, refusals) is checked here."""
        if from_height <= 1:
            self._check_refusals()
        query = "SELECT height, time, header, app_hash, first_leaf FROM block WHERE height >= ? ORDER BY height"
        for row in self._read(query, from_height):
            self._check_types(row, (int, int, bytes, bytes, int), f"block {row[0]}")
            height, time, header, app_hash, first_leaf = row
            yield StoredBlock(height, time, header, app_hash, first_leaf, self._entries(height, first_leaf))

    def _entries(self, height: int, first_leaf: int) -> tuple[bytes, ...]:
        listed = []
        for place, row in enumerate(
            self._read("SELECT leaf, digest, data FROM entry WHERE height = ? ORDER BY leaf", height)
        ):
            self._check_types(row, (int, bytes, bytes), f"block {height}")
            leaf, digest, data = row
            if leaf != first_leaf + place or compute_digest(data) != digest:
                raise StoreError("corrupt", self._path, f"entry {leaf} of block {height}")
            listed.append(data)
        return tuple(listed)

    def _check_refusals(self) -> None:
        for digest, height, problem, seal in self._read("SELECT digest, height, problem, seal FROM refusal"):
            if _seal_refusal(digest, height, problem) != seal:
                raise StoreError("corrupt", self._path, f"refusal at height {height}")

    def refusals(self, height: int) -> list[tuple[bytes, bytes]]:
        """Give (digest, encoded problem) of the entries that a block refused."""
        return [
            (d, p) for d, p in self._read("SELECT digest, problem FROM refusal WHERE height = ? ORDER BY rowid", height)
        ]

    def check_pages(self) -> str:
        """Give `ok`, or what SQLite finds wrong with its own pages."""
        (row,) = self._read("PRAGMA integrity_check(1)")
        return str(row[0])

    def export(self, path: Path) -> None:
        """Write a copy of the whole store as it is after the last block; the path must not exist yet."""
        try:
            with self._turn:
                self._connection.execute("VACUUM INTO ?", (str(path),))
        except sqlite3.Error as error:
            raise StoreError(_reason(error), path) from error

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _write_state(self, applied: Applied) -> None:
        puts, removals = [], []
        for (namespace, key), item in applied.writes.items():
            if item is None:
                removals.append((namespace, key))
            else:
                puts.append((namespace, key, encode_cbor(item[0]), item[1].to_bytes(16, "big")))
        self._connection.executemany("INSERT OR REPLACE INTO state VALUES (?, ?, ?, ?)", puts)
        self._connection.executemany("DELETE FROM state WHERE namespace = ? AND key = ?", removals)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """BEGIN IMMEDIATE … COMMIT; anything that goes wrong rolls back and is told as the room's own error."""
        with self._turn:
            self._check_doubt()
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield
                self._commit()
            except sqlite3.Error as error:
                raise StoreError(_reason(error), self._path) from error
            finally:
                self._roll_back()

    def _check_doubt(self) -> None:
        if self._is_in_doubt:
            raise StoreError("in_doubt", self._path)

    def _commit(self) -> None:
        try:
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._is_in_doubt = _reason(error) not in ("full", "locked")
            raise

    def _roll_back(self) -> None:
        """End what is still open; SQLite has ended it by itself after some errors."""
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def _check_types(self, row: tuple[Any, ...], types: tuple[type, ...], place: str) -> None:
        """SQLite keeps any type in any column, and a damaged file may hold one that we never wrote."""
        if tuple(map(type, row)) != types:
            raise StoreError("corrupt", self._path, place)

    def _read(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        try:
            with self._turn:
                self._check_doubt()
                return self._connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise StoreError(_reason(error), self._path, query.partition(" FROM ")[2].partition(" ")[0]) from error

    def _read_one(self, query: str, *values: object) -> tuple[Any, ...] | None:
        rows = self._read(query, *values)
        return rows[0] if rows else None


def _refusal_row(result: Result, height: int) -> tuple[bytes, int, bytes, bytes]:
    assert result.problem is not None
    problem = encode_cbor([result.problem.code, result.problem.where, _plain(result.problem.values)])
    return result.digest, height, problem, _seal_refusal(result.digest, height, problem)


def _seal_refusal(digest: object, height: object, problem: object) -> bytes:
    """Give what a changed byte of a refusal is found by: no header commits to what was refused."""
    return compute_digest(repr((digest, height, problem)).encode())


def _connect(path: Path) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        raise StoreError(_reason(error), path) from error
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
    except sqlite3.Error as error:
        connection.close()
        raise StoreError(_reason(error), path) from error
    return connection


def _reason(error: sqlite3.Error) -> str:
    """Give one word for what SQLite says: full, read_only, locked, corrupt, or unreadable."""
    words = {
        "SQLITE_FULL": "full",
        "SQLITE_READONLY": "read_only",
        "SQLITE_BUSY": "locked",
        "SQLITE_LOCKED": "locked",
        "SQLITE_CORRUPT": "corrupt",
        "SQLITE_NOTADB": "corrupt",
        "SQLITE_CANTOPEN": "missing",
        "SQLITE_IOERR": "io",
    }
    name = getattr(error, "sqlite_errorname", "")
    return next((word for prefix, word in words.items() if name.startswith(prefix)), "unreadable")


def _plain(values: object) -> dict[str, object]:
    """Give a problem's values as CBOR can carry them; a sum of many amounts may be longer than its integers."""
    assert isinstance(values, dict)
    return {name: value if _is_plain(value) else str(value) for name, value in values.items()}


def _is_plain(value: object) -> bool:
    return isinstance(value, (str, bytes)) or (isinstance(value, int) and -(2**63) <= value < 2**64)
