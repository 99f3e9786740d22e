"""go.mod (go.dev/ref/mod#go-mod-file): the modules that a Go ledger requires.

go.sum lists every version once considered and is no inventory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from gongshi.terms.problem import Problem
from gongshi.watch.records import Component

FILES = ("go.mod",)
ECOSYSTEM = "Go"
_DIRECTIVES = frozenset(
    {"module", "go", "toolchain", "godebug", "require", "replace", "exclude", "retract", "tool", "ignore"}
)
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|`[^`]*`|\S+')


def read(raw: bytes, where: str) -> tuple[list[Component], list[Problem]]:
    """Give the required modules in order, `replace` named on each; a line that is none of the language is a problem.

    A replacement with a version on its left side holds for that version alone, and goes before one without. A required
    version that is excluded is reported: Go then builds the next higher one, which this file does not tell.
    """
    components: list[Component] = []
    replaced: dict[tuple[str, str], str] = {}
    excluded: set[tuple[str, str]] = set()
    problems: list[Problem] = []
    for number, directive, tokens, comment in _statements(raw.decode("utf-8-sig", errors="replace")):
        if directive == "require" and len(tokens) == 2:
            components.append(Component(ECOSYSTEM, tokens[0], tokens[1], "indirect" in comment))
        elif directive == "replace" and "=>" in tokens[1:3]:
            arrow = tokens.index("=>")
            replaced[tokens[0], "".join(tokens[1:arrow])] = " ".join(tokens[arrow + 1 :])
        elif directive == "exclude" and len(tokens) == 2:
            excluded.add((tokens[0], tokens[1]))
        elif directive in {"require", "replace", "exclude"} or directive not in _DIRECTIVES:
            problems.append(
                Problem(
                    "watch.inventory.line_unread", f"{where}:{number}", {"line": " ".join([directive, *tokens])[:120]}
                )
            )
    problems += [
        Problem("watch.inventory.version_excluded", where, {"module": component.module, "version": component.version})
        for component in components
        if (component.module, component.version) in excluded
    ]
    return [_with_replacement(component, replaced) for component in components], problems


def _with_replacement(component: Component, replaced: dict[tuple[str, str], str]) -> Component:
    by = replaced.get((component.module, component.version)) or replaced.get((component.module, ""), "")
    return replace(component, replaced_by=by)


def _statements(text: str) -> Iterator[tuple[int, str, list[str], str]]:
    """Give (line number, directive, tokens, comment) of each statement; blocks give one for each of their lines."""
    block = ""
    for number, line in enumerate(text.splitlines(), 1):
        code, _, comment = line.partition("//")
        tokens = [token.strip('"`') for token in _TOKEN.findall(code)]
        if not tokens:
            continue
        if block:
            if tokens == [")"]:
                block = ""
            else:
                yield number, block, tokens, comment
        elif tokens[-1] == "(" or tokens[0].endswith("("):
            block = tokens[0].rstrip("(")
        else:
            yield number, tokens[0], tokens[1:], comment
