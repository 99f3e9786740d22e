"""What a check gives: findings with a place, who signed, and what was established. Sentences stand in `sentences.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

VERIFIED, REFUSED, UNREADABLE, NOT_PINNED = 0, 1, 2, 3
# What cannot be checked here is not refuted: a newer verifier may know it.
_NOT_READ = frozenset(
    {
        "verify.alert.typology",
        "verify.file.oversized",
        "verify.file.purpose",
        "verify.file.unreadable",
        "verify.policy.unreadable",
        "verify.proof.unreadable",
        "verify.suite.unavailable",
    }
)


@dataclass(frozen=True)
class Finding:
    """Something that does not hold: `code` is verify.noun.reason, `place` names where, `values` fill the sentence."""

    code: str
    place: str = ""
    values: Mapping[str, object] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """Give the form that `--json` prints."""
        return {"code": self.code, "place": self.place, "values": {k: _plain(v) for k, v in self.values.items()}}


@dataclass(frozen=True, slots=True)
class Signer:
    """An organisation whose signature was checked, the SHA-256 of its root, and whether a policy names that root."""

    organisation: str
    fingerprint: str
    pinned: bool


@dataclass(frozen=True)
class Report:
    """The answer to one file. It is `ok` when nothing was found; whether the signers are known is another question."""

    kind: str
    findings: tuple[Finding, ...]
    signers: tuple[Signer, ...] = ()
    pinned: bool = False
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Ask whether everything holds together."""
        return not self.findings

    @property
    def exit_code(self) -> int:
        """Give 0 verified, 1 refused, 2 unreadable, 3 consistent in itself with signers not pinned."""
        if any(finding.code in _NOT_READ for finding in self.findings):
            return UNREADABLE
        if self.findings:
            return REFUSED
        return VERIFIED if self.pinned else NOT_PINNED

    def as_json(self) -> dict[str, object]:
        """Give the form that `--json` prints."""
        return {
            "kind": self.kind,
            "ok": self.ok,
            "pinned": self.pinned,
            "exit_code": self.exit_code,
            "findings": [finding.as_json() for finding in self.findings],
            "signers": [
                {"organisation": s.organisation, "fingerprint": s.fingerprint, "pinned": s.pinned} for s in self.signers
            ],
            "facts": {name: _plain(value) for name, value in self.facts.items()},
        }


def refuse(kind: str, findings: Sequence[Finding]) -> Report:
    """Give the report of a check that went no further."""
    assert findings, "a refusal says why"
    return Report(kind, tuple(findings))


def _plain(value: object) -> object:
    """Give bytes as hex and everything else as JSON can carry it."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)
