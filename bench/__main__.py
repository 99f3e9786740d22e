"""Runs every benchmark of this folder, each in a process of its own, and prints one table: ours, the peer or limit, the ratio.

`python -m bench`, or `python -m bench ROOM` for one room.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from frame import OUT, tell  # noqa: E402 - a benchmark runs as a file and finds its frame beside it

FURNITURE = {"__main__", "__init__", "frame"}


def main() -> int:
    """Give 0 when all ran."""
    rooms = sorted({path.stem for path in HERE.glob("*.py")} - FURNITURE)
    wanted = sys.argv[1:] or rooms
    unknown = sorted(set(wanted) - set(rooms))
    if unknown:
        print(f"no benchmark: {', '.join(unknown)}; there are {', '.join(rooms)}", file=sys.stderr)
        return 2
    failed = [room for room in wanted if not run(room)]
    print()
    for room in wanted:
        print_room(room)
    return 1 if failed else 0


def run(room: str) -> bool:
    """Measure one room; what an earlier run wrote is not taken for this one's."""
    (OUT / f"{room}.json").unlink(missing_ok=True)
    print(f"measuring {room}", flush=True)
    done = subprocess.run([sys.executable, str(HERE / f"{room}.py")], capture_output=True, text=True, check=False)
    if done.returncode or not (OUT / f"{room}.json").exists():
        print((done.stdout + done.stderr).strip())
    return done.returncode == 0


def print_room(room: str) -> None:
    """Print what a room wrote."""
    path = OUT / f"{room}.json"
    if not path.exists():
        print(f"{room:<12} nothing measured")
        return
    for one in json.loads(path.read_text(encoding="utf-8")):
        print(f"{room:<12} {tell(one)}")


if __name__ == "__main__":
    sys.exit(main())
