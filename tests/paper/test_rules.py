"""Everything that stops a build, each named with its file and line."""

import pytest

from gongshi.paper.records import Number, Tabled
from gongshi.paper.rules import check_content, read_structure
from tests.paper.worlds import chapter, make_content, make_materials, with_chapters

MATERIALS = make_materials()
GOOD = '#num("coverage", "signals")'


def found(content, materials=MATERIALS):
    return [(problem.code, problem.where, dict(problem.values)) for problem in check_content(content, materials)]


def test_a_whole_content_has_no_problem():
    assert found(make_content()) == []


def test_a_role_that_the_paper_cannot_do_without():
    assert found(make_content(roles=("coverage", "ballot")), {"coverage": MATERIALS["coverage"]}) == [
        ("paper.role.missing", "ballot", {"role": "ballot"})
    ]


@pytest.mark.parametrize(
    ("call", "code", "values"),
    [
        ('#num("ghost", "signals")', "paper.role.missing", {"role": "ghost"}),
        ('#num("coverage", "moons")', "paper.figure.missing", {"role": "coverage", "figure": "moons"}),
        ('#val("ballot", "moon")', "paper.figure.missing", {"role": "ballot", "figure": "moon"}),
        ('#for x in raw-val("ballot", "moon") [a]', "paper.figure.missing", {"role": "ballot", "figure": "moon"}),
        ('#day("coverage", "moon")', "paper.figure.missing", {"role": "coverage", "figure": "moon"}),
        ('#on-day(raw-time("plan", "moon"))', "paper.figure.missing", {"role": "plan", "figure": "moon"}),
        ('#num(\n  "coverage",\n  "moons",\n)', "paper.figure.missing", {"role": "coverage", "figure": "moons"}),
    ],
)
def test_a_figure_without_evidence_names_file_and_line(call, code, values):
    text = f"= 一\n{GOOD}\n前面的话 {call}"
    problems = found(with_chapters(text, text))
    assert problems == [(code, "01-tiny.zh.typ:3", values), (code, "01-tiny.en.typ:3", values)]


@pytest.mark.parametrize(
    "call", [GOOD, '#val("ballot", "ballot")', '#day("plan", "summit")', '#raw-val("pilot", "figures")']
)
def test_what_evidence_carries_may_be_called(call):
    assert found(with_chapters(call, call)) == []


@pytest.mark.parametrize(
    "loose",
    [
        "约有 42 家",
        "3 个账本",
        "全角１２也是",
        f"在 {GOOD} 之外还有 7 条",
        f"{GOOD} 之外还有 7 条",
        "#point(4) 有 7 条",
        "found 7 moons",
        "words of 7 letters",
        "- 有 7 条",
        "#tab(<tab-a>, caption: [共 7 条], header: ([甲],))",
        '  ([甲], [7 条], num("coverage", "signals")),',
    ],
)
def test_a_loose_digit_names_file_and_line(loose):
    problems = found(with_chapters(f"= 一\n\n{loose}", f"= One\n\n{loose}"))
    assert [(code, where) for code, where, _ in problems] == [
        ("paper.figure.loose", "01-tiny.zh.typ:3"),
        ("paper.figure.loose", "01-tiny.en.typ:3"),
    ]
    assert any(letter.isdigit() for letter in problems[0][2]["text"])


@pytest.mark.parametrize(
    "fine",
    [
        '见#std("GB/T 43572-2023")第#std("5.1")条',
        '#said("约 200 万笔", "iso")',
        "// 注释里的 42",
        "见 @tab-2 与 <fig-3>",
        "代码 `sha256` 里的",
        "公式 $3f + 1$ 成立",
        "#point(4)这里",
        "#v(0.3em)这里",
        "  columns: (2fr, 14pt, 30%), header: ([甲], [乙])",
        "#let half = calc.quo(rows.len() + 1, 2)",
    ],
)
def test_digits_that_are_not_loose(fine):
    assert found(with_chapters(fine, fine)) == []


def test_languages_with_different_chapters():
    content = make_content(chapters=(chapter("zh", ""), chapter("en", ""), chapter("en", "", "02-more")))
    assert found(content) == [("paper.language.chapters", "", {"zh": 1, "en": 2})]


@pytest.mark.parametrize(
    ("zh", "en", "where", "values"),
    [
        (f"{GOOD}\n#point(4)", f"{GOOD}\n#point(5)", "01-tiny.zh.typ:2", {"zh": "point(4)", "en": "point(5)"}),
        (f"{GOOD}", "words", "01-tiny.zh.typ:1", {"zh": 'num("coverage", "signals")', "en": "-"}),
        ("一\n二", "one\n#tab(<tab-a>)", "01-tiny.en.typ:2", {"zh": "-", "en": "tab(<tab-a>)"}),
        ("== 一 <a>", "=== One <a>", "01-tiny.zh.typ:1", {"zh": "==(<a>)", "en": "===(<a>)"}),
        ("== 一 <a>", "== One <b>", "01-tiny.zh.typ:1", {"zh": "==(<a>)", "en": "==(<b>)"}),
        ("= 一\n== 二", "= One", "01-tiny.zh.typ:2", {"zh": "==()", "en": "-"}),
        ('#chart("a")', '#chart("b")', "01-tiny.zh.typ:1", {"zh": 'chart("a")', "en": 'chart("b")'}),
        ('#cite-ref("a")', '#cite-ref("b")', "01-tiny.zh.typ:1", {"zh": 'cite-ref("a")', "en": 'cite-ref("b")'}),
        ('#list-of("a")', '#list-of("b")', "01-tiny.zh.typ:1", {"zh": 'list-of("a")', "en": 'list-of("b")'}),
    ],
)
def test_languages_that_differ_in_a_call(zh, en, where, values):
    assert found(with_chapters(zh, en)) == [("paper.language.differ", where, values)]


def test_languages_that_name_another_figure_of_the_same_role():
    zh, en = GOOD, '#num("coverage", "sources")'
    assert [code for code, _, _ in found(with_chapters(zh, en))] == ["paper.language.differ"]


def test_what_was_set_is_read():
    structure = read_structure(
        {
            "structure": [{"headings": [{"level": 1, "text": " One ", "page": 3, "numbered": True}], "pages": 9}],
            "number": [{"role": "coverage", "figure": "signals", "page": 4}],
            "tabled": [{"label": "tab-a", "rows": 2, "page": 5, "number": 1}],
            "drawn": [{"label": "fig-a", "page": 6, "number": 1}],
            "cited": ["iso", "iso"],
            "point": [{"point": 4, "page": 3}, {"point": 4, "page": 3}, {"point": 4, "page": 8}],
        }
    )
    assert (structure.headings[0].text, structure.pages) == ("One", 9)
    assert structure.numbers == (Number("coverage", "signals", 4),)
    assert (structure.tables, structure.drawings) == ((Tabled("tab-a", 2, 5, 1),), (Tabled("fig-a", 0, 6, 1),))
    assert (structure.cited, structure.points) == (("iso", "iso"), {4: (3, 8)})
