"""A receipt of one entry, and the wrong asked for."""

import pytest

from gongshi.flows.checkpoints import cosigned, make_policy
from gongshi.flows.receipts import find_entry, make_receipt
from gongshi.ledger.entries import grant_mandate
from gongshi.terms.problem import Problem
from gongshi_verifier.verify import verify_file
from tests.flows.alert_world import BEGIN, watched


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    return watched(tmp_path_factory.mktemp("receipts"))[0]


def test_an_entry_is_proved_to_a_stranger(desk):
    wanted = desk.act("ministry", grant_mandate("expert-1", ["expert"], BEGIN + 10**10))
    data = make_receipt(desk, wanted.digest.hex()[:12], cosigned(desk))
    report = verify_file(data, None, make_policy(desk))
    assert (report.exit_code, report.findings) == (0, ())
    assert (report.facts["organisation"], report.facts["digest"]) == ("ministry", wanted.digest)
    assert report.facts["kinds"] == ["ledger.mandate.grant/1"]


def test_no_entry_or_more_than_one_is_a_problem(desk):
    for digits in ("ffffffffffffffffffff", ""):
        assert isinstance(make_receipt(desk, digits, cosigned(desk)), Problem)
        assert find_entry(desk, digits).code == "ledger.entry.unknown"
