"""Who sits in the working group: organisations, and persons only as mandates of an organisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gongshi.terms.instant import Instant
from gongshi.terms.text import Text

Role = Literal["secretariat", "expert", "analyst", "security_officer", "researcher", "supervisor", "issuer", "operator"]
ROLES: tuple[Role, ...] = (
    "secretariat",
    "expert",
    "analyst",
    "security_officer",
    "researcher",
    "supervisor",
    "issuer",
    "operator",
)


@dataclass(frozen=True, slots=True)
class Organisation:
    """A member by its role in the group; `id` is short lower-case ASCII such as `institute`."""

    id: str
    name: Text
    kind: str
    voting: bool


@dataclass(frozen=True, slots=True)
class Mandate:
    """What an organisation lets one person do, under a pseudonym; the person's record stays off the ledger."""

    id: str
    organisation: str
    roles: tuple[Role, ...]
    until: Instant
