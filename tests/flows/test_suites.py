"""Members of one alliance sign by different suites, from the founding to a stranger's check."""

from __future__ import annotations

from datetime import date

import pytest

from gongshi.flows.alliance_to_ledger import found_alliance, is_founded, make_genesis
from gongshi.flows.checkpoints import cosigned, make_policy
from gongshi.flows.receipts import make_receipt
from gongshi.group.adapters.alliance_file import load_founding
from gongshi.group.records import Founding
from gongshi.ledger.adapters.home import Settings
from gongshi.ledger.audit import audit
from gongshi.ledger.entries import grant_mandate
from gongshi.wiring import CHECKS, KINDS, NAMESPACES, found_house, open_house
from gongshi_verifier.verify import verify_file
from tests.flows.pilot_house import ALLIANCE, AS_OF
from tests.seal.suites.keys import need_sm2

UNTIL = 2**62


@pytest.fixture(scope="module")
def founded(tmp_path_factory):
    """Give the home of an alliance in which two members sign by SM2 and ML-DSA-44, and who they are."""
    need_sm2()
    founding = load_founding(ALLIANCE / "alliance.toml", date.fromisoformat(AS_OF))
    assert isinstance(founding, Founding)
    names = [organisation.id for organisation in founding.organisations]
    suites = {names[0]: "sm2", names[1]: "ml-dsa-44"}
    home = tmp_path_factory.mktemp("suites") / "home"
    settings = Settings(organisation=founding.secretariat, rehearsal=True)
    genesis = make_genesis(founding, KINDS, NAMESPACES)
    found_house(home, settings, founding.organisations, genesis, names, suites)
    with open_house(home, AS_OF) as house:
        found_alliance(house.desk, founding)
        assert is_founded(house.desk, founding)
    return home, {name: suites.get(name, "ed25519") for name in names}


def test_each_member_is_certified_in_its_suite_by_version_2(founded):
    home, suites = founded
    with open_house(home, AS_OF) as house:
        certified = {}
        for block in house.engine.blocks(1):
            for logged in block.entries:
                versions = {(op.kind, op.version) for op in logged.entry.ops}
                assert ("ledger.key.certify", 1) not in versions
                for op in logged.entry.ops:
                    if op.kind == "ledger.key.certify":
                        certified[logged.organisation] = op.body["suite"]
        assert certified == suites


def test_a_stranger_checks_what_each_of_them_signed(founded):
    home, suites = founded
    with open_house(home, AS_OF) as house:
        desk = house.desk
        for number, name in enumerate(list(suites)[:3]):
            proof = desk.act(name, grant_mandate(f"suited-{number}", ["expert"], UNTIL))
            data = make_receipt(desk, proof.digest.hex()[:16], cosigned(desk))
            report = verify_file(data, None, make_policy(desk))
            assert (report.exit_code, report.findings) == (0, ()), name
            assert report.facts["organisation"] == name


def test_the_audit_checks_every_suite_again(founded):
    home, suites = founded
    counted = dict.fromkeys(CHECKS, 0)

    def counting(name):
        def check(*pair):
            counted[name] += 1
            return CHECKS[name](*pair)

        return check

    with open_house(home, AS_OF) as house:
        audit(house.store, KINDS, {name: counting(name) for name in CHECKS})
    assert all(counted.values()), counted
    assert set(suites.values()) == set(counted)
