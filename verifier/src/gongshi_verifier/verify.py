"""The story of one check: what the file is, what stands beside it, and whether everything in it holds."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from gongshi_verifier.dossier import Dossier, DossierError, parse_dossier
from gongshi_verifier.policy import Policy, PolicyError, parse_policy
from gongshi_verifier.publication import check_publication
from gongshi_verifier.report import Finding, Report, refuse
from gongshi_verifier.trust import Verified, check_trust

PROOF_SUFFIX = ".tlog-proof"
Check = Callable[[Sequence[Verified], Mapping[str, Any]], tuple[list[Finding], dict[str, object]]]


def verify_file(file: Path | bytes, proof: bytes | None = None, policy_text: str | None = None) -> Report:
    """Check a file. With a proof it is a publication; otherwise it is a dossier, and says itself for what purpose.

    A path takes the proof that lies beside it, unless one is given. OSError when the path cannot be read.
    """
    data = file if isinstance(file, bytes) else file.read_bytes()
    if proof is None and isinstance(file, Path):
        proof = _read_beside(file)
    try:
        policy = parse_policy(policy_text) if policy_text is not None else None
    except PolicyError as error:
        return refuse("unknown", [Finding("verify.policy.unreadable", f"line {error.line}", {"reason": error.reason})])
    if proof is None:
        return _check_dossier(data, policy)
    try:
        text = proof.decode()
    except UnicodeDecodeError:
        return refuse("publication", [Finding("verify.proof.unreadable", values={"reason": "text"})])
    return check_publication(data, text, policy)


def _read_beside(file: Path) -> bytes | None:
    beside = file.with_name(file.name + PROOF_SUFFIX)
    return beside.read_bytes() if beside.exists() else None


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
    check = find_check(dossier.purpose)
    if check is None:
        return refuse(dossier.purpose, [Finding("verify.file.purpose", values={"purpose": dossier.purpose})])
    return _judge(dossier, check, policy)


def _judge(dossier: Dossier, check: Check, policy: Policy | None) -> Report:
    trusted = check_trust(dossier.chain, dossier.checkpoint, dossier.entries, dossier.roots, policy)  # 2
    if trusted.findings:
        return Report(dossier.purpose, trusted.findings, trusted.signers)
    findings, facts = check(trusted.entries, dossier.content)  # 3
    facts = {"chain": dossier.chain, "log_size": dossier.checkpoint.size, "entries": len(trusted.entries), **facts}
    return Report(dossier.purpose, tuple(findings), trusted.signers, policy is not None, facts)


def find_check(purpose: str) -> Check | None:
    """Give the check of a dossier's purpose; each stands in its own module and is loaded when it is needed."""
    if purpose == "ballot":
        return _recount if importlib.util.find_spec("gongshi_verifier.ballot") else None
    if purpose in ("receipt", "alert") and importlib.util.find_spec(f"gongshi_verifier.{purpose}"):
        module = importlib.import_module(f"gongshi_verifier.{purpose}")
        check: Check = getattr(module, f"check_{purpose}")
        return check
    return None


def _recount(entries: Sequence[Verified], content: Mapping[str, Any]) -> tuple[list[Finding], dict[str, object]]:
    """Recount a ballot; its bundle may name the ballot, and what is counted is what the entries say."""
    recount = importlib.import_module("gongshi_verifier.ballot").recount
    findings, tally = recount(entries)
    return list(findings), {**({"ballot": content["ballot"]} if "ballot" in content else {}), **tally}
