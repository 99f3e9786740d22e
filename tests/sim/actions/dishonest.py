"""A member who does not play by the rules: replays, forgeries, strangers' keys, revoked keys, the wrong chain, broken bytes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gongshi.group.entries import cast_vote, sign_evidence
from gongshi.ledger.codec import decode_entry, sign_entry
from gongshi.ledger.entries import certify_key, certify_suite_key, grant_mandate
from gongshi.ledger.records import Entry, Op
from gongshi.pilots.entries import issue
from gongshi.terms.digest import compute_digest
from tests.sim.faults import make_key
from tests.sim.world import ISSUER, World

JUNK = (
    None,
    True,
    0,
    -1,
    2**63 - 1,
    2**64 - 1,
    "",
    "x",
    "\x00",
    "/",
    "长" * 90,
    b"",
    b"\xff" * 16,
    b"\x00" * 32,
    [],
    [[]],
    [1],
    {},
    {"a": {}},
)


def replay(world: World) -> None:
    """Send again what somebody sent before."""
    if world.mail.sent:
        world.mail.post(world.rng, world.step, world.pick(world.mail.sent))


def resign(world: World) -> None:
    """Send one's own entry of before with the same sequence under another digest."""
    name = world.pick(world.names)
    key = world.keys[name].signing_key()
    last = world.get("members", f"seq/{key.id.hex()}") or 1
    low = world.rng.randint(1, last)
    world.forge(key, low, sign_evidence(compute_digest(world.rng.randbytes(4)), "lab.run"))


def flip(world: World) -> None:
    """Change one byte of an entry."""
    if world.mail.sent:
        data = bytearray(world.pick(world.mail.sent))
        data[world.rng.randrange(len(data))] ^= 1 << world.rng.randrange(8)
        world.mail.post(world.rng, world.step, bytes(data))


def malformed(world: World) -> None:
    """Sign rightly what is wrong inside: the body of an operation of before with a value that does not belong there."""
    entry = decode_entry(world.pick(world.mail.sent), 1 << 20) if world.mail.sent else None
    if not isinstance(entry, Entry):
        return
    op = world.pick(entry.ops)
    body = _bend(world, op.body)
    name = world.pick(world.names)
    by_root = op.kind.startswith("ledger.key.")
    mandate = None if by_root else f"{name}-person"
    world.send(name, Op(op.kind, op.version, body), mandate=mandate, by_root=by_root)


def _bend(world: World, value: Any) -> Any:
    """Give the value with one place in it exchanged, at any depth."""
    if isinstance(value, dict) and value and world.rng.random() < 0.9:
        key = world.pick(sorted(value))
        return {**value, key: _bend(world, value[key])}
    if isinstance(value, list) and value and world.rng.random() < 0.7:
        place = world.rng.randrange(len(value))
        return [*value[:place], _bend(world, value[place]), *value[place + 1 :]]
    return world.pick(JUNK)


def cut(world: World) -> None:
    """Send half an entry, or noise."""
    data = world.pick(world.mail.sent) if world.mail.sent else world.rng.randbytes(90)
    world.mail.post(world.rng, world.step, data[: world.rng.randrange(1, len(data))])


def stranger(world: World) -> None:
    """Sign with a key that nobody certified, or certify one with a key that is no root."""
    name = world.pick(world.names)
    key = make_key(world.seed, name, world.pick(("stranger", "sign")), 77)
    world.forge(key, 1, grant_mandate(f"{name}-x", ["expert"], 2**50))
    unfit = world.keys[name].signing_key()
    world.forge(unfit, 10_000_000 + world.step, certify_key(key.public, key.public))


def claimed(world: World) -> None:
    """Certify a key that another has announced as one's own, under a proof of possession by a key that one does hold."""
    name, owner = world.rng.sample(world.names, 2)
    announced = make_key(world.seed, owner, "announced", world.step)
    own = certify_suite_key(world.keys[name].signing_key(), "sim", name, announced.public)
    world.send(name, replace(own, body={**own.body, "public": announced.public}), mandate=None, by_root=True)


def revoked(world: World) -> None:
    """Sign with a key that was in use before."""
    rotated = [name for name in world.names if world.keys[name].generation]
    name = world.pick(rotated)
    if name is not None:
        key = make_key(world.seed, name, "sign", world.rng.randrange(world.keys[name].generation))
        ballot = world.pick(world.keys_of("ballots", "ballot/")) or "bl-none"
        sequence = (world.get("members", f"seq/{key.id.hex()}") or 0) + 1
        world.forge(key, sequence, cast_vote(ballot, "disapprove"), mandate=f"{name}-person")


def wrong_purpose(world: World) -> None:
    """Let the root sign what only a signing key signs, or act under a mandate of somebody else."""
    name, other = world.pick(world.names), world.pick(world.names)
    root = world.keys[ISSUER].root_key()
    world.forge(root, 10_000_000 + world.step, issue("payments", 5))
    key = world.keys[name].signing_key()
    sequence = (world.get("members", f"seq/{key.id.hex()}") or 0) + 1
    digest = compute_digest(world.rng.randbytes(4))
    world.forge(key, sequence, sign_evidence(digest, "lab.run"), mandate=f"{other}-person")


def wrong_chain(world: World) -> None:
    key = world.keys[ISSUER].signing_key()
    world.forge(key, 20_000_000, issue("payments", 5), chain="other")
    expired = sign_entry(key, "sim", 20_000_001, max(world.engine.height - 1, 0), [issue("bank", 5)])
    world.mail.post(world.rng, world.step, expired)


def half_good(world: World) -> None:
    """Join an operation that is right with one that is not: the whole entry is refused, the first half leaves no trace."""
    name = world.pick(world.names)
    good = sign_evidence(compute_digest(world.rng.randbytes(4)), "lab.run")
    bad = world.pick((Op("no.such", 1, {}), Op("pilots.issue", 1, {}), issue("nobody", 10), Op("pilots.issue", 9, {})))
    world.send(name, issue("payments", 7), good, bad)


ACTIONS = [
    (replay, 4),
    (resign, 2),
    (flip, 2),
    (malformed, 5),
    (cut, 1),
    (stranger, 1),
    (claimed, 1),
    (revoked, 3),
    (wrong_purpose, 1),
    (wrong_chain, 1),
    (half_good, 2),
]
