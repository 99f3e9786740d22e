"""Evidence is kept before it is signed, signed once an organisation, and read back as it was."""

from __future__ import annotations

import hashlib

from gongshi.flows import evidence
from gongshi.group.queries import get_signers
from gongshi.terms.evidence import Evidence
from gongshi.terms.quantity import count_of
from gongshi.wiring import House


def document(number: int = 3) -> Evidence:
    return Evidence(
        kind="lab.run",
        subjects={"draft": hashlib.sha256(b"draft").digest()},
        tool="gongshi 0",
        environment={},
        seed=7,
        times={"at": 0},
        figures={"passed": count_of(number, "clause")},
        results={},
    )


def test_signed_once_and_read_back(house: House) -> None:
    """
    signed twice by the ministry -> one entry; the document that is read is the one that was signed
    """
    first = evidence.sign(house.desk, "ministry", document())
    height = house.engine.height
    assert evidence.sign(house.desk, "ministry", document()) == first
    assert house.engine.height == height
    assert evidence.read_evidence(house.desk, first).encode() == document().encode()


def test_two_organisations_sign_one_document(house: House) -> None:
    """
    ministry, institute -> one digest, two signers in the order of the ledger
    """
    digests = {evidence.sign(house.desk, name, document()) for name in ("ministry", "institute")}
    (digest,) = digests
    with house.desk.read() as connection:
        assert [name for name, _ in get_signers(connection, digest)] == ["ministry", "institute"]


def test_what_is_not_here_is_left_out(house: House) -> None:
    """
    one digest that is here and one that is not -> the one
    """
    here = evidence.sign(house.desk, "ministry", document())
    missing = hashlib.sha256(b"elsewhere").digest()
    assert evidence.read_evidence(house.desk, missing) is None
    assert [one.figures for one in evidence.read_all(house.desk, [missing, here])] == [document().figures]
