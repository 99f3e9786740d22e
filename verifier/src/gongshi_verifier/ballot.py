"""Recounts a ballot from its entries alone: the opening with its rule and frozen list, every paper, and the closing.

Written apart from the house that counted, from the procedure and not from its code:
1. one opening and one closing, both by the same organisation, the closing after every paper;
2. the papers are exactly those that the closing names, in the log's order;
3. who is barred, whose paper is void, what the papers add up to, what each comparison gives, and the verdict that follows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import ge, gt, le, lt
from typing import Any, Protocol

from gongshi_verifier import cbor
from gongshi_verifier.report import Finding

OPEN, CAST, CLOSE = "group.ballot.open", "group.vote.cast", "group.ballot.close"
_RELATION = {"ge": ge, "gt": gt, "le": le, "lt": lt}


class Signed(Protocol):
    """What is read of an entry whose signature and place in the log were checked."""

    @property
    def leaf(self) -> int: ...  # noqa: D102 - a field
    @property
    def organisation(self) -> str: ...  # noqa: D102 - a field
    @property
    def ops(self) -> list[list[Any]]: ...  # noqa: D102 - a field
    @property
    def digest(self) -> bytes: ...  # noqa: D102 - a field


@dataclass(frozen=True, slots=True)
class _Act:
    leaf: int
    by: str
    digest: bytes
    body: dict[str, Any]


def check_ballot(entries: Sequence[Signed], content: Mapping[Any, Any]) -> tuple[list[Finding], dict[str, object]]:
    """Recount the ballot that a bundle names."""
    ballot = content.get("ballot")
    if set(content) != {"ballot"} or not isinstance(ballot, str):
        return [Finding("verify.ballot.form")], {}
    return recount(entries, ballot)


def recount(entries: Sequence[Signed], ballot: str | None = None) -> tuple[list[Finding], dict[str, Any]]:
    """Give what does not hold, and the tally as recounted (empty where there is nothing to count).

    Without a name the entries are those of one ballot.
    """
    openings = [act for act in _acts(entries, OPEN) if ballot in (None, act.body.get("ballot"))]
    if len(openings) != 1:
        return [Finding("verify.ballot.opening", ballot or "", {"found": len(openings)})], {}
    opening = openings[0]
    ballot = opening.body.get("ballot")
    closings = [act for act in _acts(entries, CLOSE) if act.body.get("ballot") == ballot]
    if len(closings) != 1:
        return [Finding("verify.ballot.closing", str(ballot), {"found": len(closings)})], {}
    closing = closings[0]
    papers = [act for act in _acts(entries, CAST) if act.body.get("ballot") == ballot]
    try:
        findings = _check_order(opening, closing, papers) + _check_papers(closing, papers)
        tally = _count(opening.body, papers)
        findings += _compare(closing.body["tally"], tally, str(ballot))
    except (LookupError, TypeError, ValueError, AttributeError):
        return [Finding("verify.ballot.unreadable", str(ballot))], {}
    return findings, {"ballot": ballot, **tally}


def _acts(entries: Sequence[Signed], kind: str) -> Iterator[_Act]:
    for entry in sorted(entries, key=lambda one: one.leaf):
        for name, version, body in entry.ops:
            if (name, version) == (kind, 1) and isinstance(body, dict):
                yield _Act(entry.leaf, entry.organisation, entry.digest, body)


def _check_order(opening: _Act, closing: _Act, papers: Sequence[_Act]) -> list[Finding]:  # 1
    findings = []
    if opening.by != closing.by:
        findings.append(Finding("verify.ballot.closer", closing.by, {"opened_by": opening.by}))
    findings += [
        Finding("verify.ballot.order", f"leaf {act.leaf}", {"organisation": act.by})
        for act in papers
        if not opening.leaf < act.leaf < closing.leaf
    ]
    return findings


def _check_papers(closing: _Act, papers: Sequence[_Act]) -> list[Finding]:  # 2
    named = [(organisation, digest) for organisation, digest in closing.body["votes"]]
    found = [(act.by, act.digest) for act in papers]
    are_found, are_named = set(found), set(named)
    findings = [
        Finding("verify.ballot.vote_missing", organisation, {"organisation": organisation, "digest": digest.hex()})
        for organisation, digest in named
        if (organisation, digest) not in are_found
    ]
    findings += [
        Finding("verify.ballot.vote_unnamed", organisation, {"organisation": organisation, "digest": digest.hex()})
        for organisation, digest in found
        if (organisation, digest) not in are_named
    ]
    if not findings and named != found:
        findings.append(Finding("verify.ballot.vote_order", f"leaf {closing.leaf}"))
    return findings


def _count(opening: dict[str, Any], papers: Sequence[_Act]) -> dict[str, Any]:  # 3
    rule = opening["rule"]
    if len({row[0] for row in opening["electorate"]}) != len(opening["electorate"]):
        raise ValueError("an organisation stands in the list twice")
    classes: dict[str, str] = {}
    barred = []
    for organisation, member_class, marks in sorted(opening["electorate"]):
        why = sorted({mark for mark in marks if mark in rule["barred"]} | _outside(member_class, rule["classes"]))
        if why:
            barred.append([organisation, why])
        else:
            classes[organisation] = member_class
    last: dict[str, dict[str, Any]] = {}
    for act in papers:
        if act.by in classes:
            last[act.by] = act.body
    asks_reason = "disapproval_without_te" in rule["void"]
    void = {name for name in last if asks_reason and _is_bare_disapproval(last[name])}
    cells = Counter((_kind(body["position"]), classes[name]) for name, body in last.items() if name not in void)
    values = _symbols(cells, Counter(classes.values()), drops=rule["abstentions"] == "dropped")
    quorum = rule.get("quorum")
    asked = ([quorum] if quorum is not None else []) + rule["tests"]
    results = [_test(one, values) for one in asked]
    return {
        "entitled": values["m"],
        "yes": values["y"],
        "no": values["n"],
        "abstain": values["a"],
        "not_returned": values["m"] - len(last),
        "barred": barred,
        "void": [[name, "disapproval_without_te"] for name in sorted(void)],
        "tests": results,
        "verdict": _verdict(values, results, has_quorum=quorum is not None, tie=rule["tie"]),
    }


def _outside(member_class: str, admitted: list[str]) -> set[str]:
    return set() if member_class in admitted else {"class:" + member_class}


def _is_bare_disapproval(body: dict[str, Any]) -> bool:
    return body["position"] == "disapprove" and len(body["technical"]) == 0


def _kind(position: str) -> str:
    return {"approve": "y", "approve_with_comments": "y", "disapprove": "n", "abstain": "a"}[position]


def _symbols(cells: Counter[tuple[str, str]], members: Counter[str], *, drops: bool) -> dict[str, int]:
    values: dict[str, int] = {}
    for tail in ("", "P"):
        for letter in "yna":
            values[letter + tail] = sum(n for (kind, cl), n in cells.items() if kind == letter and tail in ("", cl))
        values["m" + tail] = sum(n for cl, n in members.items() if tail in ("", cl))
        values["p" + tail] = values["y" + tail] + values["n" + tail] + values["a" + tail]
        values["v" + tail] = values["p" + tail] - (values["a" + tail] if drops else 0)
    return values


def _test(test: dict[str, Any], values: dict[str, int]) -> list[Any]:
    left, right = (sum(times * values[name] for name, times in test[side].items()) for side in ("left", "right"))
    holds = bool(_RELATION[test["relation"]](left, right)) and (left > 0 or right > 0)
    return [test["name"], left, test["relation"], right, holds]


def _verdict(values: dict[str, int], results: list[list[Any]], *, has_quorum: bool, tie: str) -> str:
    if has_quorum and not results[0][4]:
        return "no_quorum"
    if values["y"] == values["n"] == 0:
        return "no_vote"
    if all(result[4] for result in results):
        return "approved"
    return "discuss" if values["y"] == values["n"] and tie == "discuss" else "not_approved"


def _compare(stated: dict[str, Any], counted: dict[str, Any], ballot: str) -> list[Finding]:
    """Compare value by value, as bytes: to Python alone, true is 1."""
    return [
        Finding(
            "verify.ballot.count_differs",
            f"{ballot}/{name}",
            {"stated": stated.get(name), "counted": counted.get(name)},
        )
        for name in [*counted, *(name for name in stated if name not in counted)]
        if name not in stated or cbor.encode(stated[name]) != cbor.encode(counted.get(name)) or name not in counted
    ]
