"""Reads regulation options from a folder of TOML files; a new option is a new file."""

from __future__ import annotations

import tomllib
from pathlib import Path

from gongshi.supervision.options import option_from
from gongshi.supervision.records import Option
from gongshi.terms.problem import Problem


def read_options(folder: Path) -> tuple[tuple[Option, ...], tuple[Problem, ...]]:
    """Read every option of a folder, by file name; what is wrong is collected with its file and rule.

    OSError when the folder or a file cannot be read.
    """
    options: list[Option] = []
    problems: list[Problem] = []
    for path in sorted(folder.iterdir()):
        if path.suffix == ".toml":
            option, wrong = _read_option(path)
            problems.extend(wrong)
            if option is None:
                continue
            if option.id in {known.id for known in options}:
                problems.append(Problem("supervision.option.duplicate", path.name, {"option": option.id}))
            options.append(option)
    return tuple(options), tuple(problems)


def _read_option(path: Path) -> tuple[Option | None, tuple[Problem, ...]]:
    try:
        document = tomllib.loads(path.read_bytes().decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return None, (Problem("supervision.option.unreadable", path.name, {"reason": str(error)}),)
    return option_from(document, path.name)
