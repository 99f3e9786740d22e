"""Proof files: written and read back, and refused in any other form."""

import pytest
from makings import founded

from gongshi_verifier.note import NoteError
from gongshi_verifier.tlog_proof import HEADER, make_proof, parse_proof

WORLD = founded()


@pytest.mark.parametrize("extra", [b"", b"something of ours"])
@pytest.mark.parametrize("leaf", [0, 1, 2])
def test_a_proof_reads_back_and_covers_its_leaf_only(extra, leaf):
    included = WORLD.included(leaf)
    proof = parse_proof(make_proof(extra, leaf, included.path, WORLD.checkpoint()))
    assert (proof.extra, proof.index, proof.path) == (extra, leaf, included.path)
    assert proof.covers(WORLD.leaves[leaf])
    assert not proof.covers(WORLD.leaves[(leaf + 1) % 3])


def test_a_log_of_one_leaf_has_an_empty_path():
    world = founded()
    world.leaves = world.leaves[:1]
    proof = parse_proof(make_proof(b"", 0, (), world.checkpoint()))
    assert proof.path == ()
    assert proof.covers(world.leaves[0])


TEXT = make_proof(b"x", 1, WORLD.included(1).path, WORLD.checkpoint())
HASH = TEXT.split("\n")[3]
WRONG = {
    "nothing": "",
    "another version": TEXT.replace("@v1", "@v2"),
    "no header": TEXT.removeprefix(HEADER + "\n"),
    "no checkpoint": TEXT.partition("\n\n")[0],
    "no index": TEXT.replace("index 1\n", ""),
    "the extra after the index": TEXT.replace("extra eA==\nindex 1\n", "index 1\nextra eA==\n"),
    "an extra twice": TEXT.replace("extra eA==\n", "extra eA==\nextra eA==\n"),
    "an extra of nothing": TEXT.replace("extra eA==", "extra "),
    "an index with a sign": TEXT.replace("index 1", "index +1"),
    "a hash that is short": TEXT.replace(HASH, "AAAA"),
    "a hash that is no base64": TEXT.replace(HASH, "?"),
    "a checkpoint that is none": TEXT.partition("\n\n")[0] + "\n\nnone\n",
    "header only": HEADER + "\n\n" + WORLD.checkpoint(),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_proof_is_refused(name):
    with pytest.raises(NoteError):
        parse_proof(WRONG[name])
