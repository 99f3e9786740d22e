"""From content and evidence to the tree of files that the typesetter sets. Pure: nothing enters but what is signed or written."""

from __future__ import annotations

import importlib.resources
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gongshi.paper.charts import Drawing, draw_charts
from gongshi.paper.records import Content, Material
from gongshi.terms.digest import digest_to_text
from gongshi.terms.instant import Instant
from gongshi.terms.text import Language, Text

Say = Callable[[str], str]
CUTOFF_ROLE, CUTOFF_TIME = "coverage", "as_of"
_WORDS = (
    "evidence",
    "evidence-note",
    "kind",
    "signers",
    "digest",
    "tool",
    "attachment",
    "figure",
    "value",
    "cut-off",
    "rehearsal",
    "imprint",
    "imprint-note",
    "contents",
)


def get_cutoff(materials: Mapping[str, Material]) -> Instant:
    """Give the instant at which the data of the paper end: that of its coverage."""
    return Instant(materials[CUTOFF_ROLE].evidence.times[CUTOFF_TIME])


@dataclass(frozen=True)
class Wording:
    """In which language the paper is set: `say` gives the engine's own words, and names are told by organisation."""

    language: Language
    say: Say
    organisations: Mapping[str, Text]
    rehearsal: Text


def make_files(content: Content, materials: Mapping[str, Material], wording: Wording) -> dict[str, bytes]:
    """Give every file by its path."""
    language, say = wording.language, wording.say
    drawings = draw_charts(materials, content.lists, language, say)
    data = {
        **_head(content, materials, wording),
        "evidence": {role: _evidence(material) for role, material in materials.items()},
        "lists": _resolve(content.lists, language),
        "references": [dict(row) for row in content.references],
        "charts": {name: drawing.width for name, drawing in drawings.items()},
    }
    chapters = content.chapters_in(language)
    return {
        "house.typ": _template("house.typ"),
        "main.typ": _main([chapter.name for chapter in chapters], language).encode(),
        "data.json": json.dumps(data, ensure_ascii=False, sort_keys=True).encode(),
        **{f"chapters/{chapter.name}.{language}.typ": chapter.text.encode() for chapter in chapters},
        **{f"chapters/{name}": text.encode() for name, text in content.helpers.items()},
        **{f"{m.evidence.id()}.json": m.evidence.encode() for m in materials.values()},
        **{f"charts/{name}.svg": _svg(drawing) for name, drawing in drawings.items()},
    }


def _head(content: Content, materials: Mapping[str, Material], wording: Wording) -> dict[str, Any]:
    say = wording.say
    units = sorted({figure.unit for m in materials.values() for figure in m.evidence.figures.values()})
    return {
        "lang": wording.language,
        "title": content.title.as_json(),
        "subtitle": content.subtitle.as_json(),
        "publisher": content.publisher.as_json(),
        "rehearsal": wording.rehearsal.as_json(),
        "cutoff": get_cutoff(materials),
        "words": {word: say(f"paper.word.{word.replace('-', '_')}") for word in _WORDS},
        "units": {unit: say(f"paper.unit.{unit}") for unit in units},
        "organisations": {name: text.as_json() for name, text in wording.organisations.items()},
        "verify": f"gongshi verify {content.id}-{wording.language}.pdf --policy policy.txt",
    }


def _evidence(material: Material) -> dict[str, Any]:
    document = material.evidence.as_json()
    return {
        **document,
        "id": material.evidence.id(),
        "digest": digest_to_text(material.digest),
        "signers": list(material.signers),
    }


def _resolve(value: Any, language: Language) -> Any:
    """Give lists with every {zh, en} in the reader's language."""
    if isinstance(value, Mapping):
        if set(value) == {"zh", "en"}:
            return value[language]
        return {key: _resolve(item, language) for key, item in value.items()}
    return [_resolve(item, language) for item in value] if isinstance(value, (list, tuple)) else value


def _main(names: list[str], language: Language) -> str:
    includes = "\n".join(f'#include "/chapters/{name}.{language}.typ"' for name in names)
    return f'#import "/house.typ": *\n#show: paper\n{includes}\n'


def _template(name: str) -> bytes:
    return importlib.resources.files("gongshi.paper").joinpath("templates", name).read_bytes()


def _svg(drawing: Drawing) -> bytes:
    return drawing.svg.encode()
