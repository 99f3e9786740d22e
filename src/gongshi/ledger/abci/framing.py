"""Frames of the ABCI socket: the message's length as an unsigned varint, then the message (CometBFT v0.38, spec/abci, "Socket")."""

from __future__ import annotations

from collections.abc import Iterator

VARINT_BYTES_MAX = 10  # a 64-bit number, seven bits a byte


class FramingError(Exception):
    """The peer sent what is no frame, or one above the size that we read; the connection cannot go on."""


def encode_varint(number: int) -> bytes:
    """Give a number ≥ 0 as an unsigned varint, lowest seven bits first."""
    assert number >= 0
    listed = bytearray()
    while number > 0x7F:
        listed.append(number & 0x7F | 0x80)
        number >>= 7
    listed.append(number)
    return bytes(listed)


def encode_frame(message: bytes) -> bytes:
    """Give a message's frame."""
    return encode_varint(len(message)) + message


class FrameDecoder:
    """Takes bytes as they arrive, cut anywhere, and gives whole messages."""

    def __init__(self, limit: int) -> None:
        """`limit` is the longest message in bytes that is read; a longer one raises FramingError before it is kept."""
        self._limit = limit
        self._kept = bytearray()

    @property
    def is_between(self) -> bool:
        """Say whether no begun frame is held."""
        return not self._kept

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Give the messages that these bytes complete, in order."""
        self._kept += data
        start = 0
        try:
            while (span := self._find(start)) is not None:
                first, start = span
                yield bytes(self._kept[first:start])
        finally:
            del self._kept[:start]

    def _find(self, start: int) -> tuple[int, int] | None:
        """Give where the frame's message begins and ends, or None while it is not whole."""
        length = 0
        for place, byte in enumerate(self._kept[start : start + VARINT_BYTES_MAX]):
            length |= (byte & 0x7F) << (7 * place)
            if length > self._limit:
                raise FramingError(f"a message of {length} bytes or more; the limit is {self._limit}")
            if byte < 0x80:
                first = start + place + 1
                return (first, first + length) if first + length <= len(self._kept) else None
            if place == VARINT_BYTES_MAX - 1:
                raise FramingError("a length of more than ten bytes")
        return None
