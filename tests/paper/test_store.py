"""The paper's table: one row a publication, fed by accepted entries alone, and the name of each file."""

import pytest
import sqlalchemy as sa

from gongshi.group.entries import sign_evidence
from gongshi.paper.store import PaperProjection, get_file_name, list_publications
from tests.paper.chains import EVIDENCE, found, publication
from tests.paper.test_entries import enter


@pytest.fixture
def world():
    world = found()
    world.must("lab", sign_evidence(EVIDENCE, "watch.coverage", []))
    return world


def read(world):
    connection = sa.create_engine("sqlite://").connect()
    PaperProjection.metadata.create_all(connection)
    for logged in world.history:
        PaperProjection().on_entry(connection, logged, {})
    return connection


def test_the_projection_has_one_row_a_publication(world):
    assert list_publications(read(world)) == []
    assert [enter(world), enter(world, revision=2), enter(world, revision=2)] == [
        None,
        None,
        "paper.publication.revision",
    ]
    rows = list_publications(read(world))
    assert [(row["revision"], row["name"]) for row in rows] == [
        (1, "white-paper-zh.pdf"),
        (2, "white-paper-zh-r2.pdf"),
    ]
    row, entered = rows[0], publication()
    assert (row["title"], row["evidence"], row["file"]) == (entered.title, [EVIDENCE], entered.file)
    assert (row["organisation"], row["cutoff"]) == ("institute", entered.cutoff)
    assert row["leaf"] == world.history[-2].leaf
    assert row["time"] == world.history[-2].time


def test_a_rebuild_reads_the_same(world):
    enter(world)
    assert list_publications(read(world)) == list_publications(read(world))


@pytest.mark.parametrize(("revision", "name"), [(1, "p-en.pdf"), (2, "p-en-r2.pdf"), (11, "p-en-r11.pdf")])
def test_a_file_has_a_name(revision, name):
    assert get_file_name("p", "en", revision) == name
