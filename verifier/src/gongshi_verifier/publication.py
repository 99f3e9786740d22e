"""A published file with its detached proof: whole, in its named parts, and in the evidence that it carries.

The proof (C2SP tlog-proof) leads from the publication entry to a cosigned checkpoint; its `extra` holds that entry, the
certificates of the signers, the manifest of the file's parts, and for each piece of evidence the entry that signs it.
"""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gongshi_verifier import cbor
from gongshi_verifier.dossier import DossierError, read_included, read_roots
from gongshi_verifier.note import NoteError
from gongshi_verifier.policy import Policy
from gongshi_verifier.report import Finding, Report, refuse
from gongshi_verifier.tlog_proof import TlogProof, parse_proof
from gongshi_verifier.trust import Included, Trusted, Verified, check_trust

PUBLICATION = "publication"
EXTRA_VERSION = 1
_PUBLISH, _SIGN = "paper.publication", "group.evidence.sign"
_EXTRA_FIELDS = {"v", "entry", "certificates", "roots", "manifest", "evidence"}
_ATTACHMENT = "attachment ev-"
_INFLATED_MAX = 64 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """A named byte range of the file, such as `page 7` or `attachment ev-….json`, and its SHA-256."""

    name: str
    offset: int
    length: int
    digest: bytes

    def cut(self, data: bytes) -> bytes:
        """Give the part's bytes."""
        return data[self.offset : self.offset + self.length]

    def is_in(self, data: bytes) -> bool:
        """Ask whether the file holds the part as it was published."""
        return hashlib.sha256(self.cut(data)).digest() == self.digest


@dataclass(frozen=True, slots=True)
class SignedEvidence:
    """A piece of evidence and the entry by which a member signs it."""

    id: str
    digest: bytes
    entry: Included


@dataclass(frozen=True)
class Extra:
    """What the proof's `extra` carries."""

    entry: bytes
    certificates: tuple[Included, ...]
    roots: Mapping[str, bytes]
    manifest: tuple[Part, ...]
    evidence: tuple[SignedEvidence, ...]


def check_publication(data: bytes, proof_text: str, policy: Policy | None) -> Report:
    """Check a file against its proof.

    1. the proof and its extra read; the log, the roots, the entries and their signatures hold;
    2. the publication entry is one publication, and the manifest is the one that it commits to;
    3. the parts cover the file, each is as published, and so is the whole;
    4. every attachment is evidence that the entry names; every evidence that it names is signed by a member.
    """
    try:  # 1
        proof = parse_proof(proof_text)
        extra = parse_extra(proof.extra)
    except (NoteError, DossierError) as error:
        return refuse(PUBLICATION, [Finding("verify.proof.unreadable", values={"reason": error.reason})])
    trusted = _check_entries(proof, extra, policy)
    publisher = next((entry for entry in trusted.entries if entry.leaf == proof.index), None)
    bodies = publisher.bodies(_PUBLISH) if publisher is not None else []
    if publisher is None or len(bodies) != 1 or not _is_publication(bodies[0]):  # 2
        findings = trusted.findings or (Finding("verify.publication.entry", f"leaf {proof.index}"),)
        return Report(PUBLICATION, findings, trusted.signers)
    body = bodies[0]
    found = _check_manifest(extra.manifest, body, len(data))  # 3
    if not found:  # the parts of a manifest that nobody signed are not looked at: they could be many and overlap
        found = _check_parts(data, extra.manifest, body["file"])
        found += _check_attachments(data, extra.manifest, body["evidence"])  # 4
    found += _check_evidence(body["evidence"], trusted.entries)
    facts = {
        "publication": body["id"],
        "language": body["language"],
        "revision": body["revision"],
        "title": body["title"],
        "organisation": publisher.organisation,
        "parts": len(extra.manifest),
        "attached": sum(part.name.startswith(_ATTACHMENT) for part in extra.manifest),
        "evidence": len(body["evidence"]),
        "leaf": proof.index,
        "sha256": hashlib.sha256(data).digest(),
    }
    return Report(PUBLICATION, (*trusted.findings, *found), trusted.signers, policy is not None, facts)


def parse_extra(data: bytes) -> Extra:
    """Read the proof's extra strictly; DossierError otherwise."""
    try:
        value = cbor.decode(data)
    except cbor.CborError as error:
        raise DossierError(error.reason) from None
    if not isinstance(value, dict) or set(value) != _EXTRA_FIELDS or type(value["v"]) is not int:
        raise DossierError("extra")
    if value["v"] != EXTRA_VERSION or not isinstance(value["entry"], bytes):
        raise DossierError("extra")
    if not isinstance(value["manifest"], list) or not isinstance(value["evidence"], list):
        raise DossierError("extra")
    return Extra(
        value["entry"],
        read_included(value["certificates"]),
        read_roots(value["roots"]),
        tuple(_read_part(item) for item in value["manifest"]),
        tuple(_read_evidence(item) for item in value["evidence"]),
    )


def compute_manifest_digest(manifest: Sequence[Part]) -> bytes:
    """Give the digest that the publication entry commits to: SHA-256 of [[name, offset, length, sha256]…] in CBOR."""
    listed = [[part.name, part.offset, part.length, part.digest] for part in manifest]
    return hashlib.sha256(cbor.encode(listed)).digest()


def _check_entries(proof: TlogProof, extra: Extra, policy: Policy | None) -> Trusted:
    """Check the publication entry with its certificates and evidence entries; the same entry may sign several pieces."""
    once = {(item.leaf, item.data, item.path): item for item in extra.certificates}
    once |= {(piece.entry.leaf, piece.entry.data, piece.entry.path): piece.entry for piece in extra.evidence}
    publication = Included(extra.entry, proof.index, proof.path)
    once[publication.leaf, publication.data, publication.path] = publication
    return check_trust(proof.checkpoint.origin, proof.checkpoint, list(once.values()), extra.roots, policy)


def _check_manifest(manifest: Sequence[Part], body: Mapping[str, Any], size: int) -> list[Finding]:
    """Check that this is the manifest that was committed to, and that its parts follow each other without a gap."""
    if compute_manifest_digest(manifest) != body["manifest"]:
        return [Finding("verify.manifest.digest")]
    end = 0
    for part in manifest:
        if part.offset != end or part.length < 0:
            return [Finding("verify.manifest.gap", part.name, {"offset": part.offset, "expected": end})]
        end += part.length
    if not manifest:
        return [Finding("verify.manifest.gap", "-", {"offset": size, "expected": 0})]
    return []


def _check_parts(data: bytes, manifest: Sequence[Part], digest: bytes) -> list[Finding]:
    """Name each altered part; in a file of another length what follows the first one has moved, so only that is named."""
    end = manifest[-1].offset + manifest[-1].length
    altered = [
        Finding("verify.part.altered", part.name, {"offset": part.offset}) for part in manifest if not part.is_in(data)
    ]
    if len(data) != end:
        place = altered[0].place if altered else manifest[-1].name
        return [*altered[:1], Finding("verify.file.length", place, {"size": len(data), "expected": end})]
    if not altered and hashlib.sha256(data).digest() != digest:
        return [Finding("verify.file.digest")]
    return altered


def _check_attachments(data: bytes, manifest: Sequence[Part], evidence: Sequence[bytes]) -> list[Finding]:
    """Check that each attachment, plain or as a deflated stream, is evidence that the entry names."""
    findings = []
    for part in manifest:
        if not part.name.startswith(_ATTACHMENT) or not part.is_in(data):
            continue
        digests = {hashlib.sha256(plain).digest() for plain in _readings(part.cut(data))} & set(evidence)
        if part.name.removeprefix("attachment ").removesuffix(".json") not in map(_evidence_id, digests):
            findings.append(Finding("verify.evidence.unknown", part.name))
    return findings


def _check_evidence(named: Sequence[bytes], entries: Sequence[Verified]) -> list[Finding]:
    """Check that each evidence that the publication names is signed in an entry that was verified."""
    bodies = [body for entry in entries for body in entry.bodies(_SIGN) if isinstance(body, dict)]
    signed = {body["evidence"] for body in bodies if isinstance(body.get("evidence"), bytes)}
    return [Finding("verify.evidence.unsigned", _evidence_id(digest)) for digest in named if digest not in signed]


def _readings(raw: bytes) -> list[bytes]:
    """Give the bytes and, where they are a zlib stream that ends within bounds, what it holds."""
    stream = zlib.decompressobj()
    try:
        plain = stream.decompress(raw, _INFLATED_MAX)
    except zlib.error:
        return [raw]
    return [raw, plain] if stream.eof else [raw]


def _evidence_id(digest: bytes) -> str:
    return "ev-" + base64.b32encode(digest).decode().lower()[:26]


def _is_publication(body: Any) -> bool:
    digests = ("file", "manifest")
    return (
        isinstance(body, dict)
        and {"id", "language", "title", "revision", "file", "manifest", "evidence", "cutoff"} <= set(body)
        and all(isinstance(body[name], bytes) and len(body[name]) == 32 for name in digests)
        and isinstance(body["evidence"], list)
        and all(isinstance(digest, bytes) and len(digest) == 32 for digest in body["evidence"])
    )


def _read_part(item: Any) -> Part:
    if not isinstance(item, list) or len(item) != 4:
        raise DossierError("manifest")
    name, offset, length, digest = item
    if not isinstance(name, str) or type(offset) is not int or type(length) is not int or not isinstance(digest, bytes):
        raise DossierError("manifest")
    return Part(name, offset, length, digest)


def _read_evidence(item: Any) -> SignedEvidence:
    if not isinstance(item, list) or len(item) != 5 or not isinstance(item[0], str) or not isinstance(item[1], bytes):
        raise DossierError("evidence")
    if len(item[1]) != 32 or item[0] != _evidence_id(item[1]):
        raise DossierError("evidence")
    (entry,) = read_included([item[2:]])
    return SignedEvidence(item[0], item[1], entry)
