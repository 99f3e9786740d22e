from gongshi.terms.digest import compute_digest
from gongshi.terms.quantity import count_of
from gongshi.watch.evidence import get_coverage_evidence, get_exposure_evidence
from gongshi.watch.match import index_advisories, match_inventory
from tests.watch.worlds import NOW, about, make_advisory, make_inventory, make_signal


def test_coverage_counts_every_place_and_names_both_regions():
    signals = [
        make_signal("1", technologies=about("consensus"), cluster="cl"),
        make_signal("2", "other", technologies=about("consensus"), cluster="cl", day="2023-12-31T20:00:00"),
    ]
    evidence = get_coverage_evidence(signals, "gongshi 0", {}, NOW)
    figures = {name: quantity.value for name, quantity in evidence.figures.items()}
    assert figures["signals"] == 2
    assert (figures["signals.home"], figures["signals.overseas"]) == (0, 2)
    assert (figures["stories"], figures["sources"]) == (1, 2)
    assert figures["signals.year.2024"] == 2, "the alliance's calendar"
    assert figures["signals.technology.consensus.overseas"] == 2
    assert figures["signals.source.other"] == 1
    assert len(evidence.subjects) == 2
    assert evidence.id() == get_coverage_evidence(signals[::-1], "gongshi 0", {}, NOW).id()


def test_exposure_counts_records_once_however_many_modules_they_hit():
    """
    GO-1 hits a and b without a fix and without CVE; GO-2 hits a with both
    """
    everything = (("introduced", "0"),)
    advisories = [
        make_advisory("GO-1", "a", everything, reviewed=False),
        make_advisory("GO-1", "b", everything, reviewed=False),
        make_advisory("GO-2", "a", (*everything, ("fixed", "2.0.0")), aliases=("CVE-1",)),
    ]
    inventory = make_inventory(("a", "v1.0.0"), ("b", "v1.0.0"), ("c", "v1.0.0"))
    exposures, _ = match_inventory(inventory, index_advisories(advisories))
    digest = compute_digest(b"advisories")
    evidence = get_exposure_evidence([inventory], exposures, {"go": digest}, "gongshi 0", {}, NOW)
    expected = {
        "components": 3,
        "records": 2,
        "reviewed": 1,
        "without_cve": 1,
        "uncertain": 0,
        "unfixed": 1,
        "replaced": 0,
        "modules": 2,
    }
    assert {name.removeprefix("node."): quantity.value for name, quantity in evidence.figures.items()} == expected
    assert evidence.figures["node.modules"] == count_of(2, "module")
    assert evidence.subjects["advisories:go"] == digest
    assert len(evidence.results["exposures"]) == 3
    evidence.encode()
