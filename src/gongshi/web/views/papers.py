"""What was published: the files as they lie in the home, each with its proof and the policy to check it by."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.http import Http404, HttpResponse

from gongshi.terms.evidence import evidence_id
from gongshi.web.entries import Listed, find_leaf
from gongshi.web.figures import list_published
from gongshi.web.pages import file_answer, page
from gongshi.web.readers import DeskRequest
from gongshi.web.seat import get_seat

PROOF = ".tlog-proof"
POLICY = "policy.txt"
_KINDS = {".pdf": "application/pdf", ".html": "text/html; charset=utf-8", ".txt": "text/plain; charset=utf-8"}
_BINARY = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Published:
    """A published file with what stands beside it."""

    name: str
    kind: str
    language: str
    size: int
    digest: str
    proof: str
    entered: dict[str, Any] | None


def papers(request: DeskRequest) -> HttpResponse:
    """Give the list of publications and bundles."""
    files = _list()
    return page(
        request,
        "papers/papers.html",
        papers=[(one, *_look_up(one)) for one in files if one.kind in (".pdf", ".html")],
        bundles=[one for one in files if one.kind == ".bundle"],
        policy=POLICY if (_folder() / POLICY).exists() else "",
    )


def _look_up(one: Published) -> tuple[list[str], Listed | None]:
    """Give the evidence that a publication carries and the entry that published it."""
    if one.entered is None:
        return [], None
    return [evidence_id(digest) for digest in one.entered["evidence"]], find_leaf(get_seat(), one.entered["leaf"])


def _folder() -> Path:
    return get_seat().house.home.published_path


def _list() -> list[Published]:
    return [
        _describe(path)
        for path in sorted(_folder().iterdir())
        if path.is_file() and path.suffix in (*_KINDS, ".bundle")
    ]


def _describe(path: Path) -> Published:
    status = path.stat()
    parts = path.stem.replace(".", "-").split("-")
    language = next((part for part in reversed(parts) if part in ("zh", "en")), "")
    proof = path.name + PROOF
    return Published(
        path.name,
        path.suffix,
        language,
        status.st_size,
        _compute_digest(path, status.st_mtime_ns, status.st_size),
        proof if (path.parent / proof).exists() else "",
        next((row for row in list_published(get_seat()) if row["name"] == path.name), None),
    )


@lru_cache(maxsize=64)
def _compute_digest(path: Path, changed_ns: int, size: int) -> str:
    """Give the file's SHA-256; worked out again when the file changes."""
    del changed_ns, size
    return hashlib.sha256(path.read_bytes()).hexdigest()


def published(request: DeskRequest, name: str) -> HttpResponse:
    """Give one of the published files: only a name that stands in the folder is one."""
    del request
    known = {path.name: path for path in _folder().iterdir() if path.is_file()}
    if name not in known:
        raise Http404
    path = known[name]
    kind = _KINDS.get(path.suffix, _BINARY)
    if kind == _BINARY:
        return file_answer(path.read_bytes(), name, kind)
    return HttpResponse(path.read_bytes(), content_type=kind)
