"""C2SP tlog-proof files: an entry's place in the log, its path, and the checkpoint, in one text."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from gongshi_verifier.merkle import check_inclusion, hash_leaf
from gongshi_verifier.note import Checkpoint, NoteError, decode_base64, decode_number, parse_checkpoint

HEADER = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True, slots=True)
class TlogProof:
    """`extra` is ours to define (what was logged); `index` and `path` lead to the checkpoint's root."""

    extra: bytes
    index: int
    path: tuple[bytes, ...]
    checkpoint: Checkpoint
    checkpoint_text: str

    def covers(self, leaf: bytes) -> bool:
        """Ask whether the bytes are the log's leaf at the index."""
        head = self.checkpoint
        return check_inclusion(hash_leaf(leaf), self.index, head.size, self.path, head.root)


def make_proof(extra: bytes, index: int, path: Sequence[bytes], checkpoint_text: str) -> str:
    """Write the file's text."""
    lines = [HEADER]
    if extra:
        lines.append(f"extra {base64.b64encode(extra).decode()}")
    lines.append(f"index {index}")
    lines.extend(base64.b64encode(item).decode() for item in path)
    return "\n".join(lines) + "\n\n" + checkpoint_text


def parse_proof(text: str) -> TlogProof:
    """Read the file's text; NoteError otherwise."""
    head, separator, checkpoint_text = text.partition("\n\n")
    lines = head.split("\n")
    if not separator or lines.pop(0) != HEADER:
        raise NoteError("header")
    has_extra = bool(lines) and lines[0].startswith("extra ")
    extra = decode_base64(lines.pop(0)[6:]) if has_extra else b""
    if has_extra and not extra:
        raise NoteError("shape")  # nothing is said by leaving the line out, and in no second way
    if not lines or not lines[0].startswith("index "):
        raise NoteError("shape")
    index = decode_number(lines.pop(0)[6:])
    path = tuple(decode_base64(line) for line in lines)
    if any(len(item) != 32 for item in path):
        raise NoteError("shape")
    return TlogProof(extra, index, path, parse_checkpoint(checkpoint_text), checkpoint_text)
