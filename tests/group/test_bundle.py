"""The bundle of a real ballot: signed entries in a log, read back by the verifier's own decoder and recounted."""

from gongshi.group.bundle import make_ballot_bundle
from gongshi.ledger.log import LogIndex
from gongshi_verifier import cbor
from gongshi_verifier.ballot import recount
from gongshi_verifier.cose import check_sign1, parse_sign1
from gongshi_verifier.merkle import check_inclusion, hash_leaf
from tests.group import worlds
from tests.group.recounts import Checked
from tests.group.worlds import MEMBERS, OBSERVER, key_of

ROOTS = {name: key_of(name, "root").public for name in (*MEMBERS, OBSERVER)}


def bundle_of(world, ballot):
    index = LogIndex()
    for leaf in world.leaves:
        index.append(hash_leaf(leaf))
    made = make_ballot_bundle(
        ballot, "t", "checkpoint", world.history, ROOTS, lambda leaf: index.prove_inclusion(leaf, index.size)
    )
    return made, index


def read_entries(dossier, index):
    """Do by hand what the verifier's walk does: place, certificate, signature."""
    keys, entries = {key_of(name, "root").id: (name, root) for name, root in dossier["roots"].items()}, []
    for data, leaf, path in dossier["entries"]:
        assert check_inclusion(hash_leaf(data), leaf, index.size, tuple(path), index.root())
        message = parse_sign1(data)
        name, public = keys[message.header[4]]
        assert check_sign1(message, public)
        ops = cbor.decode(message.payload)[4]
        for kind, _, body in ops:
            if kind == "ledger.key.certify":
                keys[worlds.key_of(name, "sign").id] = (name, body["public"])
        entries.append(Checked(leaf, name, ops, worlds.compute_entry_digest(data)))
    return entries


def test_a_closed_ballot_is_recounted_from_its_bundle_alone():
    world, ballot = worlds.at_ballot(marks={"lab": ("drafter",)})
    worlds.vote_all(world, ballot, ["approve", "approve", "abstain", "approve", "", "approve"])
    world.must("bank", worlds.cast_vote(ballot, "approve_with_comments"))
    assert bundle_of(world, ballot)[0].code == "group.bundle.still_open"
    assert bundle_of(world, "bl-none")[0].code == "group.bundle.unknown"
    assert world.close(ballot) is None
    data, index = bundle_of(world, ballot)
    dossier = cbor.decode(data)
    assert (dossier["purpose"], dossier["content"]) == ("ballot", {"ballot": ballot})
    assert set(dossier["roots"]) == {"institute", "ministry", "payments", "bank", "lab"}
    entries = read_entries(dossier, index)
    findings, tally = recount(entries)
    assert findings == []
    assert (tally["yes"], tally["abstain"], tally["not_returned"], tally["verdict"]) == (3, 1, 1, "approved")
    papers = [entry for entry in entries if entry.ops[0][0] == "group.vote.cast"]
    assert len(papers) == 6
    for paper in papers:
        without = [entry for entry in entries if entry is not paper]
        missing = recount(without)[0][0]
        assert (missing.code, missing.place) == ("verify.ballot.vote_missing", paper.organisation)
