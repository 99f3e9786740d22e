"""Evidence: one document, one digest, one id; what is read back is what was written."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongshi.terms.canonical import NotCanonicalError
from gongshi.terms.digest import compute_digest
from gongshi.terms.evidence import Evidence, content_id, evidence_from, evidence_id, short_id
from gongshi.terms.quantity import Quantity

# RFC 8785 writes numbers as doubles do: an integer beyond 2^53 has no exact form there.
SAFE = st.integers(-(2**53) + 1, 2**53 - 1)
QUANTITIES = st.builds(Quantity, SAFE, st.integers(0, 12), st.text(max_size=5))
DIGESTS = st.binary(min_size=32, max_size=32)
NAMES = st.text(max_size=6)
EVIDENCE = st.builds(
    Evidence,
    kind=st.sampled_from(["lab.conformance", "watch.coverage"]),
    subjects=st.dictionaries(NAMES, DIGESTS, max_size=3),
    tool=NAMES,
    environment=st.dictionaries(NAMES, NAMES, max_size=3),
    seed=st.none() | SAFE,
    times=st.dictionaries(NAMES, SAFE, max_size=3),
    figures=st.dictionaries(NAMES, QUANTITIES, max_size=4),
    results=st.dictionaries(NAMES.filter(lambda name: name != "figures"), st.none() | SAFE | NAMES, max_size=3),
    raw=st.none() | DIGESTS,
)


def one() -> Evidence:
    return Evidence(
        kind="lab.conformance",
        subjects={"clause": compute_digest(b"clause")},
        tool="gongshi 0.1.0",
        environment={"python": "3.11"},
        seed=2016,
        times={"began": 1},
        figures={"passed": Quantity(12, 0, "clause")},
        results={"notes": ["a"]},
        raw=compute_digest(b"raw"),
    )


@given(EVIDENCE)
def test_a_document_reads_back(evidence):
    again = evidence_from(json.loads(evidence.encode()))
    assert again == evidence
    assert (again.encode(), again.digest(), again.id()) == (evidence.encode(), evidence.digest(), evidence.id())


def test_the_id_is_the_digest_in_base32():
    evidence = one()
    assert evidence.digest() == compute_digest(evidence.encode())
    assert evidence.id() == evidence_id(evidence.digest())
    assert evidence.id().startswith("ev-")
    assert len(evidence.id()) == 29
    assert short_id("ev", bytes(32)) == "ev-" + "a" * 26
    with pytest.raises(AssertionError):
        short_id("ev", b"short")


def test_the_fields_are_those_of_the_design():
    assert list(one().as_json()) == [
        "kind",
        "version",
        "subjects",
        "tool",
        "environment",
        "seed",
        "times",
        "results",
        "raw",
    ]
    assert one().as_json()["results"] == {
        "figures": {"passed": {"value": 12, "scale": 0, "unit": "clause"}},
        "notes": ["a"],
    }


def test_each_field_is_under_the_digest():
    first = one()
    others = [
        {"kind": "lab.other"},
        {"subjects": {}},
        {"tool": "x"},
        {"environment": {}},
        {"seed": None},
        {"times": {}},
        {"figures": {"passed": Quantity(13, 0, "clause")}},
        {"results": {}},
        {"raw": None},
    ]
    digests = {Evidence(**{**vars(first), **change}).digest() for change in others}
    assert len(digests | {first.digest()}) == len(others) + 1


def test_a_float_is_never_signed():
    with pytest.raises(NotCanonicalError):
        Evidence(**{**vars(one()), "results": {"share": 0.5}}).encode()


@pytest.mark.parametrize("name", ["kind", "subjects", "tool", "environment", "seed", "times", "results", "raw"])
def test_a_document_without_a_field_is_refused(name):
    document = one().as_json()
    del document[name]
    with pytest.raises(KeyError):
        evidence_from(document)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("subjects", {"a": "sha256:short"}),
        ("results", {"figures": {"a": 1}}),
        ("results", 7),
        ("raw", "x"),
        ("subjects", [7]),
    ],
)
def test_a_document_with_a_field_of_another_form_is_refused(field, value):
    document = copy.deepcopy(one().as_json())
    document[field] = value
    with pytest.raises((KeyError, TypeError, ValueError)):
        evidence_from(document)


def test_a_noun_known_by_its_content():
    assert content_id("al", ["a", ["b"]]) == short_id("al", compute_digest(b'["a",["b"]]'))
    assert content_id("al", ["a"]) != content_id("sg", ["a"])
