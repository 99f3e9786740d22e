"""A finished file is cut into named parts that cover it without a gap."""

from __future__ import annotations

import io
import itertools

import pypdf

from gongshi.paper.manifest import make_manifest
from gongshi.terms.digest import compute_digest


def test_parts_cover_the_file_without_a_gap(published):
    data = (published / "small-paper-zh.pdf").read_bytes()
    manifest = make_manifest(data)
    end = 0
    for part in manifest:
        assert part.offset == end
        assert part.length > 0
        assert part.digest == compute_digest(part.cut(data))
        end += part.length
    assert end == len(data)
    assert all(one.name != other.name for one, other in itertools.pairwise(manifest))


def test_every_page_and_attachment_has_its_part(published):
    data = (published / "small-paper-en.pdf").read_bytes()
    reader = pypdf.PdfReader(io.BytesIO(data))
    names = {part.name for part in make_manifest(data)}
    assert {f"page {number}" for number in range(1, len(reader.pages) + 1)} <= names
    assert {f"attachment {name}" for name in reader.attachments} <= names
    assert names - {"head", "structure"} == {name for name in names if name.startswith(("page ", "attachment ev-"))}


def test_an_attachments_part_is_the_evidence_itself(published):
    data = (published / "small-paper-en.pdf").read_bytes()
    reader = pypdf.PdfReader(io.BytesIO(data))
    for name, (document,) in reader.attachments.items():
        (part,) = [one for one in make_manifest(data) if one.name == f"attachment {name}"]
        raw = part.cut(data)
        assert raw == document or pypdf.filters.FlateDecode.decode(raw) == document
