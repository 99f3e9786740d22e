import json

from hypothesis import given
from hypothesis import strategies as st

from gongshi.terms.instant import instant_from_iso
from gongshi.watch.records import signal_from
from gongshi.watch.rules import Trend, compute_batch, compute_trends
from gongshi.watch.sources import get_readers
from tests.watch.worlds import EXAMPLE, NOW, about, classify, make_signal, make_source, make_zip, read_world

LETTER = "---\ntitle: {}\npermalink: /1\n---\n{}\n"


def read_letter(title, text, collected=NOW):
    raw = make_zip({"2024-01-01.md": LETTER.format(title, text)})
    return compute_batch(raw, make_source("newsletter"), classify, collected)


def test_an_edit_is_a_new_version_of_the_same_signal():
    (first,), (second,) = read_letter("t", "IBC").signals, read_letter("t", "IBC, corrected").signals
    assert first.id == second.id
    assert first.version != second.version
    assert first.raw != second.raw


def test_the_same_bytes_at_the_same_time_give_the_same_document():
    assert read_letter("t", "IBC").encode() == read_letter("t", "IBC").encode()


def test_a_batch_document_gives_its_signals_back():
    batch = read_letter("t", "IBC https://a.example/1")
    document = json.loads(batch.encode())
    assert tuple(signal_from(value) for value in document["signals"]) == batch.signals
    assert (document["source"], document["raw"]) == ("src", batch.raw)


def test_first_sight_is_never_after_the_collection():
    early = instant_from_iso("2020-01-01")
    record = {"id": "GO-1", "summary": "s", "affected": []}
    raw = make_zip({"GO-1.json": record, "FIRST_SEEN.json": {"GO-1.json": "2022-01-01"}})
    for collected, seen in [(NOW, instant_from_iso("2022-01-01")), (early, early)]:
        (signal,) = compute_batch(raw, make_source("osv"), classify, collected).signals
        assert (signal.first_seen, signal.published, signal.time) == (seen, None, seen)


def test_a_guid_that_comes_twice_keeps_its_first_item():
    issues = {"a.md": LETTER.format("one", "x"), "b.md": LETTER.format("two", "y")}
    batch = compute_batch(make_zip(issues), make_source("newsletter"), classify, NOW)
    assert [signal.title for signal in batch.signals] == ["one"]
    assert [problem.code for problem in batch.problems] == ["watch.item.guid_repeated"]


def test_a_text_that_has_no_bytes_is_named_and_the_others_stand():
    raw = make_zip(
        {"a.json": b'{"id": "A", "summary": "\\ud800"}', "b.json": b'{"id": "B\\udfff"}', "c.json": b'{"id": "C"}'}
    )
    batch = compute_batch(raw, make_source("osv"), classify, NOW)
    assert [signal.guid for signal in batch.signals] == ["C"]
    assert [problem.code for problem in batch.problems] == ["watch.item.not_text"] * 2
    batch.encode()


def test_a_kind_that_nobody_reads_is_a_problem():
    batch = compute_batch(b"x", make_source("telegram"), classify, NOW)
    assert (batch.signals, [problem.code for problem in batch.problems]) == ((), ["watch.source.unknown_kind"])


@given(st.sampled_from(sorted(get_readers())), st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_break_a_reader(kind, raw):
    batch = compute_batch(raw, make_source(kind), classify, NOW)
    batch.encode()


def test_trends_count_signals_and_stories_by_the_alliances_months():
    """
    two signals of one story and one more in January; one at 20:00 UTC on the last day, which is February in Shanghai
    """
    one = make_signal("1", technologies=about("consensus"), cluster="cl-1")
    two = make_signal("2", technologies=about("consensus"), cluster="cl-1", day="2024-01-09")
    late = make_signal("4", technologies=about("consensus"), day="2024-01-31T20:00:00")
    home = make_signal("3", technologies=about("consensus"), region="home")
    assert compute_trends([one, two, late, home]) == [
        Trend("consensus", "home", "2024-01", 1, 1),
        Trend("consensus", "overseas", "2024-01", 2, 1),
        Trend("consensus", "overseas", "2024-02", 1, 1),
    ]


def test_the_example_is_read_whole_and_named_in_both_regions():
    batches = read_world(EXAMPLE, "sources.toml")
    assert [problem for batch in batches for problem in batch.problems] == []
    counts = {batch.source: len(batch.signals) for batch in batches}
    assert counts == {
        "example-regulators": 5,
        "example-overseas": 6,
        "example-advisories": 7,
        "example-letters-en": 2,
        "example-letters-zh": 2,
        "example-wecross": 4,
        "example-eips": 26,
    }


def test_the_real_records_are_read_in_thousands(data):
    batches = read_world(data, "sources-data.toml")
    signals = [signal for batch in batches for signal in batch.signals]
    assert len(signals) > 5000
    assert len({signal.id for signal in signals}) == len(signals)
    assert {signal.region for signal in signals} == {"home", "overseas"}
