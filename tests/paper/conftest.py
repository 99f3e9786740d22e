from __future__ import annotations

import shutil

import pytest

from tests.paper.houses import found_world, make_content, opened, publish_paper


@pytest.fixture(scope="session")
def founded(tmp_path_factory):
    """A founded home with signed evidence; tests that write take a copy."""
    home = tmp_path_factory.mktemp("paper") / "home"
    found_world(home)
    return home


@pytest.fixture
def home(founded, tmp_path):
    return shutil.copytree(founded, tmp_path / "home")


@pytest.fixture(scope="session")
def published(founded, tmp_path_factory):
    """The small paper, set, entered and proved; the folder holds both files, their proofs and the policy."""
    folder = tmp_path_factory.mktemp("published")
    home = shutil.copytree(founded, folder / "home")
    with opened(home) as house:
        publish_paper(house, make_content(folder / "content"))
    return home / "published"
