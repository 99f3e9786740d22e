"""Evidence on its way to the ledger: the document is kept, its digest is signed by the organisation that made it."""

from __future__ import annotations

import json
from collections.abc import Iterable

from gongshi.flows.desk import Desk
from gongshi.group.entries import sign_evidence
from gongshi.group.queries import get_signers
from gongshi.terms.digest import Digest
from gongshi.terms.evidence import Evidence, evidence_from


def sign(desk: Desk, organisation: str, evidence: Evidence, mandate: str | None = None) -> Digest:
    """Keep the document and sign its digest, once; give the digest."""
    digest = Digest(desk.keep_evidence(evidence))
    with desk.read() as connection:
        known = organisation in [name for name, _ in get_signers(connection, digest)]
    if not known:
        subjects = sorted(set(evidence.subjects.values()))
        desk.act(organisation, sign_evidence(digest, evidence.kind, subjects), mandate=mandate)
    return digest


def read_evidence(desk: Desk, digest: bytes) -> Evidence | None:
    """Read a kept evidence document; None when it is not on this desk."""
    data = desk.blobs.get(digest)
    return None if data is None else evidence_from(json.loads(data))


def read_all(desk: Desk, digests: Iterable[bytes]) -> list[Evidence]:
    """Read the documents that are here."""
    found = [read_evidence(desk, digest) for digest in digests]
    return [evidence for evidence in found if evidence is not None]
