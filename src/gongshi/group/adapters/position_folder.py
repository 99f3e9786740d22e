"""Reads the rehearsal's positions and comments: one file each, its name is the key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from gongshi.group.adapters.files import list_toml, read_toml
from gongshi.group.records import CommentPaper, VotePaper
from gongshi.group.rules import read_comment, read_vote
from gongshi.terms.problem import Problem

_T = TypeVar("_T")


def load_votes(folder: Path) -> list[VotePaper] | list[Problem]:
    """Give every rehearsed position, or every problem."""
    return _load(folder, read_vote)


def load_comments(folder: Path) -> list[CommentPaper] | list[Problem]:
    """Give every rehearsed comment, or every problem."""
    return _load(folder, read_comment)


def _load(folder: Path, read: Callable[[str, Any], _T | list[Problem]]) -> list[_T] | list[Problem]:
    found = [read(path.stem, read_toml(path)) for path in list_toml(folder)]
    problems = [problem for item in found if isinstance(item, list) for problem in item]
    return problems or [item for item in found if not isinstance(item, list)]
