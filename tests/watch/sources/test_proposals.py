import json

from gongshi.watch.sources.proposals import read
from tests.watch.worlds import make_source


def lines(*documents):
    made = [
        {
            "id": name,
            "title": f"About {name}",
            "events": [{"date": day, "old": old, "new": new} for day, old, new in steps],
        }
        for name, *steps in documents
    ]
    return "\n".join(json.dumps(document) for document in made).encode()


def test_each_step_is_an_item_with_its_own_day():
    """
    X-1 appears 2018-03-21 as Draft, is Final on 2019-01-01 in Shanghai, which is the day before in UTC
    """
    raw = lines(("X-1", ("2018-03-21", None, "Draft"), ("2019-01-01T01:00:00+08:00", "Draft", "Final")))
    items, problems = read(raw, make_source("proposals"))
    assert problems == []
    assert [item.title for item in items] == ["X-1 About X-1: Draft", "X-1 About X-1: Draft → Final"]
    assert items[1].facts == {"documents": ["X-1"], "old": "Draft", "new": "Final"}


def test_a_sweep_is_one_item_with_a_list():
    """
    four documents become Moved on one UTC day from different statuses, three become Stagnant on another
    """
    moved = [
        (f"X-{n}", (f"2023-10-26T0{n}:00:00Z", old, "Moved"))
        for n, old in enumerate(["Draft", "Review", "Final", "Draft"])
    ]
    stagnant = [(f"Y-{n}", ("2021-10-16", "Draft", "Stagnant")) for n in range(3)]
    items, _ = read(lines(*moved, *stagnant), make_source("proposals"))
    sweep = next(item for item in items if item.guid.startswith("sweep"))
    assert sweep.facts["documents"] == ["X-0", "X-1", "X-2", "X-3"]
    assert sweep.facts["changes"][1] == {"document": "X-1", "old": "Review"}
    assert len(items) == 4


def test_what_was_misread_upstream_is_named():
    raw = lines(("X-1", ("2018-01-01", None, "<Draft | Active"), ("2018-01-02", "Draft", "Final"))) + b"\n{]\n\n[]"
    items, problems = read(raw, make_source("proposals"))
    assert [item.facts["new"] for item in items] == ["Final"]
    assert [(problem.code, problem.where) for problem in problems] == [
        ("watch.proposal.status_unread", "src:X-1"),
        ("watch.proposal.step_unjoined", "src:X-1"),
        ("watch.proposal.malformed", "src:2"),
        ("watch.proposal.malformed", "src:4"),
    ]


def test_real_sweeps_collapse(data):
    items, problems = read((data / "proposals/eips.jsonl").read_bytes(), make_source("proposals"))
    sweeps = {item.guid: len(item.facts["documents"]) for item in items if item.guid.startswith("sweep")}
    assert sweeps["sweep@2023-10-26:change:Moved"] == 365
    assert sweeps["sweep@2021-10-17:change:Stagnant"] == 102, "the evening of the 16th where the bot lives"
    withdrawn = next(item for item in items if item.guid == "sweep@2020-11-06:change:Withdrawn")
    assert sum(change["old"] == "Abandoned" for change in withdrawn.facts["changes"]) == 11
    assert len([problem for problem in problems if problem.code == "watch.proposal.step_unjoined"]) == 18
