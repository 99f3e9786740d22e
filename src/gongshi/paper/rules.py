"""What a paper has to keep before it is set, and what a set paper says of itself. Pure.

1. every role that the content asks for has evidence;  2. every figure that a chapter names is in it, and no digit stands loose;
3. both languages are one text: same chapters, same calls, tables, drawings and points in the same order.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from typing import Any

from gongshi.paper.records import Chapter, Content, Heading, Material, Number, Structure, Tabled
from gongshi.terms.problem import Problem
from gongshi.terms.text import LANGUAGES

_CALL = re.compile(r'\b(num|val|raw-val|day|raw-time)\(\s*"([^"]+)"\s*,\s*"([^"]+)"')
_MARK = re.compile(
    r'\b(num|val|day|tab|chart|point|cite-ref|list-of)\(\s*("[^"]*"(?:\s*,\s*"[^"]*")*|<[^>]*>|\d+)'
    r"|^(=+) [^<\n]*(<[a-z0-9-]+>)?",
    re.MULTILINE,
)
# What may hold digits: strings, code after `#`, labels, references, markup of headings and the numbers of layout.
_ALLOWED = (
    re.compile(r"//[^\n]*"),
    re.compile(r'"(?:[^"\\]|\\.)*"'),
    re.compile(r"\$[^$]*\$"),
    re.compile(r"<[a-z0-9-]+>"),
    re.compile(r"@[a-z0-9-]+"),
    re.compile(r"#?\b[a-z][a-z0-9-]*\(\d+\)"),
    re.compile(r"\b\d+(\.\d+)?(fr|pt|em|cm|mm|%)"),
    re.compile(r"`[^`]*`"),
)
_DIGIT = re.compile(r"[0-9０-９]")
# What a line of code sets as text stands in square brackets.
_INSIDE = re.compile(r"\[([^\[\]]*)\]")
# A line of code; a line of prose may begin with a call, too.
_CODE_LINE = re.compile(
    r"^\s*(#(?!(num|val|day|point|said|std|cite-ref|see)\b)|\.\.|let |if |for |columns|header|\)|\(|[a-z-]+:|\})"
)


def check_content(content: Content, materials: Mapping[str, Material]) -> list[Problem]:
    """Collect everything that is wrong before a page is set."""
    problems = [
        Problem("paper.role.missing", role, {"role": role}) for role in content.roles if role not in materials
    ]  # 1
    for chapter in content.chapters:  # 2
        problems += [*_check_figures(chapter, materials), *_check_digits(chapter)]
    return [*problems, *_check_languages(content)]  # 3


def _check_figures(chapter: Chapter, materials: Mapping[str, Material]) -> Iterator[Problem]:
    for call in _CALL.finditer(chapter.text):
        verb, role, name = call.groups()
        where = _where(chapter, _line(chapter, call))
        material = materials.get(role)
        if material is None:
            yield Problem("paper.role.missing", where, {"role": role})
        elif not _has(material, verb, name):
            yield Problem("paper.figure.missing", where, {"role": role, "figure": name})


def _has(material: Material, verb: str, name: str) -> bool:
    evidence = material.evidence
    if verb == "num":
        return name in evidence.figures
    if verb in ("day", "raw-time"):
        return name in evidence.times
    return name in evidence.results or name == "figures"


def _check_digits(chapter: Chapter) -> Iterator[Problem]:
    """A digit in prose that no evidence carries and no reference stands behind is loose."""
    for number, line in enumerate(chapter.text.splitlines(), 1):
        rest = line
        for allowed in _ALLOWED:
            rest = allowed.sub("", rest)
        prose = " ".join(_INSIDE.findall(rest)) if _CODE_LINE.match(line) else rest
        if _DIGIT.search(prose):
            yield Problem("paper.figure.loose", _where(chapter, number), {"text": prose.strip()[:60]})


def _check_languages(content: Content) -> Iterator[Problem]:
    one, other = (content.chapters_in(language) for language in LANGUAGES)
    if [chapter.name for chapter in one] != [chapter.name for chapter in other]:
        yield Problem("paper.language.chapters", values={"zh": len(one), "en": len(other)})
        return
    for chinese, english in zip(one, other, strict=True):
        for first, second in itertools.zip_longest(_marks(chinese), _marks(english)):
            if first is None or second is None or first[1:] != second[1:]:
                where = _where(chinese, first[0]) if first else _where(english, second[0] if second else 0)
                yield Problem("paper.language.differ", where, {"zh": _said(first), "en": _said(second)})
                break


def _marks(chapter: Chapter) -> list[tuple[int, str, str]]:
    """Give what both languages have to share, with its line: calls with what they name, headings with level and label."""
    return [
        (_line(chapter, mark), mark[1] or mark[3], mark[2] or mark[4] or "") for mark in _MARK.finditer(chapter.text)
    ]


def _said(mark: tuple[int, str, str] | None) -> str:
    return "-" if mark is None else f"{mark[1]}({mark[2]})"


def _line(chapter: Chapter, match: re.Match[str]) -> int:
    return chapter.text.count("\n", 0, match.start()) + 1


def _where(chapter: Chapter, number: int) -> str:
    return f"{chapter.name}.{chapter.language}.typ:{number}"


def read_structure(found: Mapping[str, list[Any]]) -> Structure:
    """Read what the typesetter says of a set paper."""
    (whole,) = found["structure"]
    points: dict[int, tuple[int, ...]] = {}
    for mark in found["point"]:
        points[mark["point"]] = tuple(dict.fromkeys((*points.get(mark["point"], ()), mark["page"])))
    return Structure(
        headings=tuple(
            Heading(one["level"], one["text"].strip(), one["page"], one["numbered"]) for one in whole["headings"]
        ),
        numbers=tuple(Number(one["role"], one["figure"], one["page"]) for one in found["number"]),
        tables=tuple(Tabled(one["label"], one["rows"], one["page"], one["number"]) for one in found["tabled"]),
        drawings=tuple(Tabled(one["label"], 0, one["page"], one["number"]) for one in found["drawn"]),
        cited=tuple(found["cited"]),
        points=points,
        pages=whole["pages"],
    )
