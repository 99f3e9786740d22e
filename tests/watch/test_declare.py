import pytest

from gongshi.watch.declare import read_assessments, read_inventories, read_sources, read_taxonomy
from tests.watch.worlds import EXAMPLE

SOURCE = """
[[source]]
id = "a"
name = { zh = "甲", en = "A" }
region = "home"
language = "zh"
kind = "feed"
licence = "CC0-1.0"
origin = "https://a.example"
location = "a.xml"
"""


def test_a_source_is_read():
    (source,), problems = read_sources(SOURCE.encode(), "sources.toml")
    assert (source.id, source.region, source.only, problems) == ("a", "home", (), [])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (('region = "home"', 'region = "abroad"'), "region"),
        (('kind = "feed"', "kind = 1"), "kind"),
        (('en = "A"', 'en = ""'), "zh"),
        (('licence = "CC0-1.0"', ""), "licence"),
    ],
)
def test_a_wrong_source_is_named_by_its_number_and_the_others_stand(change, reason):
    sources, problems = read_sources((SOURCE + SOURCE.replace(*change)).encode(), "sources.toml")
    assert len(sources) == 1
    assert [(problem.code, problem.where) for problem in problems] == [
        ("watch.declaration.malformed", "sources.toml:source:2")
    ]
    assert reason in problems[0].values["reason"]


def test_an_id_twice_and_a_file_that_is_no_toml():
    assert read_sources((SOURCE + SOURCE).encode(), "s")[1][0].code == "watch.declaration.repeated"
    assert read_sources(b"[[", "s")[1][0].code == "watch.declaration.not_toml"
    assert read_sources(b"\xff", "s")[1][0].code == "watch.declaration.not_toml"
    assert read_sources(b"source = 3", "s") == ([], [])


def test_the_other_declarations_refuse_what_they_cannot_use():
    taxonomy = b'[[technology]]\nid = "x"\nname = { zh = "x", en = "x" }\nzh = []\nen = ["x"]'
    assert read_taxonomy(taxonomy, "t")[1][0].code == "watch.declaration.malformed"
    assert read_inventories(b'[[inventory]]\norganisation = "a"', "i")[1][0].code == "watch.declaration.malformed"
    assert read_assessments(b"[[assessment]]\nper_region = 0", "a")[1][0].values == {"reason": "per_region"}


def test_the_taxonomy_of_the_example_covers_the_field():
    technologies, problems = read_taxonomy((EXAMPLE / "taxonomy.toml").read_bytes(), "taxonomy.toml")
    assert problems == []
    expected = "consensus cryptography contracts privacy interoperability scaling storage identity digital_currency supervision"
    assert [technology.id for technology in technologies] == expected.split()


@pytest.mark.parametrize("name", ["sources.toml", "sources-data.toml"])
def test_both_sets_declare_an_inventory(name):
    inventories, problems = read_inventories((EXAMPLE / name).read_bytes(), name)
    assert problems == []
    assert all(inventory.location.endswith("go.mod") for inventory in inventories)
    assert inventories
