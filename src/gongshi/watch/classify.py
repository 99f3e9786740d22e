"""Classification by the terms of the taxonomy, with the reason: the term that hit.

Latin terms match as whole words (handbook R16: `ic-` hit `unic-`, EOS hit a switch maker's system), Chinese terms as
substrings without white space; both after NFKC and case folding, and in texts of either language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from gongshi.terms.technology import Technology
from gongshi.watch.records import Hit
from gongshi.watch.wording import latin_words, normalise, without_spaces

Classifier = Callable[[str], tuple[Hit, ...]]


def get_classifier(technologies: Iterable[Technology]) -> Classifier:
    """Give the function that names the technologies of a text, in the taxonomy's order, each with its first term that hits."""
    prepared = [(technology.id, _prepare(technology)) for technology in technologies]

    def classify(text: str) -> tuple[Hit, ...]:
        normal = normalise(text)
        words, runs = latin_words(normal), without_spaces(normal)
        hits = ((technology, _first_hit(terms, words, runs)) for technology, terms in prepared)
        return tuple(Hit(technology, term) for technology, term in hits if term)

    return classify


def _prepare(technology: Technology) -> Sequence[tuple[str, str, bool]]:
    """Give (term as written, term as compared, whole words) of each term; what has no Han character is Latin."""
    terms = dict.fromkeys((*technology.terms_zh, *technology.terms_en))
    return [
        (term, latin_words(normalise(term)), True) if term.isascii() else (term, without_spaces(normalise(term)), False)
        for term in terms
    ]


def _first_hit(terms: Sequence[tuple[str, str, bool]], words: str, runs: str) -> str:
    return next((term for term, compared, whole in terms if compared in (words if whole else runs)), "")
