"""A home of an older format is copied beside itself and then changed step by step; format 1 is the first, so there is no step yet."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from gongshi.ledger.adapters.home import HOME_FORMAT, Home, HomeError

Step = Callable[[Home], None]

STEPS: Mapping[int, Step] = {}
_FORMAT_LINE = re.compile(r"^format\s*=.*$", re.MULTILINE)


def upgrade(home: Home, steps: Mapping[int, Step] = STEPS, known: int = HOME_FORMAT) -> Path | None:
    """Bring a home to the known format and give the folder of its backup; None when nothing is to be done.

    `steps` maps a format to what makes the next one of it. The number moves after each step, so a step that was cut off is taken
    again and must bear that. A format from which no step leads is left alone: reading the settings refuses it.
    """
    number = home.format()
    if type(number) is not int or not steps.keys() >= set(range(number, known)) or number >= known:
        return None
    with home.lock():
        backup = _back_up(home, number)
        for step in range(number, known):
            steps[step](home)
            text = home.settings_path.read_text(encoding="utf-8")
            home.replace_settings(_FORMAT_LINE.sub(f"format = {step + 1}", text, count=1))
    return backup


def _back_up(home: Home, number: int) -> Path:
    """Copy the home beside itself; a backup that is there already was taken before a step that was cut off, and is kept."""
    backup = home.path.with_name(f"{home.path.name}.format-{number}")
    if not backup.exists():
        unfinished = backup.with_name(backup.name + ".new")
        try:
            shutil.rmtree(unfinished, ignore_errors=True)
            shutil.copytree(home.path, unfinished)
            unfinished.replace(backup)
        except OSError as error:
            raise HomeError("not_writable", backup, detail=error.strerror) from None
    return backup
