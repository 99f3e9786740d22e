"""Blobs as files under their digest, two levels of folders; written whole, on disk before the digest is given out."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from gongshi.terms.digest import Digest, compute_digest


class BlobFolder:
    """Content-addressed files of mode 0600."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, data: bytes) -> Digest:
        """Keep the bytes; the same bytes are kept once."""
        digest = compute_digest(data)
        path = self._path(digest)
        if self.get(digest) is not None:
            return digest
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        try:
            _write(temporary, data)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        for folder in (path.parent, self._folder):  # a name is on disk once its folder is
            sync_folder(folder)
        return digest

    def get(self, digest: bytes) -> bytes | None:
        """Give the bytes, checked against the digest; bytes that were altered on disk count as not here."""
        try:
            data = self._path(digest).read_bytes()
        except FileNotFoundError:
            return None
        return data if compute_digest(data) == digest else None

    def _path(self, digest: bytes) -> Path:
        text = digest.hex()
        return self._folder / text[:2] / text


def sync_folder(folder: Path) -> None:
    """Bring a folder's names to disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
