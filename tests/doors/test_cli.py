"""The command line reads as one tool: help everywhere, one clear line for what is wrong, an exit code, never a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest
import typer

from gongshi.cli.main import app
from gongshi.ledger.adapters.home import HOME_FORMAT, Home
from tests.doors.rehearsals import AS_OF, EVM_PYTHON, Rehearsal, absent

ALLIANCE = "examples/alliance"


def commands(group=None, path=()):
    group = group or typer.main.get_group(app)
    for name in sorted(group.list_commands(None)):
        command = group.get_command(None, name)
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name)


@pytest.fixture
def home(tmp_path):
    rehearsal = Rehearsal(tmp_path / "home")
    founded = rehearsal.gongshi("init", "--alliance", ALLIANCE, "--rehearsal", "--seed", "1")
    assert founded.code == 0, founded.err
    return rehearsal


@pytest.mark.parametrize("command", sorted(commands()), ids=" ".join)
def test_every_command_explains_itself(tmp_path, command):
    answer = Rehearsal(tmp_path / "none").gongshi(*command, "--help")
    assert answer.code == 0
    assert "Usage: gongshi" in answer.out


@pytest.mark.parametrize(
    "command", [("status",), ("group", "items"), ("watch", "signals"), ("ledger", "audit")], ids=" ".join
)
@pytest.mark.parametrize(("lang", "word"), [("zh", "主文件夹"), ("en", "home")])
def test_without_a_home_it_says_what_to_do(tmp_path, command, lang, word):
    answer = Rehearsal(tmp_path / "none").gongshi(*command, lang=lang)
    assert answer.code == 4
    assert word in answer.err
    assert "init" in answer.err
    assert len(answer.err.strip().splitlines()) == 1


def test_a_second_process_is_refused(home):
    with Home(home.home).lock():
        answer = home.gongshi("status")
    assert answer.code == 4
    assert str(os.getpid()) in answer.err


def test_a_home_is_founded_once(home):
    assert home.gongshi("init", "--alliance", ALLIANCE, "--rehearsal").code == 4


def test_a_newer_home_is_refused(home):
    path = Home(home.home).settings_path
    path.write_text(path.read_text().replace(f"format = {HOME_FORMAT}", f"format = {HOME_FORMAT + 1}"))
    answer = home.gongshi("status")
    assert answer.code == 4
    assert str(HOME_FORMAT + 1) in answer.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("ledger", "submit", "no-such-file"), 2),
        (("watch", "assess", "no-such-file.toml"), 2),
        (("group", "draft", "no-such-folder"), 2),
        (("group", "ballot", "bl-none"), 2),
        (("group", "stage", "77.77"), 2),
        (("lab", "run", "--draft", "none"), 2),
        (("lab", "run", "--draft", "none", "--target", "abacus"), 2),
        (("ledger", "entry", "ffff"), 2),
        (("pilots", "supply"), 2),
        (("pilots", "issue", "stranger", "100"), 1),
        (("supervision", "alert", "al-none"), 2),
        (("trace", "sg-none"), 1),
        (("no-such-command",), 2),
        (("group", "vote", "bl-none", "approve", "--by", "nobody"), 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value),
)
def test_what_is_wrong_is_told_in_a_line(home, arguments, code):
    answer = home.gongshi(*arguments)
    assert answer.code == code, answer.err
    assert answer.err.strip()
    assert "Traceback" not in answer.err
    assert "our own mistake" not in answer.err


def test_a_wrong_day_is_told(tmp_path):
    answer = Rehearsal(tmp_path).gongshi("status", as_of="tomorrow")
    assert answer.code == 2
    assert "2026-11-20" in answer.err


def test_garbage_is_no_publication(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"garbage")
    assert Rehearsal(tmp_path).gongshi("verify", str(path)).code == 2


def test_both_languages_and_json(home):
    assert "联盟" in home.gongshi("watch", "run", lang="zh").out or home.gongshi("watch", "run", lang="zh").out
    listed = home.gongshi("--json", "watch", "signals")
    assert {"id", "source", "region", "title"} <= set(listed.json()[0])


@pytest.mark.slow
def test_a_killed_rehearsal_goes_on(tmp_path):
    """Killed in the middle, twice; the third goes on from where the ledger stands and comes to the end of what it was to do."""
    if not EVM_PYTHON.exists():
        absent("the Ethereum virtual machine is not installed: make evm")
    home = tmp_path / "home"
    command = [sys.executable, "-m", "gongshi.cli.main", "--home", str(home), "--as-of", AS_OF, "rehearse"]
    for seconds in (4, 6):
        process = subprocess.Popen([*command, "--payments", "4000"], stdout=subprocess.DEVNULL)
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        process.wait()
    done = subprocess.run([*command, "--payments", "4000"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_payments_typed_one_after_the_other_are_taken_under_a_clock_that_stands(home):
    """The day is fixed by --as-of: ids rise by what the ledger holds, not by the clock."""
    steps = [
        ("issue", "payment-company", "1000000", "--by", "central-bank-issuer"),
        *(("open", name, "tier-2", "--by", "payment-operator") for name in ("w-one", "w-two")),
        *[("fund", "w-one", "1000", "--by", "payment-operator")] * 3,
        *[("pay", "w-one", "w-two", "100", "--by", "payment-operator")] * 6,
    ]
    for step in steps:
        answer = home.gongshi("pilots", *step)
        assert answer.code == 0, (step, answer.err)
    assert "10,000.00" in home.gongshi("pilots", "supply").out
