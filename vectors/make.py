"""Writes the vectors anew: `.venv/bin/python vectors/make.py`. Run on purpose only, for a release keeps what it published.

A file that exists is not overwritten unless it is named: `vectors/make.py chain-1.json`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import cases
import chain
import suites

FILES = {
    "ballots.json": cases.make_ballots,
    "cbor.json": cases.make_cbor,
    "chain-1.json": chain.make_chain,
    "chain-suites.json": suites.make_chain_suites,
    "checkpoints.json": cases.make_checkpoints,
    "merkle.json": cases.make_merkle,
    "state.json": cases.make_state,
    "suites.json": suites.make_suites,
}


def main(names: list[str]) -> None:
    """Write the files that are missing, and those that are named."""
    for name, make in FILES.items():
        path = Path(__file__).parent / name
        if not path.exists() or name in names:
            path.write_text(json.dumps(make(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
            print("wrote", name)


if __name__ == "__main__":
    main(sys.argv[1:])
