"""Assessments: which signals an analyst leans on, what the evidence alone would propose, and whether his citations stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from gongshi.terms.instant import MS_PER_DAY, Instant
from gongshi.terms.problem import Problem
from gongshi.watch.records import CONFIDENCES, REGIONS, RINGS, Assessment, Confidence, Region, Ring, Signal

RECENT_DAYS = 365


@dataclass(frozen=True, slots=True)
class Weight:
    """What the signals of a technology say in numbers: stories by region, and those of the last 365 days."""

    stories: Mapping[Region, int]
    recent: Mapping[Region, int]


@dataclass(frozen=True, slots=True)
class Proposal:
    """The rating that the numbers alone would give, with the numbers beside it; an analyst may overrule it with reasons."""

    technology: str
    ring: Ring
    confidence: Confidence
    weight: Weight


def get_signals_of(technology: str, signals: Iterable[Signal]) -> list[Signal]:
    """Give the signals of a technology, newest first, one a story."""
    stories: dict[str, Signal] = {}
    for signal in sorted(signals, key=lambda signal: (-signal.time, signal.id)):
        if any(hit.technology == technology for hit in signal.technologies):
            stories.setdefault(signal.cluster or signal.id, signal)
    return list(stories.values())


def cite_signals(technology: str, signals: Iterable[Signal], per_region: int) -> tuple[str, ...]:
    """Give the ids of the newest signals of each region: the query by which a declared assessment finds what it cites."""
    stories = get_signals_of(technology, signals)
    return tuple(signal.id for region in REGIONS for signal in [s for s in stories if s.region == region][:per_region])


def compute_weight(technology: str, signals: Iterable[Signal], as_of: Instant) -> Weight:
    """Count the stories of a technology up to an instant; what is dated later was not known."""
    known = [signal for signal in get_signals_of(technology, signals) if signal.time <= as_of]
    recent = [signal for signal in known if signal.time > as_of - RECENT_DAYS * MS_PER_DAY]
    return Weight(_count_regions(known), _count_regions(recent))


def _count_regions(signals: Iterable[Signal]) -> dict[Region, int]:
    counts = Counter(signal.region for signal in signals)
    return {region: counts[region] for region in REGIONS}


def propose_rating(technology: str, signals: Iterable[Signal], as_of: Instant) -> Proposal:
    """Propose a ring: moving at home and overseas is to be tried, in one region assessed, silent for a year held.

    Numbers never propose `adopt`: that needs a run in the lab. Confidence grows with the number of stories.
    """
    weight = compute_weight(technology, signals, as_of)
    moving = sum(1 for region in REGIONS if weight.recent[region])
    total = sum(weight.stories.values())
    ring: Ring = "trial" if moving == len(REGIONS) else "assess" if moving else "hold"
    confidence: Confidence = "high" if total >= 30 else "medium" if total >= 5 else "low"
    return Proposal(technology, ring, confidence, weight)


def check_assessment(
    assessment: Assessment, signals: Mapping[str, Signal], technologies: Collection[str]
) -> list[Problem]:
    """Give what is wrong with an assessment: its words, and every citation that does not stand or speaks of something else."""
    where = assessment.technology
    conditions = {
        "watch.assessment.technology_unknown": where not in technologies,
        "watch.assessment.ring_unknown": assessment.ring not in RINGS,
        "watch.assessment.confidence_unknown": assessment.confidence not in CONFIDENCES,
        "watch.assessment.cites_nothing": not assessment.cited,
        "watch.assessment.cites_twice": len(set(assessment.cited)) != len(assessment.cited),
    }
    problems = [Problem(code, where) for code, holds in conditions.items() if holds]
    return problems + [problem for cited in assessment.cited if (problem := _check_citation(cited, where, signals))]


def _check_citation(cited: str, technology: str, signals: Mapping[str, Signal]) -> Problem | None:
    if cited not in signals:
        return Problem("watch.assessment.signal_unknown", technology, {"signal": cited})
    if all(hit.technology != technology for hit in signals[cited].technologies):
        return Problem("watch.assessment.signal_beside_the_point", technology, {"signal": cited})
    return None
