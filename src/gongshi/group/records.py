"""The nouns by which people decide: who founded the group, what it works on, who said what, how it was counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from gongshi.terms.canonical import encode_json
from gongshi.terms.clause import Clause
from gongshi.terms.digest import Digest, compute_digest
from gongshi.terms.instant import Instant
from gongshi.terms.organisation import Mandate, Organisation
from gongshi.terms.text import Text

Words = Text | str
Position = Literal["approve", "approve_with_comments", "disapprove", "abstain"]
POSITIONS: tuple[Position, ...] = ("approve", "approve_with_comments", "disapprove", "abstain")
MEMBER_CLASSES = ("P", "O", "other")
COMMENT_TYPES = ("ge", "te", "ed")
MARKINGS = ("TLP:RED", "TLP:AMBER+STRICT", "TLP:AMBER", "TLP:GREEN", "TLP:CLEAR")
MILESTONE_KINDS = ("due", "summit", "meeting", "review")
SYMBOLS = frozenset({"y", "n", "a", "v", "p", "m", "yP", "nP", "aP", "vP", "pP", "mP"})
RELATIONS = ("ge", "gt", "le", "lt")
ABSTENTIONS = ("dropped", "in_v", "against")
VOIDS = ("disapproval_without_te",)
TIES = ("fail", "discuss")
VERDICTS = ("approved", "not_approved", "no_quorum", "no_vote", "discuss")


@dataclass(frozen=True, slots=True, order=True)
class Stage:
    """A cell of the harmonised stage matrix; `code` is what people write, such as `40.20`."""

    major: int
    sub: int

    @property
    def code(self) -> str:
        """Give the two numbers with two digits each."""
        return f"{self.major:02d}.{self.sub:02d}"


@dataclass(frozen=True, slots=True)
class Member:
    """An organisation in a committee with its class: P participates and is to vote, O observes."""

    organisation: Organisation
    member_class: str


@dataclass(frozen=True, slots=True)
class Committee:
    """A committee; its secretariat opens and closes what is decided in it."""

    id: str
    name: Text
    secretariat: str
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Milestone:
    """A day on which something is due, in the alliance's zone; `item` is the work item it belongs to."""

    id: str
    item: str
    kind: str
    name: Text
    day: date
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class StageChange:
    """One step of a work item's way, with the decision's reason and the rows that were skipped."""

    stage: Stage
    time: Instant
    organisation: str
    mandate: str | None
    reason: Words | None
    skipped: tuple[tuple[int, str], ...]
    entry: Digest


@dataclass(frozen=True, slots=True)
class WorkItem:
    """What the group works on; `origin` is the id of the assessment that asked for it, `cites` its entry's digest."""

    id: str
    committee: str
    title: Text
    origin: str
    cites: Digest | None
    due: Instant
    stage: Stage
    history: tuple[StageChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A text at a revision; its clauses keep their ids from revision to revision."""

    id: str
    title: Text
    revision: int
    clauses: tuple[Clause, ...]

    def encode(self) -> bytes:
        """Give the draft document, which is kept as a blob."""
        clauses = [clause.as_json() for clause in self.clauses]
        return encode_json(
            {"id": self.id, "title": self.title.as_json(), "revision": self.revision, "clauses": clauses}
        )

    def digest(self) -> Digest:
        """Give the digest that the entry carries."""
        return compute_digest(self.encode())


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment's whole life: anchored at a clause of a revision, resolved, applied, replied to."""

    id: str
    draft: str
    organisation: str
    mandate: str | None
    clause: str
    anchor: Digest
    type: str
    comment: Words
    proposed: Words | None
    time: Instant
    resolution: str | None = None
    reason: Words | None = None
    revision: Digest | None = None
    hunk: str | None = None
    reply: str | None = None
    reply_text: Words | None = None
    is_suspect: bool = False


@dataclass(frozen=True, slots=True)
class Test:
    """A comparison of two integer sums over the count's symbols: `{y: 3} ge {v: 2}` says 3·y ≥ 2·v."""

    __test__ = False  # a noun of the trade, and nothing that pytest collects

    name: str
    left: Mapping[str, int]
    relation: str
    right: Mapping[str, int]

    def as_body(self) -> dict[str, object]:
        """Give the form that a rule carries."""
        return {"name": self.name, "left": dict(self.left), "relation": self.relation, "right": dict(self.right)}


@dataclass(frozen=True, slots=True)
class BallotRule:
    """One body's rule as data. `to_confirm` names the fields that are not yet checked against the primary text.

    Symbols: y, n, a papers that approve, disapprove, abstain; p = y + n + a papers returned (who is present and stays
    silent abstains); v the papers that a test counts, which is p, or y + n where abstentions are dropped; m entitled; each
    with P for P-members alone. `classes` may vote; `barred` marks bar a voter; `void` names when a paper is void.
    """

    id: str
    name: Text
    classes: tuple[str, ...]
    barred: tuple[str, ...]
    quorum: Test | None
    tests: tuple[Test, ...]
    abstentions: str
    void: tuple[str, ...]
    tie: str
    failure: str
    period_days: int
    valid_from: str
    source: str
    to_confirm: tuple[str, ...]

    def as_body(self) -> dict[str, object]:
        """Give the form that the opening entry carries, the same as the rule file's."""
        return {
            "id": self.id,
            "name": self.name.as_json(),
            "classes": list(self.classes),
            "barred": list(self.barred),
            "quorum": None if self.quorum is None else self.quorum.as_body(),
            "tests": [test.as_body() for test in self.tests],
            "abstentions": self.abstentions,
            "void": list(self.void),
            "tie": self.tie,
            "failure": self.failure,
            "period_days": self.period_days,
            "valid_from": self.valid_from,
            "source": self.source,
            "to_confirm": list(self.to_confirm),
        }


@dataclass(frozen=True, slots=True)
class Voter:
    """A member as frozen at the ballot's opening: its class and its marks of interest (`drafter`, `drafters_employer`)."""

    organisation: str
    member_class: str = "P"
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vote:
    """A paper. `technical` names the voter's technical comments on the draft; all papers are kept, the last one counts."""

    organisation: str
    position: str
    technical: tuple[str, ...] = ()
    statement: Words | None = None
    mandate: str | None = None
    time: int = 0
    entry: bytes = b""


@dataclass(frozen=True, slots=True)
class Compared:
    """One comparison of the count, with both sides as they came out."""

    name: str
    left: int
    relation: str
    right: int
    holds: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an explained count; the sentence for the code stands at the doors."""

    code: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Tally:
    """A count with its working: whoever reads it can follow each step without the votes, and repeat it with them."""

    entitled: int
    yes: int
    no: int
    abstain: int
    not_returned: int
    barred: tuple[tuple[str, tuple[str, ...]], ...]
    void: tuple[tuple[str, str], ...]
    tests: tuple[Compared, ...]
    verdict: str

    def as_body(self) -> dict[str, Any]:
        """Give the form that the closing entry states and the verifier compares."""
        return {
            "entitled": self.entitled,
            "yes": self.yes,
            "no": self.no,
            "abstain": self.abstain,
            "not_returned": self.not_returned,
            "barred": [[name, list(reasons)] for name, reasons in self.barred],
            "void": [list(pair) for pair in self.void],
            "tests": [[t.name, t.left, t.relation, t.right, t.holds] for t in self.tests],
            "verdict": self.verdict,
        }


@dataclass(frozen=True, slots=True)
class Ballot:
    """A ballot with its frozen list, every paper received, and the tally once it is closed."""

    id: str
    item: str
    draft: Digest
    rule: BallotRule
    electorate: tuple[Voter, ...]
    opens_at: Instant
    closes_at: Instant
    opened_by: str
    votes: tuple[Vote, ...] = ()
    tally: Tally | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """A confidential note as the ledger knows it: digests, recipients, marking; and who confirmed holding it."""

    envelope: Digest
    commitment: Digest
    sender: str
    recipients: tuple[str, ...]
    purpose: Text
    marking: str
    retain_until: Instant
    sent_at: Instant
    held: tuple[tuple[str, Instant], ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for an organisation: `kind` is vote, resolve, reply, receipt, close or milestone."""

    kind: str
    id: str
    name: Words
    due: int | None


@dataclass(frozen=True, slots=True)
class BallotPlan:
    """A ballot that the founding file lays out in the calendar."""

    id: str
    rule: str
    opens_at: Instant
    closes_at: Instant
    marks: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class ItemPlan:
    """The work item that the founding file foresees: its committee, due day and the days of its stages."""

    id: str
    committee: str
    title: Text
    due: Instant
    stages: tuple[tuple[Stage, Instant], ...]
    skipped: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Founding:
    """All that the founding file says, laid out from the as-of day."""

    chain: str
    name: Text
    rehearsal: Text
    zone: str
    founded_at: Instant
    secretariat: str
    organisations: tuple[Organisation, ...]
    mandates: tuple[Mandate, ...]
    committees: tuple[Committee, ...]
    items: tuple[ItemPlan, ...]
    milestones: tuple[Milestone, ...]
    ballots: tuple[BallotPlan, ...]
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VotePaper:
    """A rehearsed position as its file states it; `technical` names comment files by their key."""

    key: str
    ballot: str
    organisation: str
    mandate: str
    position: str
    technical: tuple[str, ...]
    statement: Text


@dataclass(frozen=True, slots=True)
class CommentPaper:
    """A rehearsed comment with the handling that follows it."""

    key: str
    organisation: str
    mandate: str
    clause: str
    type: str
    comment: Text
    proposed: Text | None
    resolution: str
    reason: Text | None
    reply: str
