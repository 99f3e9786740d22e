"""A small paper in both languages, and a founded house in a temporary folder whose evidence it prints: real in kind, quick to make."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from gongshi.flows import evidence
from gongshi.flows.desk import Actor
from gongshi.flows.paper_to_ledger import build, publish
from gongshi.flows.sources_to_watch import look_at_sources
from gongshi.flows.watch_to_paper import sign_coverage
from gongshi.group.evidence import make_alliance_evidence
from gongshi.group.queries import get_committees, get_mandates
from gongshi.paper.adapters.content_folder import load_content
from gongshi.paper.adapters.typst_setter import TypstSetter
from gongshi.paper.records import Chapter, Content, Edition
from gongshi.watch.adapters.files import FolderLibrary
from gongshi.watch.classify import get_classifier
from gongshi.watch.declare import read_sources, read_taxonomy
from gongshi.wiring import House, get_catalogue
from tests.flows.pilot_house import ALLIANCE

SECRETARY = Actor("institute", "institute-secretary")
ANALYST = Actor("research-lab", "lab-analyst")

HEAD = """id = "small-paper"
title = { zh = "小白皮书", en = "A small paper" }
subtitle = { zh = "用于检验", en = "For tests" }
publisher = { zh = "工作组", en = "Working group" }
roles = ["coverage", "alliance"]
"""
CHINESE = """#import "/house.typ": *

= 现状 <state>
#point(6)
监测共保留 #num("coverage", "signals") 条信号，见 @tab-regions 与#cite-ref("rfc")。#std("RFC 6962") 给出证明的形式。

#tab(<tab-regions>, caption: [地区], columns: (1fr, 1fr), header: ([地区], [数量]),
  ([境内], num("coverage", "signals.home")), ([境外], num("coverage", "signals.overseas")))

#chart("signals-by-region", caption: [各地区的信号], alt: "各技术方向的信号数")

== 参考文献
#references()
"""
ENGLISH = """#import "/house.typ": *

= State <state>
#point(6)
The watch kept #num("coverage", "signals") signals, see @tab-regions and #cite-ref("rfc"). #std("RFC 6962") gives the form of proofs.

#tab(<tab-regions>, caption: [Regions], columns: (1fr, 1fr), header: ([Region], [Number]),
  ([home], num("coverage", "signals.home")), ([overseas], num("coverage", "signals.overseas")))

#chart("signals-by-region", caption: [Signals by region], alt: "Number of signals by technology")

== References
#references()
"""
REFERENCES = """[[reference]]
id = "rfc"
body = { zh = "B. Laurie等", en = "B. Laurie and others" }
title = { zh = "Certificate Transparency", en = "Certificate Transparency" }
year = "2013"
number = "RFC 6962"
"""
TERMS = """[[row]]
term = { zh = "账本", en = "ledger" }
"""


def write_content(folder: Path) -> Path:
    """Lay the small paper out as its writers would."""
    for name in ("chapters", "lists"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name, text in {
        "paper.toml": HEAD,
        "references.toml": REFERENCES,
        "lists/terms.toml": TERMS,
        "chapters/01-state.zh.typ": CHINESE,
        "chapters/01-state.en.typ": ENGLISH,
    }.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def make_content(folder: Path, **chapters: str) -> Content:
    """Give the small paper; `zh` and `en` replace a language's chapter."""
    content = load_content(write_content(folder))
    assert isinstance(content, Content)
    changed = [Chapter(c.name, c.language, chapters.get(c.language, c.text)) for c in content.chapters]
    return replace(content, chapters=tuple(changed))


def sign_all(house: House) -> None:
    """Look at the alliance's own small sources, and sign what was seen and who sits in it."""
    sources, _ = read_sources((ALLIANCE / "sources.toml").read_bytes(), "sources.toml")
    technologies, _ = read_taxonomy((ALLIANCE / "taxonomy.toml").read_bytes(), "taxonomy.toml")
    library = FolderLibrary(ALLIANCE)
    look_at_sources(house.desk, *ANALYST, sources, library, get_classifier(technologies), lambda _: None)
    sign_coverage(house.desk, ANALYST, "test 1", {})
    sign_alliance(house)


def sign_alliance(house: House) -> bytes:
    """Sign who sits in the alliance."""
    with house.desk.read() as connection:
        committees, mandates = get_committees(connection), get_mandates(connection)
    document = make_alliance_evidence(committees, mandates, "test 1", house.desk.now())
    return evidence.sign(house.desk, SECRETARY.organisation, document, SECRETARY.mandate)


def set_paper(house: House, content: Content) -> Edition:
    """Set the paper from what is signed in the house."""
    edition = build(house.desk, content, TypstSetter(), lambda language: get_catalogue(language).say)
    assert isinstance(edition, Edition), edition
    return edition


def publish_paper(house: House, content: Content) -> list[Path]:
    """Set and publish the paper; give the two files."""
    return publish(house.desk, SECRETARY, set_paper(house, content), house.home.published_path)
