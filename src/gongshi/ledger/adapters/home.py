"""The home folder of a desk: its format number, its lock, and what is local to it.

gongshi.toml      local settings: engine, port, language, who the desk signs for
ledger.sqlite     blocks and state          desk.sqlite     projections, rebuilt at will
blobs/            bulky bytes by digest      keys/<organisation>/    one key folder each
published/        what was published         accounts.sqlite          the desk's accounts
"""

from __future__ import annotations

import fcntl
import json
import os
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gongshi.ledger.adapters.blob_folder import sync_folder

HOME_FORMAT = 1


class HomeError(Exception):
    """The home cannot be used; `reason` is one word, `values` fill its sentence."""

    def __init__(self, reason: str, path: Path, **values: object) -> None:
        super().__init__(f"{reason}: {path}")
        self.reason = reason
        self.path = path
        self.values = values


@dataclass(frozen=True)
class Settings:
    """What `gongshi.toml` holds.

    `organisation` is the one that this desk signs for; `engine` is `embedded`, or `follower` where the blocks come from another
    home; `alliance` is the folder of the alliance's declarations.
    """

    organisation: str = ""
    engine: str = "embedded"
    delay_blocks: int = 0
    language: str = "zh"
    port: int = 8000
    rehearsal: bool = False
    as_of: str = ""
    seed: int = 0
    alliance: str = ""


@dataclass(frozen=True)
class Home:
    """Where things lie."""

    path: Path

    @property
    def settings_path(self) -> Path:
        """Give the file of local settings."""
        return self.path / "gongshi.toml"

    @property
    def ledger_path(self) -> Path:
        """Give the ledger's file."""
        return self.path / "ledger.sqlite"

    @property
    def desk_path(self) -> Path:
        """Give the projections' file."""
        return self.path / "desk.sqlite"

    @property
    def blobs_path(self) -> Path:
        """Give the folder of blobs."""
        return self.path / "blobs"

    @property
    def published_path(self) -> Path:
        """Give the folder of published files."""
        return self.path / "published"

    @property
    def keys_path(self) -> Path:
        """Give the folder of key folders."""
        return self.path / "keys"

    def settings(self) -> Settings:
        """Read the local settings; HomeError when there is no home, or one of another format."""
        content = self._read()
        number = content.pop("format", None)
        if number != HOME_FORMAT:
            raise HomeError("newer" if _is_newer(number) else "older", self.path, found=number, known=HOME_FORMAT)
        for name, value in content.items():
            field = Settings.__dataclass_fields__.get(name)
            if field is None:
                raise HomeError("unknown_setting", self.settings_path, name=name)
            if type(value) is not type(field.default):
                raise HomeError("bad_setting", self.settings_path, name=name, value=value)
        return Settings(**content)

    def format(self) -> object:
        """Give the format number that the home says of itself."""
        return self._read().get("format")

    def _read(self) -> dict[str, Any]:
        try:
            return tomllib.loads(self.settings_path.read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            raise HomeError("missing", self.path) from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            raise HomeError("unreadable", self.settings_path, detail=str(error)) from None

    def make_folders(self) -> None:
        """Make the folders. The settings are written last, so that a home that was cut off while founded is not taken for one."""
        try:
            for folder in (self.path, self.blobs_path, self.published_path, self.keys_path):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise HomeError("not_writable", self.path, detail=error.strerror) from None

    def write_settings(self, settings: Settings) -> None:
        """Write the local settings, whole or not at all."""
        lines = [f"format = {HOME_FORMAT}"]
        lines += [f"{name} = {_to_toml(getattr(settings, name))}" for name in Settings.__dataclass_fields__]
        self.replace_settings("\n".join(lines) + "\n")

    def replace_settings(self, text: str) -> None:
        """Put another text in the place of the settings, whole or not at all, and on disk when this returns."""
        temporary = self.settings_path.with_suffix(".new")
        try:
            with temporary.open("w", encoding="utf-8") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(self.settings_path)
            sync_folder(self.path)
        except OSError as error:
            raise HomeError("not_writable", self.path, detail=error.strerror) from None

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the home for one writer; HomeError names the process that holds it."""
        path = self.path / "lock"
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise HomeError("not_writable", self.path, detail=error.strerror) from None
        with os.fdopen(descriptor, "r+") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise HomeError("in_use", self.path, process=stream.read().strip() or "?") from None
            stream.seek(0)
            stream.truncate()
            stream.write(str(os.getpid()))
            stream.flush()
            yield


def _is_newer(number: object) -> bool:
    return type(number) is int and number > HOME_FORMAT


def _to_toml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)  # words, numbers and truth are written alike in both
