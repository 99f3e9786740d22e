"""What every benchmark shares: rates, medians with their samples, the file bench/out/ROOM.json and the line that a reader sees."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

OUT = Path(__file__).parent / "out"


def rate(work: Callable[[], float]) -> float:
    """Do the work, which says how much of it was done, and give that per second."""
    began = time.perf_counter()
    done = work()
    return done / (time.perf_counter() - began)


def row(name: str, ours: Sequence[float], unit: str, reference: str, theirs: Sequence[float]) -> dict[str, object]:
    """Give one line of the table: medians, and the samples of ours."""
    value, other = statistics.median(ours), statistics.median(theirs)
    return {
        "name": name,
        "value": value,
        "unit": unit,
        "reference": reference,
        "reference_value": other,
        "ratio": value / other,
        "samples": list(ours),
    }


def give(room: str, rows: Sequence[dict[str, object]]) -> None:
    """Write the rows of a room and print them."""
    OUT.mkdir(exist_ok=True)
    (OUT / f"{room}.json").write_text(json.dumps(rows, indent=1), encoding="utf-8")
    for one in rows:
        print(tell(one))


def tell(one: dict[str, object]) -> str:
    """Give a row as a line of text."""
    ours = f"{one['value']:,.3f} {one['unit']}"
    theirs = f"{one['reference_value']:,.3f}"
    return f"{one['name']:<26} {ours:>24}  {theirs:>16}  ratio {one['ratio']:>7.3f}  {one['reference']}"
