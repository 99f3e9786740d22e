"""A few marks of SVG: enough for bars, boxes, lines and words, with text kept as text so that it can be read aloud and searched."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

INK, PALE, RED, GREEN, GREY, GOLD = "#1d3b5c", "#dbe5ef", "#9a3324", "#3d7a5a", "#6b7280", "#b98a2f"
# The font is a variable one: without a weight of its own a drawing would be set in its thinnest.
FONT, WEIGHT = "Noto Sans SC", 500


def canvas(width: int, height: int, marks: Iterable[str]) -> str:
    """Give the drawing."""
    body = "".join(marks)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="{FONT}" font-weight="{WEIGHT}">{body}</svg>'
    )


def rect(x: float, y: float, width: float, height: float, fill: str, stroke: str = "none", radius: float = 0) -> str:
    """Give a box."""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{height:.1f}" rx="{radius}" '
        f'fill="{fill}" stroke="{stroke}"/>'
    )


def line(x1: float, y1: float, x2: float, y2: float, stroke: str = GREY, width: float = 1, dash: str = "") -> str:
    """Give a line."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{stroke}" stroke-width="{width}"{dashed}/>'


def circle(x: float, y: float, radius: float, fill: str) -> str:
    """Give a dot."""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{fill}"/>'


def words(
    x: float, y: float, text: str, *, size: float = 11, fill: str = "#111", anchor: str = "start", bold: bool = False
) -> str:
    """Give text at its base line."""
    weight = ' font-weight="700"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{fill}" text-anchor="{anchor}"{weight}>{escape(text)}</text>'


def arrow(x1: float, y1: float, x2: float, y2: float, stroke: str = INK) -> str:
    """Give a horizontal or vertical line with a head at its end."""
    if x1 == x2:
        sign = 1 if y2 > y1 else -1
        head = f"{x2 - 4},{y2 - 7 * sign} {x2 + 4},{y2 - 7 * sign} {x2},{y2}"
    else:
        sign = 1 if x2 > x1 else -1
        head = f"{x2 - 7 * sign},{y2 - 4} {x2 - 7 * sign},{y2 + 4} {x2},{y2}"
    return line(x1, y1, x2, y2, stroke, 1.4) + f'<polygon points="{head}" fill="{stroke}"/>'
