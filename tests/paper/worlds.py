"""A small paper: evidence of every role made by hand, one chapter a language, and the example's own lists as a judged edition."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from gongshi.paper.adapters.content_folder import load_content
from gongshi.paper.records import (
    Chapter,
    Content,
    Edition,
    Heading,
    Material,
    Number,
    Paper,
    Structure,
    Tabled,
)
from gongshi.terms.evidence import Evidence
from gongshi.terms.instant import MS_PER_DAY
from gongshi.terms.quantity import Quantity, count_of
from gongshi.terms.text import LANGUAGES, Text
from gongshi.wiring import get_catalogue

EXAMPLE = Path(__file__).parents[2] / "examples" / "alliance" / "paper" / "white-paper"
NOW = 1_784_000_000_000
LEDGERS = {"embedded": Text("本组账本", "The group's ledger"), "evm": Text("以太坊虚拟机", "Ethereum virtual machine")}
OPERATORS = {"bank": Text("一家银行", "A bank"), "payments": Text("一家支付机构", "A payment company")}
CLAUSES = {
    "refusals": {"catalogue": 16, "outcome": "pass", "step": None},
    "atomic": {"catalogue": 18, "outcome": "fail", "step": "second part"},
    "query": {"catalogue": 24, "outcome": "not_applicable", "step": None},
    "scope": {"catalogue": None, "outcome": "not_applicable", "step": None},
}


def say(language):
    return get_catalogue(language).say


def evidence(kind, figures, results=None, times=None) -> Evidence:
    counted = {
        name: value if isinstance(value, Quantity) else count_of(value, "signal") for name, value in figures.items()
    }
    return Evidence(kind, {}, "gongshi.tests 1", {"machine": "none"}, 7, times or {}, counted, results or {})


def coverage() -> Evidence:
    figures = {"signals": 1234, "signals.home": 234, "signals.overseas": 1000, "sources": 3, "stories": 1200}
    by_technology = {"consensus": (200, 900), "privacy": (34, 100)}
    for name, (home, overseas) in by_technology.items():
        figures |= {f"signals.technology.{name}": home + overseas, f"signals.technology.{name}.home": home}
        figures[f"signals.technology.{name}.overseas"] = overseas
    figures |= {"signals.year.2023": 400, "signals.year.2025": 834}
    return evidence("watch.coverage", figures, times={"as_of": NOW})


def conformance(ledger: str) -> Evidence:
    target = {"id": ledger, "name": LEDGERS[ledger].as_json()}
    figures = {"cases": 3, "pass": 1, "fail": 1, "not_applicable": 1}
    return evidence("lab.conformance", figures, {"target": target, "clauses": CLAUSES})


def speed(ledger: str, tenths: int) -> Evidence:
    target = {"id": ledger, "name": LEDGERS[ledger].as_json()}
    results = {"target": target, "samples_tenths": [tenths - 5, tenths, tenths + 5]}
    return evidence("lab.throughput", {"payments_per_second": Quantity(tenths, 1, "payment/s")}, results)


def pilot() -> Evidence:
    figures = {"issued": Quantity(100_000, 2, "CNY"), "held": Quantity(100_000, 2, "CNY"), "wallets": 8, "payments": 40}
    for name in OPERATORS:
        figures |= {f"operator.{name}.wallets": 4, f"operator.{name}.payments": 20}
    return evidence("pilots.supply", figures, {"operators": sorted(OPERATORS)})


def options() -> Evidence:
    measures = {"caught": 3, "missed": 1, "false_alarms": 5, "accounts_burdened": 9}
    figures = {f"{option}.{m}": n for option in ("thresholds", "typologies") for m, n in measures.items()}
    return evidence("supervision.comparison", {**figures, "thresholds.caught.mirror": 1})


def alliance() -> Evidence:
    rows = [{"id": name, "name": text.as_json()} for name, text in OPERATORS.items()]
    return evidence("group.alliance", {"members": 2}, {"organisations": rows})


def make_materials() -> dict[str, Material]:
    """Give every role its evidence, signed by one member."""
    made = {
        "coverage": coverage(),
        "exposures": evidence("watch.exposure", {"pilot-node.components": 2}),
        "assessment": evidence("watch.assessment", {"cited": 3}),
        "conformance-embedded": conformance("embedded"),
        "conformance-evm": conformance("evm"),
        "speed-embedded": speed("embedded", 42_000),
        "speed-evm": speed("evm", 3_170),
        "pilot": pilot(),
        "options": options(),
        "ballot": evidence("group.ballot", {"yes": 5, "no": 1, "abstain": 1}, {"ballot": "bl-1"}),
        "comments": evidence("group.comments", {"received": 4, "open": 0}),
        "plan": evidence("group.plan", {"stages": 3}, times={"due": NOW, "summit": NOW + 14 * MS_PER_DAY}),
        "alliance": alliance(),
    }
    return {role: Material(role, one, one.digest(), ("institute",)) for role, one in made.items()}


def chapter(language: str, text: str, name: str = "01-tiny") -> Chapter:
    return Chapter(name, language, text)


TINY = """#import "/house.typ": *

= {title} <one>
#point(4)
{text} #num("coverage", "signals", unit: true), #day("coverage", "as_of") #cite-ref("iso")

#tab(<tab-sources>, caption: [{title}], columns: (1fr, 1fr), header: ([{title}], [{title}]),
  ..list-of("cases").map(r => (r.case, r.place)))

#chart("signals-by-year", caption: [{title}], alt: "{title}")

= {title} <refs>
#references()
"""


def tiny_chapter(language: str) -> Chapter:
    words = {"zh": ("概述", "信号"), "en": ("Overview", "Signals")}[language]
    return chapter(language, TINY.format(title=words[0], text=words[1]))


def make_content(**fields) -> Content:
    """Give a whole content of one chapter a language."""
    kept = {
        "id": "tiny-paper",
        "title": Text("小书", "A small paper"),
        "subtitle": Text("为测试而写", "Written for tests"),
        "publisher": Text("工作组", "Working group"),
        "roles": ("coverage",),
        "chapters": (tiny_chapter("zh"), tiny_chapter("en")),
        "helpers": {},
        "lists": {"cases": [{"case": Text("案例", "Case").as_json(), "place": Text("北京", "Beijing").as_json()}]},
        "references": [{"id": "iso", "title": "Vocabulary", "body": "ISO", "year": 2024}],
    }
    return Content(**{**kept, **fields})


def with_chapters(zh: str, en: str) -> Content:
    return make_content(chapters=(chapter("zh", zh), chapter("en", en)))


def make_edition() -> Edition:
    """Give the example's own content as if it had been set: every mark, table, drawing and figure is there twice."""
    content = load_content(EXAMPLE)
    assert isinstance(content, Content)
    materials = make_materials()
    return Edition(content, materials, {language: _set_by_hand(content, materials, language) for language in LANGUAGES})


def _set_by_hand(content: Content, materials: dict[str, Material], language: str) -> Paper:
    text = "".join(one.text for one in content.chapters_in(language))
    printed = [(role, figure) for role, one in materials.items() for figure in one.evidence.figures]
    structure = Structure(
        headings=(Heading(1, "1", 3, is_numbered=True),),
        numbers=tuple(Number(role, figure, page) for page in (3, 7) for role, figure in printed),
        tables=tuple(Tabled(label, 30, 5, n) for n, label in enumerate(re.findall(r"#tab\(<([a-z-]+)>", text), 1)),
        drawings=tuple(Tabled(label, 0, 6, n) for n, label in enumerate(DRAWINGS, 1)),
        cited=tuple(row["id"] for row in content.references),
        points=dict.fromkeys(range(1, 64), (3,)),
        pages=9,
    )
    attached = b"".join(f"{one.evidence.id()}.json".encode() for one in materials.values())
    return Paper(language, b"/StructTreeRoot pdfuaid " + attached, structure)


DRAWINGS = (
    "fig-regions",
    "fig-years",
    "fig-pilot",
    "fig-classes",
    "fig-plan",
    "fig-architecture",
    "fig-conformance",
    "fig-options",
    "fig-speed",
)


def restructure(edition: Edition, **fields) -> Edition:
    """Change the structure of both papers; a function gets what was there."""
    papers = {}
    for language, paper in edition.papers.items():
        now = {
            name: value(getattr(paper.structure, name)) if callable(value) else value for name, value in fields.items()
        }
        papers[language] = replace(paper, structure=replace(paper.structure, **now))
    return replace(edition, papers=papers)


def relist(edition: Edition, name: str, rows) -> Edition:
    """Change one list of the content; a function gets what was there."""
    lists = edition.content.lists
    now = rows([dict(row) for row in lists[name]]) if callable(rows) else rows
    return replace(edition, content=replace(edition.content, lists={**lists, name: now}))
