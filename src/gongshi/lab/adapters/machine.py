"""The machine on which a figure was measured, and its stopwatch."""

from __future__ import annotations

import os
import platform
import time


def get_machine() -> dict[str, str]:
    """Name what a speed depends on."""
    return {
        "cores": str(os.cpu_count()),
        "machine": platform.machine(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


def read_stopwatch_ns() -> int:
    """Give nanoseconds of a clock that only runs forward."""
    return time.perf_counter_ns()
