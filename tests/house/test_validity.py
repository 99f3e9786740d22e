"""`docs/validity.md` says what the code does: its codes, functions and tests exist, and no code of the ledger is missing on it."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from gongshi.wiring import KINDS
from gongshi_verifier import cbor
from tests.house.test_sentences import calls, name_of

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "gongshi"
PAGE = (ROOT / "docs" / "validity.md").read_text(encoding="utf-8")
CODE = re.compile(r"`((?:ledger|seal)\.[a-z_]+\.[a-z_]+)`")
PLACE = re.compile(r"`([\w/]+\.py)(?:: (\w+))?`")
SPEAKERS = {"Problem", "check_fields"}


def rows(page: str = PAGE) -> list[list[str]]:
    """Give the cells of every numbered rule."""
    lines = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in page.splitlines()]
    return [cells for cells in lines if re.fullmatch(r"\d+\.\d+", cells[0])]


def codes_of_the_source() -> set[str]:
    """Give every code that the ledger's judgement can give: constants, and the words of the strict decoder."""
    found = {
        str(item.value)
        for path, call in calls()
        if path.is_relative_to(SOURCE / "ledger") and name_of(call) in SPEAKERS
        for item in call.args
        if isinstance(item, ast.Constant) and re.fullmatch(r"[a-z]+\.[a-z_]+\.[a-z_]+", str(item.value))
    }
    return found | {f"ledger.bytes.{reason}" for reason in cbor.REASONS if reason != "malformed"}


@cache
def names_in(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef)))


def find_missing(page: str) -> list[str]:
    """Give what a page names and is not there."""
    missing = []
    for name, function in PLACE.findall(page):
        path = ROOT / name if name.startswith(("tests/", "verifier/")) else SOURCE / name
        if not path.is_file() or (function and function not in names_in(path)):
            missing.append(f"{name}: {function}")
    return missing


def test_every_function_and_test_on_the_page_exists():
    assert not find_missing(PAGE)
    assert find_missing(
        "`ledger/rules.py: appply` `tests/ledger/test_nothing.py: test_a` `ledger/rules.py: apply`"
    ) == [
        "ledger/rules.py: appply",
        "tests/ledger/test_nothing.py: test_a",
    ]


def test_the_page_has_exactly_the_codes_that_the_ledger_can_give():
    on_page = {code for cells in rows() for code in CODE.findall(cells[2])}
    source = codes_of_the_source()
    assert len(source) > 35
    assert sorted(source - on_page) == []
    assert sorted(on_page - source) == []


def test_every_rule_has_a_number_of_its_own_a_place_and_a_test():
    numbers = [tuple(map(int, cells[0].split("."))) for cells in rows()]
    assert numbers == sorted(set(numbers))
    for cells in rows():
        assert len(cells) == 5, cells
        assert cells[2] == "–" or "`" in cells[2] or cells[2].startswith("the kind's own"), cells
        assert PLACE.search(cells[3]), cells
        assert PLACE.findall(cells[4]), cells
        assert all(function.startswith("test_") for _, function in PLACE.findall(cells[4])), cells


@pytest.mark.parametrize("kind", sorted({name for name, _ in KINDS}))
def test_every_kind_is_on_the_page_with_the_file_that_judges_it(kind):
    if kind.startswith("ledger."):
        assert f"`{kind}`" in PAGE
        return
    line = next(line for line in PAGE.splitlines() if f"`{kind}`" in line and line.startswith("| `"))
    (place,) = PLACE.findall(line)
    assert f'"{kind}"' in (SOURCE / place[0]).read_text(encoding="utf-8")


def test_a_test_names_the_codes_of_its_rule():
    """The file that shows a rule says the rule's code, so that the code cannot be another one in silence."""
    unsaid = [
        (cells[0], code)
        for cells in rows()
        for code in CODE.findall(cells[2])
        if code.rpartition(".")[2] not in (ROOT / PLACE.findall(cells[4])[0][0]).read_text(encoding="utf-8")
    ]
    assert not unsaid
