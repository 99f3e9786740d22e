"""Launches the node in its own environment and asks it questions; the only file here that the main process imports."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from gongshi.lab.ports import LabError

MODULE = "gongshi.lab.adapters.evm.server"
CONTRACT = Path(__file__).parents[2] / "targets" / "evm" / "DigitalCurrency.vy"
SOURCE_ROOT = Path(__file__).parents[4]
# make target that builds the environment, named in the error when it is absent
MAKE = "make evm"


def is_available(python: Path) -> bool:
    """Ask whether the environment's interpreter is there."""
    return python.exists()


class EvmProcess:
    """A running node process; a context manager. LabError `unavailable` when the environment is absent."""

    def __init__(self, python: Path, contract: Path = CONTRACT) -> None:
        if not is_available(python):
            raise LabError("unavailable", "evm", MAKE)
        # -S -E are not used: the environment's own packages and the source root are what it needs, and nothing else.
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell
            [str(python), "-c", _BOOT, str(SOURCE_ROOT), str(contract)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )

    def ask(self, verb: str, **values: Any) -> Any:
        """Give the answer; KeyError when there is no such thing, LabError when the node failed or went away."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps({"verb": verb, "values": values}) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except (OSError, ValueError) as error:
            raise LabError("gone", "evm", verb) from error
        if not line:
            raise LabError("gone", "evm", verb)
        return _read(verb, json.loads(line))

    def stop(self) -> None:
        """End the process; its folder goes with it."""
        if self._process.stdin is not None and not self._process.stdin.closed:
            self._process.stdin.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


# The source root is put last, so that the environment's own packages win over anything that lies beside the source.
_BOOT = f"import runpy, sys; sys.path.append(sys.argv.pop(1)); runpy.run_module({MODULE!r}, run_name='__main__', alter_sys=True)"


def _read(verb: str, answer: dict[str, Any]) -> Any:
    if "missing" in answer:
        raise KeyError(verb)
    if "error" in answer:
        raise LabError(answer["error"], "evm", f"{verb}: {answer['detail']}")
    return answer["ok"]
