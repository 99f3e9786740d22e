import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def data():
    """The folder of real records that `DATA` names."""
    folder = os.environ.get("DATA", "")
    if not folder or not (Path(folder) / "README.md").exists():
        pytest.skip("no real records: DATA= names no folder")
    return Path(folder)
