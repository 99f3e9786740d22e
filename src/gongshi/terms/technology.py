"""The taxonomy of technologies that signals are classified by and assessments speak of."""

from __future__ import annotations

from dataclasses import dataclass

from gongshi.terms.text import Text


@dataclass(frozen=True, slots=True)
class Technology:
    """One technology of the taxonomy: `id`, a name, and the terms by which texts of either language are recognised."""

    id: str
    name: Text
    terms_zh: tuple[str, ...]
    terms_en: tuple[str, ...]
