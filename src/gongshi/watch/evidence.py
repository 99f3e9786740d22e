"""Evidence of the watch: the figures that a white paper may print about what was seen and who is hit. Pure builders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from gongshi.terms.digest import Digest, digest_from_text
from gongshi.terms.evidence import Evidence
from gongshi.terms.instant import Instant, day_of
from gongshi.terms.quantity import Quantity, count_of
from gongshi.watch.records import REGIONS, Assessment, Exposure, Inventory, Signal


def get_coverage_evidence(
    signals: Sequence[Signal], tool: str, environment: Mapping[str, str], as_of: Instant
) -> Evidence:
    """Say how many signals were kept, by region, source, kind, technology and year; subjects are the raw bytes of each source.

    `signals` are the latest versions, clustered; figures are named `signals`, `stories`, `signals.home`,
    `signals.technology.interoperability.overseas`, … so that a sentence can name the one it prints.
    """
    subjects = {f"{signal.source}:{signal.raw[7:15]}": digest_from_text(signal.raw) for signal in signals}
    figures = {name: count_of(number, "signal") for name, number in _count_signals(signals).items()}
    stories = count_of(len({signal.cluster or signal.id for signal in signals}), "story")
    return Evidence(
        kind="watch.coverage",
        subjects=subjects,
        tool=tool,
        environment=environment,
        seed=None,
        times={"as_of": as_of},
        figures={"stories": stories, "sources": count_of(len({s.source for s in signals}), "source"), **figures},
    )


def _count_signals(signals: Iterable[Signal]) -> Counter[str]:
    # Both regions are always named: that nothing was seen at home is a finding too.
    counts = Counter({"signals": 0} | {f"signals.{region}": 0 for region in REGIONS})
    for signal in signals:
        counts.update(["signals", *_get_places(signal)])
    return counts


def _get_places(signal: Signal) -> list[str]:
    technologies = [hit.technology for hit in signal.technologies]
    return [
        f"signals.{signal.region}",
        f"signals.source.{signal.source}",
        f"signals.kind.{signal.kind}",
        f"signals.year.{day_of(signal.time).year}",
        *(f"signals.technology.{technology}" for technology in technologies),
        *(f"signals.technology.{technology}.{signal.region}" for technology in technologies),
    ]


def get_exposure_evidence(
    inventories: Sequence[Inventory],
    exposures: Sequence[Exposure],
    advisories: Mapping[str, Digest],
    tool: str,
    environment: Mapping[str, str],
    as_of: Instant,
) -> Evidence:
    """Say what hits each inventory: records, modules, reviewed records, records without CVE, uncertain ones, unfixed ones.

    Figures are named `xuperchain.records` and so on; subjects are the inventories and the advisory sources (by name).
    """
    subjects = {f"inventory:{inventory.ledger}": digest_from_text(inventory.digest) for inventory in inventories}
    figures: dict[str, Quantity] = {}
    for inventory in inventories:
        held = [e for e in exposures if (e.organisation, e.ledger) == (inventory.organisation, inventory.ledger)]
        counted = {"components": len(inventory.components), **count_exposures(held)}
        figures |= {
            f"{inventory.ledger}.{name}": count_of(number, _UNITS.get(name, "record"))
            for name, number in counted.items()
        }
    return Evidence(
        kind="watch.exposure",
        subjects=subjects | {f"advisories:{name}": digest for name, digest in advisories.items()},
        tool=tool,
        environment=environment,
        seed=None,
        times={"as_of": as_of},
        figures=figures,
        results={"exposures": [_public_row(exposure) for exposure in exposures]},
    )


# A publication carries the evidence, and nobody may learn from it which version a member runs (MIIT 2021 no. 66, Art. 9).
_WITHHELD = frozenset({"organisation", "version", "hit", "replaced_by"})


def _public_row(exposure: Exposure) -> dict[str, object]:
    return {name: value for name, value in exposure.as_json().items() if name not in _WITHHELD}


_UNITS = {"components": "module", "modules": "module"}


def count_exposures(exposures: Iterable[Exposure]) -> dict[str, int]:
    """Count distinct advisory records and modules; a record that hits two modules counts once."""
    held = list(exposures)
    conditions = {
        "records": held,
        "reviewed": [e for e in held if e.reviewed],
        "without_cve": [e for e in held if not any(alias.startswith("CVE-") for alias in e.aliases)],
        "uncertain": [e for e in held if e.certainty != "exact"],
        "unfixed": [e for e in held if not e.fixed_in],
        "replaced": [e for e in held if e.replaced_by and not e.built],
    }
    counts = {name: len({e.advisory for e in hits}) for name, hits in conditions.items()}
    return counts | {"modules": len({e.module for e in held})}


def get_assessment_evidence(
    assessment: Assessment, batches: Mapping[str, Digest], tool: str, as_of: Instant
) -> Evidence:
    """Say what an analyst concluded on a technology; subjects are the batches that hold the signals he cites."""
    return Evidence(
        kind="watch.assessment",
        subjects=dict(batches),
        tool=tool,
        environment={"technology": assessment.technology},
        seed=None,
        times={"as_of": as_of},
        figures={"cited": count_of(len(assessment.cited), "signal")},
        results={
            "assessment": assessment.id,
            "technology": assessment.technology,
            "ring": assessment.ring,
            "confidence": assessment.confidence,
            "recommendation": assessment.recommendation.as_json(),
            "cited": list(assessment.cited),
        },
    )
