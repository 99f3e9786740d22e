"""Assembles the house: which adapter stands behind which port. It does no work itself."""

from __future__ import annotations

import functools
import os
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from babel.messages.pofile import read_po

from gongshi import __version__
from gongshi.flows.desk import Desk
from gongshi.group import entries as group_entries
from gongshi.group.adapters.alliance_file import load_founding
from gongshi.group.adapters.draft_folder import load_draft
from gongshi.group.adapters.files import GroupFileError
from gongshi.group.adapters.position_folder import load_comments, load_votes
from gongshi.group.adapters.rule_folder import load_rules
from gongshi.group.store import GroupProjection
from gongshi.lab.adapters.embedded_bench import EmbeddedBench
from gongshi.lab.adapters.evm.process import EvmProcess
from gongshi.lab.adapters.machine import get_machine, read_stopwatch_ns
from gongshi.ledger import entries as ledger_entries
from gongshi.ledger.adapters.blob_folder import BlobFolder
from gongshi.ledger.adapters.home import Home, HomeError, Settings
from gongshi.ledger.adapters.home_upgrade import upgrade
from gongshi.ledger.adapters.sqlite_store import SqliteStore, StoreError
from gongshi.ledger.engines.embedded import EmbeddedEngine
from gongshi.ledger.engines.follower import FollowerEngine
from gongshi.ledger.ports import Clock
from gongshi.ledger.projection import Projection
from gongshi.ledger.records import CheckSignature, Genesis, Member
from gongshi.ledger.rules import Kinds, make_kinds
from gongshi.paper import entries as paper_entries
from gongshi.paper.adapters.content_folder import load_content
from gongshi.paper.adapters.typst_setter import TypstSetter
from gongshi.paper.store import PaperProjection
from gongshi.pilots import entries as pilots_entries
from gongshi.pilots.store import PilotsProjection
from gongshi.seal.adapters.key_folder import KeyFolder, KeyFolderError, make_key_folder, new_secrets, write_private
from gongshi.seal.adapters.openssl_sm2 import check_sm2
from gongshi.supervision import entries as supervision_entries
from gongshi.supervision.adapters.manifest_file import ManifestFileError, read_manifest, write_manifest
from gongshi.supervision.adapters.option_files import read_options
from gongshi.supervision.store import SupervisionProjection
from gongshi.terms.instant import MS_PER_DAY, instant_from_iso, start_of_day
from gongshi.terms.organisation import Organisation
from gongshi.terms.sentence import Catalogue
from gongshi.terms.text import Language
from gongshi.watch import entries as watch_entries
from gongshi.watch.adapters.files import FolderLibrary
from gongshi.watch.store import WatchProjection
from gongshi_verifier.suites import ED25519, SM2, SUITES

# What the doors may use: the assembly itself, and the edges of the rooms, which nobody else imports.
__all__ = [
    "CHECKS",
    "ENGINES",
    "KINDS",
    "LOG_KEYS",
    "NAMESPACES",
    "PASSPHRASE_FILE",
    "PASSPHRASE_VARIABLE",
    "ROOMS",
    "EmbeddedBench",
    "EvmProcess",
    "FolderLibrary",
    "GroupFileError",
    "Home",
    "HomeError",
    "House",
    "KeyFolderError",
    "ManifestFileError",
    "SetClock",
    "Settings",
    "SqliteStore",
    "StoreError",
    "TypstSetter",
    "WallClock",
    "assemble",
    "follow_house",
    "found_house",
    "get_catalogue",
    "get_clock",
    "get_machine",
    "get_passphrase",
    "get_projections",
    "get_tool",
    "load_comments",
    "load_content",
    "load_draft",
    "load_founding",
    "load_rules",
    "load_votes",
    "new_secrets",
    "open_house",
    "read_as_of",
    "read_manifest",
    "read_options",
    "read_stopwatch_ns",
    "write_manifest",
    "write_private",
]

ROOMS = (ledger_entries, watch_entries, pilots_entries, supervision_entries, group_entries, paper_entries)
KINDS: Kinds = make_kinds(*(room.KINDS for room in ROOMS))
NAMESPACES: dict[str, str] = {name: kind for room in ROOMS for name, kind in room.NAMESPACES.items()}
ENGINES: dict[str, type[EmbeddedEngine]] = {"embedded": EmbeddedEngine, "follower": FollowerEngine}
LOG_KEYS = "log"
# Every suite by the verifier's own check, SM2 by the system's library behind the same edges where there is one.
CHECKS: dict[str, CheckSignature] = {name: suite.check_signature for name, suite in SUITES.items()} | {SM2: check_sm2}
PASSPHRASE_FILE = "passphrase"  # noqa: S105 - a file name
PASSPHRASE_VARIABLE = "GONGSHI_PASSPHRASE"  # noqa: S105 - a variable name
_LOCALE = Path(__file__).parents[2] / "locale"


@dataclass(frozen=True)
class WallClock:
    """The system's clock."""

    def now(self) -> int:
        """Give UTC milliseconds."""
        return time.time_ns() // 1_000_000


@dataclass
class SetClock:
    """The clock of every call with `--as-of`, and of a rehearsal, which moves it from day to day of its calendar."""

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
    store: SqliteStore

    @property
    def organisation(self) -> str:
        """Give the organisation that this desk signs for."""
        return self.settings.organisation


def get_projections() -> tuple[Projection, ...]:
    """Give every room's projection."""
    return (WatchProjection(), PilotsProjection(), SupervisionProjection(), GroupProjection(), PaperProjection())


def get_clock(as_of: str) -> Clock:
    """Give the clock: the system's, or one set at an ISO date (its noon, in the alliance's zone) or time."""
    return SetClock(read_as_of(as_of)) if as_of else WallClock()


def read_as_of(as_of: str) -> int:
    """Read an as-of; a day stands for its noon in the alliance's zone."""
    if len(as_of) == len("2016-01-01"):
        return start_of_day(date.fromisoformat(as_of)) + MS_PER_DAY // 2
    return instant_from_iso(as_of)


def get_passphrase(folder: Path) -> bytes:
    """Give a key folder's passphrase: the environment's, or in a rehearsal the file beside the keys."""
    given = os.environ.get(PASSPHRASE_VARIABLE)
    path = folder / PASSPHRASE_FILE
    return given.encode() if given else path.read_bytes().strip() if path.exists() else b""


def found_house(
    path: Path,
    settings: Settings,
    organisations: Sequence[Organisation],
    genesis: Genesis,
    held: Sequence[str],
    suites: Mapping[str, str] | None = None,
) -> None:
    """Make a home and its ledger: keys for the organisations that it holds, the genesis with every member's root.

    `genesis` comes without members; a rehearsal holds all keys in one home and keeps their passphrases beside them.
    `suites` names the suite of a member's signing key where it is not Ed25519.
    """
    home = Home(path)
    home.make_folders()
    with home.lock():
        if home.settings_path.exists():
            raise HomeError("exists", path)
        make_key_folder(home.keys_path / LOG_KEYS, LOG_KEYS, _make_passphrase(home.keys_path / LOG_KEYS))
        roots = {}
        for name in held:
            folder = home.keys_path / name
            suite = (suites or {}).get(name, ED25519)
            roots[name] = make_key_folder(folder, name, _make_passphrase(folder), suite).root_key().public
        members = tuple(Member(o.id, o.name.as_json(), o.kind, o.voting, roots[o.id]) for o in organisations)
        # Without settings there was no home: a ledger without them is what a founding that was cut off left behind.
        home.ledger_path.unlink(missing_ok=True)
        store = SqliteStore(home.ledger_path)
        store.found(replace(genesis, members=members))
        store.close()
        home.write_settings(settings)


def follow_house(path: Path, settings: Settings, export: Path, keys: Path) -> None:
    """Make a home that follows: a copy of an exported ledger and one organisation's own key folder, moved in as it is.

    What a follower's own log key would sign nobody asks for; it is made so that the home has the furniture of every home.
    """
    home = Home(path)
    home.make_folders()
    with home.lock():
        if home.settings_path.exists():
            raise HomeError("exists", path)
        make_key_folder(home.keys_path / LOG_KEYS, LOG_KEYS, _make_passphrase(home.keys_path / LOG_KEYS))
        shutil.copytree(keys, home.keys_path / settings.organisation, dirs_exist_ok=True)
        shutil.copyfile(export, home.ledger_path)
        home.write_settings(replace(settings, engine="follower"))


def _make_passphrase(folder: Path) -> bytes:
    """Give the passphrase of a new key folder: the environment's, or a random one that a rehearsal writes beside the keys."""
    given = os.environ.get(PASSPHRASE_VARIABLE)
    if given:
        return given.encode()
    path = folder / PASSPHRASE_FILE
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(path, secrets.token_hex(16).encode())
    return path.read_bytes().strip()


@contextmanager
def open_house(path: Path, as_of: str = "") -> Iterator[House]:
    """Open a home as its one writer."""
    home = Home(path)
    upgrade(home)
    settings = home.settings()
    with ExitStack() as stack:
        stack.enter_context(home.lock())
        yield assemble(home, settings, get_clock(as_of or settings.as_of), stack)


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
    make_engine = ENGINES[settings.engine]
    engine = make_engine(store, KINDS, clock, log.signing_key(), CHECKS, settings.delay_blocks)
    database = sa.create_engine(f"sqlite:///{home.desk_path}")
    stack.callback(database.dispose)
    desk = Desk(engine, BlobFolder(home.blobs_path), database, get_projections(), clock, keyrings)
    desk.catch_up()
    return House(home, settings, desk, engine, store)


def _open_keys(folder: Path) -> KeyFolder:
    return KeyFolder(folder.name, folder, get_passphrase(folder))


def get_tool() -> str:
    """Give the program's name and version, as evidence carries it."""
    return f"gongshi {__version__}"


@functools.cache
def get_catalogue(language: Language) -> Catalogue:
    """Give the sentences of a language."""
    with (_LOCALE / language / "LC_MESSAGES" / "gongshi.po").open("rb") as stream:
        messages = read_po(stream)
    return Catalogue(language, {str(m.id): str(m.string) for m in messages if m.id})
