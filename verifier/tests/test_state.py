"""Proofs of a key's value and of its absence, against a tree that is built here by the definition."""

import hashlib

import pytest

from gongshi_verifier import state
from gongshi_verifier.state import EMPTY, Step, Terminal, check_absence, check_presence, check_total, compute_path

PAIRS = {f"wallet/{number}": (f"value {number}".encode(), number * 10) for number in range(9)}


def build(keys, *, is_sum):
    """Give (hash, total, {key: steps from the leaf upwards}) of the keys' tree."""
    if len(keys) == 1:
        value, amount = PAIRS[keys[0]]
        digest, path = hashlib.sha256(value).digest(), compute_path(keys[0])
        leaf = state.hash_sum_leaf(path, digest, amount) if is_sum else state.hash_map_leaf(path, digest)
        return leaf, amount if is_sum else 0, {keys[0]: ()}
    paths = {key: int.from_bytes(compute_path(key), "big") for key in keys}
    bit = 256 - (min(paths.values()) ^ max(paths.values())).bit_length()
    sides = [[key for key in keys if paths[key] >> (255 - bit) & 1 == side] for side in (0, 1)]
    (left, one, low), (right, two, high) = (build(side, is_sum=is_sum) for side in sides)
    top = state.hash_sum_node(bit, left, one, right, two) if is_sum else state.hash_map_node(bit, left, right)
    steps = {key: (*way, Step(bit, right, two)) for key, way in low.items()}
    steps |= {key: (*way, Step(bit, left, one)) for key, way in high.items()}
    return top, one + two, steps


def root_of(top, total, *, is_sum):
    return state.hash_sum_root(top, total) if is_sum else top


@pytest.mark.parametrize("is_sum", [False, True])
def test_presence(is_sum):
    top, total, steps = build(list(PAIRS), is_sum=is_sum)
    root = root_of(top, total, is_sum=is_sum)
    for key, (value, amount) in PAIRS.items():
        own = amount if is_sum else 0
        assert check_presence(key, value, own, steps[key], root, is_sum=is_sum)
        assert not check_presence(key, b"other", own, steps[key], root, is_sum=is_sum)
        assert not check_presence("wallet/x", value, own, steps[key], root, is_sum=is_sum)
        assert not check_presence(key, value, own + 1, steps[key], root, is_sum=is_sum)
        assert not check_presence(key, value, own, steps[key][1:], root, is_sum=is_sum)
        assert not check_presence(key, value, own, steps[key], bytes(32), is_sum=is_sum)


def test_steps_that_do_not_fall_towards_the_root_and_odd_hashes():
    top, _, steps = build(list(PAIRS), is_sum=False)
    key, way = next((key, way) for key, way in steps.items() if len(way) > 1)
    value = PAIRS[key][0]
    for wrong in (way[::-1], (Step(256, EMPTY), *way), (Step(-1, EMPTY), *way), (Step(way[0].bit, b"short"), *way[1:])):
        assert not check_presence(key, value, 0, wrong, top, is_sum=False)
    path, hashed = compute_path("k"), state.hash_map_leaf(compute_path("k"), hashlib.sha256(b"v").digest())
    for bits, holds in (((7, 5), True), ((5, 7), False), ((5, 5), False)):
        made = hashed
        for bit in bits:  # a root that the steps lead to, whether or not they fall
            sides = (EMPTY, made) if state.path_bit(path, bit) else (made, EMPTY)
            made = state.hash_map_node(bit, *sides)
        steps = tuple(Step(bit, EMPTY) for bit in bits)
        assert check_presence("k", b"v", 0, steps, made, is_sum=False) is holds
    negative = (Step(way[0].bit, way[0].sibling, -1), *way[1:])
    assert not check_presence(key, value, 0, negative, top, is_sum=False)
    assert not check_presence(key, value, 0, negative, top, is_sum=True)


@pytest.mark.parametrize("is_sum", [False, True])
def test_absence(is_sum):
    top, total, steps = build(list(PAIRS), is_sum=is_sum)
    root = root_of(top, total, is_sum=is_sum)
    ends = {
        key: Terminal(compute_path(key), hashlib.sha256(value).digest(), amount if is_sum else 0)
        for key, (value, amount) in PAIRS.items()
    }
    for absent in (f"other/{number}" for number in range(20)):
        proving = [key for key in PAIRS if check_absence(absent, ends[key], steps[key], root, is_sum=is_sum)]
        assert len(proving) == 1
    for key in PAIRS:
        assert not any(check_absence(key, ends[end], steps[end], root, is_sum=is_sum) for end in PAIRS)
    assert not check_absence("other", Terminal(b"short", b"short"), steps["wallet/1"], root, is_sum=is_sum)


def test_an_empty_tree():
    assert check_absence("any", None, (), EMPTY, is_sum=False)
    assert check_absence("any", None, (), state.hash_sum_root(EMPTY, 0), is_sum=True)
    assert not check_absence("any", None, (), bytes(32), is_sum=False)
    assert not check_absence("any", None, (Step(0, EMPTY),), EMPTY, is_sum=False)


def test_the_total_is_what_the_root_opens_to():
    top, total, _ = build(list(PAIRS), is_sum=True)
    root = state.hash_sum_root(top, total)
    assert total == sum(amount for _, amount in PAIRS.values())
    assert check_total(top, total, root)
    for wrong in ((top, total + 1), (top, -1), (top, 1 << 128), (b"short", total)):
        assert not check_total(*wrong, root)
