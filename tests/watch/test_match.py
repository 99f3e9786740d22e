import pytest

from gongshi.terms.problem import Problem
from gongshi.watch.evidence import count_exposures
from gongshi.watch.inventories import read_inventory
from gongshi.watch.match import index_advisories, match_inventory
from gongshi.watch.sources.osv import read_advisories
from tests.watch.worlds import make_advisory, make_inventory

ALL = (("introduced", "0"),)
BELOW_2 = (("introduced", "0"), ("fixed", "2.0.0"))


def match(advisories, *components):
    return match_inventory(make_inventory(*components), index_advisories(advisories))


@pytest.mark.parametrize(
    ("ledger", "records", "modules", "reviewed", "without_cve"),
    [("xuperchain", 88, 20, 73, 12), ("cometbft-v0.37.0", 48, 11, 39, 5), ("hyperledger-fabric", 0, 0, 0, 0)],
)
def test_control_counts_of_the_real_inventories(data, ledger, records, modules, reviewed, without_cve):
    advisories, problems = read_advisories((data / "advisories/go-osv.zip").read_bytes(), "go-osv")
    inventory, unread = read_inventory(
        (data / "inventories" / ledger / "go.mod").read_bytes(), "go.mod", "bank", ledger
    )
    exposures, unmatched = match_inventory(inventory, index_advisories(advisories))
    assert problems + unread + unmatched == []
    counts = count_exposures(exposures)
    assert (counts["records"], counts["modules"]) == (records, modules)
    assert (counts["reviewed"], counts["without_cve"]) == (reviewed, without_cve)


def test_withdrawn_records_the_compiler_and_other_major_versions_are_left_out():
    """
    m v1.0.0 is required; the records name m (withdrawn), stdlib, m/v2 and M
    """
    advisories = [
        make_advisory("GO-1", "m", ALL, withdrawn=True),
        make_advisory("GO-2", "stdlib", ALL),
        make_advisory("GO-3", "m/v2", ALL),
        make_advisory("GO-4", "M", ALL),
    ]
    assert match(advisories, ("m", "v1.0.0"), ("stdlib", "v1.20.0")) == ([], [])
    (found,), _ = match([make_advisory("GO-1", "m", ALL)], ("m", "v1.0.0"))
    assert found.advisory == "GO-1"


def test_certainty_says_how_far_the_verdict_goes():
    advisories = [
        make_advisory("GO-1", "m", BELOW_2),
        make_advisory("GO-2", "m", (("introduced", "0"), ("fixed", "1.9.0-20211221122406-302ac826ac90"))),
        make_advisory("GO-3", "m", ALL, custom=True),
        make_advisory("GO-4", "m", BELOW_2, custom=True),
    ]
    found, _ = match(advisories, ("m", "v1.0.0"))
    assert [e.certainty for e in found] == ["exact", "pseudo-version", "custom-range-says-otherwise", "exact"]
    (pseudo,), _ = match(advisories[:1], ("m", "v0.0.0-20211221122406-302ac826ac90"))
    assert pseudo.certainty == "pseudo-version"


def test_a_replacement_is_named_and_judged_beside_the_plain_verdict():
    """
    m v1.0.0 is required and hit below 2.0.0; it is replaced by a fixed version, a hit version, a fork, a folder
    """
    advisories = [make_advisory("GO-1", "m", BELOW_2)]
    for replaced_by, built in [
        ("m v2.0.0", False),
        ("m v1.9.0", True),
        ("fork v1.0.0", False),
        ("../m", False),
        ("", True),
    ]:
        (found,), _ = match(advisories, ("m", "v1.0.0", False, replaced_by))
        assert (found.replaced_by, found.built) == (replaced_by, built)


def test_listed_versions_hit_without_a_range():
    (found,), _ = match([make_advisory("GO-1", "m", versions=("1.0.0",))], ("m", "v1.0.0"))
    assert (found.hit, found.fixed_in) == ("= v1.0.0", "")
    assert match([make_advisory("GO-1", "m", versions=("1.0.1",))], ("m", "v1.0.0")) == ([], [])


def test_a_version_that_cannot_be_compared_is_a_problem_and_not_a_verdict():
    found, problems = match([make_advisory("GO-1", "m", ALL)], ("m", "master"))
    assert found == []
    assert problems == [Problem("watch.version.unreadable", "node:m", {"version": "master", "advisory": "GO-1"})]
