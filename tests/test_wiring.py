"""The wiring: every kind is active, homes are made once and opened by one, clocks and passphrases come from where they should."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from gongshi import wiring
from gongshi.flows.alliance_to_ledger import make_genesis
from gongshi.group.adapters.alliance_file import load_founding
from gongshi.ledger.adapters.home import HomeError, Settings
from gongshi.seal.adapters.key_folder import KeyFolderError, write_private
from gongshi.terms.instant import MS_PER_DAY, start_of_day
from tests.flows.pilot_house import ALLIANCE, AS_OF


@pytest.fixture
def founding():
    return load_founding(ALLIANCE / "alliance.toml", date.fromisoformat(AS_OF))


@pytest.fixture
def small(founding):
    """Two of the organisations, so that a home is made quickly."""
    return replace(founding, organisations=founding.organisations[:2])


def found(home: Path, founding) -> None:
    genesis = make_genesis(founding, wiring.KINDS, wiring.NAMESPACES)
    names = [organisation.id for organisation in founding.organisations]
    settings = Settings(organisation=founding.secretariat, rehearsal=True)
    wiring.found_house(home, settings, founding.organisations, genesis, names)


def test_every_kind_is_active_and_every_namespace_is_there(founding) -> None:
    """
    the rooms' kinds and namespaces -> all in the genesis; money is kept in a sum tree
    """
    params = make_genesis(founding, wiring.KINDS, wiring.NAMESPACES).params
    assert set(params["kinds"]) == {f"{name}/{version}" for name, version in wiring.KINDS}
    assert params["namespaces"] == wiring.NAMESPACES
    assert wiring.NAMESPACES["money/e-CNY"] == "sum"
    assert sum(len(room.NAMESPACES) for room in wiring.ROOMS) == len(wiring.NAMESPACES)


def test_each_projection_has_tables_of_its_own() -> None:
    """
    five rooms -> five names, and no table in two of them
    """
    projections = wiring.get_projections()
    tables = [name for one in projections for name in one.metadata.tables]
    assert len({one.name for one in projections}) == len(projections)
    assert len(set(tables)) == len(tables)


def test_a_home_is_founded_once(tmp_path: Path, small) -> None:
    """
    found, found again -> `exists`, and the first home still opens with the roots of its genesis
    """
    home = tmp_path / "home"
    found(home, small)
    with pytest.raises(HomeError) as caught:
        found(home, small)
    assert caught.value.reason == "exists"
    with wiring.open_house(home, AS_OF) as house:
        assert house.organisation == small.secretariat
        roots = {member.id: member.root for member in house.engine.genesis.members}
        assert roots == {name: house.desk.keyring(name).root_key().public for name in house.desk.keyrings}


def test_a_home_has_one_writer(tmp_path: Path, small) -> None:
    """
    opened while it is open -> HomeError; after that it opens again
    """
    home = tmp_path / "home"
    found(home, small)
    with wiring.open_house(home, AS_OF), pytest.raises(HomeError), wiring.open_house(home, AS_OF):
        pass
    with wiring.open_house(home, AS_OF) as house:
        assert house.engine.height == 0


def test_a_founding_that_was_cut_off_begins_again(tmp_path: Path, small) -> None:
    """
    keys and ledger are there, settings are not -> the home is made, with the keys that lay there
    """
    home = tmp_path / "home"
    found(home, small)
    keys = {path: path.read_bytes() for path in home.rglob("*.key")}
    (home / "gongshi.toml").unlink()
    found(home, small)
    assert keys == {path: path.read_bytes() for path in home.rglob("*.key")}


def test_a_wrong_passphrase_opens_no_key(tmp_path: Path, small, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    the environment's passphrase goes before the file's; a wrong one -> KeyFolderError `passphrase`
    """
    home = tmp_path / "home"
    found(home, small)
    monkeypatch.setenv(wiring.PASSPHRASE_VARIABLE, "wrong")
    with pytest.raises(KeyFolderError) as caught, wiring.open_house(home, AS_OF):
        pass
    assert caught.value.reason == "passphrase"


def test_the_passphrase_comes_from_the_environment_or_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    neither -> empty; a file -> its words; the environment -> its own
    """
    monkeypatch.delenv(wiring.PASSPHRASE_VARIABLE, raising=False)
    assert wiring.get_passphrase(tmp_path) == b""
    write_private(tmp_path / wiring.PASSPHRASE_FILE, b"of the file\n")
    assert wiring.get_passphrase(tmp_path) == b"of the file"
    monkeypatch.setenv(wiring.PASSPHRASE_VARIABLE, "of the environment")
    assert wiring.get_passphrase(tmp_path) == b"of the environment"


def test_an_as_of_day_is_its_noon_at_home() -> None:
    """
    2016-10-01 -> 12:00 in the alliance's zone; a time -> itself; nothing -> the system's clock
    """
    noon = start_of_day(date(2016, 10, 1)) + MS_PER_DAY // 2
    assert wiring.get_clock("2016-10-01").now() == noon
    assert wiring.read_as_of("2016-10-01T04:00:00Z") == noon
    assert isinstance(wiring.get_clock(""), wiring.WallClock)
    assert wiring.WallClock().now() <= wiring.WallClock().now()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_catalogue_speaks(language) -> None:
    """
    a code of the ledger -> a sentence in each language
    """
    assert "ledger.entry.sequence" in wiring.get_catalogue(language).sentences
