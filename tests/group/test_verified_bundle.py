"""A ballot's bundle as the house makes it, in a stranger's hands: recounted offline, and every way of bending it refused."""

from __future__ import annotations

import pytest

from gongshi.group.bundle import make_ballot_bundle
from gongshi.ledger.log import LogIndex
from gongshi.seal.checkpoints import cosign, log_key, sign_checkpoint, witness_key
from gongshi.seal.signing import make_signing_key
from gongshi_verifier import cbor
from gongshi_verifier.merkle import hash_leaf
from gongshi_verifier.note import parse_checkpoint
from gongshi_verifier.policy import make_policy
from gongshi_verifier.verify import verify_file
from tests.group import worlds
from tests.group.worlds import MEMBERS, OBSERVER, key_of

NAMES = (*MEMBERS, OBSERVER)


def publish(world, ballot) -> tuple[bytes, str]:
    """Give the bundle under a checkpoint that all members cosigned, and the policy that a reader holds."""
    index, log = LogIndex(), make_signing_key(b"l" * 32)
    for leaf in world.leaves:
        index.append(hash_leaf(leaf))
    text = sign_checkpoint("t", index.size, index.root(), log)
    text += "".join(cosign(name, key_of(name, "root"), parse_checkpoint(text), 1_464_710_400) for name in NAMES)
    roots = {name: key_of(name, "root").public for name in NAMES}
    bundle = make_ballot_bundle(
        ballot, "t", text, world.history, roots, lambda leaf: index.prove_inclusion(leaf, index.size)
    )
    policy = make_policy(log_key("t", log), {name: witness_key(name, key_of(name, "root")) for name in NAMES}, 5)
    return bundle, policy


def hold():
    world, ballot = worlds.at_ballot(marks={"lab": ("drafter",)})
    worlds.vote_all(world, ballot, ["approve", "approve", "abstain", "approve", "", "approve"])
    world.must("bank", worlds.cast_vote(ballot, "approve_with_comments"))
    assert world.close(ballot) is None
    return world, ballot


@pytest.fixture(scope="module")
def published():
    return publish(*hold())


def bent(bundle: bytes, **fields) -> bytes:
    return cbor.encode({**cbor.decode(bundle), **fields})


def papers_in(bundle: bytes) -> list[int]:
    """Give the places of the entries that are votes."""
    entries = cbor.decode(bundle)["entries"]
    kinds = [cbor.decode(cbor.decode(data)[2])[4][0][0] for data, _, _ in entries]
    return [place for place, kind in enumerate(kinds) if kind == "group.vote.cast"]


def test_a_stranger_recounts_it(published):
    bundle, policy = published
    report = verify_file(bundle, None, policy)
    assert (report.exit_code, report.findings) == (0, ())
    counts = {"entitled": 5, "yes": 3, "abstain": 1, "not_returned": 1, "verdict": "approved"}
    assert counts.items() <= dict(report.facts).items()
    assert report.facts["barred"] == [["lab", ["drafter"]]]
    assert all(signer.pinned for signer in report.signers)
    assert verify_file(bundle).exit_code == 3


def test_each_vote_that_is_taken_out_is_named(published):
    bundle, policy = published
    entries = cbor.decode(bundle)["entries"]
    papers = papers_in(bundle)
    assert len(papers) == 6
    for place in papers:
        report = verify_file(bent(bundle, entries=[*entries[:place], *entries[place + 1 :]]), None, policy)
        assert report.findings[0].code == "verify.ballot.vote_missing"
        assert report.exit_code == 1


def test_an_altered_vote_or_count_is_not_in_the_log(published):
    bundle, policy = published
    entries = cbor.decode(bundle)["entries"]
    for place in (papers_in(bundle)[0], len(entries) - 1):
        data, leaf, path = entries[place]
        altered = data.replace(b"approve", b"abstain")
        assert altered != data
        forged = [*entries[:place], [altered, leaf, path], *entries[place + 1 :]]
        report = verify_file(bent(bundle, entries=forged), None, policy)
        codes = {(finding.code, finding.place) for finding in report.findings}
        assert ("verify.entry.inclusion", f"leaf {leaf}") in codes


def test_a_bundle_made_again_with_fresh_keys_holds_together_and_fails_by_the_policy(published, monkeypatch):
    _, policy = published
    real = key_of

    def fresh(organisation, purpose):
        return make_signing_key(bytes(one ^ 1 for one in real(organisation, purpose).seed))

    monkeypatch.setattr(worlds, "key_of", fresh)
    monkeypatch.setitem(globals(), "key_of", fresh)
    forged, own_policy = publish(*hold())
    assert verify_file(forged).exit_code == 3
    assert verify_file(forged, None, own_policy).exit_code == 0
    report = verify_file(forged, None, policy)
    codes = {finding.code for finding in report.findings}
    assert codes == {"verify.log.quorum", "verify.root.other"}
    assert report.exit_code == 1


def test_a_bundle_that_names_another_ballot_than_it_holds_is_refused(published):
    bundle, policy = published
    report = verify_file(bent(bundle, content={"ballot": "bl-another"}), None, policy)
    assert [finding.code for finding in report.findings] == ["verify.ballot.opening"]
