"""The house keeps its own rules: adapters stay at the edge, every room has its README, nothing belongs to one machine."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "gongshi"
ROOMS = ("terms", "seal", "ledger", "watch", "lab", "pilots", "supervision", "group", "paper")
PURE = ("records.py", "rules.py", "entries.py")


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
        elif isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_what_it_is_in_twenty_lines(room):
    text = (SOURCE / room / "README.md").read_text(encoding="utf-8")
    assert "**What comes in**" in text
    assert "What you may touch" in text or room == "terms"
    assert len(text.splitlines()) <= 30


@pytest.mark.parametrize("room", ROOMS)
def test_only_adapters_touch_the_world(room):
    worldly = {"socket", "subprocess", "urllib3", "sqlite3", "secrets", "time", "os", "tempfile", "shutil"}
    allowed = {("ledger", "engines/embedded.py")}
    for path in (SOURCE / room).rglob("*.py"):
        name = path.relative_to(SOURCE / room).as_posix()
        if name.startswith("adapters/") or (room, name) in allowed:
            continue
        touched = {module.partition(".")[0] for module in imports(path)} & worldly
        assert not touched, f"{room}/{name} imports {touched}"


@pytest.mark.parametrize("room", ROOMS)
def test_records_rules_and_entries_know_no_adapter(room):
    for name in PURE:
        path = SOURCE / room / name
        if path.exists():
            assert not [module for module in imports(path) if ".adapters" in module], path


def test_nothing_in_the_tree_belongs_to_one_machine():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    place = re.compile(
        r"(^|[^A-Za-z0-9_.-])/(work|farm|root|tmp)/|(files|registry|proxy)\.[a-z]+\.(org|io)|p[y]pi\.org"
    )
    found = [
        f"{name}:{number}"
        for name in listed
        if not name.endswith((".png", ".lock"))
        for number, line in enumerate((ROOT / name).read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if place.search(line)
    ]
    assert not found


def test_locks_hold_hashes_and_no_address():
    for path in ROOT.glob("requirements*.lock"):
        text = path.read_text(encoding="utf-8")
        assert "--hash=sha256:" in text
        assert "://" not in text
