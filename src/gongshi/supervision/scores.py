"""The comparison as rows that a door can print; the names of its fields have sentences in both languages."""

from __future__ import annotations

from gongshi.supervision.records import Comparison


def score_rows(comparison: Comparison) -> list[dict[str, object]]:
    """Give one row an option: rings caught and missed, alerts, false alarms, accounts burdened, money in fen."""
    return [
        {
            "option": score.option,
            "name": score.name.as_json(),
            "rings": score.rings,
            "caught": score.caught,
            "missed": score.missed,
            "alerts": score.alerts,
            "false_alarms": score.false_alarms,
            "accounts": score.accounts,
            "accounts_burdened": score.accounts_burdened,
            "money_planted": score.money_planted,
            "money_covered": score.money_covered,
        }
        for score in comparison.scores
    ]


def kind_rows(comparison: Comparison) -> list[dict[str, object]]:
    """Give one row an option and kind of planted pattern: how many there are, and how many of them alerts touched.

    For a guilty kind `touched` are caught rings; for an innocent one they are look-alikes that a false alarm hit.
    """
    return [
        {"option": score.option, "kind": kind, "innocent": innocent, "present": present, "touched": touched}
        for score in comparison.scores
        for innocent, counts in ((False, score.caught_by_kind), (True, score.burdened_by_kind))
        for kind, (touched, present) in counts.items()
    ]
