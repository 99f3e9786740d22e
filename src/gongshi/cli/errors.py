"""Everything that can go wrong, told in one line with what to do, and an exit code. No traceback reaches a user.

0  done                                     1  refused, or a check found something
2  the call or its input is wrong           3  consistent in itself, signers not pinned
4  the home cannot be used                  5  something outside failed
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gongshi.flows.checkpoints import WitnessRefusedError
from gongshi.flows.desk import EntryRefusedError, NoKeysError, NoReceiptError
from gongshi.flows.pilots_evidence import NoPilotError, SupplyError
from gongshi.lab.ports import LabError
from gongshi.ledger.audit import DivergenceError
from gongshi.ledger.engines.follower import NotOrderingError
from gongshi.terms.problem import Problem
from gongshi.terms.sentence import Catalogue
from gongshi.watch.ports import LibraryError
from gongshi.wiring import GroupFileError, HomeError, KeyFolderError, ManifestFileError, StoreError

DONE, REFUSED, USAGE, NOT_PINNED, HOME, WORLD = range(6)


class ProblemsError(Exception):
    """Input was wrong: the problems, collected."""

    def __init__(self, problems: Iterable[Problem], code: int = USAGE) -> None:
        self.problems = tuple(problems)
        self.code = code
        super().__init__(", ".join(problem.code for problem in self.problems))


def explain(error: BaseException, catalogue: Catalogue) -> tuple[list[str], int]:
    """Give the lines that a user reads and the exit code."""
    for kind, told in _TOLD.items():
        if isinstance(error, kind):
            return told(error, catalogue)
    if isinstance(error, (FileNotFoundError, IsADirectoryError, NotADirectoryError)):
        return [catalogue.say("cli.error.no_file", path=error.filename or "")], USAGE
    if isinstance(error, OSError):
        return [
            catalogue.say("cli.error.system", detail=error.strerror or str(error), path=error.filename or "")
        ], WORLD
    return [catalogue.say("cli.error.unexpected", kind=type(error).__name__, detail=str(error))], WORLD


def _home(error: HomeError, catalogue: Catalogue) -> tuple[list[str], int]:
    return [catalogue.say(f"cli.home.{error.reason}", path=error.path, **error.values)], HOME


def _store(error: StoreError, catalogue: Catalogue) -> tuple[list[str], int]:
    return [catalogue.say(f"cli.store.{error.reason}", path=error.path, place=error.place)], HOME


def _keys(error: KeyFolderError, catalogue: Catalogue) -> tuple[list[str], int]:
    return [catalogue.say(f"cli.keys.{error.reason}", path=error.path)], HOME


_TOLD: dict[type[BaseException], Callable[..., tuple[list[str], int]]] = {
    ProblemsError: lambda e, c: ([c.explain(problem) for problem in e.problems], e.code),
    EntryRefusedError: lambda e, c: ([c.explain(e.problem)], REFUSED),
    NoReceiptError: lambda e, c: ([c.say("cli.error.no_receipt", entry=e.ticket.digest.hex()[:16])], WORLD),
    NotOrderingError: lambda e, c: ([c.say("cli.ledger.follows", chain=e.chain)], HOME),
    NoKeysError: lambda e, c: ([c.say("cli.keys.not_here", organisation=e.organisation)], HOME),
    HomeError: _home,
    StoreError: _store,
    KeyFolderError: _keys,
    WitnessRefusedError: lambda e, c: ([c.explain(e.problem)], REFUSED),
    SupplyError: lambda e, c: (
        [c.say("cli.pilots.not_conserved", issued=e.issued, held=e.held, height=e.height)],
        REFUSED,
    ),
    NoPilotError: lambda _, c: ([c.say("cli.pilots.nothing")], USAGE),
    LabError: lambda e, c: ([c.say(f"cli.lab.{e.reason}", target=e.target, detail=e.detail)], WORLD),
    LibraryError: lambda e, c: ([c.say(f"watch.source.{e.reason}", location=e.location)], WORLD),
    GroupFileError: lambda e, c: ([c.say(f"cli.file.{e.reason}", path=e.path, detail=e.detail)], USAGE),
    ManifestFileError: lambda e, c: ([c.say(f"cli.manifest.{e.reason}", path=e.path)], HOME),
    DivergenceError: lambda e, c: ([c.say("cli.store.diverged", height=e.height, what=e.what)], HOME),
}
