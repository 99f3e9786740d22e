"""What the watch asks of the outside world: bytes of a declared place, and pages of the network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class LibraryError(Exception):
    """A declared place cannot be read; `reason` is one word: absent, outside, unreadable."""

    def __init__(self, reason: str, location: str) -> None:
        super().__init__(f"{reason}: {location}")
        self.reason = reason
        self.location = location


class FetchError(Exception):
    """A page cannot be had. `reason` is one word; `status` is what the server said, or 0; `retry_after_s` what it asked for."""

    def __init__(self, reason: str, url: str, status: int = 0, retry_after_s: int | None = None) -> None:
        super().__init__(f"{reason}: {url} ({status})")
        self.reason = reason
        self.url = url
        self.status = status
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to ask with next time. Keep them only after the items are stored (handbook R4)."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page at its last address; `body` is None when the server says that nothing changed."""

    url: str
    body: bytes | None
    validators: Validators


class Library(Protocol):
    """Reads what lies in files: the example's own sources, and `DATA=`."""

    def read(self, location: str) -> bytes:
        """Give the bytes of a file, or of a folder as an archive; LibraryError when there are none."""
        ...


class Fetcher(Protocol):
    """Reads what lies on the network."""

    def fetch(self, url: str, known: Validators) -> Fetched:
        """Give the page, or that it did not change; FetchError when it cannot be had."""
        ...
