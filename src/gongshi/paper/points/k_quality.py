"""Quality of the file itself."""

from __future__ import annotations

from gongshi.paper.points.judging import Lack, Point, both, end, everywhere, prints, table
from gongshi.paper.records import Edition
from gongshi.terms.text import Text


def _opens(edition: Edition, _again: Edition) -> Lack | None:
    """Every printed figure names a role whose evidence is signed by a member and attached to the file."""
    for paper in edition.papers.values():
        for one in paper.structure.numbers:
            material = edition.materials.get(one.role)
            if material is None or not material.signers or one.figure not in material.evidence.figures:
                return Lack("paper.point.closed", {"role": one.role, "figure": one.figure})
            if f"{material.evidence.id()}.json".encode() not in paper.pdf:
                return Lack("paper.point.detached", {"evidence": material.evidence.id()})
    return None


def _references(edition: Edition, _again: Edition) -> Lack | None:
    """No reference stands without being cited, and there are at least as many as sources that the text uses."""
    known = {row["id"] for row in edition.content.references}
    cited = {id_ for paper in edition.papers.values() for id_ in paper.structure.cited}
    idle = known - cited
    return Lack("paper.point.idle", {"references": ", ".join(sorted(idle)[:5])}) if idle or not known else None


def _agree(edition: Edition, _again: Edition) -> Lack | None:
    """Both languages print the same figures equally often, the same tables with the same rows, the same drawings."""
    sides = [
        (
            sorted((one.role, one.figure) for one in paper.structure.numbers),
            [(one.label, one.rows) for one in paper.structure.tables],
            [one.label for one in paper.structure.drawings],
            [(one.level, one.is_numbered) for one in paper.structure.headings],
        )
        for paper in edition.papers.values()
    ]
    names = ("figures", "tables", "drawings", "headings")
    differing = [name for name, one, other in zip(names, *sides, strict=True) if one != other]
    return Lack("paper.point.languages", {"what": ", ".join(differing)}) if differing else None


def _labels(edition: Edition, _again: Edition) -> Lack | None:
    """Tables and drawings are numbered from one without a gap, as they were set; no label is used twice."""
    for paper in edition.papers.values():
        for listed in (paper.structure.tables, paper.structure.drawings):
            numbers = [one.number for one in listed]
            if numbers != list(range(1, len(listed) + 1)):
                return Lack("paper.point.gap", {"numbers": ", ".join(map(str, numbers))})
        labels = [one.label for one in (*paper.structure.tables, *paper.structure.drawings)]
        twice = sorted({label for label in labels if labels.count(label) > 1})
        if twice:
            return Lack("paper.point.twice", {"labels": ", ".join(twice)})
    return None


def _tagged(edition: Edition, _again: Edition) -> Lack | None:
    """The file says that it is tagged; that it is, a validator judges (veraPDF, in the tests)."""
    for paper in edition.papers.values():
        if b"/StructTreeRoot" not in paper.pdf or b"pdfuaid" not in paper.pdf:
            return Lack("paper.point.untagged", {"language": paper.language})
    return None


def _answered(edition: Edition, again: Edition) -> Lack | None:
    """Every comment that was received stands in the annex's table, and none is open."""
    figures = edition.materials["comments"].evidence.figures
    if "open" not in figures or figures["open"].value:
        return Lack("paper.point.open", {"open": figures["open"].value if "open" in figures else "?"})
    return table("tab-comments", figures["received"].value)(edition, again)


def _same_bytes(edition: Edition, again: Edition) -> Lack | None:
    for language, paper in edition.papers.items():
        if again.papers[language].pdf != paper.pdf:
            return Lack("paper.point.bytes", {"language": language})
    return None


POINTS = (
    Point(57, Text("每个数字可打开证据", "every number opens its evidence"), _opens, everywhere),
    Point(58, Text("参考文献不少于所用来源", "references ≥ sources used"), _references),
    Point(
        59,
        Text("中英文数字、术语、图号一致", "Chinese and English agree in numbers, terms, figure numbers"),
        _agree,
        everywhere,
    ),
    Point(60, Text("编号无缺", "numbering without gaps"), _labels, everywhere),
    Point(61, Text("带标签的PDF与替代文本", "tagged PDF, alt text"), _tagged, everywhere),
    Point(62, Text("同样输入得同样字节", "same input, same bytes"), _same_bytes, end),
    Point(
        63,
        Text("附意见及答复", "comments received and answered annexed"),
        both(prints("comments", "received"), _answered),
    ),
)
