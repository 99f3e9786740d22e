"""Whatever bytes come: a finding and an exit code, never an exception. Bent from good files, so that the depths are reached."""

import contextlib
import random

from alerted import cycle, mirror
from hypothesis import example, given, settings
from hypothesis import strategies as st
from makings import found, founded
from published import Published
from test_ballot import BALLOT, held

from gongshi_verifier import cbor
from gongshi_verifier.__main__ import describe
from gongshi_verifier.dossier import DossierError, parse_dossier
from gongshi_verifier.note import NoteError, parse_checkpoint, parse_key
from gongshi_verifier.policy import PolicyError, parse_policy
from gongshi_verifier.publication import parse_extra
from gongshi_verifier.rule import DocumentError, read_rule
from gongshi_verifier.tlog_proof import parse_proof
from gongshi_verifier.verify import verify_file

WORLD = founded()
PUBLISHED = Published()
DOSSIERS = [
    WORLD.dossier("receipt", {"digest": bytes(32)}),
    held().dossier("ballot", BALLOT),
    cycle().dossier(),
    mirror().dossier(),
]
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.binary(max_size=40) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6) | st.integers(-9, 9), inner, max_size=4)
    ),
    max_leaves=10,
)


def check(data, proof=None, policy=None):
    """Verify, and say the answer: whatever it is, it can be said."""
    report = verify_file(data, proof, policy)
    assert report.exit_code in (0, 1, 2, 3)
    found(report)
    assert describe(report)
    assert report.as_json()["exit_code"] == report.exit_code
    return report


@given(st.binary(max_size=200), st.none() | st.binary(max_size=200), st.none() | st.text(max_size=100))
def test_any_bytes(data, proof, policy):
    report = check(data, proof, policy)
    assert report.exit_code == 2


def read(parse, error, data) -> None:
    """Read or refuse, and refuse by one kind of error only."""
    with contextlib.suppress(error):
        parse(data)


@given(st.text(max_size=200))
@example("\n\n")
@example("c2sp.org/tlog-proof@v1\nextra \n\n")
def test_any_text_is_read_or_refused_as_what_it_should_be(text):
    read(parse_proof, NoteError, text)
    read(parse_checkpoint, NoteError, text)
    read(parse_key, NoteError, text)
    read(parse_policy, PolicyError, text)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_as_what_they_should_be(data):
    read(cbor.decode, cbor.CborError, data)
    read(parse_dossier, DossierError, data)
    read(parse_extra, DossierError, data)
    read(read_rule, DocumentError, data)


@settings(max_examples=300)
@given(st.sampled_from(range(len(DOSSIERS))), st.randoms(use_true_random=False))
def test_good_dossiers_with_bytes_bent(which, rng):
    data = bytearray(DOSSIERS[which])
    for _ in range(rng.randint(1, 3)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    report, good = check(bytes(data), None, WORLD.policy()), verify_file(DOSSIERS[which], None, WORLD.policy())
    # What nobody signs can bend without harm, such as one cosignature above the quorum: then the answer is the same.
    assert report.exit_code in (1, 2) or report == good


@settings(max_examples=300)
@given(st.randoms(use_true_random=False))
def test_good_proofs_with_bytes_bent(rng):
    data = bytearray(PUBLISHED.proof())
    for _ in range(rng.randint(1, 3)):
        data[rng.randrange(len(data))] = rng.randrange(32, 127)
    report = check(PUBLISHED.data, bytes(data), PUBLISHED.policy())
    assert report.exit_code in (0, 1, 2)


def _bend(value, rng, junk):
    """Put junk at one random place of a value."""
    if isinstance(value, list) and value and rng.random() < 0.8:
        place = rng.randrange(len(value))
        return [*value[:place], _bend(value[place], rng, junk), *value[place + 1 :]]
    if isinstance(value, dict) and value and rng.random() < 0.8:
        key = rng.choice(list(value))
        return {**value, key: _bend(value[key], rng, junk)}
    return junk


@settings(max_examples=400)
@given(st.randoms(use_true_random=False), PLAIN)
def test_signed_bodies_of_any_form(rng, junk):
    """The worst case: members really sign the junk, and it really stands in the log."""
    world = held()
    opening, paper, closing = (cbor.decode(cbor.decode(world.leaves[leaf])[2])[4][0] for leaf in (3, 4, 7))
    for kind, _, body in (opening, paper, closing):
        world.act("institute", kind, _bend(body, rng, junk))
    entries = world.all()
    for keep in ((0, 1, 2, 8, 9, 10), (0, 1, 2, 3, 4, 5, 6, 10), (0, 1, 2, 8, 4, 5, 6, 7)):
        chosen = [entries[leaf] for leaf in keep]
        check(world.dossier("ballot", BALLOT, entries=chosen))


@settings(max_examples=400)
@given(st.sampled_from([cycle, mirror]), st.randoms(use_true_random=False), PLAIN)
def test_alert_contents_of_any_form(make, rng, junk):
    alerted = make()
    for kind in ("pilots.pay", "pilots.declare", "pilots.rates.post", "supervision.alerts"):
        alerted.world.act("bank", kind, _bend({"currency": "HKD", "rows": [alerted.rows[0][1]]}, rng, junk))
    content = _bend(alerted.content(), rng, junk)
    if isinstance(content, dict):
        check(alerted.world.dossier("alert", content))


@settings(max_examples=200)
@given(st.randoms(use_true_random=False), PLAIN)
def test_publications_of_any_form(rng, junk):
    body = _bend(Published().body(), rng, junk)
    made = Published(changes=body if isinstance(body, dict) else {})
    check(made.data, made.proof(), made.policy())
    extra = _bend(made.make_extra(), rng, junk)
    if isinstance(extra, dict):
        check(made.data, Published(extra=extra).proof(), made.policy())


def test_the_largest_things_that_small_files_can_ask_for():
    """Bombs: deep nesting, huge counts, many signature lines, many groups, overlapping parts."""
    assert check(b"\x81" * 1_000_000).exit_code == 2
    assert check(b"\x9b\x7f" + b"\xff" * 7).exit_code == 2
    assert check(b"", b"c2sp.org/tlog-proof@v1\nindex 0\n" + b"A" * 1_000_000).exit_code == 2
    assert check(b"", b"", "group " * 100_000).exit_code == 2
    rng = random.Random(7)
    parts = [["page", 0, 10**6, rng.randbytes(32)] for _ in range(20_000)]
    report = check(b"x" * 10**6, Published(extra={"manifest": parts}).proof())
    assert [code for code, _ in found(report)] == ["verify.manifest.digest"]
