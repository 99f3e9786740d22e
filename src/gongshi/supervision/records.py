"""The nouns of supervision: rules with dates, options made of rules, alerts that can be re-run, rings that were planted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from gongshi.terms.canonical import encode_json
from gongshi.terms.digest import Digest, compute_digest, digest_to_text
from gongshi.terms.evidence import content_id
from gongshi.terms.instant import Instant, day_of
from gongshi.terms.text import Text

Status = Literal["in_force", "draft", "option"]
Holder = Literal["natural", "legal", "institution"]
STATUSES: tuple[Status, ...] = ("in_force", "draft", "option")
HOLDERS: tuple[Holder, ...] = ("natural", "legal", "institution")


@dataclass(frozen=True, slots=True)
class Customer:
    """Who stands behind an account: `owner` is a pseudonym that several accounts may share (the linkage of operators)."""

    owner: str
    holder: Holder


@dataclass(frozen=True)
class Rule:
    """One typology with its parameters (integers only) and the dates between which it is in force.

    `scope` names the kinds, zones, currencies and holders that it looks at; an empty scope looks at everything.
    `to_confirm` says what was not checked against the primary text, and is shown with the rule.
    """

    id: str
    version: int
    typology: str
    jurisdiction: str
    source: Text
    valid_from: date
    valid_to: date | None
    status: Status
    parameters: Mapping[str, int]
    scope: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    to_confirm: Text | None = None

    def as_json(self) -> dict[str, object]:
        """Give the rule record that digests and alerts are made of."""
        return {
            "id": self.id,
            "version": self.version,
            "typology": self.typology,
            "jurisdiction": self.jurisdiction,
            "source": self.source.as_json(),
            "valid_from": self.valid_from.isoformat(),
            "valid_to": self.valid_to.isoformat() if self.valid_to else None,
            "status": self.status,
            "parameters": dict(self.parameters),
            "scope": {name: list(words) for name, words in self.scope.items()},
            "to_confirm": self.to_confirm.as_json() if self.to_confirm else None,
        }

    def digest(self) -> Digest:
        """Give the digest by which an alert names the rule that raised it."""
        return compute_digest(encode_json(self.as_json()))

    def is_in_force(self, time: int) -> bool:
        """Ask whether the rule holds on the calendar day of an instant, in the alliance's zone."""
        day = day_of(time)
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Option:
    """A regulation option: a set of rules that is run as a whole on the same past as its rivals."""

    id: str
    name: Text
    note: Text
    rules: tuple[Rule, ...]

    def digest(self) -> Digest:
        """Give the digest of the option's content; two files that say the same have the same one."""
        rules = [rule.as_json() for rule in self.rules]
        return compute_digest(
            encode_json({"id": self.id, "name": self.name.as_json(), "note": self.note.as_json(), "rules": rules})
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """What a typology found: positions of rows in order, the accounts it speaks of, and whether the search was complete."""

    rows: tuple[int, ...]
    accounts: tuple[int, ...]
    visits: int
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Judgement:
    """All findings of one rule; `stopped` counts the rows at which a search ran into its budget, so that no cut is silent."""

    findings: tuple[Finding, ...]
    visits: int
    stopped: int = 0


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a definition with the value that was found: `value relation bound`, all integers."""

    name: str
    value: int
    relation: Literal["<", "<=", "==", ">=", "!="]
    bound: int

    def as_json(self) -> dict[str, object]:
        """Give the form that an alert's document carries."""
        return {"name": self.name, "value": self.value, "relation": self.relation, "bound": self.bound}


@dataclass(frozen=True, slots=True)
class Alert:
    """A checkable claim: this rule holds on these rows, as of this height. Rule, rows and accounts alone make the id."""

    id: str
    typology: str
    rule: str
    version: int
    rule_digest: Digest
    accounts: tuple[str, ...]
    rows: tuple[bytes, ...]
    time: Instant
    as_of: int
    visits: int
    complete: bool

    def as_json(self) -> dict[str, object]:
        """Give the form that batches, pages and `--json` carry."""
        return {
            "id": self.id,
            "typology": self.typology,
            "rule": self.rule,
            "version": self.version,
            "rule_digest": digest_to_text(self.rule_digest),
            "accounts": list(self.accounts),
            "rows": [row.hex() for row in self.rows],
            "time": self.time,
            "as_of": self.as_of,
            "visits": self.visits,
            "complete": self.complete,
        }


def alert_id(rule_digest: bytes, rows: tuple[bytes, ...], accounts: tuple[str, ...]) -> str:
    """Give `al-` and 26 base32 characters that belong to a rule, its rows and the accounts that it speaks of.

    One large payment is two reports, one of the payer and one of the payee: the rows alone would make them one.
    """
    return content_id("al", [digest_to_text(rule_digest), [row.hex() for row in rows], list(accounts)])


@dataclass(frozen=True, slots=True)
class OptionRun:
    """What one option raised on one past."""

    option: Option
    alerts: tuple[Alert, ...]
    visits: int
    stopped: int


@dataclass(frozen=True, slots=True)
class Ring:
    """A planted pattern: guilty rings and innocent look-alikes have the same shape, `innocent` tells them apart."""

    id: str
    kind: str
    innocent: bool
    rows: tuple[bytes, ...]
    roles: Mapping[str, str]

    def as_json(self) -> dict[str, object]:
        """Give the form that the manifest file carries; `roles` maps each account to what it plays."""
        return {
            "id": self.id,
            "kind": self.kind,
            "innocent": self.innocent,
            "rows": [row.hex() for row in self.rows],
            "roles": dict(self.roles),
        }


@dataclass(frozen=True, slots=True)
class Manifest:
    """The truth about a seeded population. Rules never see it; the scorer alone opens it."""

    seed: int
    rings: tuple[Ring, ...]

    def as_json(self) -> dict[str, object]:
        """Give the form of the manifest file."""
        return {"seed": self.seed, "rings": [ring.as_json() for ring in self.rings]}

    def digest(self) -> Digest:
        """Give the digest that a comparison names."""
        return compute_digest(encode_json(self.as_json()))


@dataclass(frozen=True, slots=True)
class Score:
    """What one option achieves and costs on one past, against the manifest. Money in fen."""

    option: str
    name: Text
    rings: int
    caught: int
    alerts: int
    false_alarms: int
    accounts: int
    accounts_burdened: int
    money_planted: int
    money_covered: int
    caught_by_kind: Mapping[str, tuple[int, int]]
    burdened_by_kind: Mapping[str, tuple[int, int]]
    caught_rings: frozenset[str]

    @property
    def missed(self) -> int:
        """Rings of which no alert was raised."""
        return self.rings - self.caught


@dataclass(frozen=True, slots=True)
class Comparison:
    """Options side by side on the same past; overlap says which rings all of them caught and which none did."""

    scores: tuple[Score, ...]
    caught_by_all: int
    caught_by_none: int
