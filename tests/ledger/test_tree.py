from __future__ import annotations

import hashlib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongshi.ledger.tree import Leaf, Node, Tree, Write
from gongshi_verifier.state import (
    EMPTY,
    Terminal,
    check_absence,
    check_presence,
    check_total,
    compute_path,
    fold,
    hash_map_leaf,
    hash_map_node,
    hash_sum_leaf,
    hash_sum_node,
    hash_sum_root,
    path_bit,
)

KEYS = st.sampled_from([f"key/{number}" for number in range(24)])
VALUES = st.none() | st.tuples(st.binary(max_size=4), st.integers(0, 2**63))
BLOCKS = st.lists(st.dictionaries(KEYS, VALUES, max_size=12), max_size=8)


def writes(block, *, is_sum: bool) -> list[Write]:
    return [
        Write(key, None) if item is None else Write(key, item[0], item[1] if is_sum else 0)
        for key, item in block.items()
    ]


def grow(blocks, *, is_sum: bool) -> Tree:
    tree = Tree(is_sum)
    for block in blocks:
        tree = tree.write(writes(block, is_sum=is_sum))
    return tree


def settle(blocks, *, is_sum: bool) -> dict[str, tuple[bytes, int]]:
    """The plain oracle: what a dictionary holds after the same writes."""
    held: dict[str, tuple[bytes, int]] = {}
    for block in blocks:
        for key, item in block.items():
            held.pop(key, None)
            if item is not None:
                held[key] = (item[0], item[1] if is_sum else 0)
    return held


def root_of(held, *, is_sum: bool) -> bytes:
    """The root by the written definition: split the sorted paths at the first bit in which any two differ."""
    rows = sorted((compute_path(key), value, amount) for key, (value, amount) in held.items())
    top, total = build(rows, 0, is_sum=is_sum)
    return hash_sum_root(top, total) if is_sum else top


def build(rows, bit: int, *, is_sum: bool) -> tuple[bytes, int]:
    if not rows:
        return EMPTY, 0
    if len(rows) == 1:
        path, value, amount = rows[0]
        digest = hashlib.sha256(value).digest()
        return (hash_sum_leaf(path, digest, amount) if is_sum else hash_map_leaf(path, digest)), amount
    sides = [[row for row in rows if path_bit(row[0], bit) == side] for side in (0, 1)]
    if not all(sides):
        return build(rows, bit + 1, is_sum=is_sum)
    left, right = (build(side, bit + 1, is_sum=is_sum) for side in sides)
    node = hash_sum_node(bit, *left, *right) if is_sum else hash_map_node(bit, left[0], right[0])
    return node, left[1] + right[1]


@pytest.mark.parametrize("is_sum", [False, True])
@given(blocks=BLOCKS)
def test_tree_is_that_of_the_definition(is_sum, blocks):
    tree, held = grow(blocks, is_sum=is_sum), settle(blocks, is_sum=is_sum)
    assert tree.root() == root_of(held, is_sum=is_sum)
    assert {leaf.key: (leaf.value, leaf.amount) for leaf in tree.leaves()} == held
    assert tree.total() == sum(amount for _, amount in held.values())


@pytest.mark.parametrize("is_sum", [False, True])
@given(block=st.dictionaries(KEYS, VALUES, max_size=24), seed=st.integers(0, 99))
def test_order_and_cut_of_the_writes_do_not_matter(is_sum, block, seed):
    listed = writes(block, is_sum=is_sum)
    shuffled = random.Random(seed).sample(listed, len(listed))
    cut = len(listed) // 2
    at_once, in_two = Tree(is_sum).write(listed), Tree(is_sum).write(shuffled[:cut]).write(shuffled[cut:])
    assert at_once.root() == in_two.root()


@pytest.mark.parametrize("is_sum", [False, True])
@given(blocks=BLOCKS)
def test_every_key_is_proved_present_or_absent(is_sum, blocks):
    tree, held = grow(blocks, is_sum=is_sum), settle(blocks, is_sum=is_sum)
    for key in [f"key/{number}" for number in range(24)]:
        proof = tree.prove(key)
        if key in held:
            value, amount = held[key]
            assert check_presence(key, value, amount, proof.steps, tree.root(), is_sum=is_sum)
            assert not check_presence(key, value + b"!", amount, proof.steps, tree.root(), is_sum=is_sum)
            assert not check_presence(key, value, amount + 1, proof.steps, tree.root(), is_sum=is_sum)
            assert not check_absence(key, proof.leaf, proof.steps, tree.root(), is_sum=is_sum)
        else:
            assert check_absence(key, proof.leaf, proof.steps, tree.root(), is_sum=is_sum)


@given(blocks=BLOCKS)
def test_any_leaf_opens_the_root_to_the_total(blocks):
    tree = grow(blocks, is_sum=True)
    assert check_total(tree.top_hash(), tree.total(), tree.root())
    assert not check_total(tree.top_hash(), tree.total() + 1, tree.root())
    for leaf in tree.leaves():
        proof = tree.prove(leaf.key)
        assert isinstance(proof.leaf, Terminal)
        assert fold(proof.leaf, proof.steps, is_sum=True) == (tree.top_hash(), tree.total())


def test_a_write_leaves_the_old_tree_as_it_was_and_shares_what_did_not_change():
    before = Tree(is_sum=False).write([Write(f"key/{number}", b"1") for number in range(64)])
    root, listed = before.root(), {id(leaf) for leaf in before.leaves()}
    after = before.write([Write("key/7", b"2")])
    assert before.root() == root != after.root()
    assert sum(id(leaf) in listed for leaf in after.leaves()) == 63
    assert before.get("key/7").value == b"1"


def test_removals_leave_no_trace():
    """A tree in which a key came and went has the root of one that never held it; without any key it is empty."""
    base = Tree(is_sum=True).write([Write("a", b"1", 5), Write("b", b"2", 7)])
    grown = base.write([Write("c", b"3", 9)])
    assert grown.write([Write("c", None)]).root() == base.root()
    assert base.write([Write("z", None)]).root() == base.root()
    emptied = base.write([Write("a", None), Write("b", None)])
    assert emptied.top is None
    assert emptied.root() == Tree(is_sum=True).root() == hash_sum_root(EMPTY, 0)
    assert Tree(is_sum=False).root() == EMPTY
    assert Tree(is_sum=False).prove("a").leaf is None
    assert base.write([]) is base


def test_a_key_twice_in_one_write_is_our_own_mistake():
    with pytest.raises(AssertionError):
        Tree(is_sum=False).write([Write("a", b"1"), Write("a", b"2")])


def test_equal_values_under_two_keys_have_two_leaves():
    one, other = (Leaf(key, b"same", 0, is_sum=False) for key in ("a", "b"))
    assert one.hash != other.hash
    assert isinstance(Tree(is_sum=False).write([Write("a", b"same"), Write("b", b"same")]).top, Node)
