import pytest

from gongshi.ledger.records import Op
from gongshi.terms.digest import compute_digest
from gongshi.terms.problem import Problem
from gongshi.terms.text import Text
from gongshi.watch.entries import assess_technology, assessment_from, expose_ledger, see_signals
from gongshi.watch.match import index_advisories, match_inventory
from gongshi.watch.records import Assessment
from gongshi.watch.rules import compute_batch
from tests.watch.chains import ANALYST, Chain
from tests.watch.worlds import NOW, classify, make_advisory, make_inventory, make_source

FEED = b"<rss version='2.0'><channel><item><title>IBC finality</title><guid>1</guid></item></channel></rss>"
BATCH = compute_batch(FEED, make_source("rss"), classify, NOW)
(SIGNAL,) = BATCH.signals
WORDS = {"recommendation": Text("建议", "advice"), "work_item": Text("项目", "item")}
ASSESSMENT = Assessment("interoperability", "trial", "low", cited=(SIGNAL.id,), rehearsal=True, **WORDS)
DOCUMENT = compute_digest(BATCH.encode())


@pytest.fixture
def chain(tmp_path):
    return Chain(tmp_path)


def test_a_batch_is_entered_once(chain):
    assert chain.submit([see_signals(BATCH)]) is None
    refusal = chain.submit([see_signals(BATCH)])
    assert (refusal.code, refusal.values) == ("watch.signals.known", {"source": "src"})


def test_an_assessment_is_an_analysts_act_on_signals_of_the_ledger(chain):
    op = assess_technology(ASSESSMENT, {SIGNAL.id: DOCUMENT})
    assert chain.submit([op], ANALYST).code == "watch.assessment.batch_unknown"
    assert chain.submit([see_signals(BATCH)]) is None
    assert chain.submit([op]).code == "watch.assessment.not_analyst"
    assert chain.submit([op], ANALYST) is None
    assert chain.submit([op], ANALYST).code == "watch.assessment.known"
    assert chain.engine.get("watch", f"assessment/{ASSESSMENT.id}")["ring"] == "trial"


def test_an_assessment_has_the_same_id_on_the_ledger():
    assert assessment_from(assess_technology(ASSESSMENT, {SIGNAL.id: DOCUMENT}).body) == ASSESSMENT


def test_exposures_are_entered_when_they_changed(chain):
    inventory = make_inventory(("m", "v1.0.0"))
    some, _ = match_inventory(inventory, index_advisories([make_advisory("GO-1", "m", (("introduced", "0"),))]))
    advisories = [compute_digest(b"advisories")]
    assert chain.submit([expose_ledger(inventory, some, advisories)]) is None
    assert chain.submit([expose_ledger(inventory, some, advisories)]).code == "watch.exposures.known"
    assert chain.submit([expose_ledger(inventory, [], advisories)]) is None
    assert chain.engine.get("watch", "exposures/bank/node")["records"] == 0


@pytest.mark.parametrize(
    ("op", "field", "value"),
    [
        (see_signals(BATCH), "count", -1),
        (see_signals(BATCH), "document", b"short"),
        (assess_technology(ASSESSMENT, {SIGNAL.id: DOCUMENT}), "ring", "buy"),
        (assess_technology(ASSESSMENT, {SIGNAL.id: DOCUMENT}), "cited", []),
        (assess_technology(ASSESSMENT, {SIGNAL.id: DOCUMENT}), "cited", [SIGNAL.id]),
        (assess_technology(ASSESSMENT, {SIGNAL.id: DOCUMENT}), "rehearsal", 1),
        (expose_ledger(make_inventory(), [], [DOCUMENT]), "advisories", []),
    ],
)
def test_a_body_of_another_form_is_refused_by_its_field(chain, op, field, value):
    refusal = chain.submit([Op(op.kind, op.version, {**op.body, field: value})], ANALYST)
    assert refusal == Problem(f"{op.kind}.form", refusal.where, {"field": field, "reason": "form"})
