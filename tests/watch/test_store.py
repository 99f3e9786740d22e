import json

import pytest

from gongshi.ledger.records import Op
from gongshi.terms.canonical import encode_json
from gongshi.terms.digest import compute_digest, digest_from_text
from gongshi.terms.text import Text
from gongshi.watch import store
from gongshi.watch.entries import assess_technology, encode_exposures, expose_ledger, see_signals
from gongshi.watch.match import index_advisories, match_inventory
from gongshi.watch.records import Assessment
from gongshi.watch.rules import compute_batch
from tests.watch.chains import ANALYST, Chain
from tests.watch.worlds import EXAMPLE, NOW, classify, make_advisory, make_inventory, make_source, read_world

FEED = "<rss version='2.0'><channel><item><title>{}</title><guid>1</guid></item></channel></rss>"


def read_feed(title, name="src", collected=NOW):
    return compute_batch(FEED.format(title).encode(), make_source("rss", name), classify, collected)


@pytest.fixture
def chain(tmp_path):
    return Chain(tmp_path)


def enter(chain, *batches):
    for batch in batches:
        chain.blobs.put(batch.encode())
        assert chain.submit([see_signals(batch)]) is None
    return chain.read()


@pytest.mark.parametrize("delay_blocks", [0, 3])
def test_the_example_is_read_back_from_blocks_and_equals_its_rebuild(tmp_path, delay_blocks):
    chain = Chain(tmp_path, delay_blocks)
    batches = read_world(EXAMPLE, "sources.toml")
    with enter(chain, *batches) as tables:
        found = store.list_signals(tables)
        counts = store.count_signals(tables)
    assert {signal.id for signal in found} == {signal.id for batch in batches for signal in batch.signals}
    assert counts == {"home": 11, "overseas": 41}
    assert len({signal.cluster for signal in found}) == 49
    assert [signal.time for signal in found] == sorted((signal.time for signal in found), reverse=True)
    chain.rebuild()
    with chain.read() as tables:
        assert store.list_signals(tables) == found


def test_signals_are_found_by_region_technology_and_cluster(chain):
    with enter(
        chain, read_feed("IBC finality", "a"), read_feed("IBC Finality!", "b"), read_feed("consensus", "c")
    ) as tables:
        assert [signal.source for signal in store.list_signals(tables, technology="consensus")] == ["c"]
        assert store.list_signals(tables, region="home") == []
        assert len(store.list_signals(tables, most=2)) == 2
        one = next(signal for signal in store.list_signals(tables) if signal.source == "a")
        assert {signal.source for signal in store.list_signals(tables, cluster=one.cluster)} == {"a", "b"}
        assert store.get_signal(tables, one.id) == one
        assert store.get_signal(tables, "sg-none") is None


def test_an_edit_is_a_version_and_the_return_to_an_older_wording_another(chain):
    """
    the same item says IBC, then consensus, then IBC again
    """
    batches = [read_feed(title, collected=NOW + n) for n, title in enumerate(["IBC", "consensus", "IBC"])]
    titles = []
    for batch in batches:
        with enter(chain, batch) as tables:
            (latest,) = store.list_signals(tables)
            titles.append(
                (latest.title, [signal.title for signal in store.list_signals(tables, technology="interoperability")])
            )
    assert titles == [("IBC", ["IBC"]), ("consensus", []), ("IBC", ["IBC"])]
    with chain.read() as tables:
        assert tables.execute(store.sa.select(store.sa.func.count()).select_from(store.SIGNALS)).scalar() == 3
        assert store.get_batches(tables, [latest.id]) == {latest.id: compute_digest(batches[2].encode())}


def test_bytes_that_were_entered_are_known(chain):
    batch = read_feed("IBC")
    with enter(chain, batch) as tables:
        assert store.is_seen(tables, "src", digest_from_text(batch.raw))
        assert not store.is_seen(tables, "src", compute_digest(b"other"))


def forge(batch, **changes):
    """Give a document that is not what the entry says."""
    document = json.loads(batch.encode())
    document["signals"][0] |= changes
    return json.dumps(document).encode()


def test_a_document_that_is_not_here_or_not_what_its_entry_says_gives_no_signal(chain):
    batch = read_feed("IBC")
    changes = [
        {"id": "sg-other"},
        {"source": "other"},
        {"title": 3},
        {"links": [[]]},
        {"first_seen": 2**53},
        {"first_seen": None},
        {"published": "yesterday"},
        {"technologies": [["a", "x"], ["a", "y"]]},
        {"facts": []},
        {"extra": 1},
    ]
    forged = [*(forge(batch, **change) for change in changes), b"{}", b"[", encode_json([1])]
    for data in forged:
        op = see_signals(batch)
        document = chain.blobs.put(data)
        assert chain.submit([Op(op.kind, 1, {**op.body, "document": document})]) is None
    assert chain.submit([see_signals(batch)]) is None
    with chain.read() as tables:
        assert store.list_signals(tables) == []
        states = list(tables.scalars(store.sa.select(store.BATCHES.c.state).order_by(store.BATCHES.c.leaf)))
    assert states == ["unsound"] * 13 + ["absent"]


def test_an_assessment_is_reached_from_the_signal_that_it_cites(chain):
    with enter(chain, read_feed("IBC")) as tables:
        (signal,) = store.list_signals(tables)
        batches = store.get_batches(tables, [signal.id])
    words = {"recommendation": Text("建议", "advice"), "work_item": Text("项目", "item")}
    assessment = Assessment("interoperability", "trial", "low", cited=(signal.id,), **words)
    assert chain.submit([assess_technology(assessment, batches)], ANALYST) is None
    with chain.read() as tables:
        assert store.list_assessments(tables) == [(assessment.id, "bank", assessment)]
        assert store.list_assessments(tables, "consensus") == []
        assert store.list_citing(tables, signal.id) == [assessment.id]


def enter_exposures(chain, inventory, exposures):
    chain.blobs.put(encode_exposures(exposures))
    assert chain.submit([expose_ledger(inventory, exposures, [compute_digest(b"advisories")])]) is None
    return chain.read()


def test_a_finding_that_ended_is_closed_and_kept(chain):
    """
    two findings, then one, then both again
    """
    inventory = make_inventory(("m", "v1.0.0"))
    everything = (("introduced", "0"),)
    advisories = [make_advisory("GO-1", "m", everything), make_advisory("GO-2", "m", everything)]
    both, _ = match_inventory(inventory, index_advisories(advisories))
    with enter_exposures(chain, inventory, both) as tables:
        assert store.list_exposures(tables) == both
    with enter_exposures(chain, inventory, both[:1]) as tables:
        assert store.list_exposures(tables, "bank") == both[:1]
        assert store.list_exposures(tables, closed=True) == both[1:]
        assert store.list_exposures(tables, "insurer") == []
    with enter_exposures(chain, inventory, both) as tables:
        assert store.list_exposures(tables) == both


def test_nobody_reports_anothers_ledger(chain):
    inventory = make_inventory(("m", "v1.0.0"))
    found, _ = match_inventory(inventory, index_advisories([make_advisory("GO-1", "m", (("introduced", "0"),))]))
    document = json.loads(encode_exposures(found))
    document["exposures"][0]["organisation"] = "insurer"
    wrong = json.loads(encode_exposures(found))
    wrong["exposures"][0]["module"] = []
    op = expose_ledger(inventory, found, [compute_digest(b"x")])
    for data in (encode_json(document), encode_json(wrong), b"{}", b"["):
        assert chain.submit([Op(op.kind, 1, {**op.body, "document": chain.blobs.put(data)})]) is None
    with chain.read() as tables:
        assert store.list_exposures(tables) == []
