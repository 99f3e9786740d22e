"""Reads a draft from a folder: one file a clause, in the order of the clauses' numbers."""

from __future__ import annotations

import itertools
from pathlib import Path

from gongshi.group.adapters.files import list_toml, read_toml
from gongshi.group.records import Draft
from gongshi.group.rules import read_clause
from gongshi.terms.clause import Clause
from gongshi.terms.problem import Problem
from gongshi.terms.text import Text


def load_draft(folder: Path, draft: str, title: Text, revision: int = 1) -> Draft | list[Problem]:
    """Give the draft at a revision, or every problem with its file; GroupFileError when the folder cannot be read."""
    found = [read_clause(read_toml(path), path.name) for path in list_toml(folder)]
    problems = [problem for item in found if isinstance(item, list) for problem in item]
    clauses = sorted((item for item in found if isinstance(item, Clause)), key=_number)
    problems += [
        Problem("group.clause.twice", str(folder.name), {"id": after.id})
        for before, after in itertools.pairwise(clauses)
        if before.number == after.number or before.id == after.id
    ]
    if not problems and not clauses:
        problems = [Problem("group.clause.none", str(folder.name))]
    return problems or Draft(draft, title, revision, tuple(clauses))


def _number(clause: Clause) -> tuple[tuple[int, str], ...]:
    """Give what sorts 5.2 before 5.10."""
    return tuple((int(part), "") if part.isdigit() else (10**6, part) for part in clause.number.split("."))
