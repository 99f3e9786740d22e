"""The two tiers of the pilot: issuer, operators with what stands in their wallets and reserves, wallets."""

from __future__ import annotations

from collections.abc import Mapping

from gongshi.paper.charts import Drawing, Lists, Say
from gongshi.paper.charts.svg import INK, PALE, arrow, canvas, rect, words
from gongshi.paper.records import Material
from gongshi.terms.text import Language

ROLES = ("pilot", "alliance")
_WIDTH = 720


def draw(materials: Mapping[str, Material], _lists: Lists, language: Language, say: Say) -> Drawing:
    """Draw from top to bottom: money goes down when it is issued; that it is conserved is said only where it is."""
    pilot = materials["pilot"].evidence
    names = _names(materials["alliance"], language)
    operators = pilot.results["operators"]
    assert isinstance(operators, list)
    issued = pilot.figures["issued"].printed()
    held = pilot.figures["held"].printed()
    marks = [_box(250, 10, 220, say("paper.chart.issuer"), f"{say('paper.chart.issued')} {issued}")]
    width = 640 / max(len(operators), 1)
    for place, operator in enumerate(operators):
        x = 40 + place * width
        wallets = pilot.figures[f"operator.{operator}.wallets"].printed()
        paid = pilot.figures[f"operator.{operator}.payments"].printed()
        marks.append(arrow(x + width / 2, 62, x + width / 2, 96))
        marks.append(
            _box(x + 10, 96, width - 20, names.get(operator, operator), f"{say('paper.chart.payments')} {paid}")
        )
        marks.append(arrow(x + width / 2, 148, x + width / 2, 182))
        marks.append(_box(x + 10, 182, width - 20, say("paper.chart.wallets"), wallets))
    if held == issued:
        conserved = f"{say('paper.chart.conserved')} {issued} = {held}"
        marks.append(words(_WIDTH / 2, 258, conserved, size=11, anchor="middle"))
    return Drawing(canvas(_WIDTH, 272, marks), 88)


def _box(x: float, y: float, width: float, name: str, figure: str) -> str:
    return (
        rect(x, y, width, 52, PALE, INK, 3)
        + words(x + width / 2, y + 22, name, size=11, anchor="middle", bold=True)
        + words(x + width / 2, y + 40, figure, size=10, anchor="middle")
    )


def _names(material: Material, language: Language) -> dict[str, str]:
    found = material.evidence.results["organisations"]
    assert isinstance(found, list)
    return {row["id"]: row["name"][language] for row in found}
