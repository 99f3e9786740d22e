from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongshi.watch.cluster import apply_clusters, pair_by_links
from tests.watch.worlds import EXAMPLE, make_signal, read_world


def stories(signals):
    """Give the clusters as sets of (source, guid)."""
    found = defaultdict(set)
    for signal in apply_clusters(signals):
        found[signal.cluster].add((signal.source, signal.guid))
    return sorted(map(sorted, found.values()))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ({"url": "https://x.example/a?utm_source=l"}, {"url": "http://www.x.example/a/"}),
        ({"aliases": ("CVE-1",)}, {"aliases": ("GHSA-1", "CVE-1")}),
        ({"title": "mBridge reaches MVP!"}, {"title": "MBridge  reaches MVP"}),
    ],
)
def test_one_story_in_two_sources(left, right):
    signals = [make_signal("1", "a", **left), make_signal("2", "b", **right), make_signal("3", "c")]
    assert stories(signals) == [[("a", "1"), ("b", "2")], [("c", "3")]]


def test_the_same_worldwide_guid_joins_and_a_version_number_does_not():
    assert len(stories([make_signal("tag:x,1", "a", title="t"), make_signal("tag:x,1", "b", title="u")])) == 1
    assert len(stories([make_signal("3.0.0", "a", title="t 3.0"), make_signal("3.0.0", "b", title="u 3.0")])) == 2


def test_what_names_several_signals_of_one_source_names_none():
    """
    source a has one page for two releases; source b speaks of that page
    """
    page = "https://x.example/releases"
    signals = [make_signal("1", "a", url=page), make_signal("2", "a", url=page), make_signal("3", "b", url=page)]
    assert len(stories(signals)) == 3


def links(*names):
    return tuple(f"https://{name}.example/" for name in names)


@pytest.mark.parametrize(
    ("zh", "en", "joined"),
    [
        (("a", "b", "c", "d"), ("b", "c", "d", "e"), True),
        (("a", "b", "c", "d"), ("c", "d", "e", "f"), False),
        (("a", "b"), ("a", "b"), False),
    ],
)
def test_chinese_and_english_texts_join_by_half_of_their_links(zh, en, joined):
    signals = [
        make_signal("1", "a", language="zh", links=links(*zh)),
        make_signal("2", "b", language="en", links=links(*en)),
    ]
    assert (len(stories(signals)) == 1) is joined


def test_two_texts_of_one_language_do_not_join_by_links():
    assert len(stories([make_signal(n, n, links=links("a", "b", "c")) for n in ("1", "2")])) == 2


def test_each_text_is_paired_with_its_best_alone():
    left = {1: frozenset("abcd"), 2: frozenset("abce")}
    assert pair_by_links(left, {3: frozenset("abcd"), 4: frozenset("abcde")}) == [(1, 3)]


def test_a_cluster_keeps_its_name_as_others_join():
    first = make_signal("1", "a", title="one story here", day="2024-01-01")
    (alone,) = apply_clusters([first])
    later = make_signal("2", "b", title="One story, here", day="2024-01-02")
    assert {signal.cluster for signal in apply_clusters([later, first])} == {alone.cluster}


titles = st.sampled_from(["first story", "second story", "third story"])
made = st.builds(lambda n, s, t: make_signal(str(n), s, title=t), st.integers(0, 30), st.sampled_from("abc"), titles)
worlds = st.lists(made, max_size=12, unique_by=lambda signal: signal.id)


@given(worlds, st.randoms(use_true_random=False))
def test_nothing_is_deleted_and_order_does_not_matter(signals, random):
    shuffled = signals.copy()
    random.shuffle(shuffled)
    assert apply_clusters(signals) == apply_clusters(shuffled)
    assert {signal.id for signal in apply_clusters(signals)} == {signal.id for signal in signals}


def test_the_examples_letters_and_news_meet_across_languages():
    signals = [signal for batch in read_world(EXAMPLE, "sources.toml") for signal in batch.signals]
    joined = [story for story in stories(signals) if len(story) > 1]
    assert joined == [
        [("example-letters-en", "/en/2024/06/12/"), ("example-letters-zh", "/zh/2024/06/12/")],
        [("example-letters-en", "/en/2024/12/18/"), ("example-letters-zh", "/zh/2024/12/18/")],
        [
            ("example-overseas", "overseas/mbridge-mvp"),
            ("example-regulators", "tag:gongshi.example,2026:regulators/mbridge-mvp"),
        ],
    ]


def test_real_editions_are_paired_by_links_alone(data):
    """
    386 issues in English and in Chinese; titles, guids and addresses are hidden, links are left
    """
    issues = {b.source: b.signals for b in read_world(data, "sources-data.toml") if b.source.startswith("optech")}
    sides = {
        name: {n: frozenset(s.links) for n, s in enumerate(held) if len(s.links) >= 3} for name, held in issues.items()
    }
    pairs = pair_by_links(sides["optech-zh"], sides["optech-en"])
    right = [(zh, en) for zh, en in pairs if issues["optech-zh"][zh].published == issues["optech-en"][en].published]
    assert len(pairs) == len(right)
    assert len(right) == 378, "five issues have fewer than three links"
