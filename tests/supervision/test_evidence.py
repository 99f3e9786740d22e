import json

from gongshi.supervision.evidence import build_comparison_evidence, score_figures
from gongshi.supervision.rules import compare_options, run_option
from gongshi.terms.evidence import evidence_from
from tests.supervision.test_rules import CYCLES, DESK, LARGE, MANIFEST, ROWS
from tests.supervision.worlds import columns_of


def build(rows=ROWS, manifest=MANIFEST):
    columns = columns_of(rows, holders=DESK)
    runs = [run_option(columns, CYCLES), run_option(columns, LARGE)]
    comparison = compare_options(columns, runs, manifest)
    return (
        columns,
        comparison,
        build_comparison_evidence(columns, runs, manifest, comparison, tool="gongshi test", environment={}, times={}),
    )


def test_every_figure_of_the_table_is_in_the_evidence():
    _, comparison, evidence = build()
    for score in comparison.scores:
        for name, quantity in score_figures(score).items():
            assert evidence.figures[f"{score.option}.{name}"] == quantity
    printed = {name: quantity.printed() for name, quantity in evidence.figures.items()}
    assert printed["past.rows"] == "6"
    assert (printed["past.rings"], printed["past.lookalikes"]) == ("2", "2")
    assert (printed["overlap.caught_by_all"], printed["overlap.caught_by_none"]) == ("0", "1")
    assert printed["cycles.money_covered"] == "18.00"
    assert printed["cycles.money_covered_share"] == "100.0"
    assert printed["cycles.alerts_per_1000_accounts"] == "285.7"
    assert printed["cycles.searches_stopped"] == "0"
    assert (printed["cycles.caught.cycle"], printed["cycles.planted.mirror"]) == ("1", "1")
    assert (printed["large.burdened.stall"], printed["large.innocent.family"]) == ("1", "1")


def test_the_evidence_names_what_it_was_computed_from_and_that_it_is_synthetic():
    columns, _, evidence = build()
    assert evidence.subjects == {
        "option.cycles": CYCLES.digest(),
        "option.large": LARGE.digest(),
        "columns": columns.digest,
        "manifest": MANIFEST.digest(),
    }
    assert (evidence.kind, evidence.seed) == ("supervision.comparison", 1)
    assert evidence.results["synthetic"] is True
    assert [rule["option"] for rule in evidence.results["rules"]] == ["cycles", "large"]


def test_the_same_past_gives_the_same_document_and_another_order_of_rows_too():
    _, _, evidence = build()
    assert build(ROWS[::-1])[2].digest() == evidence.digest()
    assert evidence_from(json.loads(evidence.encode())).digest() == evidence.digest()
    assert build(ROWS[:-1])[2].digest() != evidence.digest()


def test_without_money_or_accounts_a_share_is_nothing():
    _, comparison, _ = build([], MANIFEST)
    figures = score_figures(comparison.scores[0])
    assert figures["money_covered_share"].value == figures["alerts_per_1000_accounts"].value == 0
