from gongshi.terms.instant import instant_from_iso
from gongshi.watch.sources.newsletter import read
from tests.watch.worlds import make_source, make_zip

ISSUE = """---
title: 'Letter 1'
permalink: /zh/2024/06/12/
lang: zh
---
跨链 <!--cross-chain-words--> 见 [链接][a] 与 CVE-2024-0001。

[a]: https://a.example/1
"""


def test_an_issue_is_an_item_without_the_builders_comments():
    (item,), problems = read(make_zip({"2024-06-12-letter.md": ISSUE}), make_source("newsletter", "letters"))
    assert problems == []
    assert (item.guid, item.url) == ("/zh/2024/06/12/", "https://letters.example/zh/2024/06/12/")
    assert (item.published, item.language) == (instant_from_iso("2024-06-12"), "zh")
    assert "words" not in item.text
    assert item.links == ("https://a.example/1",)
    assert (item.aliases, item.facts) == ((), {"mentions": ["CVE-2024-0001"]})


def test_an_issue_without_front_matter_is_named():
    members = {
        "a.md": "no front matter",
        "b.md": "---\n- list\n---\n",
        "c.md": "---\n: [\n---\n",
        "2024-13-45.md": "---\ntitle: t\n---\n",
        "d.txt": "",
    }
    items, problems = read(make_zip(members), make_source("newsletter"))
    assert [(item.guid, item.published) for item in items] == [("2024-13-45.md", None)]
    assert {problem.code for problem in problems} == {"watch.newsletter.front_matter_unread"}
    assert len(problems) == 3


def test_a_bomb_in_the_front_matter_stays_folded():
    """
    twenty anchors, each ten times the one before it, in the place of the title
    """
    rows = ["a0: &a0 [x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 20)), "title: *a19"]
    front = "\n".join(rows)
    (item,), problems = read(make_zip({"2024-01-01.md": f"---\n{front}\n---\ntext\n"}), make_source("newsletter"))
    assert (item.title, problems) == ("2024-01-01.md", [])


def test_all_real_issues_have_a_day(data):
    for language in ("en", "zh"):
        items, problems = read((data / f"newsletters/optech-{language}.zip").read_bytes(), make_source("newsletter"))
        assert (len(items), problems) == (386, [])
        assert all(item.published and item.language == language for item in items)
