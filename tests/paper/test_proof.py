"""The detached proof: a stranger verifies a small file with it, and each thing that is missing from it is named."""

from dataclasses import replace

import pytest

from gongshi.group.entries import sign_evidence
from gongshi.paper.entries import publish
from gongshi.paper.proof import find_signing, make_publication_proof
from gongshi.terms.digest import Digest, compute_digest
from gongshi.terms.evidence import evidence_id
from gongshi_verifier.publication import Part, compute_manifest_digest
from gongshi_verifier.verify import verify_file
from tests.group.worlds import key_of
from tests.paper.chains import NAMES, found, publication, sign_log

DOCUMENT = b'{"figure":42}'
EVIDENCE = compute_digest(DOCUMENT)
FILE = b"%PDF page one " + DOCUMENT + b" end"
ROOTS = {name: key_of(name, "root").public for name in NAMES}


def cut() -> tuple[Part, ...]:
    begin = FILE.index(DOCUMENT)
    bounds = (0, begin, begin + len(DOCUMENT), len(FILE))
    names = ("page 1", f"attachment {evidence_id(EVIDENCE)}.json", "structure")
    pieces = zip(names, bounds, bounds[1:], strict=False)
    return tuple(Part(name, one, other - one, compute_digest(FILE[one:other])) for name, one, other in pieces)


@pytest.fixture(scope="module")
def world():
    world = found()
    world.must("lab", sign_evidence(EVIDENCE, "lab.conformance", []))
    world.must("bank", sign_evidence(EVIDENCE, "lab.conformance", []))
    manifest = Digest(compute_manifest_digest(cut()))
    entered = publication(file=compute_digest(FILE), manifest=manifest, evidence=(EVIDENCE,))
    world.must("institute", publish(entered), mandate="institute-secretary")
    return world


def prove(world, history=None, manifest=None):
    checkpoint, policy = sign_log(world)
    index = world.index()
    proof = make_publication_proof(
        world.history[-1],
        history or world.history,
        [EVIDENCE],
        manifest or cut(),
        ROOTS,
        checkpoint,
        lambda leaf: index.prove_inclusion(leaf, index.size),
    )
    return proof.encode(), policy


def codes(report):
    return [(finding.code, finding.place) for finding in report.findings]


def test_a_stranger_verifies(world):
    proof, policy = prove(world)
    report = verify_file(FILE, proof, policy)
    assert (codes(report), report.exit_code) == ([], 0)
    assert {signer.organisation for signer in report.signers} == {"institute", "lab"}
    assert verify_file(FILE, proof).exit_code == 3


@pytest.mark.parametrize(
    ("at", "place"), [(6, "page 1"), (16, f"attachment {evidence_id(EVIDENCE)}.json"), (-1, "structure")]
)
def test_one_byte_has_a_place(world, at, place):
    proof, policy = prove(world)
    data = bytearray(FILE)
    data[at] ^= 1
    report = verify_file(bytes(data), proof, policy)
    assert (report.exit_code, codes(report)) == (1, [("verify.part.altered", place)])


def test_another_manifest_is_not_the_one_that_was_entered(world):
    parts = cut()
    proof, policy = prove(world, manifest=(replace(parts[0], name="page 2"), *parts[1:]))
    assert codes(verify_file(FILE, proof, policy)) == [("verify.manifest.digest", "")]


def test_the_first_who_signed_stands_for_the_evidence(world):
    assert find_signing(world.history, EVIDENCE).organisation == "lab"
    with pytest.raises(AssertionError, match="signed"):
        find_signing(world.history, compute_digest(b"nothing"))
