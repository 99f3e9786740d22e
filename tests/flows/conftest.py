"""The example alliance, founded once; each test gets a copy of that home, so that nothing one does is seen by another."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from gongshi.wiring import House
from tests.flows import pilot_house


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("founded") / "home"
    pilot_house.found(home)
    return home


@pytest.fixture
def home(founded: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "home"
    shutil.copytree(founded, copy)
    return copy


@pytest.fixture
def house(home: Path) -> Iterator[House]:
    with pilot_house.opened(home) as opened:
        yield opened
