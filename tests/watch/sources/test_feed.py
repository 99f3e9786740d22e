import re

import pytest

from gongshi.terms.instant import instant_from_iso
from gongshi.watch.archive import read_archive
from gongshi.watch.sources.feed import read
from tests.watch.worlds import make_source

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><id>x</id>
<entry><id>tag:x,1</id><title>跨链 &amp; 互操作研究进展</title><link href="https://a.example/1"/>
<published>2024-06-05T08:00:00+08:00</published><updated>2024-06-06T00:00:00Z</updated>
<summary type="html">&lt;p onclick="x()"&gt;see &lt;a href="https://b.example/2"&gt;here&lt;/a&gt;
CVE-2024-0001&lt;script&gt;alert(1)&lt;/script&gt;&lt;/p&gt;</summary>
</entry></feed>""".encode()
RSS = """<rss version="2.0"><channel><title>t</title>
<item><guid>g1</guid><title>About CVE-2024-24792</title><link>javascript:alert(1)</link>
<pubDate>Thu, 13 Aug 2020 00:00:00 GMT</pubDate></item>
<item><description>no identity</description></item>
<item><title>last</title><link>https://a.example/3</link></item>
</channel></rss>"""


def test_an_atom_entry_is_read_and_cleaned():
    (item,), problems = read(ATOM, make_source("atom", language="en"))
    assert problems == []
    assert (item.guid, item.url, item.title, item.language) == (
        "tag:x,1",
        "https://a.example/1",
        "跨链 & 互操作研究进展",
        "zh",
    )
    assert (item.published, item.modified) == (instant_from_iso("2024-06-05"), instant_from_iso("2024-06-06"))
    assert "script" not in item.facts["body"]
    assert "onclick" not in item.facts["body"]
    assert "alert" not in item.text
    assert item.links == ("https://b.example/2",)
    assert (item.aliases, item.facts["mentions"]) == ((), ["CVE-2024-0001"])


def test_an_rss_item_without_identity_is_named_and_the_others_stand():
    items, problems = read(RSS.encode(), make_source("rss"))
    assert [(item.guid, item.url) for item in items] == [("g1", ""), ("https://a.example/3", "https://a.example/3")]
    assert items[0].aliases == ("CVE-2024-24792",)
    assert items[1].published is None
    assert [(problem.code, problem.where) for problem in problems] == [("watch.feed.entry_without_identity", "src:2")]


def test_a_feed_that_is_not_well_formed_gives_what_can_be_read_and_the_line():
    """
    the fourth line closes what was never opened
    """
    broken = RSS.replace("<item><description>no identity</description></item>", "</wrong>")
    items, problems = read(broken.encode(), make_source("rss"))
    assert [item.guid for item in items] == ["g1", "https://a.example/3"]
    assert (problems[0].code, problems[0].values["line"]) == ("watch.feed.not_well_formed", 4)


def test_gb18030_is_decoded():
    item = "<item><title>区块链跨链技术规范发布</title></item>"
    raw = f'<?xml version="1.0" encoding="gb18030"?><rss version="2.0"><channel>{item}</channel></rss>'
    (item,), problems = read(raw.encode("gb18030"), make_source("rss", language="zh"))
    assert (item.title, problems) == ("区块链跨链技术规范发布", [])


def test_what_is_no_feed_is_said_to_be_none():
    items, problems = read(b"<html><body>hello</body></html>", make_source("rss"))
    assert items == []
    assert [problem.code for problem in problems] == ["watch.feed.unrecognised"]


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_no_real_feed_breaks_the_reader_and_no_hostile_markup_survives(data):
    """
    1,749 feeds of feedparser's own cases: every format, charset and attack
    """
    members, refused = read_archive((data / "feeds/feedparser-wellformed.zip").read_bytes(), "feeds")
    assert refused == []
    found = {name: read(raw, make_source("feed"))[0] for name, raw in members.items() if name.endswith(".xml")}
    assert len(found) == 1749
    bodies = "\n".join(item.facts["body"] for items in found.values() for item in items).lower()
    assert len(bodies) > 10_000
    assert (
        re.findall(
            r"<(?:script|style|iframe|object|embed|form|meta)\b|<[^>]*\s(?:on\w+|style)\s*=|javascript:[^ ]*[\"']",
            bodies,
        )
        == []
    )
