import zipfile

import pytest

from gongshi.watch import archive
from gongshi.watch.archive import read_archive, write_archive
from tests.watch.worlds import make_zip


@pytest.mark.parametrize("name", ["../out.md", "/etc/out.md", "a/../../out.md", "C:/out.md", "..\\out.md"])
def test_a_member_that_leads_outside_is_refused_and_the_others_are_read(name):
    members, problems = read_archive(make_zip({name: "x", "in.md": "y"}), "zip")
    assert members == {"in.md": b"y"}
    assert [(problem.code, problem.values["reason"]) for problem in problems] == [
        ("watch.archive.member_refused", "path")
    ]


def test_a_bomb_is_refused_by_its_ratio():
    members, problems = read_archive(make_zip({"bomb.md": b"0" * 2**21}), "zip")
    assert members == {}
    assert problems[0].values == {"reason": "ratio"}


def test_limits_of_count_and_size(monkeypatch):
    raw = make_zip({"a": "x" * 10, "b": "y" * 10})
    monkeypatch.setattr(archive, "MEMBERS_MAX", 1)
    assert read_archive(raw, "zip")[1][0].code == "watch.archive.too_many_members"
    monkeypatch.setattr(archive, "MEMBERS_MAX", 2)
    monkeypatch.setattr(archive, "TOTAL_BYTES_MAX", 19)
    assert read_archive(raw, "zip")[1][0].code == "watch.archive.too_large"


def test_a_symbolic_link_is_refused():
    info = zipfile.ZipInfo("link")
    info.external_attr = 0o120777 << 16
    raw = make_zip({info: "/etc/passwd"})
    assert read_archive(raw, "zip")[1][0].values == {"reason": "link"}


def test_damage_is_named_for_its_member_alone():
    raw = bytearray(write_archive({"a.md": b"first text", "b.md": b"second text"}))
    place = raw.index(b"first")
    raw[place] ^= 1
    members, problems = read_archive(bytes(raw), "zip")
    assert members == {"b.md": b"second text"}
    assert (problems[0].where, problems[0].values) == ("zip:a.md", {"reason": "damaged"})


def test_what_is_no_archive_is_one_problem():
    assert read_archive(b"no zip", "zip")[1][0].code == "watch.archive.unreadable"


def test_the_bytes_of_a_written_archive_depend_on_its_members_alone():
    first = write_archive({"b": b"2", "a": b"1"})
    assert first == write_archive({"a": b"1", "b": b"2"})
    assert read_archive(first, "zip") == ({"a": b"1", "b": b"2"}, [])
