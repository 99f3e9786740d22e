from __future__ import annotations

import hashlib

import numpy as np
import pytest

from gongshi.ledger.tree_hash import LANES, hash_rows
from gongshi_verifier.state import hash_map_leaf, hash_map_node, hash_sum_leaf, hash_sum_node


@pytest.mark.parametrize("rows", [0, 1, LANES - 1, LANES, 2 * LANES + 5])
@pytest.mark.parametrize("length", [0, 1, 34, 55, 56, 63, 64, 65, 66, 81, 98, 119, 120])
def test_each_row_has_the_digest_that_the_standard_library_gives(rows, length):
    """The lengths stand on both sides of where the padding needs one block more; the rows fill groups or do not."""
    messages = np.random.default_rng(length).integers(0, 256, (rows, length), dtype=np.uint8)
    digests = hash_rows(messages)
    assert digests.shape == (rows, 32)
    assert [row.tobytes() for row in digests] == [hashlib.sha256(row.tobytes()).digest() for row in messages]


def test_preimages_of_the_four_nodes_hash_as_the_verifier_hashes_them():
    left, right = hashlib.sha256(b"left").digest(), hashlib.sha256(b"right").digest()
    less, more = (2**63).to_bytes(16, "big"), (2**64 + 5).to_bytes(16, "big")
    cases = {
        b"\x00" + left + right: hash_map_leaf(left, right),
        b"\x01\xff" + left + right: hash_map_node(255, left, right),
        b"\x10" + left + right + less: hash_sum_leaf(left, right, 2**63),
        b"\x11\x07" + left + less + right + more: hash_sum_node(7, left, 2**63, right, 2**64 + 5),
    }
    for preimage, expected in cases.items():
        assert hash_rows(np.frombuffer(preimage, dtype=np.uint8)[None])[0].tobytes() == expected
