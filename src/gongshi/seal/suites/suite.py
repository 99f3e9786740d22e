"""What a crypto suite is to whoever signs: a name, COSE's number, and the two functions that need the secret."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Suite:
    """A suite by which keys of the house sign. How it is checked stands in `gongshi_verifier.suites`, under the same name.

    `derive` gives the public key of a 32-byte seed, ValueError where the seed is no secret of the suite; `sign` takes seed, public
    key and message.
    """

    name: str
    algorithm: int
    derive: Callable[[bytes], bytes] = field(compare=False, repr=False)
    sign: Callable[[bytes, bytes, bytes], bytes] = field(compare=False, repr=False)
