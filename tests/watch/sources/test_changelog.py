from gongshi.terms.instant import instant_from_iso
from gongshi.watch.sources.changelog import read
from tests.watch.worlds import make_source

LOG = """# 变更日志

### v1.2.0

（2024-03-01）

* 跨链路由

### 1.1.0

(2023-10)

### [v1.0.0-rc1] 2022年5月3日

## v0.9.0
*October 1, 2021*

### v0.8.0

文字而已

### v0.7.0

(2023-02-30)
"""


def test_dates_in_all_their_forms():
    items, problems = read(LOG.encode(), make_source("changelog", language="zh"))
    assert [(item.guid, item.facts["date_precision"]) for item in items] == [
        ("1.2.0", "day"),
        ("1.1.0", "month"),
        ("1.0.0-rc1", "day"),
        ("0.9.0", "day"),
        ("0.8.0", "none"),
        ("0.7.0", "none"),
    ]
    days = ["2024-03-01", "2023-10-01", "2022-05-03", "2021-10-01"]
    assert [item.published for item in items[:4]] == [instant_from_iso(day) for day in days]
    assert [(problem.code, problem.where) for problem in problems] == [
        ("watch.changelog.undated", "src:0.8.0"),
        ("watch.changelog.undated", "src:0.7.0"),
    ]
    assert (items[0].title, items[0].url) == ("来源 v1.2.0", "https://src.example#1.2.0")


def test_a_text_without_versions_is_one_problem():
    assert [problem.code for problem in read(b"# Hello", make_source("changelog"))[1]] == [
        "watch.changelog.no_versions"
    ]


def test_real_logs_give_every_version(data):
    for name, versions in [
        ("fisco-bcos-changelog.zh.md", 42),
        ("wecross-changelog.zh.md", 13),
        ("cometbft-changelog.md", 29),
    ]:
        items, problems = read((data / "releases" / name).read_bytes(), make_source("changelog"))
        assert (len(items), problems) == (versions, [])
