"""A bounded run of every target, bent from its seeds; `python -m tests.fuzz TARGET --minutes M` runs longer, guided by coverage."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongshi_verifier import cbor
from tests.fuzz import targets
from tests.fuzz.bend import bend
from tests.fuzz.targets import TARGETS

EDITS = st.lists(st.tuples(st.integers(0, 4096), st.integers(0, 3), st.binary(max_size=3)), max_size=3)


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_the_promises_hold_on_bent_seeds(name, data):
    seeds = TARGETS[name].seeds()
    TARGETS[name].run(bend(data.draw(st.sampled_from(seeds)), data.draw(EDITS)))


@pytest.mark.parametrize("name", TARGETS)
def test_the_seeds_themselves_and_each_of_their_beginnings(name):
    seeds = TARGETS[name].seeds()
    assert seeds
    for seed in seeds[:40]:
        TARGETS[name].run(seed)
        for end in range(0, len(seed), max(1, len(seed) // 24)):
            TARGETS[name].run(seed[:end])


def test_a_decoder_that_takes_long_integers_is_found(monkeypatch):
    monkeypatch.setattr(targets, "decode_cbor", lambda data: cbor.decode(b"\x17" if data == b"\x18\x17" else data))
    with pytest.raises(AssertionError, match="the same bytes"):
        TARGETS["cbor"].run(b"\x18\x17")


def test_a_proof_that_holds_for_anything_is_found(monkeypatch):
    monkeypatch.setattr(targets, "check_presence", lambda *_, **__: True)
    seed = next(seed for seed in TARGETS["state"].seeds() if b"wallet/absent" in seed)
    with pytest.raises(KeyError):
        TARGETS["state"].run(seed)
