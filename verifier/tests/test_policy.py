"""Whom a reader trusts: read strictly, and the quorum counted over groups of groups."""

import itertools

import pytest
from makings import MEMBERS, founded, key_of

from gongshi_verifier.note import (
    LOG_TYPE,
    WITNESS_TYPE,
    check_log_signature,
    make_key,
    make_line,
    parse_checkpoint,
)
from gongshi_verifier.policy import PolicyError, parse_policy

WORLD = founded()
LOG = make_key("log.test", LOG_TYPE, key_of("log").public).text()
W = [make_key(f"w{n}.test", WITNESS_TYPE, key_of(f"w{n}").public).text() for n in range(6)]


def test_a_made_policy_reads_back():
    policy = parse_policy(WORLD.policy(2))
    assert [key.name for key in policy.logs] == ["makings.test"]
    assert set(policy.witnesses) == set(MEMBERS)
    checkpoint = WORLD.parsed(("bank", "ministry"))
    assert policy.log_of(checkpoint) == WORLD.vkey()
    assert policy.cosigners(checkpoint) == {"bank", "ministry"}


def test_a_log_of_another_name_or_key_is_not_accepted():
    checkpoint = WORLD.parsed()
    assert parse_policy(f"log {LOG}\nquorum none\n").log_of(checkpoint) is None
    same_name = make_key("makings.test", LOG_TYPE, key_of("another log").public).text()
    assert parse_policy(f"log {same_name}\nquorum none\n").log_of(checkpoint) is None
    assert parse_policy(founded("/other").policy()).log_of(checkpoint) is None


def test_a_log_speaks_for_its_own_origin_only():
    """A log that the policy accepts signs a head under the name of another."""
    body = WORLD.parsed().body
    key = make_key("log.test", LOG_TYPE, key_of("log").public)
    checkpoint = parse_checkpoint(body.decode() + "\n" + make_line(key, key_of("log").sign(body)))
    assert check_log_signature(checkpoint, key)
    assert parse_policy(f"log {LOG}\nquorum none\n").log_of(checkpoint) is None


@pytest.mark.parametrize("threshold", [1, 2, 3])
def test_the_quorum_is_reached_at_the_threshold(threshold):
    policy = parse_policy(WORLD.policy(threshold))
    for size in range(4):
        for names in itertools.combinations(MEMBERS, size):
            assert policy.is_quorum(names) is (size >= threshold)
    assert not policy.is_quorum(["stranger"] * 3)


def test_groups_of_groups():
    text = (
        "# a comment\n\n"
        f" log\t{LOG}\thttps://log.test \n"
        + "".join(f"witness w{n} {key}\n" for n, key in enumerate(W))
        + "group x 2 w0 w1 w2\ngroup y any w3 w4\ngroup both all x y\nquorum both\n"
    )
    policy = parse_policy(text)
    assert policy.is_quorum(["w0", "w2", "w4"])
    assert not policy.is_quorum(["w0", "w1", "w2"])
    assert not policy.is_quorum(["w0", "w3", "w4", "w5"])
    alone = parse_policy(f"witness w0 {W[0]}\nquorum w0\n")
    assert alone.is_quorum(["w0"])
    assert not alone.is_quorum([])
    assert parse_policy("quorum none").is_quorum([])


def test_a_chain_of_ten_thousand_groups_is_counted():
    lines = [f"witness w0 {W[0]}", "group g0 any w0", *(f"group g{n} all g{n - 1}" for n in range(1, 10_000))]
    policy = parse_policy("\n".join([*lines, "quorum g9999"]))
    assert policy.is_quorum(["w0"])
    assert not policy.is_quorum([])


KNOWN = f"log {LOG}\nwitness a {W[0]}\nwitness b {W[1]}\n"
WRONG = {
    "nothing": ("", "quorum", 1),
    "no quorum": (KNOWN, "quorum", 4),
    "two quorums": (KNOWN + "quorum a\nquorum b\n", "line", 5),
    "an unknown quorum": (KNOWN + "quorum c\n", "line", 4),
    "an unknown word": ("trust everyone\n", "line", 1),
    "a log without a key": ("log\n", "line", 1),
    "words too many": (KNOWN + "quorum a b\n", "line", 4),
    "a log's key as a witness": (f"witness a {LOG}\nquorum a\n", "key", 1),
    "a witness' key as a log": (f"log {W[0]}\nquorum none\n", "key", 1),
    "no key": ("witness a b\nquorum a\n", "key", 1),
    "a broken key": (f"witness a {W[0][:-4]}AAAA\nquorum a\n", "key_id", 1),
    "a name twice": (KNOWN + f"witness a {W[2]}\nquorum a\n", "line", 4),
    "a witness named none": (f"witness none {W[0]}\nquorum none\n", "line", 1),
    "a key twice": (KNOWN + f"witness c {W[0]}\nquorum a\n", "duplicate", 4),
    "a log twice": (f"log {LOG}\nlog {LOG}\nquorum none\n", "duplicate", 2),
    "a group of strangers": (KNOWN + "group g 1 c\nquorum g\n", "group", 4),
    "a group before its members": (f"group g 1 a\nwitness a {W[0]}\nquorum g\n", "group", 1),
    "a group without members": (KNOWN + "group g all\nquorum g\n", "line", 4),
    "a group with none": (KNOWN + "group g 1 none\nquorum g\n", "group", 4),
    "a member twice": (KNOWN + "group g 1 a a\nquorum g\n", "group", 4),
    "a member of two groups": (KNOWN + "group g 1 a\ngroup h 1 a\nquorum h\n", "group", 5),
    "a threshold of 0": (KNOWN + "group g 0 a\nquorum g\n", "group", 4),
    "a threshold above the members": (KNOWN + "group g 3 a b\nquorum g\n", "group", 4),
    "a threshold with a zero before it": (KNOWN + "group g 02 a b\nquorum g\n", "group", 4),
    "a threshold that is no number": (KNOWN + "group g most a b\nquorum g\n", "group", 4),
    "a carriage return": (KNOWN.replace("\n", "\r\n") + "quorum a", "control", 1),
    "another script's space": (KNOWN + "quorum\u3000a\n", "line", 4),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_policy_is_refused_with_its_line(name):
    text, reason, line = WRONG[name]
    with pytest.raises(PolicyError) as refused:
        parse_policy(text)
    assert (refused.value.reason, refused.value.line) == (reason, line)
    assert f"line {line}" in str(refused.value)
