"""The paper's way: problems before a page is set, both files entered and proved, what is published stays and what changes is new."""

from __future__ import annotations

import io
import re
import shutil
import zlib

import pypdf
import pytest

from gongshi.flows import evidence
from gongshi.flows.desk import Actor, EntryRefusedError
from gongshi.flows.paper_to_ledger import build, publish
from gongshi.flows.rooms_to_paper import collect_materials
from gongshi.paper.adapters.typst_setter import TypstSetter
from gongshi.paper.manifest import make_manifest
from gongshi.paper.store import list_publications
from gongshi.terms.evidence import Evidence
from gongshi.terms.quantity import count_of
from gongshi.wiring import get_catalogue
from gongshi_verifier.verify import verify_file
from tests.flows import paper_house, pilot_house
from tests.flows.paper_house import make_content, publish_paper, set_paper, sign_all


@pytest.fixture(scope="module")
def published(founded, tmp_path_factory):
    """Give the folder of a home in which the small paper is published: both files, their proofs, the policy."""
    folder = tmp_path_factory.mktemp("published")
    home = shutil.copytree(founded, folder / "home")
    with pilot_house.opened(home) as house:
        sign_all(house)
        publish_paper(house, make_content(folder / "content"))
    return home / "published"


def problems(house, content):
    found = build(house.desk, content, TypstSetter(), lambda language: get_catalogue(language).say)
    return [(problem.code, problem.where, dict(problem.values)) for problem in found]


def test_without_evidence_nothing_is_set_and_every_place_is_named(house, tmp_path):
    found = problems(house, make_content(tmp_path))
    assert found[:2] == [
        ("paper.role.missing", "coverage", {"role": "coverage"}),
        ("paper.role.missing", "alliance", {"role": "alliance"}),
    ]
    assert ("paper.role.missing", "01-state.zh.typ:5", {"role": "coverage"}) in found


@pytest.mark.parametrize("is_plain", [True, False])
def test_a_figure_without_evidence_stops_the_build_with_file_and_line(house, tmp_path, is_plain):
    """The rules read the call where it is plain; where it is computed the typesetter comes to it."""
    sign_all(house)
    call = '#num("coverage", "tales")' if is_plain else '#for name in ("tales",) [#num("coverage", name)]'
    texts = {"zh": paper_house.CHINESE + call, "en": paper_house.ENGLISH + call}
    found = problems(house, make_content(tmp_path, **texts))
    line = paper_house.CHINESE.count("\n") + 1
    assert ("paper.figure.missing", f"01-state.zh.typ:{line}", {"role": "coverage", "figure": "tales"}) in found
    with house.desk.read() as connection:
        assert list_publications(connection) == []


def test_only_the_newest_evidence_of_a_role_is_printed(house):
    def sign_speed(target, value):
        found = Evidence("lab.throughput", {}, "t", {}, None, {}, {"n": count_of(value, "payment")}, {"target": target})
        return evidence.sign(house.desk, "research-lab", found, "lab-researcher")

    sign_speed({"id": "embedded"}, 1)
    other, newest = sign_speed({"id": "evm"}, 2), sign_speed({"id": "embedded"}, 3)
    sign_speed({"id": "somebody-else"}, 4)
    materials = collect_materials(house.desk)
    assert {role: material.digest for role, material in materials.items()} == {
        "speed-embedded": newest,
        "speed-evm": other,
    }
    assert materials["speed-evm"].signers == ("research-lab",)


def test_only_the_secretariat_publishes(house, tmp_path):
    sign_all(house)
    edition = set_paper(house, make_content(tmp_path))
    with pytest.raises(EntryRefusedError) as refused:
        publish(house.desk, Actor("research-lab", "lab-analyst"), edition, house.home.published_path)
    assert refused.value.problem.code == "paper.publication.not_secretariat"
    assert list(house.home.published_path.iterdir()) == []


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


def test_publishing_again_changes_nothing_and_a_changed_text_is_a_new_revision(published, tmp_path):
    home = shutil.copytree(published.parent, tmp_path / "home")
    before = {path.name: path.read_bytes() for path in (home / "published").iterdir()}
    with pilot_house.opened(home) as house:
        height = house.engine.height
        publish_paper(house, make_content(tmp_path / "content"))
        assert house.engine.height == height
        assert {path.name: path.read_bytes() for path in (home / "published").iterdir()} == before
        content = make_content(tmp_path / "content")
        english = content.chapters_in("en")[0].text.replace("The watch kept", "The watch has kept")
        paths = publish_paper(house, make_content(tmp_path / "content", en=english))
    assert [path.name for path in paths] == ["small-paper-zh.pdf", "small-paper-en-r2.pdf"]
    assert verify_file(paths[1], policy_text=policy_of(home / "published")).facts["revision"] == 2
