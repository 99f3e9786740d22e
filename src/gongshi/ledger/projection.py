"""Projections: a room's tables, fed by blocks alone. They can be dropped and rebuilt; nothing in them is the truth."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Protocol

import sqlalchemy as sa

from gongshi.ledger.ports import Blobs, Engine
from gongshi.ledger.records import LoggedBlock, LoggedEntry

METADATA = sa.MetaData()
_CURSORS = sa.Table(
    "projection",
    METADATA,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
)


_BLOCKS_AT_ONCE = 100
"""What a crash in the middle of a rebuild makes again at most."""


class Projection(Protocol):
    """One room's tables. A changed `version` drops them and reads every block again."""

    name: str
    version: int
    metadata: sa.MetaData

    def on_entry(self, connection: sa.Connection, logged: LoggedEntry, blobs: Blobs) -> None:
        """Write what one accepted entry means to this room."""
        ...


def catch_up(engine: Engine, database: sa.Engine, projections: Sequence[Projection], blobs: Blobs) -> int:
    """Feed every projection the blocks that it has not seen; some blocks and the cursors are one transaction. Give the height."""
    METADATA.create_all(database)
    with database.begin() as connection:
        seen = {projection.name: _open(connection, projection, engine.height) for projection in projections}
    blocks = engine.blocks(min(seen.values(), default=engine.height) + 1)
    while chunk := list(islice(blocks, _BLOCKS_AT_ONCE)):
        with database.begin() as connection:
            for projection in projections:
                _feed(connection, projection, [block for block in chunk if block.height > seen[projection.name]], blobs)
            behind = _CURSORS.c.name.in_(seen) & (_CURSORS.c.height < chunk[-1].height)
            connection.execute(sa.update(_CURSORS).where(behind).values(height=chunk[-1].height))
    return engine.height


def drop(database: sa.Engine, projections: Sequence[Projection]) -> None:
    """Drop the projections' tables; the next `catch_up` rebuilds them."""
    METADATA.create_all(database)
    with database.begin() as connection:
        for projection in projections:
            projection.metadata.drop_all(connection)
            connection.execute(sa.delete(_CURSORS).where(_CURSORS.c.name == projection.name))


def _open(connection: sa.Connection, projection: Projection, height: int) -> int:
    """Give the height that a projection has seen; one of another version, or ahead of the ledger, begins again."""
    row = connection.execute(sa.select(_CURSORS).where(_CURSORS.c.name == projection.name)).one_or_none()
    if row is not None and row.version == projection.version and row.height <= height:
        return int(row.height)
    projection.metadata.drop_all(connection)
    projection.metadata.create_all(connection)
    connection.execute(sa.delete(_CURSORS).where(_CURSORS.c.name == projection.name))
    connection.execute(sa.insert(_CURSORS).values(name=projection.name, version=projection.version, height=0))
    return 0


def _feed(connection: sa.Connection, projection: Projection, blocks: Sequence[LoggedBlock], blobs: Blobs) -> None:
    for block in blocks:
        for logged in block.entries:
            projection.on_entry(connection, logged, blobs)
