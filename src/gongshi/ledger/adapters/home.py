"""The home folder of a desk: its format number, its lock, and what is local to it.

gongshi.toml      local settings: engine, port, language, who the desk signs for
ledger.sqlite     blocks and state          desk.sqlite     projections, rebuilt at will
blobs/            bulky bytes by digest      keys/<organisation>/    one key folder each
published/        what was published         accounts.sqlite          the desk's accounts
"""

from __future__ import annotations

import fcntl
import os
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
        try:
            content: dict[str, Any] = tomllib.loads(self.settings_path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise HomeError("missing", self.path) from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise HomeError("unreadable", self.settings_path, detail=str(error)) from None
        number = content.pop("format", None)
        if number != HOME_FORMAT:
            reason = "newer" if isinstance(number, int) and number > HOME_FORMAT else "older"
            raise HomeError(reason, self.path, found=number, known=HOME_FORMAT)
        unknown = content.keys() - Settings.__dataclass_fields__.keys()
        if unknown:
            raise HomeError("unknown_setting", self.settings_path, name=min(unknown))
        return Settings(**content)

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
        for name in Settings.__dataclass_fields__:
            value = getattr(settings, name)
            text = (
                str(value).lower()
                if isinstance(value, bool)
                else repr(value)
                if isinstance(value, int)
                else f'"{value}"'
            )
            lines.append(f"{name} = {text}")
        temporary = self.settings_path.with_suffix(".new")
        try:
            temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")
            temporary.replace(self.settings_path)
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
