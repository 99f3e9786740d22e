"""Sentences by code: one catalogue per language, used by both doors. A code without a sentence is our own mistake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gongshi.terms.problem import Problem
from gongshi.terms.text import Language


class _Values(dict[str, object]):
    """Leaves a placeholder without a value readable, so that a sentence never fails to be said."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


@dataclass(frozen=True)
class Catalogue:
    """The sentences of one language by code."""

    language: Language
    sentences: Mapping[str, str]

    def say(self, code: str, /, **values: object) -> str:
        """Give the sentence with its values filled in."""
        return self.sentences.get(code, code).format_map(_Values(values))

    def explain(self, problem: Problem) -> str:
        """Give the problem's sentence, its place first where it has one, its code last."""
        sentence = self.say(problem.code, **{"where": problem.where, **problem.values})
        place = f"{problem.where}: " if problem.where and problem.where not in sentence else ""
        return f"{place}{sentence} [{problem.code}]"
