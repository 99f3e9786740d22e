"""Reads TOML files; a file that is not there or not TOML is the room's own exception with the path as an attribute."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any


class GroupFileError(Exception):
    """A file of the group cannot be read: `reason` is `missing` or `malformed`, `detail` the reader's own words."""

    def __init__(self, reason: str, path: Path, detail: str = "") -> None:
        super().__init__(f"{reason}: {path} {detail}".strip())
        self.reason = reason
        self.path = path
        self.detail = detail


def read_toml(path: Path) -> dict[str, Any]:
    """Give a file's table."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise GroupFileError("missing", path, type(error).__name__) from error
    except tomllib.TOMLDecodeError as error:
        raise GroupFileError("malformed", path, str(error)) from error


def list_toml(folder: Path) -> list[Path]:
    """Give the folder's TOML files in the order of their names."""
    if not folder.is_dir():
        raise GroupFileError("missing", folder)
    return sorted(folder.glob("*.toml"))
