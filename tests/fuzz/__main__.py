"""`python -m tests.fuzz TARGET --minutes M`: guided by coverage where atheris is installed, else by seeded chance."""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path

from tests.fuzz.bend import bend


def main() -> None:
    """Run one target for some minutes and say how far it came; what fails is written beside, as `crash-…`."""
    asked = argparse.ArgumentParser(prog="python -m tests.fuzz")
    asked.add_argument("target")
    asked.add_argument("--minutes", type=float, default=1)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--corpus", type=Path, help="a folder that keeps what was found; the seeds are put there first")
    given = asked.parse_args()
    try:
        import atheris
    except ImportError:
        run_by_chance(given)
        return
    run_by_coverage(given, atheris)


def run_by_coverage(given: argparse.Namespace, atheris: object) -> None:
    with atheris.instrument_imports(include=["gongshi", "gongshi_verifier"]):
        from tests.fuzz.targets import TARGETS
    target = TARGETS[given.target]
    folder = given.corpus or Path(".cache") / "fuzz" / given.target
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds()):
        (folder / f"seed-{number:04d}").write_bytes(seed)
    options = [
        f"-max_total_time={int(given.minutes * 60)}",
        f"-seed={given.seed}",
        "-max_len=4096",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *options, str(folder)], target.run)
    atheris.Fuzz()


def run_by_chance(given: argparse.Namespace) -> None:
    from tests.fuzz.targets import TARGETS

    target, chance, runs = TARGETS[given.target], random.Random(given.seed), 0
    seeds, stop = target.seeds(), time.monotonic() + given.minutes * 60
    while time.monotonic() < stop:
        edits = [
            (chance.randrange(4096), chance.randrange(4), chance.randbytes(chance.randrange(4)))
            for _ in range(chance.randrange(5))
        ]
        data = bend(chance.choice(seeds), edits)
        try:
            target.run(data)
        except BaseException:
            Path(f"crash-{given.target}-{runs}").write_bytes(data)
            raise
        runs += 1
    print(f"{given.target}: {runs} runs, none failed")


if __name__ == "__main__":
    main()
