"""A folder of content: read whole, or refused with the file that is wrong."""

import shutil

import pytest

from gongshi.paper.adapters.content_folder import load_content
from gongshi.paper.records import Content
from tests.paper.worlds import EXAMPLE


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(EXAMPLE, tmp_path / "white-paper")


def found(folder):
    problems = load_content(folder)
    assert isinstance(problems, list)
    return [(problem.code, problem.where) for problem in problems]


def test_the_example_is_read_whole(folder):
    content = load_content(folder)
    assert isinstance(content, Content)
    assert content.id == "white-paper"
    names = [[one.name for one in content.chapters_in(language)] for language in ("zh", "en")]
    assert names[0] == names[1] == sorted(names[0])
    assert set(content.helpers) == {"helpers.typ"}
    assert {path.stem for path in (folder / "lists").iterdir()} == set(content.lists)
    assert len(content.references) > 30


@pytest.mark.parametrize("name", ["paper.toml", "references.toml"])
def test_a_missing_file(folder, name):
    (folder / name).unlink()
    assert ("paper.content.missing", name) in found(folder)


@pytest.mark.parametrize("name", ["paper.toml", "references.toml", "lists/cases.toml"])
@pytest.mark.parametrize("data", [b"= [", b"\xff\xfe"])
def test_a_file_that_does_not_read(folder, name, data):
    (folder / name).write_bytes(data)
    assert found(folder) == [("paper.content.malformed", name.rpartition("/")[2])]


@pytest.mark.parametrize("wrong", ['title = "one language"', "roles = 7", ""])
def test_a_head_that_lacks_something(folder, wrong):
    whole = (folder / "paper.toml").read_text(encoding="utf-8").splitlines()
    field = wrong.split(" ", maxsplit=1)[0] or "publisher"
    kept = [line for line in whole if not line.startswith(field)]
    (folder / "paper.toml").write_text("\n".join([*kept, wrong]), encoding="utf-8")
    assert found(folder) == [("paper.content.form", "paper.toml")]


@pytest.mark.parametrize("name", ["01-overview.zh.typ", "helpers.typ"])
def test_a_chapter_that_is_not_text(folder, name):
    (folder / "chapters" / name).write_bytes(b"\xff\xfe\x00")
    assert found(folder) == [("paper.content.malformed", name)]
