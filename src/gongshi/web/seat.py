"""The house as the server holds it: opened once, read by many threads, acted on by one at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import sqlalchemy as sa

from gongshi.flows.desk import Desk
from gongshi.wiring import House

_T = TypeVar("_T")


@dataclass
class Seat:
    """The open house, whose turn it is to act, and what was worked out at the height that stands."""

    house: House
    turn: threading.RLock = field(default_factory=threading.RLock)
    _known: dict[str, tuple[int, object]] = field(default_factory=dict)

    @property
    def desk(self) -> Desk:
        """Give the desk."""
        return self.house.desk

    def at_height(self, name: str, make: Callable[[sa.Connection], _T]) -> _T:
        """Give what the projections say, worked out once for every height."""
        height = self.desk.engine.height
        known = self._known.get(name)
        if known is not None and known[0] == height:
            return known[1]  # type: ignore[return-value]  # the same name is always made by the same function
        with self.desk.read() as connection:
            made = make(connection)
        self._known[name] = (height, made)
        return made


_SEATS: list[Seat] = []


def take_seat(house: House) -> Seat:
    """Serve this house from now on."""
    _SEATS[:] = [Seat(house)]
    return _SEATS[0]


def get_seat() -> Seat:
    """Give the house that is served."""
    return _SEATS[0]
