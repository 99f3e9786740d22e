import pytest

from gongshi.supervision.adapters.option_files import read_options
from gongshi.terms.problem import Problem
from tests.supervision.populations import ROOT, example_options

EXAMPLES = ROOT / "examples" / "alliance" / "options"


def test_the_examples_options_are_read_by_file_name():
    assert [option.id for option in example_options()] == ["thresholds", "typologies"]
    assert {rule.typology for option in example_options() for rule in option.rules} == {
        "large_value",
        "structuring",
        "mirror_transfer",
        "temporal_cycle",
    }


def test_every_problem_of_every_file_is_told_and_sound_files_are_read(tmp_path):
    (tmp_path / "a.toml").write_bytes((EXAMPLES / "typologies.toml").read_bytes())
    (tmp_path / "b.toml").write_text("rules = [")
    (tmp_path / "c.toml").write_bytes(b"\xff")
    (tmp_path / "d.toml").write_text("id = 'd'")
    (tmp_path / "e.toml").write_bytes((EXAMPLES / "typologies.toml").read_bytes())
    (tmp_path / "notes.md").write_text("not an option")
    options, problems = read_options(tmp_path)
    assert [option.id for option in options] == ["typologies", "typologies"]
    found = [(problem.where, problem.code) for problem in problems]
    assert found[:2] == [(name, "supervision.option.unreadable") for name in ("b.toml", "c.toml")]
    assert set(found[2:-1]) == {("d.toml", "supervision.option.field")}
    assert problems[-1] == Problem("supervision.option.duplicate", "e.toml", {"option": "typologies"})


def test_an_empty_folder_has_no_options(tmp_path):
    assert read_options(tmp_path) == ((), ())


def test_a_folder_that_is_not_there_is_the_worlds_failure(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_options(tmp_path / "none")
