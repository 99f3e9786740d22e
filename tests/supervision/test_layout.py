"""Rules look at columns and at nothing else: what was planted cannot reach what judges, not even by a long way round."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOM = Path(__file__).parents[2] / "src" / "gongshi" / "supervision"
PACKAGE = "gongshi.supervision"
# What judges: the typologies and all that they stand on, and the tables, options and entries that feed them.
JUDGES = (
    "columns",
    "kernels",
    "options",
    "tables",
    "entries",
    "typologies",
    *(f"typologies.{path.stem}" for path in sorted((ROOM / "typologies").glob("*.py")) if path.stem != "__init__"),
)
SECRETS = {"Manifest", "Ring", "Score", "Population"}


def file_of(module: str) -> Path:
    path = ROOM.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def imports_of(module: str) -> dict[str, set[str]]:
    """Give the names that a module takes from each module of this room."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(ast.parse(file_of(module).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(PACKAGE):
            found.setdefault(node.module.removeprefix(PACKAGE).lstrip("."), set()).update(
                one.name for one in node.names
            )
        elif isinstance(node, ast.Import):
            assert not [one.name for one in node.names if one.name.startswith(PACKAGE)]
    return found


def reached_from(module: str) -> set[str]:
    reached, to_see = set(), [module]
    while to_see:
        one = to_see.pop()
        if one not in reached:
            reached.add(one)
            to_see += imports_of(one)
    return reached


@pytest.mark.parametrize("module", JUDGES)
def test_what_judges_reaches_neither_population_nor_manifest(module):
    assert not {one for one in reached_from(module) if one.startswith(("population", "adapters"))}
    for one in reached_from(module) - {"records"}:
        for names in imports_of(one).values():
            assert not names & SECRETS, f"{one} takes {names & SECRETS}"


def test_in_the_rules_only_the_scorer_takes_a_manifest():
    tree = ast.parse((ROOM / "rules.py").read_text(encoding="utf-8"))
    with_manifest = {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and any("Manifest" in ast.dump(one) for one in ast.walk(node.args))
    }
    assert with_manifest == {"compare_options", "score_run", "_burdened_by_kind"}


def test_every_typology_has_a_test_file_of_its_name():
    tests = {path.stem for path in (Path(__file__).parent / "typologies").glob("test_*.py")}
    names = {path.stem for path in (ROOM / "typologies").glob("*.py") if path.stem != "__init__"}
    assert {f"test_{name}" for name in names} <= tests
