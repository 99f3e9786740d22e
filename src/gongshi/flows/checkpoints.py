"""What makes the log believable outside the house: the members' cosignatures under its newest checkpoint, and the policy to check them."""

from __future__ import annotations

from gongshi.flows.desk import Desk
from gongshi.terms.problem import Problem
from gongshi_verifier.note import WITNESS_TYPE, make_key, parse_checkpoint
from gongshi_verifier.policy import make_policy as write_policy


class WitnessRefusedError(Exception):
    """A member did not cosign: the log does not extend what it cosigned before."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def cosigned(desk: Desk) -> str:
    """Give the newest checkpoint with the cosignatures of every member whose keys this desk holds."""
    text = desk.engine.checkpoint()
    checkpoint = parse_checkpoint(text)
    for name in desk.keyrings:
        keyring = desk.keyring(name)
        path = desk.engine.prove_growth(min(keyring.last_size(), checkpoint.size))
        line = keyring.cosign(name, checkpoint, path, desk.now() // 1000)
        if isinstance(line, Problem):
            raise WitnessRefusedError(line)
        text += line
    return text


def make_policy(desk: Desk) -> str:
    """Write whom a reader has to trust: the log's key, every member's root, and more than two thirds of them."""
    witnesses = {member.id: make_key(member.id, WITNESS_TYPE, member.root) for member in desk.engine.genesis.members}
    return write_policy(desk.engine.vkey, witnesses, 2 * len(witnesses) // 3 + 1)
