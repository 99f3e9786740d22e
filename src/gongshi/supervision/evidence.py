"""The comparison of options as evidence: every figure of the table, over the digests of what it was computed from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gongshi.supervision.columns import Columns
from gongshi.supervision.records import Comparison, Manifest, OptionRun, Score
from gongshi.terms.digest import digest_to_text
from gongshi.terms.evidence import Evidence
from gongshi.terms.quantity import Quantity, count_of


def build_comparison_evidence(
    columns: Columns,
    runs: Sequence[OptionRun],
    manifest: Manifest,
    comparison: Comparison,
    *,
    tool: str,
    environment: Mapping[str, str],
    times: Mapping[str, int],
) -> Evidence:
    """Give the `supervision.comparison` evidence; figures are named OPTION.FIGURE, the past itself `past.FIGURE`.

    `environment` and `times` come from the caller: this room asks no clock. Figures of time taken are not in it, so the
    same seed and rules give the same evidence wherever it is run.
    """
    figures = {
        "past.rows": count_of(len(columns), "payment"),
        "past.rings": count_of(sum(not ring.innocent for ring in manifest.rings), "ring"),
        "past.lookalikes": count_of(sum(ring.innocent for ring in manifest.rings), "group"),
        "overlap.caught_by_all": count_of(comparison.caught_by_all, "ring"),
        "overlap.caught_by_none": count_of(comparison.caught_by_none, "ring"),
    }
    for run, score in zip(runs, comparison.scores, strict=True):
        figures.update((f"{score.option}.{name}", quantity) for name, quantity in score_figures(score).items())
        figures[f"{score.option}.searches_stopped"] = count_of(run.stopped, "search")
    subjects = {f"option.{run.option.id}": run.option.digest() for run in runs}
    return Evidence(
        kind="supervision.comparison",
        subjects={**subjects, "columns": columns.digest, "manifest": manifest.digest()},
        tool=tool,
        environment=environment,
        seed=manifest.seed,
        times=times,
        figures=figures,
        results={"synthetic": True, "rules": list(_rules_json(runs))},
    )


def score_figures(score: Score) -> dict[str, Quantity]:
    """Give one option's row of the table; also what the page and the command print."""
    figures = {
        "caught": count_of(score.caught, "ring"),
        "missed": count_of(score.missed, "ring"),
        "alerts": count_of(score.alerts, "alert"),
        "false_alarms": count_of(score.false_alarms, "alert"),
        "accounts_burdened": count_of(score.accounts_burdened, "account"),
        "alerts_per_1000_accounts": Quantity(_per(score.alerts * 10_000, score.accounts), 1, "alert"),
        "money_planted": Quantity(score.money_planted, 2, "CNY"),
        "money_covered": Quantity(score.money_covered, 2, "CNY"),
        "money_covered_share": Quantity(_per(score.money_covered * 1000, score.money_planted), 1, "%"),
    }
    for kind, (caught, planted) in score.caught_by_kind.items():
        figures[f"caught.{kind}"] = count_of(caught, "ring")
        figures[f"planted.{kind}"] = count_of(planted, "ring")
    for kind, (burdened, present) in score.burdened_by_kind.items():
        figures[f"burdened.{kind}"] = count_of(burdened, "group")
        figures[f"innocent.{kind}"] = count_of(present, "group")
    return figures


def _per(part: int, whole: int) -> int:
    return (2 * part + whole) // (2 * whole) if whole else 0


def _rules_json(runs: Sequence[OptionRun]) -> Iterator[dict[str, object]]:
    for run in runs:
        for rule in run.option.rules:
            yield {"option": run.option.id, "digest": digest_to_text(rule.digest()), **rule.as_json()}
