import json

from gongshi.watch.sources.tags import read
from tests.watch.worlds import make_source


def test_releases_are_told_from_other_tags():
    names = [
        "V1.3.3",
        "v1.3.3",
        "release-4.9",
        "api/v1.0.0",
        "resources",
        "baseimage-v0.0.11",
        "0.2-test",
        "v2.0.0-rc1",
    ]
    raw = json.dumps({"ledger": [{"tag": name, "date": "2020-01-01"} for name in names], "silent": []}).encode()
    items, problems = read(raw, make_source("tags"))
    assert problems == []
    assert [item.guid for item in items] == ["ledger@1.3.3", "ledger@4.9", "ledger@2.0.0-rc1"]


def test_a_source_may_mean_some_projects_only():
    raw = json.dumps({name: [{"tag": "v1.0.0", "date": "2020-01-01"}] for name in ("home", "away")}).encode()
    items, _ = read(raw, make_source("tags", only=("home",)))
    assert [item.title for item in items] == ["home v1.0.0"]


def test_another_shape_is_a_problem():
    for raw in (b"[]", b"{", b'{"a": [{"tag": "v1.0.0"}]}', b'{"a": [1]}'):
        items, problems = read(raw, make_source("tags"))
        assert (items, [problem.code for problem in problems]) == ([], ["watch.tags.malformed"])
