"""Signals, assessments and supervision's alerts in small form: what the ledger sees of them is their digests."""

from __future__ import annotations

from gongshi.ledger.records import Op
from gongshi.supervision.entries import record_alerts, record_comparison
from gongshi.terms.digest import compute_digest
from tests.sim.world import World

_WORDS = {"zh": "试用", "en": "Try it"}


def _digest(family: str, number: int) -> bytes:
    return bytes(compute_digest(f"{family} {number}".encode()))


def see(world: World) -> None:
    """Enter a batch without signals: its document is kept first, as the flow does."""
    number = world.rng.randint(0, 9)
    document = b'{"signals":[],"version":1}' + b" " * number
    world.blobs.put(document)
    body = {"source": "feed", "raw": _digest("raw", number), "count": 0, "document": bytes(compute_digest(document))}
    world.send(world.pick(world.names), Op("watch.signals", 1, body), mandate=None)


def assess(world: World) -> None:
    batch = world.pick(world.keys_of("watch", "batch/"))
    cited = bytes.fromhex(batch) if batch else _digest("none", 0)
    body = {
        "technology": "bft",
        "ring": world.pick(("hold", "trial")),
        "confidence": "low",
        "recommendation": _WORDS,
        "work_item": _WORDS,
        "cited": [{"signal": f"sg-{world.rng.randint(0, 3)}", "batch": cited}],
        "rehearsal": True,
    }
    name = "lab" if "lab" in world.names else "institute"
    world.send(name, Op("watch.assessment", 1, body))


def alert(world: World) -> None:
    height = world.engine.height + world.rng.choice((0, 0, 0, 50))
    rules, columns = _digest("rules", world.rng.randint(0, 3)), _digest("columns", world.rng.randint(0, 1))
    name = world.pick(("ministry", "ministry", "institute"))
    world.send(name, record_alerts("option-1", rules, columns, height, 3, _digest("batch", world.rng.randint(0, 9))))


def compare(world: World) -> None:
    options = [_digest("rules", 0), _digest("rules", world.rng.randint(1, 3))]
    columns = _digest("columns", world.rng.randint(0, 1))
    evidence = _digest("comparison", world.rng.randint(0, 5))
    world.send("ministry", record_comparison(columns, _digest("manifest", 0), options, evidence))


ACTIONS = [(see, 2), (assess, 2), (alert, 3), (compare, 2)]
