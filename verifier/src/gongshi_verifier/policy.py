"""C2SP tlog-policy: which log, which members' roots, how many of them. It is published beside a file, never inside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gongshi_verifier.note import (
    LOG_TYPE,
    WITNESS_TYPE,
    Checkpoint,
    NoteError,
    VerifierKey,
    check_cosignature,
    check_log_signature,
    decode_number,
    parse_key,
)


class PolicyError(ValueError):
    """The text is no policy; `line` counts from 1, `reason` is one word."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(f"{reason} in line {line}")
        self.reason = reason
        self.line = line


@dataclass(frozen=True, slots=True)
class Group:
    """At least `threshold` of `members` (names of witnesses or groups)."""

    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """The logs that are accepted, the witnesses by name (a member's root each), the groups, and the quorum's name."""

    logs: tuple[VerifierKey, ...]
    witnesses: Mapping[str, VerifierKey]
    groups: Mapping[str, Group]
    quorum: str

    def log_of(self, checkpoint: Checkpoint) -> VerifierKey | None:
        """Give the accepted log that signed the checkpoint."""
        for key in self.logs:
            if key.name == checkpoint.origin and check_log_signature(checkpoint, key):
                return key
        return None

    def cosigners(self, checkpoint: Checkpoint) -> frozenset[str]:
        """Give the names of the witnesses that cosigned."""
        return frozenset(name for name, key in self.witnesses.items() if check_cosignature(checkpoint, key))

    def is_quorum(self, names: Iterable[str]) -> bool:
        """Ask whether these witnesses make the quorum."""
        return self.quorum == "none" or self._stands(self.quorum, frozenset(names))

    def _stands(self, name: str, present: frozenset[str]) -> bool:
        if name in self.witnesses:
            return name in present
        group = self.groups[name]
        return sum(self._stands(member, present) for member in group.members) >= group.threshold


def make_policy(log: VerifierKey, witnesses: Mapping[str, VerifierKey], threshold: int) -> str:
    """Write a policy: one log, the members' roots, `threshold` of them as the quorum."""
    lines = [f"log {log.text()}"]
    lines += [f"witness {name} {key.text()}" for name, key in witnesses.items()]
    lines += [f"group members {threshold} {' '.join(witnesses)}", "quorum members"]
    return "\n".join(lines) + "\n"


def parse_policy(text: str) -> Policy:
    """Read a policy; PolicyError names the line."""
    logs: list[VerifierKey] = []
    witnesses: dict[str, VerifierKey] = {}
    groups: dict[str, Group] = {}
    quorum = ""
    number = 0
    for number, line in enumerate(text.split("\n"), 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        known = witnesses.keys() | groups.keys()
        if words[0] == "log" and len(words) in (2, 3):
            logs.append(_read_key(words[1], LOG_TYPE, number))
        elif words[0] == "witness" and len(words) in (3, 4) and words[1] not in known | {"none"}:
            witnesses[words[1]] = _read_key(words[2], WITNESS_TYPE, number)
        elif words[0] == "group" and len(words) > 3 and words[1] not in known | {"none"}:
            groups[words[1]] = _read_group(words[2], words[3:], known, number)
        elif words[0] == "quorum" and len(words) == 2 and not quorum and words[1] in known | {"none"}:
            quorum = words[1]
        else:
            raise PolicyError("line", number)
    publics = [key.public for key in witnesses.values()]
    if not quorum or len(set(publics)) != len(publics) or len({key.public for key in logs}) != len(logs):
        raise PolicyError("quorum" if not quorum else "duplicate", number)
    return Policy(tuple(logs), witnesses, groups, quorum)


def _read_key(text: str, kind: int, number: int) -> VerifierKey:
    try:
        key = parse_key(text)
    except NoteError as error:
        raise PolicyError(error.reason, number) from None
    if key.kind != kind:
        raise PolicyError("key", number)
    return key


def _read_count(text: str) -> int:
    try:
        return decode_number(text)
    except NoteError:
        return 0


def _read_group(threshold: str, members: list[str], known: set[str], number: int) -> Group:
    count = {"any": 1, "all": len(members)}.get(threshold) or _read_count(threshold)
    if not 1 <= count <= len(members) or not known.issuperset(members) or len(set(members)) != len(members):
        raise PolicyError("group", number)
    return Group(count, tuple(members))
