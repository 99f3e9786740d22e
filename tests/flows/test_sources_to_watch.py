"""Looking at sources: what is new is entered, what is not is left alone, what cannot be read does not stop the rest."""

from __future__ import annotations

from dataclasses import replace

from gongshi.flows.sources_to_watch import count_new
from gongshi.watch.store import list_signals
from gongshi.wiring import House
from tests.flows.watched import look, sources


def test_every_source_brings_its_signals(house: House) -> None:
    """
    the example's sources -> each gives a batch, the tables have what the looks brought, and the raw bytes are kept
    """
    looks = look(house, sources())
    assert all(one.batch is not None and not one.problems for one in looks)
    with house.desk.read() as connection:
        found = list_signals(connection)
    assert len({signal.id for signal in found}) == count_new(looks) > 0
    assert {signal.region for signal in found} == {"home", "overseas"}
    assert all(house.desk.blobs.get(bytes.fromhex(s.raw.removeprefix("sha256:"))) for s in found)


def test_a_second_look_adds_nothing(house: House) -> None:
    """
    the same bytes again -> no batch, no signal, no block
    """
    look(house, sources())
    height = house.engine.height
    again = look(house, sources())
    assert [one.batch for one in again] == [None] * len(sources())
    assert count_new(again) == 0
    assert house.engine.height == height


def test_a_source_that_is_absent_does_not_stop_the_others(house: House) -> None:
    """
    nowhere, regulators -> watch.source.absent for the first, signals from the second
    """
    absent = replace(sources()[0], id="nowhere", location="sources/nowhere.xml")
    first, second = look(house, [absent, sources()[0]])
    assert [problem.code for problem in first.problems] == ["watch.source.absent"]
    assert first.batch is None
    assert second.batch is not None
