"""Assembles FILE.tlog-proof: from the publication's entry to a cosigned checkpoint, with what a stranger needs on the way.

The format is C2SP's tlog-proof. Its `extra` holds the publication's entry, the certificates of all signers, the members' roots,
the manifest of the file's parts, and for every piece of evidence the entry by which a member signs it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from gongshi.ledger.proofs import select_with_certificates
from gongshi.ledger.records import LoggedEntry
from gongshi.terms.canonical import encode_cbor
from gongshi.terms.evidence import evidence_id
from gongshi_verifier.publication import EXTRA_VERSION, Part
from gongshi_verifier.tlog_proof import make_proof

Prove = Callable[[int], tuple[bytes, ...]]


def make_publication_proof(
    published: LoggedEntry,
    history: Sequence[LoggedEntry],
    evidence: Iterable[bytes],
    manifest: Iterable[Part],
    roots: Mapping[str, bytes],
    checkpoint: str,
    prove: Prove,
) -> str:
    """Give the proof's text; `prove` gives the inclusion path of a leaf under the checkpoint."""
    signing = {digest: find_signing(history, digest) for digest in evidence}
    chosen = select_with_certificates([published, *signing.values()], history)
    signers = {logged.organisation for logged in chosen}
    needed = {published.leaf, *(logged.leaf for logged in signing.values())}
    extra = {
        "v": EXTRA_VERSION,
        "entry": published.entry.data,
        "certificates": [_included(logged, prove) for logged in chosen if logged.leaf not in needed],
        "roots": {name: root for name, root in roots.items() if name in signers},
        "manifest": [[part.name, part.offset, part.length, part.digest] for part in manifest],
        "evidence": [
            [evidence_id(digest), digest, *_included(logged, prove)] for digest, logged in sorted(signing.items())
        ],
    }
    return make_proof(encode_cbor(extra), published.leaf, prove(published.leaf), checkpoint)


def find_signing(history: Iterable[LoggedEntry], digest: bytes) -> LoggedEntry:
    """Give the entry by which an evidence was signed first; the ledger took the publication, so there is one."""
    for logged in history:
        if any(op.kind == "group.evidence.sign" and op.body["evidence"] == digest for op in logged.entry.ops):
            return logged
    raise AssertionError("published evidence is signed on the ledger")


def _included(logged: LoggedEntry, prove: Prove) -> list[object]:
    return [logged.entry.data, logged.leaf, list(prove(logged.leaf))]
