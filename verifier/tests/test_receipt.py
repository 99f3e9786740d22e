"""A receipt names one entry, and it is among those that are proved."""

import hashlib

import pytest
from makings import codes, founded

from gongshi_verifier.verify import verify_file

WORLD = founded()
LEAF = WORLD.act("bank", "group.vote.cast", {})
DIGEST = hashlib.sha256(WORLD.leaves[LEAF]).digest()


def test_the_named_entry_is_found():
    report = verify_file(WORLD.dossier("receipt", {"digest": DIGEST}), None, WORLD.policy())
    assert (report.exit_code, report.ok) == (0, True)
    facts = {"leaf": LEAF, "organisation": "bank", "kinds": ["group.vote.cast/1"], "digest": DIGEST}
    assert facts.items() <= dict(report.facts).items()
    assert verify_file(WORLD.dossier("receipt", {"digest": DIGEST})).exit_code == 3


@pytest.mark.parametrize("content", [{}, {"digest": "text"}, {"digest": DIGEST, "more": 1}, {1: 2}])
def test_another_content_is_refused(content):
    assert codes(verify_file(WORLD.dossier("receipt", content))) == ["verify.receipt.form"]


def test_an_entry_that_is_not_there_is_named():
    report = verify_file(WORLD.dossier("receipt", {"digest": bytes(32)}), None, WORLD.policy())
    assert [(f.code, f.place) for f in report.findings] == [("verify.receipt.missing", "0" * 16)]
    assert report.exit_code == 1
    others = [item for item in WORLD.all() if item.leaf != LEAF]
    assert codes(verify_file(WORLD.dossier("receipt", {"digest": DIGEST}, entries=others))) == [
        "verify.receipt.missing"
    ]
