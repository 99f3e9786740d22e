"""`gongshi paper`: set, publish, judge and list, on a small paper of two pieces of evidence."""

from __future__ import annotations

import shutil
from collections import Counter

import pytest

from tests.doors.rehearsals import Rehearsal
from tests.flows import pilot_house
from tests.flows.paper_house import CHINESE, sign_all, write_content


@pytest.fixture(scope="module")
def signed(tmp_path_factory):
    home = tmp_path_factory.mktemp("signed") / "home"
    pilot_house.found(home)
    with pilot_house.opened(home) as house:
        sign_all(house)
    return home


@pytest.fixture
def desk(signed, tmp_path):
    return Rehearsal(shutil.copytree(signed, tmp_path / "home"))


@pytest.fixture
def content(tmp_path):
    return write_content(tmp_path / "content")


def paper(desk, *arguments, **options):
    return desk.gongshi(*arguments, as_of=pilot_house.AS_OF, **options)


def test_the_figures_that_a_chapter_may_print(desk):
    rows = paper(desk, "--json", "paper", "figures").json()
    assert {row["role"] for row in rows} == {"coverage", "alliance"}
    (signals,) = [row for row in rows if (row["role"], row["figure"]) == ("coverage", "signals")]
    assert signals["value"] == "52"
    assert signals["evidence"].startswith("ev-")
    assert "signals.overseas" in paper(desk, "paper", "figures").out


def test_built_files_lie_where_they_were_asked_for(desk, content, tmp_path):
    answer = paper(desk, "paper", "build", "--content", str(content), "--out", str(tmp_path / "out"))
    assert answer.code == 0, answer.err
    assert [path.name for path in sorted((tmp_path / "out").iterdir())] == ["small-paper-en.pdf", "small-paper-zh.pdf"]
    assert "small-paper-zh.pdf" in answer.out + answer.err


@pytest.mark.parametrize(("lang", "words"), [("zh", "没有"), ("en", "has no figure tales")])
def test_a_figure_without_evidence_stops_with_file_and_line(desk, content, tmp_path, lang, words):
    text = CHINESE.replace('num("coverage", "signals")', 'num("coverage", "tales")')
    (content / "chapters" / "01-state.zh.typ").write_text(text, encoding="utf-8")
    options = ("--content", str(content), "--out", str(tmp_path / "out"))
    answer = paper(desk, "paper", "build", *options, lang=lang)
    assert answer.code == 1
    assert "01-state.zh.typ:5" in answer.err
    assert words in answer.err
    assert "Traceback" not in answer.err
    assert not (tmp_path / "out").exists()


def test_a_folder_that_holds_no_paper(desk, tmp_path):
    answer = paper(desk, "paper", "build", "--content", str(tmp_path / "nothing"))
    assert answer.code == 2
    assert "paper.toml" in answer.err


def test_published_files_proofs_and_policy_lie_together(desk, content):
    answer = paper(desk, "--json", "paper", "publish", "--content", str(content))
    assert answer.code == 0, answer.err
    assert [name.rpartition("/")[2] for name in answer.json()] == ["small-paper-zh.pdf", "small-paper-en.pdf"]
    for name in ("zh", "en"):
        file = desk.published / f"small-paper-{name}.pdf"
        verified = paper(desk, "verify", str(file), "--policy", str(desk.published / "policy.txt"))
        assert verified.code == 0, verified.out


def test_the_rubric_is_printed_and_judged(desk, content):
    found = paper(desk, "--json", "paper", "check", "--content", str(content)).json()
    assert (found["of"], len(found["points"])) == (63, 63)
    assert [row["point"] for row in found["points"]] == list(range(1, 64))
    held = {row["point"] for row in found["points"] if row["holds"]}
    assert found["holds"] == len(held)
    assert {57, 59, 60, 61, 62} <= held, "the file itself is sound"
    assert not {17, 41, 56} & held, "it says nothing of jurisdictions, phases and advice"
    (sources,) = [row for row in found["points"] if row["point"] == 6]
    assert not sources["holds"], "a mark alone is not enough"
    assert sources["missing"]
    assert set(sources["name"]) == {"zh", "en"}
    assert Counter(bool(row["pages"]) for row in found["points"])[True] == len(held)


def test_check_fails_below_what_was_asked_for(desk, content):
    holds = paper(desk, "--json", "paper", "check", "--content", str(content)).json()["holds"]
    options = ("paper", "check", "--content", str(content), "--least")
    assert paper(desk, *options, str(holds)).code == 0
    assert paper(desk, *options, str(holds + 1)).code == 1
