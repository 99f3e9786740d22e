"""How seeds are bent. Alone in its file, because what is imported before a run is not instrumented by it."""

from __future__ import annotations


def bend(data: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    """Apply edits: each cuts some bytes at a place and puts others there."""
    for place, cut, put in edits:
        at = place % (len(data) + 1)
        data = data[:at] + put + data[at + cut :]
    return data
