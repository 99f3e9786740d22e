"""What was published is verified without its house; whoever alters it is told where."""

from __future__ import annotations

import io
import re
import shutil
import zlib

import pypdf
import pytest

from gongshi.paper.manifest import make_manifest
from gongshi_verifier.verify import verify_file
from tests.paper.houses import found_world, make_content, opened, publish_paper


def policy_of(folder):
    return (folder / "policy.txt").read_text()


def verify(published, data, name="small-paper-en.pdf"):
    proof = (published / f"{name}.tlog-proof").read_bytes()
    return verify_file(data, proof, policy_of(published))


def places(report):
    return [(finding.code, finding.place) for finding in report.findings]


def text_of(data, page):
    return pypdf.PdfReader(io.BytesIO(data)).pages[page - 1].extract_text()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_both_files_verify_offline(published, language):
    report = verify_file(published / f"small-paper-{language}.pdf", policy_text=policy_of(published))
    assert (places(report), report.pinned) == ([], True)
    assert report.facts["language"] == language
    assert report.facts["attached"] == report.facts["evidence"] == 2


def test_one_byte_of_an_attached_evidence(published):
    data = (published / "small-paper-en.pdf").read_bytes()
    attached = [part for part in make_manifest(data) if part.name.startswith("attachment ev-")]
    assert len(attached) == 2
    for part in attached:
        middle = part.offset + part.length // 2
        altered = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
        assert places(verify(published, altered)) == [("verify.part.altered", part.name)]


def swap_digits(data):
    """Edit the figure that is printed on page 4 as a forger would, in its content stream, and leave everything else alone."""
    (page,) = [part for part in make_manifest(data) if part.name == "page 4" and b"/FlateDecode" in part.cut(data)]
    raw = page.cut(data)
    begin, end = raw.index(b"stream\n") + len(b"stream\n"), raw.index(b"\nendstream")
    shown = zlib.decompress(raw[begin:end])
    two_glyphs = re.compile(rb"\[\((\\000(?:\\\d{3}|\\.|[^\\]))(\\000(?:\\\d{3}|\\.|[^\\]))\)\]TJ")
    for found in two_glyphs.finditer(shown):
        edited = shown[: found.start()] + b"[(" + found[2] + found[1] + b")]TJ" + shown[found.end() :]
        packed = min((zlib.compress(edited, level) for level in range(1, 10)), key=len)
        forged = data[: page.offset + begin] + packed.ljust(end - begin) + data[page.offset + end :]
        if len(forged) == len(data) and "kept 52" in text_of(data, 4) and "kept 25" in text_of(forged, 4):
            return forged
    raise AssertionError("the figure was not found in the content stream")


def test_a_printed_figure_edited_and_the_attachment_left_alone(published):
    data = (published / "small-paper-en.pdf").read_bytes()
    forged = swap_digits(data)
    assert places(verify(published, forged)) == [("verify.part.altered", "page 4")]


def test_a_publication_made_again_with_fresh_keys(published, tmp_path):
    found_world(tmp_path / "home")
    with opened(tmp_path / "home") as house:
        paths = publish_paper(house, make_content(tmp_path / "content"))
    same = (published / "small-paper-zh.pdf").read_bytes() == paths[0].read_bytes()
    assert same, "the same evidence and content give the same bytes whoever's keys signed"
    assert verify_file(paths[0], policy_text=policy_of(paths[0].parent)).ok
    found = places(verify_file(paths[0], policy_text=policy_of(published)))
    assert "verify.log.signature" in dict(found), "another log's key signed the checkpoint"
    others = {place for code, place in found if code == "verify.root.other"}
    assert {"institute", "research-lab"} <= others, "each member whose root is another one is named"


def test_a_file_that_grew_or_shrank(published):
    data = (published / "small-paper-zh.pdf").read_bytes()
    for altered in (data + b"\n", data[:-7]):
        (finding, *_) = verify(published, altered, "small-paper-zh.pdf").findings
        assert finding.code in ("verify.part.altered", "verify.file.length")


def test_publishing_again_changes_nothing_and_a_changed_text_is_a_new_revision(published, tmp_path):
    home = shutil.copytree(published.parent, tmp_path / "home")
    before = {path.name: path.read_bytes() for path in (home / "published").iterdir()}
    with opened(home) as house:
        height = house.engine.height
        publish_paper(house, make_content(tmp_path / "content"))
        assert house.engine.height == height
        assert {path.name: path.read_bytes() for path in (home / "published").iterdir()} == before
        content = make_content(tmp_path / "content")
        english = content.chapters_in("en")[0].text.replace("The watch kept", "The watch has kept")
        paths = publish_paper(house, make_content(tmp_path / "content", en=english))
    assert [path.name for path in paths] == ["small-paper-zh.pdf", "small-paper-en-r2.pdf"]
    assert verify_file(paths[1], policy_text=policy_of(home / "published")).facts["revision"] == 2
