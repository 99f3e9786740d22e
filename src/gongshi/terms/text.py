"""Text that people read, in both languages of the house."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """One name or sentence in Chinese and English; neither side may be empty."""

    zh: str
    en: str

    def __post_init__(self) -> None:
        assert self.zh, "a Text has a Chinese side"
        assert self.en, "a Text has an English side"

    def in_(self, language: Language) -> str:
        """Give the side that the reader asked for."""
        return self.zh if language == "zh" else self.en

    def as_json(self) -> dict[str, str]:
        """Give the form that documents and entries carry."""
        return {"zh": self.zh, "en": self.en}


def text_from(value: object) -> Text:
    """Read {zh, en}; ValueError when a side is missing, empty or not text."""
    if not isinstance(value, dict) or set(value) != {"zh", "en"}:
        raise ValueError(f"not a text in zh and en: {value!r}")
    zh, en = value["zh"], value["en"]
    if not (isinstance(zh, str) and isinstance(en, str) and zh and en):
        raise ValueError(f"not a text in zh and en: {value!r}")
    return Text(zh, en)
