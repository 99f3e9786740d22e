"""Status events of proposal repositories (EIP, BIP), one JSON document a line: life cycles as dated, typed signals.

A bot's sweep or a change of vocabulary alters many documents in one day: that is one event with a list (handbook 9).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from gongshi.terms.instant import Instant, day_of, instant_from_iso
from gongshi.terms.problem import Problem
from gongshi.watch.records import Item, Source

KINDS = ("proposals",)
# Four drafts may well arrive on a busy day; four changes to one status on one day are a sweep.
CHANGES_FROM = 4
ARRIVALS_FROM = 10
_STATUS_LENGTH_MAX = 24


@dataclass(frozen=True, slots=True)
class Step:
    """One document's change of status; `old` is empty where the document appears."""

    document: str
    title: str
    old: str
    new: str
    time: Instant


def read(raw: bytes, source: Source) -> tuple[list[Item], list[Problem]]:
    """Give one item a step, and one for all steps of a sweep: the same new status on the same UTC day."""
    steps, problems = _read_steps(raw.decode("utf-8-sig", errors="replace"), source.id)
    days: dict[tuple[str, bool, str], list[Step]] = defaultdict(list)
    for step in steps:
        days[str(day_of(step.time, "UTC")), bool(step.old), step.new].append(step)
    items: list[Item] = []
    for (day, is_change, new), same in days.items():
        is_sweep = len({step.document for step in same}) >= (CHANGES_FROM if is_change else ARRIVALS_FROM)
        items += [_sweep_item(day, new, same, source)] if is_sweep else [_step_item(step, source) for step in same]
    return items, problems


def _read_steps(text: str, where: str) -> tuple[list[Step], list[Problem]]:
    steps: dict[Step, None] = {}
    problems: list[Problem] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            found = _get_steps(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            problems.append(Problem("watch.proposal.malformed", f"{where}:{number}"))
            continue
        steps.update(dict.fromkeys(step for step in found if _is_status(step.new)))
        problems += _get_step_problems(found, where)
    return sorted(steps, key=lambda step: (step.time, step.document)), problems


def _get_steps(document: dict[str, Any]) -> list[Step]:
    name, title = str(document["id"]), str(document.get("title") or "")
    steps = [
        Step(name, title, event["old"] or "", str(event["new"]), instant_from_iso(event["date"]))
        for event in document["events"]
    ]
    return sorted(steps, key=lambda step: step.time)


def _is_status(word: str) -> bool:
    """Ask whether a status is a word of a series; template text and sentences were misread by whoever kept the record."""
    return 0 < len(word) <= _STATUS_LENGTH_MAX and not set(word) & set("<>|.:")


def _get_step_problems(steps: list[Step], where: str) -> Iterable[Problem]:
    for step in steps:
        if not _is_status(step.new):
            yield Problem("watch.proposal.status_unread", f"{where}:{step.document}", {"status": step.new[:80]})
    for before, after in pairwise(steps):
        if after.old != before.new:
            yield Problem(
                "watch.proposal.step_unjoined", f"{where}:{after.document}", {"before": before.new, "old": after.old}
            )


def _step_item(step: Step, source: Source) -> Item:
    change = f"{step.old} → {step.new}" if step.old else step.new
    return Item(
        guid=f"{step.document}@{step.time}:{step.new}",
        url=f"{source.origin}#{step.document}",
        title=f"{step.document} {step.title}: {change}".replace(" :", ":"),
        text=f"{step.document} {step.title}",
        language=source.language,
        published=step.time,
        facts={"documents": [step.document], "old": step.old, "new": step.new},
    )


def _sweep_item(day: str, new: str, steps: list[Step], source: Source) -> Item:
    changes = [{"document": step.document, "old": step.old} for step in steps]
    documents = list(dict.fromkeys(step.document for step in steps))
    return Item(
        guid=f"sweep@{day}:{'change' if steps[0].old else 'arrival'}:{new}",
        url="",
        title=f"{source.name.in_(source.language)} {day}: {new} ({len(documents)})",
        # Many titles at once say nothing about a technology: the sweep is news about the process alone.
        text=new,
        language=source.language,
        published=steps[0].time,
        facts={"documents": documents, "changes": changes, "new": new},
    )
