"""Keys are rotated and revoked, mandates granted and ended."""

from __future__ import annotations

from gongshi.ledger.entries import certify_key, certify_suite_key, end_mandate, grant_mandate, revoke_key
from gongshi.terms.instant import MS_PER_DAY
from tests.sim.faults import make_key
from tests.sim.world import ROLES, World


def rotate(world: World) -> None:
    """Certify the next key, use it at once, and most often revoke the one before."""
    name = world.pick(world.names)
    keys = world.keys[name]
    old = keys.signing_key()
    fresh = make_key(world.seed, name, "sign", keys.generation + 1)
    sealing = keys.sealing_key().public_key().public_bytes_raw()
    later = world.engine.height + world.rng.choice((0, 0, 3))
    ops = [certify_suite_key(fresh, "sim", name, sealing, later)]
    if world.rng.random() < 0.7:
        ops.append(revoke_key(old.id, later))
    world.send(name, *ops, mandate=None, by_root=True)
    keys.generation += 1


def revoke_again(world: World) -> None:
    """Revoke some key of one's own, or of another: that of another is refused."""
    name, owner = world.pick(world.names), world.pick(world.names)
    generation = world.rng.randint(0, world.keys[owner].generation)
    if name == owner and generation == world.keys[owner].generation:
        return
    key = make_key(world.seed, owner, "sign", generation)
    world.send(name, revoke_key(key.id, world.engine.height), mandate=None, by_root=True)


def recover_keys(world: World) -> None:
    """Whose certificate was lost in the mail, or refused, certifies anew, as chains did before keys had suites."""
    name = world.pick(world.names)
    keys = world.keys[name]
    record = world.get("members", f"key/{keys.signing_key().id.hex()}")
    if record is None or record["until"] is not None:
        keys.generation += record is not None
        fresh, sealing = keys.signing_key(), keys.sealing_key().public_key().public_bytes_raw()
        world.send(name, certify_key(fresh.public, sealing), mandate=None, by_root=True)


def grant(world: World) -> None:
    name = world.pick(world.names)
    mandate = world.pick((f"{name}-person", f"{name}-deputy", "institute-person"))
    days = 400 if mandate.endswith("-person") else world.rng.choice((2, 400))
    until = world.clocks[name].now() + days * MS_PER_DAY
    world.send(name, grant_mandate(mandate, ROLES.get(name, ["expert"]), until), mandate=None)


def end(world: World) -> None:
    name = world.pick(world.names)
    world.send(name, end_mandate(f"{name}-deputy"), mandate=None)


ACTIONS = [(rotate, 2), (revoke_again, 0.5), (recover_keys, 8), (grant, 2), (end, 1)]
