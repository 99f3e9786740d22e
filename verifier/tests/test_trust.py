"""From a policy to each signature: every link is cut once, and the cut is named."""

import dataclasses

import pytest
from makings import CHAIN, MEMBERS, found, founded, sign_entry

from gongshi_verifier import cbor
from gongshi_verifier.note import parse_checkpoint
from gongshi_verifier.policy import parse_policy
from gongshi_verifier.trust import Included, check_trust


def world_of(*acts):
    world = founded()
    for member, kind in acts:
        world.act(member, kind, {})
    return world


WORLD = world_of(("bank", "a.b.c"), ("ministry", "a.b.d"))


def check(world=WORLD, *, chain=CHAIN, checkpoint=None, included=None, roots=None, policy=None):
    checkpoint = world.parsed() if checkpoint is None else checkpoint
    listed = world.all() if included is None else included
    trusted = parse_policy(policy) if policy else None
    return check_trust(chain, checkpoint, listed, world.roots() if roots is None else roots, trusted)


def test_all_of_it_holds_with_a_policy_and_is_not_pinned_without():
    trusted = check(policy=WORLD.policy())
    assert trusted.findings == ()
    assert [(entry.leaf, entry.organisation) for entry in trusted.entries][3:] == [(3, "bank"), (4, "ministry")]
    assert trusted.entries[3].bodies("a.b.c") == [{}]
    assert trusted.entries[3].bodies("a.b.c", 2) == []
    assert all(signer.pinned for signer in trusted.signers)
    without = check()
    assert without.findings == ()
    assert not any(signer.pinned for signer in without.signers)
    assert [signer.fingerprint for signer in without.signers] == [signer.fingerprint for signer in trusted.signers]


def test_the_checkpoint_is_of_the_chain_signed_by_the_log_and_cosigned():
    assert found(check(chain="another.test"))[0] == ("verify.log.chain", CHAIN)
    other = founded("/other")
    unsigned = WORLD.checkpoint().replace(WORLD.checkpoint(()).split("\n")[4], other.checkpoint(()).split("\n")[4])
    assert unsigned != WORLD.checkpoint()
    assert found(check(checkpoint=parse_checkpoint(unsigned), policy=WORLD.policy())) == [
        ("verify.log.signature", CHAIN)
    ]
    few = check(checkpoint=WORLD.parsed(("bank",)), policy=WORLD.policy(2))
    assert found(few) == [("verify.log.quorum", CHAIN)]
    assert few.findings[0].values == {"cosigned": "bank"}
    none = check(checkpoint=WORLD.parsed(()), policy=WORLD.policy(2))
    assert none.findings[0].values == {"cosigned": "-"}


def test_roots_are_those_of_the_policy():
    other = founded("/other")
    roots = {**WORLD.roots(), "bank": other.root("bank").public}
    assert ("verify.root.other", "bank") in found(check(roots=roots, policy=WORLD.policy()))
    roots = {**WORLD.roots(), "stranger": other.root("bank").public}
    assert found(check(roots=roots, policy=WORLD.policy())) == [("verify.root.unknown", "stranger")]


def test_each_entry_stands_in_the_log_at_its_leaf_and_once():
    listed = WORLD.all()
    moved = dataclasses.replace(listed[3], leaf=4)
    assert ("verify.entry.inclusion", "leaf 4") in found(check(included=[*listed[:3], moved]))
    assert found(check(included=[*listed, listed[3]])) == [("verify.entry.twice", "leaf 3")]
    stranger = sign_entry(WORLD.key("bank"), ["a.b.c", 1, {}], sequence=99)
    foreign = dataclasses.replace(listed[3], data=stranger)
    assert found(check(included=[*listed[:3], foreign])) == [("verify.entry.inclusion", "leaf 3")]
    for leaf in (-1, 2**63, 10**30):
        assert ("verify.entry.inclusion", f"leaf {leaf}") in found(
            check(included=[dataclasses.replace(listed[0], leaf=leaf)])
        )


def test_a_signature_is_of_a_key_that_a_root_certified_before():
    listed = WORLD.all()
    assert found(check(included=listed[1:])) == [("verify.entry.signer", "leaf 3")]
    late = founded()
    late.leaves = late.leaves[1:]
    late.act("bank", "a.b.c", {})
    late.certify("bank")
    assert found(check(late)) == [("verify.entry.signer", "leaf 2")]


def test_only_a_root_certifies():
    world = founded()
    world.leaves = world.leaves[1:]
    body = {"public": world.key("bank").public, "sealing": bytes(32), "from": 0}
    world.act("ministry", "ledger.key.certify", body)
    world.act("bank", "a.b.c", {})
    assert found(check(world)) == [("verify.entry.signer", "leaf 3")]


@pytest.mark.parametrize("body", [7, {}, {"public": "text"}, {"public": b"short"}])
def test_a_certificate_of_another_form_certifies_nothing(body):
    world = founded()
    world.leaves = []
    world.add(sign_entry(world.root("bank"), ["ledger.key.certify", 1, body]))
    world.act("bank", "a.b.c", {})
    assert found(check(world)) == [("verify.entry.signer", "leaf 1")]


def test_a_key_keeps_its_first_organisation():
    world = founded()
    body = {"public": world.key("bank").public, "sealing": bytes(32), "from": 0}
    world.add(sign_entry(world.root("ministry"), ["ledger.key.certify", 1, body]))
    world.act("bank", "a.b.c", {})
    assert check(world).entries[-1].organisation == "bank"


def test_a_signature_that_does_not_hold_and_bytes_that_do_not_read():
    world = founded()
    protected, _, payload, signature = cbor.decode(sign_entry(world.key("bank"), ["a.b.c", 1, {}]))
    world.add(cbor.encode([protected, {}, payload, bytes([signature[0] ^ 1]) + signature[1:]]))
    world.add(b"\xff")
    world.add(sign_entry(world.key("bank"), ["a.b.c", 1, {}], chain="another.test"))
    trusted = check(world)
    assert found(trusted) == [
        ("verify.entry.signature", "leaf 3"),
        ("verify.entry.malformed", "leaf 4"),
        ("verify.entry.chain", "leaf 5"),
    ]
    assert trusted.findings[1].values == {"reason": "malformed"}


def test_without_entries_nobody_has_signed():
    trusted = check(included=[])
    assert (trusted.findings, trusted.entries, trusted.signers) == ((), (), ())
    assert Included(b"", 0, ()) not in WORLD.all()
    assert len(MEMBERS) == 3
