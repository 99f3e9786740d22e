"""From a policy to each signature: the log's checkpoint, the members' roots, the keys that roots certify, the entries.

1. the checkpoint is of this chain, signed by the policy's log, and cosigned by a quorum of the members' roots;
2. every root is the one that the policy names for that organisation;
3. every entry is in the log, at its leaf, under the checkpoint's root, and is named once;
4. every entry is of this chain and signed by its organisation's root, or by a key that an earlier entry of the root certifies.

Without a policy the first two stay open, and the report says that the signers are not pinned.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gongshi_verifier.entry import CERTIFY, CERTIFY_SUITE, Entry, EntryError, parse_entry
from gongshi_verifier.merkle import check_inclusion, hash_leaf
from gongshi_verifier.note import Checkpoint
from gongshi_verifier.policy import Policy
from gongshi_verifier.report import Finding, Signer
from gongshi_verifier.suites import ED25519, SUITES, SuiteMissingError, compute_key_id, possession_bytes


@dataclass(frozen=True, slots=True)
class Included:
    """An entry's bytes and what should lead from its leaf to the root."""

    data: bytes
    leaf: int
    path: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Verified:
    """An entry that is in the log and was signed by a key of the organisation."""

    leaf: int
    organisation: str
    mandate: str | None
    ops: list[list[Any]]
    digest: bytes

    def bodies(self, kind: str, version: int = 1) -> list[Any]:
        """Give the bodies of the operations of one kind."""
        return [body for name, number, body in self.ops if (name, number) == (kind, version)]


@dataclass(frozen=True, slots=True)
class _Key:
    organisation: str
    public: bytes
    is_root: bool
    suite: str = ED25519


@dataclass(frozen=True, slots=True)
class Trusted:
    """What came of the check: findings, the entries that hold, and who signed them."""

    findings: tuple[Finding, ...]
    entries: tuple[Verified, ...]
    signers: tuple[Signer, ...]


def check_trust(
    chain: str,
    checkpoint: Checkpoint,
    included: Sequence[Included],
    roots: Mapping[str, bytes],
    policy: Policy | None,
) -> Trusted:
    """Check everything above; findings name the place."""
    findings = _check_log(chain, checkpoint, policy)  # 1
    findings += _check_roots(roots, policy)  # 2
    findings += _check_places(checkpoint, included)  # 3
    verified, wrong = _check_signatures(chain, included, roots)  # 4
    signed = {entry.organisation for entry in verified}
    signers = tuple(
        Signer(name, hashlib.sha256(root).hexdigest(), _is_pinned(name, root, policy))
        for name, root in sorted(roots.items())
        if name in signed
    )
    return Trusted((*findings, *wrong), tuple(verified), signers)


def _check_log(chain: str, checkpoint: Checkpoint, policy: Policy | None) -> list[Finding]:
    if checkpoint.origin != chain:
        return [Finding("verify.log.chain", checkpoint.origin, {"chain": chain})]
    if policy is None:
        return []
    if policy.log_of(checkpoint) is None:
        return [Finding("verify.log.signature", checkpoint.origin)]
    names = policy.cosigners(checkpoint)
    if not policy.is_quorum(names):
        return [Finding("verify.log.quorum", checkpoint.origin, {"cosigned": ", ".join(sorted(names)) or "-"})]
    return []


def _check_roots(roots: Mapping[str, bytes], policy: Policy | None) -> list[Finding]:
    if policy is None:
        return []
    findings = []
    for name, root in sorted(roots.items()):
        if name not in policy.witnesses:
            findings.append(Finding("verify.root.unknown", name))
        elif not _is_pinned(name, root, policy):
            findings.append(Finding("verify.root.other", name, {"fingerprint": hashlib.sha256(root).hexdigest()}))
    return findings


def _is_pinned(name: str, root: bytes, policy: Policy | None) -> bool:
    return policy is not None and name in policy.witnesses and policy.witnesses[name].public == root


def _check_places(checkpoint: Checkpoint, included: Sequence[Included]) -> list[Finding]:
    findings = []
    seen: set[int] = set()
    for item in included:
        place = f"leaf {item.leaf}"
        if item.leaf in seen:
            findings.append(Finding("verify.entry.twice", place))
        seen.add(item.leaf)
        if not check_inclusion(hash_leaf(item.data), item.leaf, checkpoint.size, item.path, checkpoint.root):
            findings.append(Finding("verify.entry.inclusion", place))
    return findings


def _check_signatures(
    chain: str, included: Sequence[Included], roots: Mapping[str, bytes]
) -> tuple[list[Verified], list[Finding]]:
    """Walk the entries in the log's order, so that a certificate is known before what it certifies."""
    keys = {compute_key_id(root): _Key(name, root, is_root=True) for name, root in roots.items()}
    verified: list[Verified] = []
    findings: list[Finding] = []
    for item in sorted(included, key=lambda one: one.leaf):
        judged = _check_entry(chain, item, keys)
        if isinstance(judged, Finding):
            findings.append(judged)
            continue
        entry, key = judged
        if key.is_root:
            findings += _learn_keys(entry, key, keys, f"leaf {item.leaf}")
        ops = [list(op) for op in entry.ops]
        verified.append(Verified(item.leaf, key.organisation, entry.mandate, ops, entry.digest))
    return verified, findings


def _check_entry(chain: str, item: Included, keys: Mapping[bytes, _Key]) -> tuple[Entry, _Key] | Finding:
    place = f"leaf {item.leaf}"
    try:
        entry = parse_entry(item.data)
    except EntryError as error:
        return Finding("verify.entry.malformed", place, {"reason": error.reason})
    if entry.chain != chain:
        return Finding("verify.entry.chain", place, {"chain": entry.chain})
    key = keys.get(entry.key_id)
    if key is None:
        return Finding("verify.entry.signer", place, {"key": entry.key_id.hex()})
    if entry.suite != key.suite:
        return Finding("verify.entry.suite", place, {"suite": entry.suite, "certified": key.suite})
    try:
        is_signed = entry.is_signed_by(key.public)
    except SuiteMissingError as error:
        return Finding("verify.suite.unavailable", place, {"suite": error.suite})
    if not is_signed:
        return Finding("verify.entry.signature", place, {"organisation": key.organisation})
    return entry, key


def _learn_keys(entry: Entry, root: _Key, keys: dict[bytes, _Key], place: str) -> list[Finding]:
    """Take in the keys that a root certifies; a key that is known keeps its first organisation, as on the ledger."""
    findings = []
    for body in entry.bodies(*CERTIFY):
        public = body.get("public") if isinstance(body, dict) else None
        if isinstance(public, bytes) and len(public) == 32:
            keys.setdefault(compute_key_id(public), _Key(root.organisation, public, is_root=False))
    for body in entry.bodies(*CERTIFY_SUITE):
        key = _read_certificate(body, root.organisation)
        if key is None:
            continue  # the ledger lets no such certificate in; whatever the key signed has no signer here
        try:
            is_held = _is_possessed(body, entry.chain, key)
        except SuiteMissingError as error:
            findings.append(Finding("verify.suite.unavailable", place, {"suite": error.suite}))
            is_held = (
                True  # known, so that what it signed is not called a stranger's; the answer is "no verdict" anyhow
            )
        if is_held:
            keys.setdefault(compute_key_id(key.public, key.suite), key)
        else:
            findings.append(Finding("verify.key.possession", place, {"organisation": root.organisation}))
    return findings


def _read_certificate(body: Any, organisation: str) -> _Key | None:
    if not isinstance(body, dict):
        return None
    public, suite = body.get("public"), body.get("suite")
    if not isinstance(public, bytes) or not isinstance(suite, str) or suite not in SUITES:
        return None
    if SUITES[suite].refuse_public(public):
        return None
    return _Key(organisation, public, is_root=False, suite=suite)


def _is_possessed(body: Any, chain: str, key: _Key) -> bool:
    """Ask whether the new key itself signed that it is the organisation's on this chain."""
    proof = body.get("possession")
    statement = possession_bytes(chain, key.organisation, key.suite, key.public)
    return isinstance(proof, bytes) and SUITES[key.suite].check_signature(key.public, statement, proof)
