"""One played home in a process, served to Django's test client as the server would serve it."""

from __future__ import annotations

import pytest

from gongshi.wiring import open_house
from tests.doors.desks import Desks
from tests.doors.worlds import AS_OF, play


@pytest.fixture(scope="session")
def played(tmp_path_factory):
    """A home in which the thread has been played; whoever changes it for others takes a copy."""
    home = tmp_path_factory.mktemp("played") / "home"
    play(home)
    return home


@pytest.fixture(scope="session")
def desks(played):
    """The house, open, with an account for every mandate."""
    with open_house(played, AS_OF) as house:
        yield Desks(house)
