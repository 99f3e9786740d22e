"""The founding: keys, mandates and committees are entered once, also when a founding was cut off."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gongshi.flows.alliance_to_ledger import found_alliance, get_mandate, is_founded, make_genesis
from gongshi.flows.desk import Desk
from gongshi.group.adapters.alliance_file import load_founding
from gongshi.group.queries import get_committees, get_mandates
from gongshi.group.records import Founding
from gongshi.ledger.adapters.home import Settings
from gongshi.wiring import KINDS, NAMESPACES, House, found_house, open_house
from tests.flows.pilot_house import ALLIANCE, AS_OF


@pytest.fixture
def founding() -> Founding:
    found = load_founding(ALLIANCE / "alliance.toml", date.fromisoformat(AS_OF))
    assert isinstance(found, Founding)
    return found


def test_every_member_has_a_certified_key_and_its_mandates(house: House, founding: Founding) -> None:
    """
    the founding file -> a sealing key for each organisation, each mandate with its roles, each committee with its members
    """
    for organisation in founding.organisations:
        assert house.engine.get("members", f"sealing/{organisation.id}") is not None
    with house.desk.read() as connection:
        assert {m.id: m.roles for m in get_mandates(connection)} == {m.id: m.roles for m in founding.mandates}
        assert {c.id for c in get_committees(connection)} == {c.id for c in founding.committees}
    assert is_founded(house.desk, founding)


def test_founding_again_enters_nothing(house: House, founding: Founding) -> None:
    """
    the same founding on the same home -> the ledger's height stays
    """
    height = house.engine.height
    found_alliance(house.desk, founding)
    assert house.engine.height == height


@pytest.mark.parametrize("acts", [0, 3, 12, 20])
def test_a_founding_that_was_cut_off_is_finished(tmp_path: Path, founding: Founding, acts: int) -> None:
    """
    the machine stops after `acts` submissions -> founding again ends as one founding would have
    """
    settings = Settings(organisation=founding.secretariat, rehearsal=True)
    names = [organisation.id for organisation in founding.organisations]
    found_house(tmp_path / "home", settings, founding.organisations, make_genesis(founding, KINDS, NAMESPACES), names)
    with open_house(tmp_path / "home", AS_OF) as house, pytest.raises(Cut):
        found_alliance(_stopping(house.desk, acts), founding)
    with open_house(tmp_path / "home", AS_OF) as house:
        found_alliance(house.desk, founding)
        assert is_founded(house.desk, founding)
        with house.desk.read() as connection:
            assert len(get_mandates(connection)) == len(founding.mandates)


def test_a_role_that_nobody_has_is_an_error(founding: Founding) -> None:
    """
    the ministry as secretariat -> KeyError
    """
    with pytest.raises(KeyError):
        get_mandate(founding, "ministry", "secretariat")


class Cut(Exception):  # noqa: N818 - what happens, not an error of ours
    """The machine stopped."""


def _stopping(desk: Desk, acts: int) -> Desk:
    class Stopping(Desk):
        def submit(self, organisation, *ops, mandate=None, by_root=False):
            if len(taken) == acts:
                desk.engine.advance()
                raise Cut
            taken.append(organisation)
            return super().submit(organisation, *ops, mandate=mandate, by_root=by_root)

    taken: list[str] = []
    return Stopping(desk.engine, desk.blobs, desk.database, desk.projections, desk.clock, desk.keyrings)
