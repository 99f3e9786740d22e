"""Front matter: who guided and wrote it, the preface, the summary, the cut-off day."""

from __future__ import annotations

from gongshi.paper.points.judging import Lack, Point, both, dated, evidence, rows, table
from gongshi.paper.records import Edition
from gongshi.terms.text import Text


def _summary_figures(edition: Edition, _again: Edition) -> Lack | None:
    """The summary's figures are the body's: each figure printed on the summary's pages is printed again later."""
    for paper in edition.papers.values():
        pages = set(paper.structure.points.get(4, ()))
        first = {(one.role, one.figure) for one in paper.structure.numbers if one.page in pages}
        later = {(one.role, one.figure) for one in paper.structure.numbers if one.page > max(pages, default=0)}
        if not first or first - later:
            return Lack("paper.point.summary", {"figures": len(first), "missing": len(first - later)})
    return None


def _preface(edition: Edition, _again: Edition) -> Lack:
    """A preface signed by a real head of department: a rehearsal has none, and says so."""
    return Lack("paper.point.rehearsal", {"paper": edition.content.id})


POINTS = (
    Point(
        1,
        Text("指导与编写单位", "guiding and writing bodies"),
        both(rows("bodies", 2, "member", "part"), table("tab-bodies", 2)),
    ),
    Point(2, Text("编写人署名", "named writers"), _preface),
    Point(3, Text("签署的前言", "signed preface"), _preface),
    Point(4, Text("摘要数字与正文一致", "summary whose numbers match the body"), _summary_figures),
    Point(5, Text("数据截止日", "data cut-off date"), both(evidence("coverage"), dated("coverage", "as_of"))),
)
