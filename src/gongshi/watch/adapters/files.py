"""Sources that lie in a folder. A folder in the place of a zip is read as one, with bytes that depend on its files alone."""

from __future__ import annotations

from pathlib import Path

from gongshi.watch.archive import write_archive
from gongshi.watch.ports import LibraryError


class FolderLibrary:
    """Reads below one root; a location that leads out of it is refused."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    def read(self, location: str) -> bytes:
        """Give the bytes of a file, or of a folder as an archive without its hidden files."""
        path = (self._root / location).resolve()
        if not path.is_relative_to(self._root):
            raise LibraryError("outside", location)
        try:
            return write_archive(_read_folder(path)) if path.is_dir() else path.read_bytes()
        except FileNotFoundError:
            raise LibraryError("absent", location) from None
        except OSError as error:
            raise LibraryError("unreadable", location) from error


def _read_folder(folder: Path) -> dict[str, bytes]:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    named = {path.relative_to(folder).as_posix(): path for path in files}
    return {name: path.read_bytes() for name, path in named.items() if not name.startswith(".") and "/." not in name}
