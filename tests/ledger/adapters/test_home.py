from __future__ import annotations

import os
import stat
import subprocess
import sys

import pytest

from gongshi.ledger.adapters.home import HOME_FORMAT, Home, HomeError, Settings

SETTINGS = Settings(
    organisation="institute", delay_blocks=3, language="en", rehearsal=True, seed=7, alliance='a "b" \\c 联盟'
)


@pytest.fixture
def home(tmp_path):
    home = Home(tmp_path / "home")
    home.make_folders()
    home.write_settings(SETTINGS)
    return home


def refusal(act) -> tuple[str, dict[str, object]]:
    with pytest.raises(HomeError) as caught:
        act()
    return caught.value.reason, caught.value.values


def rewrite(home, text: str):
    home.settings_path.write_text(text, encoding="utf-8")


def test_settings_are_read_back(home):
    assert home.settings() == SETTINGS
    assert home.format() == HOME_FORMAT


def test_folders_are_private(home):
    for folder in (home.path, home.blobs_path, home.keys_path, home.published_path):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_everything_lies_in_the_home(home):
    for path in (home.ledger_path, home.desk_path, home.settings_path):
        assert path.parent == home.path


def test_no_home(tmp_path):
    assert refusal(Home(tmp_path / "nowhere").settings)[0] == "missing"


def test_founding_that_was_cut_off_left_no_home(tmp_path):
    """Folders, keys and a ledger are there, the settings are not: they are written last."""
    home = Home(tmp_path / "home")
    home.make_folders()
    home.ledger_path.write_bytes(b"half")
    assert refusal(home.settings)[0] == "missing"


def test_home_that_is_a_file(tmp_path):
    (tmp_path / "home").write_text("")
    home = Home(tmp_path / "home")
    assert refusal(home.settings)[0] == "missing"
    assert refusal(home.make_folders)[0] == "not_writable"


@pytest.mark.parametrize("text", ["format = ", "format = 1\nformat = 1\n", "= 3"])
def test_settings_that_are_no_toml(home, text):
    rewrite(home, text)
    assert refusal(home.settings)[0] == "unreadable"


def test_settings_that_are_no_text(home):
    home.settings_path.write_bytes(b"\xff\xfe")
    assert refusal(home.settings)[0] == "unreadable"


def test_settings_that_are_a_folder(home):
    home.settings_path.unlink()
    home.settings_path.mkdir()
    assert refusal(home.settings)[0] == "unreadable"


@pytest.mark.parametrize(
    ("line", "reason", "found"),
    [
        (f"format = {HOME_FORMAT + 1}", "newer", HOME_FORMAT + 1),
        ("format = 0", "older", 0),
        ('format = "1"', "older", "1"),
        ("", "older", None),
    ],
)
def test_home_of_another_format(home, line, reason, found):
    rewrite(home, line)
    assert refusal(home.settings) == (reason, {"found": found, "known": HOME_FORMAT})


def test_unknown_setting(home):
    rewrite(home, f"format = {HOME_FORMAT}\ncolour = 1\n")
    assert refusal(home.settings) == ("unknown_setting", {"name": "colour"})


@pytest.mark.parametrize(
    ("line", "value"), [('port = "http"', "http"), ("port = true", True), ("language = 1", 1), ("rehearsal = 1", 1)]
)
def test_setting_of_the_wrong_type(home, line, value):
    rewrite(home, f"format = {HOME_FORMAT}\n{line}\n")
    assert refusal(home.settings) == ("bad_setting", {"name": line.split()[0], "value": value})


def test_settings_are_replaced_whole_or_not_at_all(home, monkeypatch):
    def fail(_):
        raise OSError(28, "No space left on device")

    before = home.settings_path.read_text(encoding="utf-8")
    monkeypatch.setattr(os, "fsync", fail)
    assert refusal(lambda: home.write_settings(Settings())) == ("not_writable", {"detail": "No space left on device"})
    assert home.settings_path.read_text(encoding="utf-8") == before


def test_home_has_one_writer(home):
    with home.lock():
        assert refusal(lambda: home.lock().__enter__()) == ("in_use", {"process": str(os.getpid())})
    with home.lock():
        pass


def test_second_process_is_told_who_holds_the_home(home):
    program = (
        "import sys; from pathlib import Path; from gongshi.ledger.adapters.home import Home, HomeError\n"
        "try:\n    Home(Path(sys.argv[1])).lock().__enter__()\n"
        "except HomeError as error:\n    print(error.reason, error.values['process'])"
    )
    with home.lock():
        done = subprocess.run(
            [sys.executable, "-c", program, str(home.path)], capture_output=True, text=True, check=True
        )
    assert done.stdout.split() == ["in_use", str(os.getpid())]


def test_lock_of_a_process_that_was_killed_is_free(home):
    program = (
        "import os, sys; from pathlib import Path; from gongshi.ledger.adapters.home import Home\n"
        "with Home(Path(sys.argv[1])).lock():\n    print('held', flush=True)\n    os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(home.path)], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.returncode) == ("held", -9)
    with home.lock():
        assert (home.path / "lock").read_text() == str(os.getpid())


def test_lock_where_nothing_can_be_written(tmp_path):
    assert refusal(lambda: Home(tmp_path / "nowhere").lock().__enter__())[0] == "not_writable"
