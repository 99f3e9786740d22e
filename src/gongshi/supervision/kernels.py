"""What kernels share: the compiler, and the two pointers a row over which they search backwards in time.

A function is compiled at its first call, so that start-up does not pay for a compiler that nobody asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Give the same function, compiled by numba without the GIL; the plain one stays what tests and readers see.

    The machine code is kept beside the source, or in the user's cache; where neither can be written, or the disk is full,
    it is made in memory.
    """

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            result: R = _compile(function)(*args, **kwargs)
        except OSError:  # kernels touch no file themselves: what failed is keeping the machine code
            result = _compile_in_memory(function)(*args, **kwargs)
        return result

    return call


@cache
def _compile(function: Callable[..., Any]) -> Callable[..., Any]:
    import numba

    try:
        kernel: Callable[..., Any] = numba.njit(function, cache=True, nogil=True)
    except RuntimeError:  # numba's word for: no place to keep it
        kernel = _compile_in_memory(function)
    return kernel


@cache
def _compile_in_memory(function: Callable[..., Any]) -> Callable[..., Any]:
    import numba

    kernel: Callable[..., Any] = numba.njit(function, nogil=True)
    return kernel


def link_rows(
    payer: NDArray[np.int32], payee: NDArray[np.int32], accounts: int
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Give two pointers a row: the previous row into the same payee, and the last row into its payer at its arrival."""
    last = np.full(accounts, -1, np.int32)
    previous = np.empty(len(payer), np.int32)
    before = np.empty(len(payer), np.int32)
    for row in range(len(payer)):
        before[row] = last[payer[row]]
        previous[row] = last[payee[row]]
        last[payee[row]] = row
    return previous, before
