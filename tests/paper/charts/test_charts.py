"""Every drawing, from small evidence in both languages: valid XML, its words in the reader's language, its figures printed."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from gongshi.paper.charts import draw_charts
from gongshi.paper.charts.svg import FONT, WEIGHT
from gongshi.terms.quantity import count_of
from tests.paper.worlds import LEDGERS, OPERATORS, make_edition, make_materials, say

MATERIALS = make_materials()
LISTS = make_edition().content.lists
SVG = "{http://www.w3.org/2000/svg}"
# Of each drawing: words that stand in it in Chinese and in English, and figures that stand in both.
SAYS = {
    "architecture": (["证据", "验证"], ["evidence", "verification"], []),
    "conformance": ([LEDGERS["evm"].zh], [LEDGERS["evm"].en], ["second part"]),
    "options": (["查出的团伙", "漏过的团伙"], ["rings caught", "rings missed"], []),
    "pilot-flow": ([OPERATORS["bank"].zh], [OPERATORS["bank"].en], ["20", "4"]),
    "plan-timeline": (["发布期限", "峰会"], ["due", "summit"], []),
    "signals-by-region": (["境内", "境外", "共识"], ["home", "overseas", "Consensus"], ["200", "900", "34", "100"]),
    "signals-by-year": ([], [], ["400", "0", "834", "2023", "2024", "2025"]),
    "speed": ([LEDGERS["embedded"].zh], [LEDGERS["embedded"].en], ["4,200.0", "317.0"]),
    "standards-classes": ([], [], []),
}


def draw(language, materials=MATERIALS, lists=LISTS):
    return draw_charts(materials, lists, language, say(language))


def words_in(drawing):
    root = ET.fromstring(drawing.svg)
    assert root.tag == f"{SVG}svg"
    return [one.text or "" for one in root.iter(f"{SVG}text")]


def test_every_drawing_is_there():
    assert set(draw("zh")) == set(SAYS)


@pytest.mark.parametrize("name", SAYS)
@pytest.mark.parametrize(("place", "language"), [(0, "zh"), (1, "en")])
def test_a_drawing_speaks_the_readers_language(name, place, language):
    found = words_in(draw(language)[name])
    for word in (*SAYS[name][place], *SAYS[name][2]):
        assert any(word in one for one in found), (word, found)
    assert not any("paper." in one for one in found), "a code without its sentence"
    if language == "en":
        assert not any("\u4e00" <= letter <= "\u9fff" for one in found for letter in one)


@pytest.mark.parametrize("name", SAYS)
def test_a_drawing_stays_inside_its_canvas(name):
    drawing = draw("en")[name]
    root = ET.fromstring(drawing.svg)
    width, height = float(root.get("width")), float(root.get("height"))
    assert 0 < drawing.width <= 100
    assert (root.get("font-family"), root.get("font-weight")) == (FONT, str(WEIGHT))
    for one in root.iter(f"{SVG}rect"):
        assert float(one.get("x")) + float(one.get("width")) <= width + 0.1
        assert float(one.get("y")) + float(one.get("height")) <= height + 0.1
    for one in root.iter(f"{SVG}text"):
        assert 0 <= float(one.get("x")) <= width
        assert 0 <= float(one.get("y")) <= height


@pytest.mark.parametrize(
    ("role", "lost"),
    [
        ("coverage", {"signals-by-region", "signals-by-year"}),
        ("conformance-evm", {"conformance"}),
        ("speed-embedded", {"speed"}),
        ("options", {"options"}),
        ("pilot", {"pilot-flow"}),
        ("alliance", {"pilot-flow"}),
        ("plan", {"plan-timeline"}),
    ],
)
def test_a_drawing_without_its_evidence_is_not_drawn(role, lost):
    left = draw("zh", {name: one for name, one in MATERIALS.items() if name != role})
    assert set(SAYS) - set(left) == lost


def test_a_bar_is_as_long_as_its_figure():
    drawing = draw("en")["signals-by-year"]
    heights = [float(one.get("height")) for one in ET.fromstring(drawing.svg).iter(f"{SVG}rect")]
    assert heights == pytest.approx([165 * 400 / 834, 0, 165], abs=0.1)


def test_clauses_that_no_test_numbers_are_left_out():
    found = words_in(draw("en")["conformance"])
    names = {row["id"]: f"{row['number']} {row['clause']['en']}" for row in LISTS["clauses"]}
    assert names["refusals"] in found
    assert names["query"] in found
    assert "scope" not in found


def test_verdicts_have_marks_of_different_shape():
    root = ET.fromstring(draw("en")["conformance"].svg)
    assert len(list(root.iter(f"{SVG}circle"))) == 2, "two ledgers pass one clause"
    crosses = [one for one in root.iter(f"{SVG}line") if one.get("stroke-width") == "2.4"]
    assert len(crosses) == 4, "two ledgers fail one clause, a cross has two strokes"


def test_due_and_summit_do_not_stand_on_each_other():
    plan = MATERIALS["plan"]
    near = replace(plan, evidence=replace(plan.evidence, times={"due": 0, "summit": 86_400_000}))
    root = ET.fromstring(draw("en", {**MATERIALS, "plan": near})["plan-timeline"].svg)
    anchors = {one.text: one.get("text-anchor") for one in root.iter(f"{SVG}text")}
    assert (anchors["due"], anchors["summit"]) == ("end", "start")


def test_what_is_written_is_escaped():
    classes = [{"id": "a", "class": {"zh": "甲<乙&丙", "en": "A<B&C"}}]
    drawing = draw("en", lists={**LISTS, "classes": classes, "directions": []})["standards-classes"]
    assert words_in(drawing) == ["A<B&C (0)"]


def test_every_direction_stands_in_its_class():
    found = words_in(draw("zh")["standards-classes"])
    assert {row["title"]["zh"] for row in LISTS["directions"]} <= set(found)
    counted = sum(
        int(one.rpartition("(")[2][:-1]) for one in found if one.endswith(")") and one.rpartition("(")[2][:-1].isdigit()
    )
    assert counted == len(LISTS["directions"])


def test_a_coverage_without_signals_draws_empty_axes():
    coverage = MATERIALS["coverage"]
    empty = replace(coverage, evidence=replace(coverage.evidence, figures={"signals": count_of(0, "signal")}))
    drawn = draw("en", {**MATERIALS, "coverage": empty})
    assert words_in(drawn["signals-by-year"]) == []
    assert words_in(drawn["signals-by-region"]) == ["home", "overseas"]


def test_money_is_called_conserved_only_where_it_is():
    pilot = MATERIALS["pilot"]
    figures = {**pilot.evidence.figures, "held": count_of(7, "CNY")}
    lost = replace(pilot, evidence=replace(pilot.evidence, figures=figures))
    said = [
        any("conserved" in one for one in words_in(draw("en", {**MATERIALS, "pilot": one})["pilot-flow"]))
        for one in (pilot, lost)
    ]
    assert said == [True, False]
