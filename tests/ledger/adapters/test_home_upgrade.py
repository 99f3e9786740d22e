from __future__ import annotations

import pytest

from gongshi.ledger.adapters.home import HOME_FORMAT, Home, HomeError, Settings
from gongshi.ledger.adapters.home_upgrade import STEPS, upgrade


@pytest.fixture
def home(tmp_path):
    """A home that says of itself that it is of format 1, seen by a release that knows format 3."""
    home = Home(tmp_path / "home")
    home.make_folders()
    home.write_settings(Settings(organisation="institute"))
    (home.path / "word").write_text("one")
    return home


def step(word):
    def change(home):
        (home.path / "word").write_text(word)

    return change


def fail(home):
    (home.path / "word").write_text("half")
    raise ZeroDivisionError


def test_older_is_backed_up_and_upgraded_step_by_step(home):
    backup = upgrade(home, {1: step("two"), 2: step("three")}, known=3)
    assert backup == home.path.with_name("home.format-1")
    assert (home.format(), (home.path / "word").read_text()) == (3, "three")
    assert (Home(backup).format(), (backup / "word").read_text()) == (1, "one")
    assert Home(backup).settings().organisation == "institute"
    assert 'organisation = "institute"' in home.settings_path.read_text()


def test_upgrade_that_was_cut_off_goes_on_and_keeps_the_first_backup(home):
    with pytest.raises(ZeroDivisionError):
        upgrade(home, {1: step("two"), 2: fail}, known=3)
    assert home.format() == 2
    backup = upgrade(home, {1: step("two"), 2: step("three")}, known=3)
    assert (home.format(), (home.path / "word").read_text()) == (3, "three")
    assert (backup.name, (backup / "word").read_text()) == ("home.format-2", "half")
    assert (home.path.with_name("home.format-1") / "word").read_text() == "one"


def test_first_step_that_was_cut_off_does_not_spoil_the_backup(home):
    with pytest.raises(ZeroDivisionError):
        upgrade(home, {1: fail}, known=2)
    backup = upgrade(home, {1: step("two")}, known=2)
    assert (backup / "word").read_text() == "one"


@pytest.mark.parametrize("known", [1, 0])
def test_known_or_newer_is_left_alone(home, known):
    assert upgrade(home, {0: fail, 1: fail}, known) is None
    assert list(home.path.parent.iterdir()) == [home.path]


def test_format_from_which_no_step_leads_is_left_to_the_refusal(home):
    assert upgrade(home, {2: step("three")}, known=3) is None
    home.replace_settings("format = 0\n")
    assert upgrade(home) is None
    with pytest.raises(HomeError) as caught:
        home.settings()
    assert caught.value.reason == "older"


def test_every_known_format_can_be_reached():
    assert set(STEPS) == set(range(1, HOME_FORMAT))


def test_home_in_use_is_not_upgraded(home):
    with home.lock(), pytest.raises(HomeError) as caught:
        upgrade(home, {1: step("two")}, known=2)
    assert caught.value.reason == "in_use"
    assert home.format() == 1


def test_backup_that_has_no_room_stops_the_upgrade(home, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copytree", full)
    with pytest.raises(HomeError) as caught:
        upgrade(home, {1: step("two")}, known=2)
    assert (caught.value.reason, caught.value.values) == ("not_writable", {"detail": "No space left on device"})
    assert (home.format(), (home.path / "word").read_text()) == (1, "one")
