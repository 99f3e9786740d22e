"""Keeps the manifest of planted rings in a file of its own, readable by its owner only: rules must not find it."""

from __future__ import annotations

import json
import os
from pathlib import Path

from gongshi.supervision.records import Manifest, Ring
from gongshi.terms.canonical import encode_json


class ManifestFileError(Exception):
    """The manifest file is not one that was written here; `path` and `reason` say which and why."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path, self.reason = path, reason


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Write the manifest with mode 0600, in one step: a reader sees the old file or the new one."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(encode_json(manifest.as_json()))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def read_manifest(path: Path) -> Manifest:
    """Read a manifest; ManifestFileError when others may read it or when it is malformed, OSError when it cannot be read."""
    if path.stat().st_mode & 0o077:
        raise ManifestFileError(path, "mode")
    try:
        document = json.loads(path.read_bytes())
        rings = tuple(_ring_from(ring) for ring in document["rings"])
        manifest = Manifest(document["seed"], rings)
    except (ValueError, KeyError, TypeError):
        raise ManifestFileError(path, "malformed") from None
    return manifest


def _ring_from(ring: dict[str, object]) -> Ring:
    rows, roles = ring["rows"], ring["roles"]
    if not isinstance(rows, list) or not isinstance(roles, dict):
        raise TypeError
    return Ring(
        id=str(ring["id"]),
        kind=str(ring["kind"]),
        innocent=ring["innocent"] is True,
        rows=tuple(bytes.fromhex(row) for row in rows),
        roles=roles,
    )
