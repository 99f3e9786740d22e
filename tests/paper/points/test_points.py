"""The 63 points of the rubric: each is there once, each can hold, and each falls when what it counts is broken."""

from dataclasses import replace

import pytest

from gongshi.paper.points import get_points, judge_edition
from gongshi.paper.records import Number
from gongshi.terms.text import LANGUAGES, Text
from gongshi.wiring import get_catalogue
from tests.paper.worlds import evidence, make_edition, relist, restructure

WHOLE = make_edition()
POINTS = {point.number: (group, point) for group, points in get_points().items() for point in points}
# A rehearsal has no writers by name and no preface that somebody signed; the rest was not measured for this edition.
NEVER = {2: "paper.point.rehearsal", 3: "paper.point.rehearsal"}
UNMEASURED = {15: "paper.point.types", 28: "paper.point.unmeasured", 29: "paper.point.unmeasured"}
UNMARKED = (57, 59, 60, 61, 62)


def lists(name, rows):
    return lambda edition: relist(edition, name, rows)


def fewer(name, left):
    return lists(name, lambda rows: rows[:left])


def emptied(name, field):
    """Empty one field of every row: in both languages, or in English alone where it has two sides."""

    def empty(row):
        value = row[field]
        return {**row, field: {**value, "en": " "} if isinstance(value, dict) else None}

    return lists(name, lambda rows: [empty(row) for row in rows])


def unreferenced(name):
    return lists(name, lambda rows: [*rows[:-1], {**rows[-1], "ref": "nowhere"}])


def in_english_only(**fields):
    """Break the English paper alone."""

    def broken(edition):
        english = restructure(edition, **fields).papers["en"]
        return replace(edition, papers={**edition.papers, "en": english})

    return broken


def tabled(label, rows):
    return in_english_only(tables=lambda all_: tuple(replace(t, rows=rows) if t.label == label else t for t in all_))


def undrawn(label):
    return in_english_only(drawings=lambda all_: tuple(one for one in all_ if one.label != label))


def unprinted(role, figure):
    return in_english_only(numbers=lambda all_: tuple(n for n in all_ if (n.role, n.figure) != (role, figure)))


def without(role):
    return lambda edition: replace(
        edition, materials={name: one for name, one in edition.materials.items() if name != role}
    )


def unsigned(edition):
    kept = {role: replace(one, signers=()) for role, one in edition.materials.items()}
    return replace(edition, materials=kept)


def with_pdf(change):
    def broken(edition):
        paper = edition.papers["en"]
        return replace(edition, papers={**edition.papers, "en": replace(paper, pdf=change(paper.pdf))})

    return broken


def unwritten(call):
    """Take a call out of the English chapters."""

    def broken(edition):
        texts = [
            (one, one.text.replace(call, "") if one.language == "en" else one.text) for one in edition.content.chapters
        ]
        chapters = tuple(replace(one, text=text) for one, text in texts)
        return replace(edition, content=replace(edition.content, chapters=chapters))

    return broken


def commented(figures):
    def broken(edition):
        comments = replace(edition.materials["comments"], evidence=evidence("group.comments", figures))
        return replace(edition, materials={**edition.materials, "comments": comments})

    return broken


def tasks(**fields):
    return lists("tasks", lambda rows: [{**row, **fields} if row["after"] else row for row in rows])


ROWS, TABLE, DRAWING, FIGURE = (f"paper.point.{name}" for name in ("rows", "table", "drawing", "figure"))
EVIDENCE, REFERENCES, UNPRINTED = (f"paper.point.{name}" for name in ("evidence", "references", "unprinted"))
BREAKS = [
    (1, fewer("bodies", 1), ROWS),
    (1, emptied("bodies", "part"), ROWS),
    (1, tabled("tab-bodies", 1), TABLE),
    (4, in_english_only(numbers=lambda all_: tuple(n for n in all_ if n.page == 3)), "paper.point.summary"),
    (4, in_english_only(numbers=lambda all_: tuple(n for n in all_ if n.page == 7)), "paper.point.summary"),
    (5, without("coverage"), EVIDENCE),
    (6, unprinted("coverage", "sources"), FIGURE),
    (6, tabled("tab-sources", 2), TABLE),
    (7, fewer("cases", 7), ROWS),
    (7, unreferenced("cases"), REFERENCES),
    (8, emptied("cases", "region"), ROWS),
    (8, lists("cases", lambda rows: [{**row, "region": "overseas"} for row in rows]), ROWS),
    (21, unwritten('list-of("fields")'), UNPRINTED),
    (5, unwritten('day("coverage", "as_of")'), UNPRINTED),
    (7, tabled("tab-cases", 7), TABLE),
    (14, tabled("tab-evolution", 4), TABLE),
    (42, tabled("tab-tasks", 11), TABLE),
    (49, tabled("tab-classes", 4), TABLE),
    (51, tabled("tab-directions", 19), TABLE),
    (53, tabled("tab-conversion", 1), TABLE),
    (56, tabled("tab-advice", 4), TABLE),
    (63, tabled("tab-comments", 3), TABLE),
    (63, commented({"received": 4, "open": 1}), "paper.point.open"),
    (63, commented({"received": 4}), "paper.point.open"),
    (60, in_english_only(tables=lambda all_: all_[1:]), "paper.point.gap"),
    (60, in_english_only(drawings=lambda all_: all_[::-1]), "paper.point.gap"),
    (9, fewer("studies", 1), ROWS),
    (9, tabled("tab-studies", 1), TABLE),
    (10, without("options"), EVIDENCE),
    (11, fewer("terms", 8), ROWS),
    (11, tabled("tab-terms", 8), TABLE),
    (12, fewer("abbreviations", 7), ROWS),
    (12, tabled("tab-abbreviations", 7), TABLE),
    (13, lists("terms", [{"term": {"zh": "一", "en": "one"}, "agrees": "-"}]), "paper.point.aligned"),
    (13, lists("terms", []), "paper.point.aligned"),
    (14, fewer("evolution", 4), ROWS),
    (14, unreferenced("evolution"), REFERENCES),
    (15, without("speed-evm"), "paper.point.types"),
    (16, fewer("actors", 6), ROWS),
    (16, tabled("tab-actors", 6), TABLE),
    (17, fewer("jurisdictions", 5), ROWS),
    (17, unreferenced("jurisdictions"), REFERENCES),
    (17, tabled("tab-jurisdictions", 5), TABLE),
    (18, fewer("related", 5), ROWS),
    (18, tabled("tab-related", 5), TABLE),
    (19, undrawn("fig-years"), DRAWING),
    (19, unprinted("coverage", "signals"), FIGURE),
    (20, tabled("tab-map", 5), TABLE),
    (21, emptied("fields", "pain"), ROWS),
    (22, fewer("scenarios", 12), ROWS),
    (23, unprinted("pilot", "payments"), FIGURE),
    (23, undrawn("fig-pilot"), DRAWING),
    (24, emptied("values", "limit"), ROWS),
    (24, tabled("tab-values", 2), TABLE),
    (25, fewer("needs", 6), ROWS),
    (25, tabled("tab-needs", 6), TABLE),
    (26, undrawn("fig-architecture"), DRAWING),
    (27, fewer("key-technologies", 5), ROWS),
    (27, tabled("tab-key", 5), TABLE),
    (28, without("consensus"), "paper.point.unmeasured"),
    (29, unprinted("crypto", "sm2"), "paper.point.unmeasured"),
    (30, fewer("privacy", 3), ROWS),
    (30, tabled("tab-privacy", 3), TABLE),
    (31, fewer("contract-failures", 4), ROWS),
    (31, tabled("tab-failures", 4), TABLE),
    (32, fewer("rule-layers", 1), ROWS),
    (32, tabled("tab-layers", 1), TABLE),
    (33, emptied("models", "limit"), ROWS),
    (33, tabled("tab-models", 2), TABLE),
    (34, fewer("properties", 2), ROWS),
    (34, tabled("tab-properties", 2), TABLE),
    (35, emptied("challenges", "counter"), ROWS),
    (35, tabled("tab-challenges", 2), TABLE),
    (36, fewer("security-system", 4), ROWS),
    (36, tabled("tab-security", 4), TABLE),
    (37, without("exposures"), EVIDENCE),
    (37, tabled("tab-exposures", 0), TABLE),
    (38, unprinted("options", "typologies.caught"), FIGURE),
    (38, undrawn("fig-options"), DRAWING),
    (39, fewer("typologies", 3), ROWS),
    (39, without("options"), EVIDENCE),
    (40, unprinted("pilot", "held"), FIGURE),
    (40, tabled("tab-pilot", 2), TABLE),
    (41, fewer("phases", 3), ROWS),
    (41, tabled("tab-phases", 3), TABLE),
    (42, fewer("tasks", 11), ROWS),
    (43, emptied("tasks", "to_day"), ROWS),
    (43, without("plan"), EVIDENCE),
    (44, emptied("tasks", "owner"), ROWS),
    (44, without("alliance"), EVIDENCE),
    (45, tasks(after=["nowhere"]), "paper.point.dependencies"),
    (45, tasks(after=[]), "paper.point.dependencies"),
    (45, tasks(from_day=-9999), "paper.point.dependencies"),
    (45, tabled("tab-dependencies", 0), TABLE),
    (46, emptied("tasks", "measure"), ROWS),
    (47, emptied("risks", "answer"), ROWS),
    (47, tabled("tab-risks", 4), TABLE),
    (48, emptied("directions", "gap"), ROWS),
    (49, undrawn("fig-classes"), DRAWING),
    (49, fewer("classes", 4), ROWS),
    (50, fewer("classes", 4), "paper.point.classes"),
    (50, fewer("directions", 1), "paper.point.classes"),
    (51, fewer("directions", 19), ROWS),
    (51, emptied("directions", "precedent"), ROWS),
    (52, fewer("plan-steps", 2), ROWS),
    (52, without("plan"), EVIDENCE),
    (52, tabled("tab-plan", 2), TABLE),
    (53, emptied("conversion", "rule"), ROWS),
    (53, unreferenced("conversion"), REFERENCES),
    (54, fewer("international", 4), ROWS),
    (54, tabled("tab-international", 4), TABLE),
    (55, fewer("strategy", 2), ROWS),
    (55, tabled("tab-strategy", 2), TABLE),
    (56, fewer("advice", 4), ROWS),
    (56, emptied("advice", "addressee"), ROWS),
    (56, lists("advice", lambda rows: [{**row, "evidence": "ghost"} for row in rows]), EVIDENCE),
    (57, without("pilot"), "paper.point.closed"),
    (57, unsigned, "paper.point.closed"),
    (57, in_english_only(numbers=lambda all_: (*all_, Number("pilot", "moons", 4))), "paper.point.closed"),
    (57, with_pdf(lambda pdf: pdf.replace(b".json", b".jsom")), "paper.point.detached"),
    (58, lambda edition: restructure(edition, cited=lambda all_: all_[1:]), "paper.point.idle"),
    (58, lambda edition: replace(edition, content=replace(edition.content, references=[])), "paper.point.idle"),
    (59, in_english_only(numbers=lambda all_: all_[1:]), "paper.point.languages"),
    (59, in_english_only(tables=lambda all_: all_[1:]), "paper.point.languages"),
    (59, in_english_only(drawings=lambda all_: all_[::-1]), "paper.point.languages"),
    (59, in_english_only(headings=lambda all_: (replace(all_[0], level=2),)), "paper.point.languages"),
    (60, in_english_only(tables=lambda all_: (*all_, replace(all_[0], number=len(all_) + 1))), "paper.point.twice"),
    (61, with_pdf(lambda pdf: pdf.replace(b"/StructTreeRoot", b"")), "paper.point.untagged"),
    (61, with_pdf(lambda pdf: pdf.replace(b"pdfuaid", b"")), "paper.point.untagged"),
    (62, with_pdf(lambda pdf: pdf + b" "), "paper.point.bytes"),
    (63, unprinted("comments", "received"), FIGURE),
]


def measured():
    """An edition in which what this edition leaves open was measured too."""
    extra = {"speed-public": "lab.throughput", "consensus": "lab.consensus", "crypto": "lab.crypto"}
    materials = dict(WHOLE.materials)
    for role, kind in extra.items():
        one = evidence(kind, {"sm2": 7})
        materials[role] = replace(materials["pilot"], role=role, evidence=one, digest=one.digest())
    printed = tuple(Number(role, "sm2", page) for page in (3, 7) for role in extra)
    attached = b"".join(f"{materials[role].evidence.id()}.json".encode() for role in extra)
    edition = restructure(replace(WHOLE, materials=materials), numbers=lambda all_: (*all_, *printed))
    papers = {language: replace(paper, pdf=paper.pdf + attached) for language, paper in edition.papers.items()}
    return replace(edition, papers=papers)


MEASURED = measured()


def judge(number, edition, again=None):
    group, point = POINTS[number]
    return point.judge(group, edition, again or MEASURED)


def test_sixty_three_numbers_once_each_in_order():
    assert [verdict.number for verdict in judge_edition(WHOLE, WHOLE)] == list(range(1, 64))
    assert "".join(get_points()) == "ABCDEFGHIJK"


def test_every_point_has_a_name_in_both_languages():
    names = [point.name for _, point in POINTS.values()]
    assert len({name.zh for name in names}) == len({name.en for name in names}) == 63
    assert all(isinstance(name, Text) for name in names)


@pytest.mark.parametrize("number", [number for number in POINTS if number not in NEVER])
def test_a_point_can_hold(number):
    verdict = judge(number, MEASURED)
    assert (verdict.holds, verdict.missing) == (True, ""), dict(verdict.values)
    assert verdict.pages


@pytest.mark.parametrize(("number", "code"), {**NEVER, **UNMEASURED}.items())
def test_what_a_rehearsal_lacks_is_said(number, code):
    assert judge(number, WHOLE).missing == code


@pytest.mark.parametrize(("number", "broken", "code"), BREAKS)
def test_a_point_falls_when_what_it_counts_is_broken(number, broken, code):
    verdict = judge(number, broken(MEASURED))
    assert (verdict.holds, verdict.missing, verdict.pages) == (False, code, ())


def test_every_point_is_broken_above():
    assert {number for number, _, _ in BREAKS} | NEVER.keys() == POINTS.keys()


@pytest.mark.parametrize("number", [number for number in POINTS if number not in UNMARKED])
def test_a_mark_in_one_language_is_no_mark(number):
    unmarked = in_english_only(points=lambda all_: {one: pages for one, pages in all_.items() if one != number})(
        MEASURED
    )
    assert judge(number, unmarked).missing == "paper.point.unmarked"


@pytest.mark.parametrize("number", UNMARKED)
def test_a_point_about_the_whole_paper_needs_a_paper(number):
    assert judge(number, restructure(MEASURED, pages=0)).missing == "paper.point.unmarked"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_lack_has_its_sentence_with_its_values(language):
    say = get_catalogue(language).say
    broken = [judge(number, change(MEASURED)) for number, change, _ in BREAKS]
    for verdict in [*broken, *(judge(number, WHOLE) for number in NEVER | UNMEASURED)]:
        sentence = say(verdict.missing, **verdict.values)
        assert sentence not in ("", verdict.missing)
        assert "{" not in sentence
