"""A published file: every byte of it is covered by a named part, and every piece of evidence by a member's signature."""

import dataclasses
import hashlib
import zlib

import pytest
from makings import CHAIN, MEMBERS, codes, found
from published import EVIDENCE, Published, evidence_id, make_file

from gongshi_verifier import cbor
from gongshi_verifier.publication import Part, _readings
from gongshi_verifier.tlog_proof import make_proof
from gongshi_verifier.verify import verify_file

GOOD = Published()
DATA, PROOF, POLICY = GOOD.data, GOOD.proof(), GOOD.policy()


def check(data=DATA, proof=PROOF, policy=POLICY):
    return verify_file(data, proof, policy)


def place_of(name):
    return next(part for part in GOOD.make_manifest() if part.name == name)


def test_a_publication_holds_and_says_what_it_is():
    report = check()
    assert (report.exit_code, found(report)) == (0, [])
    facts = {"publication": "white-paper", "organisation": "institute", "parts": 6, "attached": 2, "evidence": 2}
    assert facts.items() <= dict(report.facts).items()
    assert report.facts["sha256"] == hashlib.sha256(DATA).digest()
    assert [(signer.organisation, signer.pinned) for signer in report.signers] == [(name, True) for name in MEMBERS]


def test_without_a_policy_it_is_consistent_and_shows_fingerprints():
    report = check(policy=None)
    assert (report.exit_code, report.pinned) == (3, False)
    assert [signer.fingerprint for signer in report.signers] == [
        hashlib.sha256(GOOD.world.root(name).public).hexdigest() for name in MEMBERS
    ]


@pytest.mark.parametrize("place", range(len(DATA)))
def test_any_byte_changed_names_the_part_in_which_it_stands(place):
    altered = bytearray(DATA)
    altered[place] ^= 1
    name = next(part.name for part in GOOD.make_manifest() if part.offset <= place < part.offset + part.length)
    assert found(check(bytes(altered))) == [("verify.part.altered", name)]


def test_an_attachment_and_a_page_are_named():
    attachment = place_of(f"attachment {evidence_id(EVIDENCE[0])}.json")
    edited = DATA.replace(b'"seed":1', b'"seed":2')
    assert found(check(edited)) == [("verify.part.altered", attachment.name)]
    printed = DATA.replace(b"42 signals", b"43 signals")
    assert found(check(printed)) == [("verify.part.altered", "page 1")]
    both = edited.replace(b"12 clauses", b"99 clauses")
    assert found(check(both)) == [("verify.part.altered", "page 2"), ("verify.part.altered", attachment.name)]


def test_a_longer_or_shorter_file_says_from_where_it_differs():
    assert found(check(DATA + b"x")) == [("verify.file.length", "tail")]
    assert found(check(DATA[:-1])) == [("verify.part.altered", "tail"), ("verify.file.length", "tail")]
    inserted = DATA.replace(b"page one", b"page  one")
    assert found(check(inserted)) == [("verify.part.altered", "page 1"), ("verify.file.length", "page 1")]
    assert found(check(b""))[-1] == ("verify.file.length", "head")


def test_made_again_with_fresh_keys_it_fails_by_the_policy_alone():
    forged = Published("/forged", make_file((b"page one: 99 signals", b"page two: 12 clauses")))
    assert check(forged.data, forged.proof(), None).exit_code == 3
    report = check(forged.data, forged.proof())
    assert found(report) == [("verify.log.signature", CHAIN), *(("verify.root.other", name) for name in MEMBERS)]
    assert report.exit_code == 1


def test_a_log_that_signs_for_forged_members_still_fails():
    """The log's own key is kept, the members' roots are fresh: the log alone cannot speak for them."""
    forged = Published("/forged")
    forged.world.log_key = GOOD.world.log_key
    report = check(forged.data, forged.proof())
    assert found(report) == [("verify.log.quorum", CHAIN), *(("verify.root.other", name) for name in MEMBERS)]


def test_evidence_that_nobody_signed_is_named():
    report = check(*_made(Published(signed=EVIDENCE[:1])))
    assert found(report) == [("verify.evidence.unsigned", evidence_id(EVIDENCE[1]))]
    other = Published()
    extra = other.make_extra()
    extra["evidence"][1][2:] = extra["evidence"][0][2:]  # the first one's entry is shown for the second
    assert found(check(*_made(Published(extra={"evidence": extra["evidence"]})))) == [
        ("verify.evidence.unsigned", evidence_id(EVIDENCE[1]))
    ]


def test_an_attachment_that_the_entry_does_not_name_is_named():
    report = check(*_made(Published(named=EVIDENCE[:1])))
    assert found(report) == [("verify.evidence.unknown", f"attachment {evidence_id(EVIDENCE[1])}.json")]


def test_an_attachment_under_the_id_of_another_is_named():
    parts = make_file()
    parts[3], parts[4] = (parts[3][0], parts[4][1]), (parts[4][0], parts[3][1])
    report = check(*_made(Published(parts=parts)))
    assert found(report) == [("verify.evidence.unknown", parts[3][0]), ("verify.evidence.unknown", parts[4][0])]


def test_the_manifest_is_the_one_that_was_signed():
    extra = GOOD.make_extra()
    renamed = [["page 1a", *extra["manifest"][1][1:]] if one[0] == "page 1" else one for one in extra["manifest"]]
    assert found(check(*_made(Published(extra={"manifest": renamed})))) == [("verify.manifest.digest", "")]


@pytest.mark.parametrize("bend", ["gap", "overlap", "negative", "nothing"])
def test_a_signed_manifest_without_order_is_refused(bend):
    manifest = GOOD.make_manifest()
    bent = {
        "gap": [*manifest[:2], *manifest[3:]],
        "overlap": [manifest[0], *manifest],
        "negative": [Part("a", 0, -1, bytes(32))],
        "nothing": [],
    }[bend]
    assert [code for code, _ in found(check(*_made(Published(manifest=bent))))] == ["verify.manifest.gap"]


def test_the_digest_of_the_whole_file_is_compared_too():
    report = check(*_made(Published(changes={"file": bytes(32)})))
    assert found(report) == [("verify.file.digest", "")]


@pytest.mark.parametrize(
    "changes",
    [{"file": b"short"}, {"manifest": "text"}, {"evidence": {}}, {"evidence": [b"short"]}, {"evidence": ["text"]}],
)
def test_a_publication_entry_of_another_form_is_refused(changes):
    assert found(check(*_made(Published(changes=changes)))) == [("verify.publication.entry", "leaf 5")]


def test_the_entry_at_the_leaf_publishes_and_stands_in_the_log():
    for leaf in (0, 3):
        assert found(check(DATA, _pointing(leaf))) == [("verify.publication.entry", f"leaf {leaf}")]
    stranger = Published(changes={"revision": 2})
    moved = Published(extra={"entry": stranger.make_extra()["entry"]})
    assert found(check(DATA, moved.proof()))[0] == ("verify.entry.inclusion", "leaf 5")
    broken = Published(extra={"entry": b"\xff"})
    assert found(check(DATA, broken.proof())) == [
        ("verify.entry.inclusion", "leaf 5"),
        ("verify.entry.malformed", "leaf 5"),
    ]


def _pointing(leaf):
    """The proof of another leaf of the same log, with its own entry in the publication's place."""
    world, extra = GOOD.world, GOOD.make_extra()
    extra["entry"] = world.leaves[leaf]
    extra["certificates"] = [one for one in extra["certificates"] if one[1] != leaf]
    extra["evidence"] = [one for one in extra["evidence"] if one[3] != leaf]
    return make_proof(cbor.encode(extra), leaf, world.included(leaf).path, world.checkpoint()).encode()


def _made(publication):
    return publication.data, publication.proof()


WRONG = {
    "not text": b"\xff\xfe",
    "no proof": b"hello",
    "no extra": make_proof(b"", 0, (), GOOD.world.checkpoint()).encode(),
    "an extra that is no CBOR": make_proof(b"\xff", 0, (), GOOD.world.checkpoint()).encode(),
    **{
        f"a wrong {name}": Published(extra={name: value}).proof()
        for name, value in {
            "v": 2,
            "entry": "text",
            "certificates": 7,
            "roots": [],
            "manifest": {},
            "evidence": 7,
            "more": 1,
        }.items()
    },
    "a version that is true": Published(extra={"v": True}).proof(),
    "a part of three": Published(extra={"manifest": [["a", 0, 1]]}).proof(),
    "a part without a number": Published(extra={"manifest": [["a", "0", 1, b""]]}).proof(),
    "evidence of two": Published(extra={"evidence": [["a", bytes(32)]]}).proof(),
    "evidence under the id of another": Published(extra={"evidence": [["ev-another", bytes(32), b"", 0, []]]}).proof(),
    "evidence with a short digest": Published(extra={"evidence": [["a", b"", b"", 0, []]]}).proof(),
    "evidence without an entry": Published(extra={"evidence": [["ev-" + "a" * 26, bytes(32), "", 0, []]]}).proof(),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_proof_that_does_not_read_is_no_verdict(name):
    report = check(proof=WRONG[name])
    assert (codes(report), report.exit_code) == (["verify.proof.unreadable"], 2)


def test_a_stream_that_never_ends_or_swells_is_not_inflated_without_bound():
    assert _readings(b"plain") == [b"plain"]
    assert _readings(zlib.compress(b"held")) == [zlib.compress(b"held"), b"held"]
    cut = zlib.compress(b"held" * 100)[:-4]
    assert _readings(cut) == [cut]
    bomb = zlib.compress(bytes((64 << 20) + 1))
    assert _readings(bomb) == [bomb]


def test_parts_are_records():
    part = place_of("page 2")
    assert dataclasses.replace(part, name="x").is_in(DATA)
    assert part.cut(DATA) == b"page two: 12 clauses"
