"""The example's draft: every clause with a catalogue number is tested, and says what it demands exactly once."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from gongshi.lab.rules import untested_clauses
from gongshi.lab.suites import get_cases
from gongshi.terms.clause import Clause
from gongshi.terms.text import Text

FILES = sorted(Path("examples/alliance/drafts/ledger-requirements").glob("[0-9]*.toml"))


def read(path):
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    texts = {name: Text(**found.pop(name)) for name in ("title", "statement")}
    return Clause(**found, **texts)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_clause_demands_once_or_not_at_all(path):
    clause = read(path)
    demands = 0 if clause.catalogue is None else 1
    assert clause.statement.zh.count("应") == demands
    assert clause.statement.en.split().count("shall") == demands
    assert bool(clause.origin) == bool(demands)


def test_clauses_and_cases_meet():
    clauses = [read(path) for path in FILES]
    assert untested_clauses(clauses, get_cases()) == []
    assert {clause.catalogue for clause in clauses} - {None} == {case.catalogue for case in get_cases()}
