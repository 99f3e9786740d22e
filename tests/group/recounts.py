"""Ballots as the verifier sees them: entries whose signatures and places were checked before."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gongshi.group.records import BallotRule, Tally, Vote, Voter


@dataclass(frozen=True)
class Checked:
    leaf: int
    organisation: str
    ops: list[list[Any]]
    digest: bytes
    mandate: str | None = None


def checked(leaf: int, organisation: str, kind: str, body: dict[str, Any]) -> Checked:
    return Checked(leaf, organisation, [[kind, 1, body]], hashlib.sha256(f"{leaf}".encode()).digest())


def as_entries(law: BallotRule, voters: Sequence[Voter], votes: Sequence[Vote], tally: Tally) -> list[Checked]:
    rows = [[voter.organisation, voter.member_class, list(voter.marks)] for voter in voters]
    opening = checked(
        1, "institute", "group.ballot.open", {"ballot": "bl-1", "rule": law.as_body(), "electorate": rows}
    )
    papers = [
        checked(
            leaf,
            vote.organisation,
            "group.vote.cast",
            {"ballot": "bl-1", "position": vote.position, "technical": list(vote.technical), "statement": None},
        )
        for leaf, vote in enumerate(votes, 2)
    ]
    named = [[paper.organisation, paper.digest] for paper in papers]
    body = {"ballot": "bl-1", "votes": named, "tally": tally.as_body()}
    return [opening, *papers, checked(len(votes) + 2, "institute", "group.ballot.close", body)]
