"""Reads a paper's content from its folder: `paper.toml`, `chapters/NN-name.LANG.typ`, `lists/NAME.toml`, `references.toml`."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from gongshi.paper.records import Chapter, Content
from gongshi.terms.problem import Problem
from gongshi.terms.text import LANGUAGES, Language, text_from


def load_content(folder: Path) -> Content | list[Problem]:
    """Give the content, or every problem with its file."""
    problems: list[Problem] = []
    head = _read(folder / "paper.toml", problems)
    references = _read(folder / "references.toml", problems).get("reference", [])
    lists = {path.stem: _read(path, problems).get("row", []) for path in sorted((folder / "lists").glob("*.toml"))}
    sources = {path: _read_text(path, problems) for path in sorted((folder / "chapters").glob("*.typ"))}
    chapters = [_chapter(path, text) for path, text in sources.items()]
    helpers = {path.name: text for path, text in sources.items() if _chapter(path, text) is None}
    if problems:
        return problems
    try:
        return Content(
            id=head["id"],
            title=text_from(head["title"]),
            subtitle=text_from(head["subtitle"]),
            publisher=text_from(head["publisher"]),
            roles=tuple(head["roles"]),
            chapters=tuple(chapter for chapter in chapters if chapter is not None),
            helpers=helpers,
            lists=lists,
            references=references,
        )
    except (KeyError, ValueError, TypeError) as error:
        return [Problem("paper.content.form", "paper.toml", {"reason": str(error)})]


def _read(path: Path, problems: list[Problem]) -> dict[str, Any]:
    try:
        return tomllib.loads(_read_text(path, problems))
    except tomllib.TOMLDecodeError as error:
        problems.append(Problem("paper.content.malformed", path.name, {"reason": str(error)}))
    return {}


def _read_text(path: Path, problems: list[Problem]) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        problems.append(Problem("paper.content.missing", path.name))
    except UnicodeDecodeError as error:
        problems.append(Problem("paper.content.malformed", path.name, {"reason": str(error)}))
    return ""


def _chapter(path: Path, text: str) -> Chapter | None:
    name, _, language = path.stem.rpartition(".")
    known: dict[str, Language] = {one: one for one in LANGUAGES}
    return Chapter(name, known[language], text) if language in known else None
