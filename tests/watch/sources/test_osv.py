from gongshi.terms.instant import instant_from_iso
from gongshi.watch.sources.osv import read, read_advisories
from tests.watch.worlds import make_source, make_zip

RECORD = {
    "id": "GO-9999-0001",
    "published": "0001-01-01T00:00:00Z",
    "modified": "2024-01-02T00:00:00Z",
    "aliases": ["CVE-9999-1", "CVE-9999-1"],
    "summary": "A stall",
    "affected": [
        {
            "package": {"name": "m", "ecosystem": "Go"},
            "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "1.0.0"}]}],
            "ecosystem_specific": {"custom_ranges": [{}]},
        }
    ],
    "references": [{"type": "WEB", "url": "https://a.example/1"}],
}


def test_a_record_becomes_an_item_whose_first_sight_is_the_archives():
    raw = make_zip({"GO-9999-0001.json": RECORD, "FIRST_SEEN.json": {"GO-9999-0001.json": "2022-09-20T08:00:00-07:00"}})
    (item,), problems = read(raw, make_source("osv"))
    assert problems == []
    assert item.published is None, "year 1 is not a date"
    assert item.modified == instant_from_iso("2024-01-02")
    assert item.first_seen == instant_from_iso("2022-09-20T15:00:00")
    assert item.aliases == ("GO-9999-0001", "CVE-9999-1")
    assert item.facts == {"modules": ["m"], "reviewed": False, "withdrawn": False, "cve": True}


def test_records_that_are_not_of_the_schema_are_named_one_by_one():
    raw = make_zip(
        {
            "a.json": "{",
            "b.json": [1],
            "c.json": {"summary": "no id"},
            "d.json": RECORD,
            "note.txt": "x",
            "FIRST_SEEN.json": "[]",
        }
    )
    items, problems = read(raw, make_source("osv"))
    assert [item.guid for item in items] == ["GO-9999-0001"]
    assert sorted((problem.code, problem.where) for problem in problems) == [
        ("watch.advisory.first_seen_unread", "src:FIRST_SEEN.json"),
        ("watch.advisory.malformed", "src:a.json"),
        ("watch.advisory.malformed", "src:b.json"),
        ("watch.advisory.malformed", "src:c.json"),
    ]
    advisories, same = read_advisories(raw, "src")
    assert len(same) == 4
    (affected,) = advisories[0].affected
    assert affected.custom
    assert affected.ranges[0].events == (("introduced", "0"), ("fixed", "1.0.0"))


def test_the_real_archive_is_read_whole(data):
    items, problems = read((data / "advisories/go-osv.zip").read_bytes(), make_source("osv"))
    assert (len(items), problems) == (2486, [])
    assert sum(item.facts["withdrawn"] for item in items) == 8
    assert sum(item.published is None for item in items) == 2234
    assert all(item.first_seen for item in items)
