import pytest

from gongshi.terms.text import Text
from gongshi.watch.assess import check_assessment, cite_signals, propose_rating
from gongshi.watch.cluster import apply_clusters
from gongshi.watch.declare import read_assessments
from gongshi.watch.records import Assessment
from tests.watch.worlds import EXAMPLE, NOW, about, make_signal, read_world

IBC = about("interoperability")
KNOWN = {s.id: s for s in [make_signal("1", technologies=IBC), make_signal("2", technologies=about("consensus"))]}
FIRST, BESIDE = KNOWN


def assess(**given):
    fields = {"technology": "interoperability", "ring": "trial", "confidence": "low", "cited": (FIRST,)} | given
    return Assessment(recommendation=Text("建议", "advice"), work_item=Text("项目", "item"), **fields)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, None),
        ({"technology": "nothing", "cited": ()}, "watch.assessment.technology_unknown"),
        ({"ring": "buy"}, "watch.assessment.ring_unknown"),
        ({"confidence": "sure"}, "watch.assessment.confidence_unknown"),
        ({"cited": ()}, "watch.assessment.cites_nothing"),
        ({"cited": (FIRST, FIRST)}, "watch.assessment.cites_twice"),
        ({"cited": (FIRST, "sg-none")}, "watch.assessment.signal_unknown"),
        ({"cited": (FIRST, BESIDE)}, "watch.assessment.signal_beside_the_point"),
    ],
)
def test_an_assessment_stands_on_its_citations(given, code):
    problems = check_assessment(assess(**given), KNOWN, {"interoperability", "consensus"})
    assert [problem.code for problem in problems][:1] == ([code] if code else [])


def test_citations_are_the_newest_stories_of_each_region():
    """
    overseas 1 and 2 are one story; 3 is older; 4 is another technology's; home 5
    """
    signals = [
        make_signal("1", day="2024-03-01", technologies=IBC, cluster="cl"),
        make_signal("2", day="2024-02-01", technologies=IBC, cluster="cl"),
        make_signal("3", day="2024-01-01", technologies=IBC),
        make_signal("4", day="2024-04-01", technologies=about("consensus")),
        make_signal("5", day="2023-01-01", technologies=IBC, region="home"),
    ]
    one, _, three, _, five = (signal.id for signal in signals)
    assert cite_signals("interoperability", signals, 2) == (five, one, three)
    assert cite_signals("interoperability", signals, 1) == (five, one)


@pytest.mark.parametrize(
    ("world", "ring", "confidence"),
    [
        ([("home", "2026-06-01"), ("overseas", "2026-06-01")], "trial", "low"),
        ([("home", "2020-06-01"), ("overseas", "2026-06-01")], "assess", "low"),
        ([("home", "2020-06-01")] * 5, "hold", "medium"),
        ([("overseas", "2026-06-01")] * 30, "assess", "high"),
        ([("home", "2027-06-01"), ("overseas", "2026-06-01")], "assess", "low"),
        ([], "hold", "low"),
    ],
)
def test_a_rating_is_proposed_from_what_was_known(world, ring, confidence):
    signals = [make_signal(str(n), region=region, day=day, technologies=IBC) for n, (region, day) in enumerate(world)]
    proposal = propose_rating("interoperability", signals, NOW)
    assert (proposal.ring, proposal.confidence) == (ring, confidence)


def check_declared(batches):
    signals = apply_clusters(signal for batch in batches for signal in batch.signals)
    raw = (EXAMPLE / "assessments" / "interoperability.toml").read_bytes()
    (declared,), problems = read_assessments(raw, "interoperability.toml")
    assessment = declared.cite(signals)
    known = {signal.id: signal for signal in signals}
    assert problems + check_assessment(assessment, known, {"interoperability"}) == []
    assert [known[cited].region for cited in assessment.cited] == ["home"] * 3 + ["overseas"] * 3
    assert assessment.rehearsal


def test_the_declared_assessment_stands_on_the_examples_signals():
    check_declared(read_world(EXAMPLE, "sources.toml"))


def test_the_declared_assessment_stands_on_real_signals(data):
    check_declared(read_world(data, "sources-data.toml"))
