"""A rehearsed home for the tests of the doors: the whole thread on the example alliance, small, in a temporary folder."""

from __future__ import annotations

import contextlib
import fcntl
import io
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from unittest.mock import patch

import pytest

from gongshi.cli.main import run

AS_OF, SEED, PAYMENTS = "2026-11-20", 2016, 4_000
EVM_PYTHON = Path(__file__).parents[2] / ".venv-evm" / "bin" / "python"


@dataclass(frozen=True)
class Answer:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    def json(self):
        return json.loads(self.out)


@dataclass(frozen=True)
class Rehearsal:
    """A home on which commands are run as a person would, without `DATA`: quick, and the same on every machine."""

    home: Path

    def gongshi(self, *arguments: str, lang: str = "en", as_of: str = AS_OF) -> Answer:
        out, err = io.StringIO(), io.StringIO()
        options = ["--home", str(self.home), "--lang", lang, *(["--as-of", as_of] if as_of else [])]
        environment = {name: value for name, value in os.environ.items() if name != "DATA"}
        with (
            patch.dict(os.environ, environment, clear=True),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            code = run([*options, *arguments])
        return Answer(code, out.getvalue(), err.getvalue())

    @property
    def published(self) -> Path:
        return self.home / "published"


def absent(what: str) -> NoReturn:
    """Skip with one line that names what installs it; under STRICT=1 that is a failure."""
    if os.environ.get("STRICT") == "1":
        pytest.fail(what)
    pytest.skip(what)


def rehearse(home: Path, *options: str) -> tuple[Rehearsal, Answer]:
    """Do the whole job in a home; the shared records are not read, so that it is quick and the same everywhere."""
    rehearsal = Rehearsal(home)
    if not EVM_PYTHON.exists():
        absent("the Ethereum virtual machine is not installed: make evm")
    answer = rehearsal.gongshi("rehearse", "--seed", str(SEED), "--payments", str(PAYMENTS), *options)
    return rehearsal, answer


def copy_rehearsed(tmp_path_factory) -> Rehearsal:
    """Give a copy of a rehearsed home that the whole test run makes once, whichever of its processes comes first."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "rehearsed"
    shared.mkdir(exist_ok=True)
    home, done = shared / "home", shared / "done"
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            _, answer = rehearse(home)
            assert answer.code == 0, answer.err
            done.touch()
    return Rehearsal(Path(shutil.copytree(home, tmp_path_factory.mktemp("copy") / "home")))
