"""The typesetter: a source that stops says where and why, and the same files give the same bytes."""

import pytest

from gongshi.paper.adapters.typst_setter import LABELS, TypstSetter
from gongshi.paper.ports import TypesettingError
from gongshi.paper.rules import read_structure
from gongshi.paper.source import make_files
from gongshi.terms.text import Text
from tests.paper.worlds import NOW, OPERATORS, chapter, make_content, make_materials, say, tiny_chapter

SECONDS = NOW // 1000


def files_of(text: str | None = None, language: str = "zh"):
    one = tiny_chapter(language) if text is None else chapter(language, f'#import "/house.typ": *\n\n{text}')
    content = make_content(chapters=(one,))
    return make_files(content, make_materials(), language, say(language), OPERATORS, Text("演练", "Rehearsal"))


@pytest.mark.parametrize(
    ("text", "code", "what"),
    [
        ('#num("ghost", "signals")', "paper.role.missing", "ghost"),
        ('#num("coverage", "moons")', "paper.figure.missing", "coverage moons"),
        ('#val("ballot", "moon")', "paper.value.missing", "ballot moon"),
        ('#day("coverage", "moon")', "paper.time.missing", "coverage moon"),
        ('#list-of("moons")', "paper.list.missing", "moons"),
        ('#cite-ref("moon")', "paper.reference.missing", "moon"),
        ('#chart("moon")', "paper.chart.missing", "moon"),
        ("#unknown-verb()", "paper.source.wrong", "unknown variable: unknown-verb"),
    ],
)
def test_a_source_that_stops(text, code, what):
    with pytest.raises(TypesettingError) as caught:
        TypstSetter().set(files_of(text), SECONDS)
    assert (caught.value.code, caught.value.what) == (code, what)
    assert "01-tiny.zh.typ" in caught.value.trace
    assert "gongshi-paper-" not in caught.value.trace


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_same_files_give_the_same_bytes_and_what_was_set(language):
    pdf, found = TypstSetter().set(files_of(language=language), SECONDS)
    assert TypstSetter().set(files_of(language=language), SECONDS)[0] == pdf
    assert pdf.startswith(b"%PDF-")
    assert set(found) == set(LABELS)
    structure = read_structure(found)
    assert [(one.role, one.figure) for one in structure.numbers] == [("coverage", "signals")]
    assert [(one.label, one.rows) for one in structure.tables] == [("tab-sources", 1)]
    assert [one.label for one in structure.drawings] == ["fig-years"]
    assert (structure.cited, set(structure.points)) == (("iso",), {4})
    assert structure.headings[0].text == {"zh": "概述", "en": "Overview"}[language]
