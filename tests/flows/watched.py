"""The example alliance's sources, taxonomy and assessment, as the watch's flows take them."""

from __future__ import annotations

from gongshi.flows.sources_to_watch import Look, look_at_sources
from gongshi.watch.adapters.files import FolderLibrary
from gongshi.watch.classify import get_classifier
from gongshi.watch.declare import DeclaredAssessment, read_assessments, read_sources, read_taxonomy
from gongshi.watch.records import Source
from gongshi.wiring import House
from tests.flows.pilot_house import ALLIANCE

ANALYST = ("research-lab", "lab-analyst")
LIBRARY = FolderLibrary(ALLIANCE)


def sources() -> list[Source]:
    found, problems = read_sources((ALLIANCE / "sources.toml").read_bytes(), "sources.toml")
    assert not problems
    return found


def technologies():
    found, problems = read_taxonomy((ALLIANCE / "taxonomy.toml").read_bytes(), "taxonomy.toml")
    assert not problems
    return found


def declared() -> DeclaredAssessment:
    found, problems = read_assessments((ALLIANCE / "assessments/interoperability.toml").read_bytes(), "assessment")
    assert not problems
    return found[0]


def look(house: House, listed: list[Source], library=LIBRARY) -> list[Look]:
    return look_at_sources(house.desk, *ANALYST, listed, library, get_classifier(technologies()), lambda _: None)
