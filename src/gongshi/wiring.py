"""Assembles the house: which adapter stands behind which port. It does no work itself."""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from babel.messages.pofile import read_po

from gongshi.flows.desk import Desk
from gongshi.ledger import entries as ledger_entries
from gongshi.ledger.adapters.blob_folder import BlobFolder
from gongshi.ledger.adapters.home import Home, Settings
from gongshi.ledger.adapters.sqlite_store import SqliteStore
from gongshi.ledger.engines.embedded import EmbeddedEngine
from gongshi.ledger.ports import Clock
from gongshi.ledger.projection import Projection
from gongshi.ledger.rules import Kinds, make_kinds
from gongshi.pilots import entries as pilots_entries
from gongshi.pilots.store import PilotsProjection
from gongshi.seal.adapters.key_folder import KeyFolder
from gongshi.terms.instant import instant_from_iso
from gongshi.terms.sentence import Catalogue
from gongshi.terms.text import Language
from gongshi_verifier.ed25519 import check_signature

ROOMS = (ledger_entries, pilots_entries)
KINDS: Kinds = make_kinds(*(room.KINDS for room in ROOMS))
NAMESPACES: dict[str, str] = {name: kind for room in ROOMS for name, kind in room.NAMESPACES.items()}
LOG_KEYS = "log"
PASSPHRASE_FILE = "passphrase"  # noqa: S105 - a file name
PASSPHRASE_VARIABLE = "GONGSHI_PASSPHRASE"  # noqa: S105 - a variable name
_LOCALE = Path(__file__).parents[2] / "locale"


@dataclass(frozen=True)
class WallClock:
    """The system's clock."""

    def now(self) -> int:
        """Give UTC milliseconds."""
        return time.time_ns() // 1_000_000


@dataclass(frozen=True)
class FixedClock:
    """The clock of a rehearsal, and of every command with `--as-of`."""

    instant: int

    def now(self) -> int:
        """Give the instant."""
        return self.instant


@dataclass(frozen=True)
class House:
    """An open home: its desk and where its things lie."""

    home: Home
    settings: Settings
    desk: Desk
    engine: EmbeddedEngine


def get_projections() -> tuple[Projection, ...]:
    """Give every room's projection."""
    return (PilotsProjection(),)


def get_clock(as_of: str) -> Clock:
    """Give the clock: the system's, or one fixed at an ISO date or time."""
    return FixedClock(instant_from_iso(as_of)) if as_of else WallClock()


def get_passphrase(folder: Path) -> bytes:
    """Give a key folder's passphrase: the environment's, or in a rehearsal the file beside the keys."""
    given = os.environ.get(PASSPHRASE_VARIABLE)
    path = folder / PASSPHRASE_FILE
    return given.encode() if given else path.read_bytes().strip() if path.exists() else b""


@contextmanager
def open_house(path: Path, as_of: str = "") -> Iterator[House]:
    """Open a home as its one writer."""
    home = Home(path)
    settings = home.settings()
    with ExitStack() as stack:
        stack.enter_context(home.lock())
        yield assemble(home, settings, get_clock(as_of), stack)


def assemble(home: Home, settings: Settings, clock: Clock, stack: ExitStack) -> House:
    """Put the adapters behind the ports."""
    keyrings = {
        folder.name: functools.partial(_open_keys, folder)
        for folder in sorted(home.keys_path.iterdir())
        if folder.is_dir() and folder.name != LOG_KEYS
    }
    log = _open_keys(home.keys_path / LOG_KEYS)
    store = SqliteStore(home.ledger_path)
    stack.callback(store.close)
    engine = EmbeddedEngine(store, KINDS, clock, log.signing_key(), check_signature, settings.delay_blocks)
    database = sa.create_engine(f"sqlite:///{home.desk_path}")
    stack.callback(database.dispose)
    desk = Desk(engine, BlobFolder(home.blobs_path), database, get_projections(), clock, keyrings)
    desk.catch_up()
    return House(home, settings, desk, engine)


def _open_keys(folder: Path) -> KeyFolder:
    return KeyFolder(folder.name, folder, get_passphrase(folder))


@functools.cache
def get_catalogue(language: Language) -> Catalogue:
    """Give the sentences of a language."""
    with (_LOCALE / language / "LC_MESSAGES" / "gongshi.po").open("rb") as stream:
        messages = read_po(stream)
    return Catalogue(language, {str(m.id): str(m.string) for m in messages if m.id})
