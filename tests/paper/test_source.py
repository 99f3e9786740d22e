"""The tree of files: nothing in it but what is signed or written, and every text in the reader's language."""

import json

import pytest

from gongshi.paper.source import Wording, get_cutoff, make_files
from gongshi.terms.text import Text
from tests.paper.worlds import NOW, OPERATORS, make_content, make_materials, say

MATERIALS = make_materials()
REHEARSAL = Text("这是演练", "This is a rehearsal")


def files_in(language):
    return make_files(make_content(), MATERIALS, Wording(language, say(language), OPERATORS, REHEARSAL))


def test_the_cut_off_is_that_of_the_coverage():
    assert get_cutoff(MATERIALS) == NOW


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_tree_of_one_language(language):
    files = files_in(language)
    chapters = [path for path in files if path.startswith("chapters/")]
    assert chapters == [f"chapters/01-tiny.{language}.typ"]
    assert f'#include "/chapters/01-tiny.{language}.typ"' in files["main.typ"].decode()
    data = json.loads(files["data.json"])
    assert data["lists"]["cases"] == [
        {
            "case": {"zh": "案例", "en": "Case"}[language],
            "place": {"zh": "北京", "en": "Beijing"}[language],
        }
    ]
    assert data["words"]["contents"] == {"zh": "目录", "en": "Contents"}[language]
    assert set(data["charts"]) == {path[7:-4] for path in files if path.startswith("charts/")}


def test_evidence_enters_as_the_bytes_that_were_signed():
    files, data = files_in("zh"), json.loads(files_in("zh")["data.json"])
    for role, material in MATERIALS.items():
        assert files[f"{material.evidence.id()}.json"] == material.evidence.encode()
        assert data["evidence"][role]["digest"] == f"sha256:{material.digest.hex()}"
        assert data["evidence"][role]["signers"] == ["institute"]


def test_the_same_input_gives_the_same_files():
    assert files_in("en") == files_in("en")


def test_every_unit_has_a_name():
    assert json.loads(files_in("en")["data.json"])["units"]["signal"] != "paper.unit.signal"
