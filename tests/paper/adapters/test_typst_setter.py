"""The typesetter: a source that stops says where and why, and the same files give the same bytes."""

import pytest

from gongshi.paper.adapters.typst_setter import LABELS, TypstSetter
from gongshi.paper.ports import TypesettingError
from gongshi.paper.rules import read_structure
from gongshi.paper.source import Wording, make_files
from gongshi.terms.problem import Problem
from gongshi.terms.text import Text
from gongshi.wiring import get_catalogue
from tests.paper.worlds import NOW, OPERATORS, chapter, make_content, make_materials, say, tiny_chapter

SECONDS = NOW // 1000


def files_of(text: str | None = None, language: str = "zh"):
    one = tiny_chapter(language) if text is None else chapter(language, f'#import "/house.typ": *\n\n{text}')
    content = make_content(chapters=(one,))
    return make_files(content, make_materials(), Wording(language, say(language), OPERATORS, Text("演练", "Rehearsal")))


@pytest.mark.parametrize(
    ("text", "code", "values"),
    [
        ('#num("ghost", "signals")', "paper.role.missing", {"role": "ghost"}),
        ('#num("coverage", "moons")', "paper.figure.missing", {"role": "coverage", "figure": "moons"}),
        (
            '#for name in ("moons",) [#num("coverage", name)]',
            "paper.figure.missing",
            {"role": "coverage", "figure": "moons"},
        ),
        ('#val("ballot", "moon")', "paper.value.missing", {"what": "ballot moon"}),
        ('#day("coverage", "moon")', "paper.time.missing", {"what": "coverage moon"}),
        ('#list-of("moons")', "paper.list.missing", {"what": "moons"}),
        ('#cite-ref("moon")', "paper.reference.missing", {"what": "moon"}),
        ('#chart("moon")', "paper.chart.missing", {"what": "moon"}),
        ("#unknown-verb()", "paper.source.wrong", {"what": "unknown variable: unknown-verb"}),
    ],
)
def test_a_source_that_stops_names_file_and_line(text, code, values):
    with pytest.raises(TypesettingError) as caught:
        TypstSetter().set(files_of(f"= 一\n\n前面的话\n{text}"), SECONDS)
    assert caught.value.problem == Problem(code, "01-tiny.zh.typ:6", values)
    sentence = get_catalogue("en").explain(caught.value.problem)
    assert sentence.startswith("01-tiny.zh.typ:6")
    assert "{" not in sentence


def test_a_drawing_without_words_for_those_who_cannot_see_it():
    drawing = '#figure(image("/charts/signals-by-year.svg"), caption: [x])'
    with pytest.raises(TypesettingError) as caught:
        TypstSetter().set(files_of(drawing), SECONDS)
    assert caught.value.problem.code == "paper.source.wrong"
    assert caught.value.problem.where == "01-tiny.zh.typ:3"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_same_files_give_the_same_bytes_and_what_was_set(language):
    pdf, found = TypstSetter().set(files_of(language=language), SECONDS)
    assert TypstSetter().set(files_of(language=language), SECONDS)[0] == pdf
    assert pdf.startswith(b"%PDF-")
    assert set(found) == set(LABELS)
    structure = read_structure(found)
    assert [(one.role, one.figure) for one in structure.numbers] == [("coverage", "signals")]
    assert [(one.label, one.rows, one.number) for one in structure.tables] == [("tab-sources", 1, 1)]
    assert [(one.label, one.number) for one in structure.drawings] == [("fig-years", 1)]
    assert (structure.cited, set(structure.points)) == (("iso",), {4})
    assert structure.headings[0].text == {"zh": "概述", "en": "Overview"}[language]
