"""The story of one check: what the file is, what stands beside it, and whether everything in it holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from gongshi_verifier.alert import check_alert
from gongshi_verifier.ballot import check_ballot
from gongshi_verifier.dossier import Dossier, DossierError, parse_dossier
from gongshi_verifier.policy import Policy, PolicyError, parse_policy
from gongshi_verifier.publication import PUBLICATION, check_publication
from gongshi_verifier.receipt import check_receipt
from gongshi_verifier.report import Finding, Report, refuse
from gongshi_verifier.trust import Verified, check_trust

PROOF_SUFFIX = ".tlog-proof"
FILE_BYTES_MAX = 1 << 28
Check = Callable[[Sequence[Verified], Mapping[Any, Any]], tuple[list[Finding], dict[str, object]]]
CHECKS: Mapping[str, Check] = {"alert": check_alert, "ballot": check_ballot, "receipt": check_receipt}


def verify_file(file: Path | bytes, proof: bytes | None = None, policy_text: str | bytes | None = None) -> Report:
    """Check a file. With a proof it is a publication; otherwise it is a dossier, and says itself for what purpose.

    A path takes the proof that lies beside it, unless one is given. OSError when the path cannot be read.
    """
    data = file if isinstance(file, bytes) else read_bounded(file)
    if proof is None and isinstance(file, Path):
        proof = _read_beside(file)
    if max(len(data), len(proof or b"")) > FILE_BYTES_MAX:
        return refuse("unknown", [Finding("verify.file.oversized", values={"limit": FILE_BYTES_MAX})])
    try:
        policy = _read_policy(policy_text)
    except PolicyError as error:
        return refuse("unknown", [Finding("verify.policy.unreadable", f"line {error.line}", {"reason": error.reason})])
    if proof is None:
        return _check_dossier(data, policy)
    try:
        text = proof.decode()
    except UnicodeDecodeError:
        return refuse(PUBLICATION, [Finding("verify.proof.unreadable", values={"reason": "text"})])
    return check_publication(data, text, policy)


def _read_policy(text: str | bytes | None) -> Policy | None:
    if text is None or isinstance(text, str):
        return None if text is None else parse_policy(text)
    try:
        return parse_policy(text.decode())
    except UnicodeDecodeError as error:
        raise PolicyError("text", text.count(b"\n", 0, error.start) + 1) from None


def read_bounded(path: Path) -> bytes:
    """Read a file, at most one byte more than is looked at: a path may name a device that never ends."""
    with path.open("rb") as stream:
        return stream.read(FILE_BYTES_MAX + 1)


def _read_beside(file: Path) -> bytes | None:
    beside = file.with_name(file.name + PROOF_SUFFIX)
    return read_bounded(beside) if beside.exists() else None


def _check_dossier(data: bytes, policy: Policy | None) -> Report:
    """Check a dossier.

    1. it reads, and its purpose is one that can be checked here;
    2. the log, the roots, the entries and their signatures hold;
    3. only then what its purpose claims is worked out again from the entries.
    """
    try:  # 1
        dossier = parse_dossier(data)
    except DossierError as error:
        return refuse("unknown", [Finding("verify.file.unreadable", values={"reason": error.reason})])
    if dossier.purpose not in CHECKS:
        return refuse("unknown", [Finding("verify.file.purpose", values={"purpose": dossier.purpose})])
    return _judge(dossier, policy)


def _judge(dossier: Dossier, policy: Policy | None) -> Report:
    trusted = check_trust(dossier.chain, dossier.checkpoint, dossier.entries, dossier.roots, policy)  # 2
    if trusted.findings:
        return Report(dossier.purpose, trusted.findings, trusted.signers)
    findings, facts = CHECKS[dossier.purpose](trusted.entries, dossier.content)  # 3
    facts = {"chain": dossier.chain, "log_size": dossier.checkpoint.size, "entries": len(trusted.entries), **facts}
    return Report(dossier.purpose, tuple(findings), trusted.signers, policy is not None, facts)
