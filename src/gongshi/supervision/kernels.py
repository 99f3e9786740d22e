"""Compiles a plain function at its first call, so that start-up does not pay for a compiler that nobody asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Give the same function, compiled by numba without the GIL; the plain one stays what tests and readers see."""

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        result: R = _compile(function)(*args, **kwargs)
        return result

    return call


@cache
def _compile(function: Callable[..., Any]) -> Callable[..., Any]:
    import numba

    try:
        kernel: Callable[..., Any] = numba.njit(function, cache=True, nogil=True)
    except RuntimeError:  # neither the package's folder nor the user's cache can be written: compile in memory
        kernel = numba.njit(function, nogil=True)
    return kernel
