"""Finds the ballot rules: every file of `ballot_rules/` is one body's rule."""

from __future__ import annotations

from pathlib import Path

from gongshi.group.adapters.files import list_toml, read_toml
from gongshi.group.records import BallotRule
from gongshi.group.rules import read_rule
from gongshi.terms.problem import Problem

RULES_FOLDER = Path(__file__).parent.parent / "ballot_rules"


def load_rules(folder: Path = RULES_FOLDER) -> dict[str, BallotRule] | list[Problem]:
    """Give the rules by their id, or every problem; a file is named after its rule."""
    found = {path.stem: read_rule(read_toml(path), path.name) for path in list_toml(folder)}
    problems = [problem for rule in found.values() if isinstance(rule, list) for problem in rule]
    problems += [
        Problem("group.rule.file_name", f"{stem}.toml", {"id": rule.id})
        for stem, rule in found.items()
        if isinstance(rule, BallotRule) and rule.id != stem
    ]
    return problems or {stem: rule for stem, rule in found.items() if isinstance(rule, BallotRule)}
