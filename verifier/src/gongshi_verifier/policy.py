"""C2SP tlog-policy: which log, which members' roots, how many of them. It is published beside a file, never inside it."""

from __future__ import annotations

import re
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

# Octets that a policy may hold: tab, newline, and everything but the other control characters.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_BLANK = re.compile(r"[ \t]+")  # what separates words: Python's own split also takes the spaces of other scripts


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
        standing = {"none", *names}
        for name, group in self.groups.items():  # in the order of the file: a group names only what stands before it
            if len(standing.intersection(group.members)) >= group.threshold:
                standing.add(name)
        return self.quorum in standing


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
    free: set[str] = set()  # names that no group lists yet: each counts in one way only
    quorum = ""
    number = 0
    for number, line in enumerate(text.split("\n"), 1):
        words = _read_words(line, number)
        if not words:
            continue
        is_new = len(words) > 1 and words[1] not in witnesses.keys() | groups.keys() | {"none"}
        if words[0] == "log" and len(words) in (2, 3):
            logs.append(_read_key(words[1], LOG_TYPE, number))
            _check_distinct(logs, number)
        elif words[0] == "witness" and len(words) in (3, 4) and is_new:
            witnesses[words[1]] = _read_key(words[2], WITNESS_TYPE, number)
            _check_distinct(witnesses.values(), number)
            free.add(words[1])
        elif words[0] == "group" and len(words) > 3 and is_new:
            groups[words[1]] = _read_group(words[2], words[3:], free, number)
            free = free.difference(words[3:]) | {words[1]}
        elif words[0] == "quorum" and len(words) == 2 and not quorum and not is_new:
            quorum = words[1]
        else:
            raise PolicyError("line", number)
    if not quorum:
        raise PolicyError("quorum", number)
    return Policy(tuple(logs), witnesses, groups, quorum)


def _read_words(line: str, number: int) -> list[str]:
    """Give the words of a line, none for a comment."""
    if _CONTROL.search(line):
        raise PolicyError("control", number)
    words = [word for word in _BLANK.split(line) if word]
    return [] if words and words[0].startswith("#") else words


def _check_distinct(keys: Iterable[VerifierKey], number: int) -> None:
    publics = [key.public for key in keys]
    if len(set(publics)) != len(publics):
        raise PolicyError("duplicate", number)


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


def _read_group(threshold: str, members: list[str], free: set[str], number: int) -> Group:
    count = {"any": 1, "all": len(members)}.get(threshold) or _read_count(threshold)
    if not 1 <= count <= len(members) or not free.issuperset(members) or len(set(members)) != len(members):
        raise PolicyError("group", number)
    return Group(count, tuple(members))
