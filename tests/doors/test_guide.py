"""The commands in the documents run as they stand there, on a rehearsed home."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.doors.rehearsals import copy_rehearsed

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "guide" / "commands.md"
COMMANDS = re.findall(r"^\$ gongshi (.+)$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def rehearsed(tmp_path_factory):
    return copy_rehearsed(tmp_path_factory)


def test_the_guide_has_commands_of_every_family():
    families = {command.removeprefix("--json ").split()[0] for command in COMMANDS}
    assert {"status", "watch", "lab", "pilots", "supervision", "group", "ledger", "paper"} <= families


@pytest.mark.parametrize("command", COMMANDS)
def test_it_runs_as_it_stands(rehearsed, command):
    answer = rehearsed.gongshi(*shlex.split(command))
    assert answer.code == 0, answer.err
    assert answer.out.strip()


def test_the_readme_names_commands_that_exist():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8") + (ROOT / "evm.mk").read_text(encoding="utf-8")
    for target in re.findall(r"(?:^    |`)make ([a-z]+)", text, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
