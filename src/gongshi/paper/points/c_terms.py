"""Terms: table, abbreviations, alignment."""

from __future__ import annotations

from gongshi.paper.points.judging import Lack, Point, both, rows, table
from gongshi.paper.records import Edition
from gongshi.terms.text import Text


def _aligned(edition: Edition, _again: Edition) -> Lack | None:
    """Most terms name the standard that they are aligned to."""
    terms = edition.content.lists.get("terms", [])
    aligned = [row for row in terms if any("43572" in str(value) or "22739" in str(value) for value in row.values())]
    return (
        None
        if 2 * len(aligned) > len(terms) > 0
        else Lack("paper.point.aligned", {"aligned": len(aligned), "terms": len(terms)})
    )


POINTS = (
    Point(11, Text("术语表", "terms table"), both(rows("terms", 9, "term"), table("tab-terms", 9))),
    Point(12, Text("缩略语", "abbreviations"), both(rows("abbreviations", 8), table("tab-abbreviations", 8))),
    Point(13, Text("与ISO 22739、GB/T 43572一致", "aligned to ISO 22739 / GB/T 43572"), _aligned),
)
