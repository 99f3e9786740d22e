"""A printed number in a PDF: where it is drawn, and how somebody would edit it and leave the attachments alone."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from pypdf import PdfReader

_FONT = re.compile(rb"/(f\d+) [\d.]+ Tf")
# A string of PDF is in hexadecimal, or in round brackets, in which round brackets that are balanced may stand.
_INSIDE = rb"(?:\\.|\((?:\\.|[^\\()])*\)|[^\\()])*"
_SHOWN = re.compile(rb"\[((?:\(" + _INSIDE + rb"\)|[^\]\[()])*)\]TJ", re.DOTALL)
_STRING = re.compile(rb"\(" + _INSIDE + rb"\)|<[0-9A-F]+>", re.DOTALL)
_GLYPH = re.compile(rb"((?:\\[0-7]{3}|\\.|[^\\]){2})", re.DOTALL)
_BYTE = re.compile(rb"\\[0-7]{3}|\\.|[^\\]", re.DOTALL)
_DECIMALS = re.compile(rb"(\d+\.\d\d)\d+(?=[ )<(\]])")
_NAMED = {b"\\n": 10, b"\\r": 13, b"\\t": 9, b"\\b": 8, b"\\f": 12}


class Drawn(NamedTuple):
    """A glyph where it stands in a page's content."""

    start: int
    end: int
    glyph: int
    is_hex: bool


def find_pages(pdf: bytes, number: str) -> list[int]:
    """Give the pages on which a number is drawn by itself, as every figure is: it is a link."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return [place for place, page in enumerate(pages, 1) if _places(page, number)]


def edit_number(pdf: bytes, page: int, number: str) -> tuple[bytes, str]:
    """Draw another first digit on a page; give the file, of the same length, and the number that it now shows."""
    found = PdfReader(io.BytesIO(pdf)).pages[page - 1]
    letters, drawn = _places(found, number)[0]
    glyph, digit = next(
        (glyph, letter) for glyph, letter in letters.items() if letter in "123456789" and letter != number[0]
    )
    new = b"%04X" % glyph if drawn.is_hex else b"\\%03o\\%03o" % divmod(glyph, 256)
    content = found.get_contents().get_data()
    return _put_back(pdf, found, content[: drawn.start] + new + content[drawn.end :]), digit + number[1:]


def _places(page, number: str) -> list[tuple[dict[int, str], Drawn]]:
    """Give the letters of the font and the first digit's glyph wherever exactly this number is drawn."""
    content = page.get_contents().get_data()
    places = []
    for shown in _SHOWN.finditer(content):
        font = [*_FONT.finditer(content, 0, shown.start())][-1][1].decode()
        letters = _letters(page, font)
        drawn = [*_drawn(shown[1], shown.start(1))]
        if "".join(letters.get(one.glyph, "?") for one in drawn) == number:
            places.append((letters, drawn[0]))
    return places


def _drawn(shown: bytes, offset: int) -> Iterator[Drawn]:
    for string in _STRING.finditer(shown):
        inside, is_hex = string[0][1:-1], string[0].startswith(b"<")
        for one in re.finditer(rb"[0-9A-F]{4}", inside) if is_hex else _GLYPH.finditer(inside):
            start = offset + string.start() + 1 + one.start()
            yield Drawn(start, start + len(one[0]), int(one[0], 16) if is_hex else _value(one[0]), is_hex)


def _letters(page, font: str) -> dict[int, str]:
    """Give the character of each glyph that a page's font can draw; a digit may have more than one glyph."""
    table = page["/Resources"]["/Font"][f"/{font}"]["/ToUnicode"].get_data()
    found = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]{4})>\n", table)
    return {int(glyph, 16): chr(int(letter, 16)) for glyph, letter in found}


def _value(glyph: bytes) -> int:
    high, low = (int(one[1:], 8) if len(one) == 4 else _NAMED.get(one, one[-1]) for one in _BYTE.findall(glyph))
    return high << 8 | low


def _put_back(pdf: bytes, page, content: bytes) -> bytes:
    """Put a page's content where it was: it gives up decimals that no eye sees, and is filled up to its old length."""
    number = page.raw_get("/Contents").idnum
    start = pdf.index(b"stream\n", pdf.index(b"\n%d 0 obj" % number)) + len(b"stream\n")
    end = pdf.index(b"\nendstream", start)
    packed = zlib.compress(_DECIMALS.sub(rb"\1", content), 9)
    assert len(packed) <= end - start
    return pdf[:start] + packed.ljust(end - start, b"\0") + pdf[end:]
