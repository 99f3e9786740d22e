from gongshi.supervision.evidence import score_figures
from gongshi.supervision.rules import compare_options, run_option
from gongshi.supervision.scores import kind_rows, score_rows
from tests.supervision.populations import columns_from, draw, example_options


def test_rows_and_evidence_say_the_same():
    columns, manifest = columns_from(), draw().manifest
    comparison = compare_options(columns, [run_option(columns, option) for option in example_options()], manifest)
    for score, line in zip(comparison.scores, score_rows(comparison), strict=True):
        figures = score_figures(score)
        shared = line.keys() & figures.keys()
        assert shared >= {"caught", "missed", "alerts", "false_alarms", "accounts_burdened", "money_covered"}
        assert {name: figures[name].value for name in shared} == {name: line[name] for name in shared}
    for line in kind_rows(comparison):
        score = next(score for score in comparison.scores if score.option == line["option"])
        noun = ("burdened", "innocent") if line["innocent"] else ("caught", "planted")
        figures = score_figures(score)
        assert [figures[f"{word}.{line['kind']}"].value for word in noun] == [line["touched"], line["present"]]
