"""A set file cut into parts: without a gap, by names that people know, attachments to the byte."""

import itertools
import zlib

import pytest

from gongshi.paper.adapters.typst_setter import TypstSetter
from gongshi.paper.manifest import make_manifest
from gongshi.paper.source import Wording, make_files
from gongshi.terms.digest import compute_digest
from gongshi.terms.text import Text
from tests.paper.worlds import NOW, OPERATORS, make_content, make_materials, say

MATERIALS = make_materials()


@pytest.fixture(scope="module")
def pdf():
    files = make_files(make_content(), MATERIALS, Wording("en", say("en"), OPERATORS, Text("演练", "Rehearsal")))
    return TypstSetter().set(files, NOW // 1000)[0]


@pytest.fixture(scope="module")
def parts(pdf):
    return make_manifest(pdf)


def test_the_parts_cover_the_file_without_a_gap(pdf, parts):
    end = 0
    for part in parts:
        assert (part.offset, part.length > 0) == (end, True), part.name
        assert part.digest == compute_digest(pdf[part.offset : part.offset + part.length])
        end += part.length
    assert end == len(pdf)


def test_neighbours_have_different_names(parts):
    assert all(one.name != other.name for one, other in itertools.pairwise(parts))


def test_every_page_has_a_name(pdf, parts):
    names = {part.name for part in parts}
    pages = {name for name in names if name.startswith("page ")}
    assert pages == {f"page {number}" for number in range(1, len(pages) + 1)}
    assert len(pages) > 4
    assert names - pages == {
        "head",
        "structure",
        *(f"attachment {one.evidence.id()}.json" for one in MATERIALS.values()),
    }


def test_an_attachment_is_exactly_the_evidence(pdf, parts):
    documents = {f"attachment {one.evidence.id()}.json": one.evidence.encode() for one in MATERIALS.values()}
    attached = [part for part in parts if part.name in documents]
    assert len(attached) == len(documents)
    for part in attached:
        assert documents[part.name] in (part.cut(pdf), _inflated(part.cut(pdf)))


def _inflated(data):
    try:
        return zlib.decompress(data)
    except zlib.error:
        return b""
