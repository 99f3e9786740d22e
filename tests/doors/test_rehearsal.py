"""The demo thread from end to end, by the product's own commands, on an engine that commits at once and on one that commits late."""

from __future__ import annotations

import pytest

from tests.doors.rehearsals import PAYMENTS, SEED, copy_rehearsed, rehearse

pytestmark = pytest.mark.slow
# What depends on the machine's speed is measured anew in every home; everything else is decided by day and seed.
MEASURED = {"lab.throughput"}


@pytest.fixture(scope="module")
def prompt(tmp_path_factory):
    return copy_rehearsed(tmp_path_factory)


@pytest.fixture(scope="module")
def late(tmp_path_factory):
    rehearsal, answer = rehearse(tmp_path_factory.mktemp("late") / "home", "--delay-blocks", "3")
    assert answer.code == 0, answer.err
    return rehearsal


def test_everything_stands(prompt):
    standing = prompt.gongshi("--json", "status").json()
    assert standing["ledger"]["height"] > 60
    assert min(standing["signals"].values()) > 0
    assert set(standing["signals"]) == {"home", "overseas"}
    assert standing["exposures"]["internet-bank"] > 0
    assert {run["kind"] for run in standing["runs"]} == {"lab.conformance", "lab.throughput"}
    assert min(standing["alerts"].values()) > 0
    assert sorted((one["closed"], one["verdict"]) for one in standing["ballots"].values())[1] == (True, "approved")
    assert {one["language"] for one in standing["publications"]} == {"zh", "en"}


def test_the_late_engine_comes_to_the_same(prompt, late):
    """Evidence is the same whoever's keys signed it and however late the blocks came, figures of speed aside."""
    one, other = (
        {(run["kind"], run["id"]) for run in rehearsal.gongshi("--json", "status").json()["runs"]}
        for rehearsal in (prompt, late)
    )
    assert {row for row in one if row[0] not in MEASURED} == {row for row in other if row[0] not in MEASURED}
    ids = [
        (set(standing["items"]), set(standing["ballots"]), standing["signals"], standing["alerts"])
        for standing in (rehearsal.gongshi("--json", "status").json() for rehearsal in (prompt, late))
    ]
    assert ids[0] == ids[1]


def test_repeating_changes_nothing(prompt):
    before = prompt.gongshi("--json", "status").json()
    published = {path.name: path.read_bytes() for path in prompt.published.iterdir()}
    again = prompt.gongshi("rehearse", "--seed", str(SEED), "--payments", str(PAYMENTS))
    assert again.code == 0, again.err
    assert prompt.gongshi("--json", "status").json() == before
    assert {path.name: path.read_bytes() for path in prompt.published.iterdir()} == published


def test_what_was_published_verifies_offline(prompt):
    policy = str(prompt.published / "policy.txt")
    files = [path for path in prompt.published.iterdir() if path.suffix in (".pdf", ".bundle")]
    assert len(files) == 3
    for path in files:
        pinned = prompt.gongshi("--json", "verify", str(path), "--policy", policy)
        assert (pinned.code, pinned.json()["findings"]) == (0, []), path
        assert prompt.gongshi("verify", str(path)).code == 3


def test_the_audit_agrees(prompt):
    assert prompt.gongshi("ledger", "audit").code == 0


def test_another_seed_or_day_asks_for_another_home(prompt):
    assert prompt.gongshi("rehearse", "--seed", "7").code == 2
    other = prompt.gongshi("rehearse", "--seed", str(SEED), as_of="2026-11-21")
    assert "2026-11-20" in other.err


def test_the_chain_is_traced_both_ways(prompt):
    """signal → assessment → work item → clause → run → ballot → number."""
    layers = ("assessment", "item", "clause", "run", "ballot", "number")
    (assessment, *_) = prompt.gongshi("--json", "watch", "assessments").json()
    found = prompt.gongshi("--json", "trace", assessment["id"]).json()
    assert found["origins"]["signal"]
    assert all(found["results"][layer] for layer in layers[1:])
    number = found["results"]["number"][0]["id"]
    back = prompt.gongshi("--json", "trace", number).json()
    assert assessment["id"] in {node["id"] for node in back["origins"]["assessment"]}
    assert prompt.gongshi("trace", "nothing-at-all").code == 1
