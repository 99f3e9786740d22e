"""`gongshi init --suite`: a member that signs by SM2 or ML-DSA-44, and what is no suite."""

import pytest

from tests.doors.rehearsals import Rehearsal
from tests.seal.suites.keys import need_sm2

FOUND = ("init", "--alliance", "examples/alliance", "--rehearsal", "--seed", "1")


def test_members_with_suites_found_an_alliance(tmp_path):
    need_sm2()
    rehearsal = Rehearsal(tmp_path / "home")
    founded = rehearsal.gongshi(*FOUND, "--suite", "internet-bank=sm2", "--suite", "ministry=ml-dsa-44")
    assert founded.code == 0, founded.err
    audited = rehearsal.gongshi("ledger", "audit")
    assert audited.code == 0, audited.err


@pytest.mark.parametrize("option", ["internet-bank=rot13", "nobody=sm2", "internet-bank", "", "=sm2"])
def test_a_suite_or_a_member_that_is_none_is_refused_before_anything_is_made(tmp_path, option):
    rehearsal = Rehearsal(tmp_path / "home")
    assert rehearsal.gongshi(*FOUND, "--suite", option).code == 2
    assert not (tmp_path / "home").exists()
