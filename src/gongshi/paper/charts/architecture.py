"""The layers: ground, kinds of business side by side, flows and doors, with evidence and verification across all of them."""

from __future__ import annotations

from collections.abc import Mapping

from gongshi.paper.charts import Drawing, Lists, Say
from gongshi.paper.charts.svg import GOLD, INK, PALE, arrow, canvas, rect, words
from gongshi.paper.records import Material
from gongshi.terms.text import Language

ROLES: tuple[str, ...] = ()
LAYERS = (
    ("doors", ("cli", "web")),
    ("flows", ("flows",)),
    ("rooms", ("watch", "lab", "pilots", "supervision", "group", "paper")),
    ("ledger", ("log", "state", "engine")),
    ("seal", ("signatures", "envelopes", "witnesses")),
    ("terms", ("nouns", "encoding")),
)
_WIDTH, _ROW = 720, 50


def draw(_materials: Mapping[str, Material], _lists: Lists, _language: Language, say: Say) -> Drawing:
    """Draw each layer as a band of boxes."""
    marks = []
    for place, (layer, parts) in enumerate(LAYERS):
        y = 8 + place * _ROW
        marks.append(words(90, y + 25, say(f"paper.layer.{layer}"), size=11, anchor="end", bold=True))
        width = 500 / len(parts)
        for column, part in enumerate(parts):
            x = 102 + column * width
            marks.append(rect(x, y, width - 6, 38, PALE, INK, 3))
            marks.append(words(x + (width - 6) / 2, y + 24, say(f"paper.part.{part}"), size=10, anchor="middle"))
    height = 8 + len(LAYERS) * _ROW
    marks.append(rect(620, 8, 90, height - 20, "#fbf5e6", GOLD, 3))
    marks.append(words(665, height / 2 - 6, say("paper.part.evidence"), size=11, anchor="middle", bold=True))
    marks.append(words(665, height / 2 + 14, say("paper.part.verification"), size=11, anchor="middle", bold=True))
    marks.append(arrow(665, height - 22, 665, 16, GOLD))
    return Drawing(canvas(_WIDTH, height + 4, marks), 95)
