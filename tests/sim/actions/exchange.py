"""Notes are sealed, sent, held by those to whom they were sent, and asked for by others."""

from __future__ import annotations

from gongshi.group.exchange import Received, open_note, seal_note
from gongshi.group.kinds.exchange import hold_envelope
from gongshi.seal.envelope import Secrets
from gongshi.terms.instant import MS_PER_DAY, Instant
from gongshi.terms.text import Text
from tests.sim.world import World


def send(world: World) -> None:
    sender = world.pick(world.names)
    recipients = world.rng.sample(world.names, world.rng.randint(1, 2))
    keys = {name: world.get("members", f"sealing/{name}") for name in recipients}
    secrets = Secrets(world.rng.randbytes(32), world.rng.randbytes(12), world.rng.randbytes(32))
    until = Instant(world.time.instant + 30 * MS_PER_DAY)
    sealed, op = seal_note(b"incident", keys, secrets, Text("事件", "Incident"), "TLP:AMBER", until)
    world.blobs.put(sealed.envelope)
    world.send(sender, op, mandate=None)


def hold(world: World) -> None:
    """Open an envelope; only who is named in it can. Whoever cannot sends the receipt all the same."""
    place = world.pick(world.keys_of("groups", "envelope/"))
    if place is None:
        return
    digest, name = bytes.fromhex(place), world.pick(world.names)
    envelope = world.blobs.get(digest)
    named = world.get("groups", f"envelope/{place}")["to"]
    opened = open_note(envelope, name, world.keys[name].sealing_key(), digest, _commitment(world, digest))
    assert isinstance(opened, Received) == (name in named), "an envelope opens for those named in it and for no other"
    world.send(name, hold_envelope(digest), mandate=None)


def _commitment(world: World, digest: bytes) -> bytes:
    for block in world.engine.blocks(1):
        for logged in block.entries:
            for op in logged.entry.ops:
                if op.kind == "group.exchange.send" and op.body["envelope"] == digest:
                    commitment: bytes = op.body["commitment"]
                    return commitment
    raise AssertionError("an envelope in the state has its entry in the log")


ACTIONS = [(send, 2), (hold, 2)]
