"""A receipt: one entry's place in the log. Its content names the entry, so that a certificate is not taken for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gongshi_verifier.report import Finding
from gongshi_verifier.trust import Verified


def check_receipt(entries: Sequence[Verified], content: Mapping[str, Any]) -> tuple[list[Finding], dict[str, object]]:
    """Check that the entry that the content names, by its digest, is among those that were verified."""
    digest = content.get("digest")
    if set(content) != {"digest"} or not isinstance(digest, bytes):
        return [Finding("verify.receipt.form")], {}
    for entry in entries:
        if entry.digest == digest:
            kinds = [f"{kind}/{version}" for kind, version, _ in entry.ops]
            return [], {"leaf": entry.leaf, "organisation": entry.organisation, "kinds": kinds, "digest": digest}
    return [Finding("verify.receipt.missing", digest.hex()[:16])], {}
