"""Reads a draft from a folder: `draft.toml` names it, every other file is a clause; they stand in the order of their numbers.

A subfolder `revision-2` holds the clauses that the second revision changes or adds, and so on.
"""

from __future__ import annotations

import itertools
from pathlib import Path

from gongshi.group.adapters.files import list_toml, read_toml
from gongshi.group.records import Draft
from gongshi.group.rules import check_table, read_clause
from gongshi.ledger.schema import is_id, is_text, is_text_pair
from gongshi.terms.clause import Clause
from gongshi.terms.problem import Problem
from gongshi.terms.text import text_from

_HEAD = "draft.toml"
_FORM = {"id": is_id, "title": is_text_pair, "basis": is_text}


def load_draft(folder: Path, revision: int = 1) -> Draft | list[Problem]:
    """Give the draft at a revision, or every problem with its file; GroupFileError when the folder cannot be read."""
    head = read_toml(folder / _HEAD)
    problems = check_table(head, _FORM, "group.draft.file", _HEAD)
    found = [read_clause(read_toml(path), path.name) for path in _list_clauses(folder, revision)]
    problems += [problem for item in found if isinstance(item, list) for problem in item]
    clauses = sorted((item for item in found if isinstance(item, Clause)), key=_number)
    problems += _check_twice(clauses, folder.name)
    if not problems and not clauses:
        problems = [Problem("group.clause.none", folder.name)]
    return problems or Draft(head["id"], text_from(head["title"]), revision, tuple(clauses))


def _list_clauses(folder: Path, revision: int) -> list[Path]:
    """Give each clause's file as it stands at the revision: a later revision's file replaces the one of the same name."""
    files = {path.name: path for path in list_toml(folder) if path.name != _HEAD}
    for number in range(2, revision + 1):
        later = folder / f"revision-{number}"
        files |= {path.name: path for path in (list_toml(later) if later.is_dir() else [])}
    return [files[name] for name in sorted(files)]


def _check_twice(clauses: list[Clause], where: str) -> list[Problem]:
    numbers = [after.number for before, after in itertools.pairwise(clauses) if before.number == after.number]
    ids = [clause.id for clause in clauses]
    twice = [*numbers, *sorted({name for name in ids if ids.count(name) > 1})]
    return [Problem("group.clause.twice", where, {"id": name}) for name in twice]


def _number(clause: Clause) -> tuple[tuple[int, str], ...]:
    """Give what sorts 5.2 before 5.10."""
    return tuple((int(part), "") if part.isdigit() else (10**6, part) for part in clause.number.split("."))
