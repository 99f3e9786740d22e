"""Cuts a finished PDF into named parts that cover it without a gap, so that a changed byte has a place that people know.

`page 7` is what stands on page 7 (its content streams and its own object), `attachment ev-….json` the bytes of an attached
evidence, `structure` anything else (fonts, tags, tables of objects). The publication entry commits to the list; the verifier
compares part by part.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator, Mapping

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from gongshi.terms.digest import compute_digest
from gongshi_verifier.publication import Part

_STREAM, _END, _REST = b"stream\n", b"\nendstream", "structure"


def make_manifest(pdf: bytes) -> tuple[Part, ...]:
    """Give the parts in the order of the file; neighbours of one name are one part."""
    reader = PdfReader(io.BytesIO(pdf))
    names = {**_page_names(reader), **(attached := _attachment_names(reader))}
    cuts = [*_cut(pdf, _offsets(reader), names, set(attached))]
    parts = []
    for name, group in itertools.groupby(cuts, key=lambda cut: cut[0]):
        listed = list(group)
        start, end = listed[0][1], listed[-1][2]
        parts.append(Part(name, start, end - start, compute_digest(pdf[start:end])))
    return tuple(parts)


def _offsets(reader: PdfReader) -> list[tuple[int, int]]:
    """Give (offset, object number) in the order of the file."""
    return sorted((offset, number) for table in reader.xref.values() for number, offset in table.items() if offset)


def _cut(
    pdf: bytes, offsets: list[tuple[int, int]], names: Mapping[int, str], attached: set[int]
) -> Iterator[tuple[str, int, int]]:
    """Give (name, start, end) of consecutive pieces from the first byte to the last."""
    yield "head", 0, offsets[0][0]
    bounds = [*[offset for offset, _ in offsets], len(pdf)]
    for (start, number), end in zip(offsets, bounds[1:], strict=True):
        name = names.get(number, _REST)
        if number in attached:
            begin = pdf.index(_STREAM, start) + len(_STREAM)
            finish = pdf.index(_END, begin)
            yield _REST, start, begin
            yield name, begin, finish
            yield _REST, finish, end
        else:
            yield name, start, end


def _page_names(reader: PdfReader) -> dict[int, str]:
    names = {}
    for number, page in enumerate(reader.pages, 1):
        name = f"page {number}"
        if page.indirect_reference is not None:
            names[page.indirect_reference.idnum] = name
        contents = page.raw_get("/Contents") if "/Contents" in page else None
        streams = contents if isinstance(contents, ArrayObject) else [contents]
        names.update({item.idnum: name for item in streams if isinstance(item, IndirectObject)})
    return names


def _attachment_names(reader: PdfReader) -> dict[int, str]:
    """Give the embedded files by the number of their stream."""
    names = {}
    for table in reader.xref.values():
        for number in table:
            found = reader.get_object(IndirectObject(number, 0, reader))
            if not isinstance(found, DictionaryObject) or isinstance(found, StreamObject) or "/EF" not in found:
                continue
            files = found["/EF"]
            assert isinstance(files, DictionaryObject)
            stream = files.raw_get("/F")
            names[stream.idnum] = f"attachment {found['/F']}"
    return names
