import pytest
import semver
from hypothesis import given, settings
from hypothesis import strategies as st

from gongshi.watch.records import VersionRange
from gongshi.watch.versions import VersionUnreadError, get_hit, get_key, is_in_range, is_pseudo

numbers = st.integers(0, 3)
releases = st.builds("{}.{}.{}".format, numbers, numbers, numbers)
identifiers = st.one_of(st.integers(0, 12).map(str), st.sampled_from(["a", "alpha", "rc", "rc1", "0a", "-"]))
prereleases = st.builds("{}-{}".format, releases, st.lists(identifiers, min_size=1, max_size=3).map(".".join))
versions = st.one_of(releases, prereleases)
kinds = st.sampled_from(["introduced", "fixed", "last_affected"])
events = st.lists(
    st.tuples(kinds, st.one_of(versions, st.just("0"))), min_size=1, max_size=6, unique_by=lambda event: event[1]
)


@given(versions, versions)
def test_order_is_that_of_semantic_versioning(left, right):
    ours = (get_key(left) > get_key(right)) - (get_key(left) < get_key(right))
    assert ours == semver.Version.parse(left).compare(right)


def refers(version, found):
    """The algorithm of the OSV schema, "Evaluation", word for word, over the semver library's own order."""

    def at_or_after(bound):
        return bound == "0" or semver.Version.parse(version).compare(bound) >= 0

    def after(bound):
        return bound == "0" or semver.Version.parse(version).compare(bound) > 0

    def place(event):
        return (0,) if event[1] == "0" else (1, semver.Version.parse(event[1]))

    vulnerable = False
    for kind, bound in sorted(found, key=place):
        if kind == "introduced" and at_or_after(bound):
            vulnerable = True
        if kind == "fixed" and at_or_after(bound):
            vulnerable = False
        if kind == "last_affected" and after(bound):
            vulnerable = False
    return vulnerable


@st.composite
def worlds(draw):
    """Half of the versions are one of the bounds: that is where a verdict turns."""
    found = draw(events)
    bounds = [bound for _, bound in found if bound != "0"]
    return draw(st.sampled_from(bounds) | versions if bounds else versions), found


@settings(max_examples=300)
@given(worlds(), st.sampled_from(["", "v"]), st.sampled_from(["", "+incompatible"]))
def test_verdict_is_that_of_the_plain_reference(world, prefix, suffix):
    version, found = world
    assert is_in_range(prefix + version + suffix, VersionRange("SEMVER", tuple(found))) == refers(version, found)


@pytest.mark.parametrize(
    ("version", "affected"),
    [
        ("v0.36.9", False),
        ("v0.37.0", True),
        ("v0.37.7", False),
        ("v0.37.7-rc1", True),
        ("v0.38.0-alpha.1", False),
        ("v0.38.7", True),
        ("v0.38.8+incompatible", False),
    ],
)
def test_two_stretches_in_one_range(version, affected):
    found = (("introduced", "0.38.0"), ("fixed", "0.38.8"), ("fixed", "0.37.7"), ("introduced", "0.37.0"))
    assert is_in_range(version, VersionRange("SEMVER", found)) is affected


def test_the_last_affected_version_is_affected_and_the_fixed_one_is_not():
    last = VersionRange("SEMVER", (("introduced", "1.0.0"), ("last_affected", "1.2.0")))
    fixed = VersionRange("SEMVER", (("introduced", "1.0.0"), ("fixed", "1.2.0")))
    assert [is_in_range("1.2.0", given_range) for given_range in (last, fixed)] == [True, False]
    assert not is_in_range("1.2.1", last)


def test_a_limit_ends_the_range_and_a_star_does_not():
    limited = VersionRange("SEMVER", (("introduced", "0"), ("limit", "2.0.0")))
    assert is_in_range("1.9.9", limited)
    assert not is_in_range("2.0.0", limited)
    assert is_in_range("2.0.0", VersionRange("SEMVER", (("introduced", "0"), ("limit", "*"))))


def test_the_stretch_that_hit_is_named_with_its_fix():
    found = (
        ("introduced", "0"),
        ("fixed", "1.2.0"),
        ("introduced", "2.0.0"),
        ("last_affected", "2.4.0"),
        ("fixed", "3.0.0"),
    )
    given_range = VersionRange("SEMVER", found)
    assert get_hit("v1.1.0", given_range) == (">= 0, < 1.2.0", "1.2.0")
    assert get_hit("v2.4.0", given_range) == (">= 2.0.0, <= 2.4.0", "3.0.0")
    assert get_hit("v1.0.0", VersionRange("SEMVER", (("introduced", "0"),))) == (">= 0", "")


def test_pseudo_versions_are_known_by_time_and_commit():
    assert is_pseudo("v0.0.0-20211221122406-302ac826ac90")
    assert is_pseudo("v0.30.6-0.20211229032028-fbee6a05ab0f+incompatible")
    assert is_pseudo("v1.0.0-rc1.0.20211229032028-fbee6a05ab0f")
    assert not is_pseudo("v1.0.0-rc1")


def test_what_is_no_version_says_so():
    with pytest.raises(VersionUnreadError) as caught:
        get_key("master")
    assert caught.value.version == "master"
