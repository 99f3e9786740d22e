"""What the judgements of every family ask: who acts, under which role, and whether an id belongs to its content."""

from __future__ import annotations

from typing import Any

from gongshi.group.records import Words
from gongshi.ledger.entries import get_roles
from gongshi.ledger.records import At
from gongshi.ledger.schema import is_optional, is_text, is_text_pair
from gongshi.ledger.state import MEMBERS, Draft
from gongshi.terms.problem import Problem
from gongshi.terms.text import Text

GROUPS = "groups"
BALLOTS = "ballots"


def is_words(value: Any) -> bool:
    """Ask for a text in both languages, or in the one that its author wrote."""
    return is_text_pair(value) or is_text(value)


is_words_or_none = is_optional(is_words)


def words_to_body(words: Words | None) -> Any:
    """Give the form that an entry carries."""
    return words.as_json() if isinstance(words, Text) else words


def get_member(draft: Draft, organisation: str) -> Any:
    """Give a member's record from the genesis, or None."""
    return draft.get(MEMBERS, f"org/{organisation}")


def check_secretariat(draft: Draft, at: At) -> Problem | None:
    """Refuse anyone but the alliance's secretariat, acting under a mandate for it."""
    is_right = at.organisation == draft.params["group"]["secretariat"] and "secretariat" in get_roles(draft, at)
    return None if is_right else Problem("group.mandate.not_secretariat", values={"organisation": at.organisation})


def check_role(draft: Draft, at: At, *roles: str) -> Problem | None:
    """Refuse a mandate that has none of the roles."""
    if get_roles(draft, at).isdisjoint(roles):
        return Problem("group.mandate.role", values={"organisation": at.organisation, "roles": ", ".join(roles)})
    return None


def check_id(found: str, derived: str) -> Problem | None:
    """Refuse an id that does not belong to the content."""
    return None if found == derived else Problem("group.id.differs", values={"id": found, "derived": derived})
