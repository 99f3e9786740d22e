"""Serves an application to CometBFT on a unix socket: four connections, each answered strictly in order.

CometBFT's client means to flush every 20 ms but passes 20 ns (`abci/client/socket_client.go`): while it is blocked on a full socket it
burns a core. So the loop only reads and writes, and what the application computes runs on two threads beside it: one for consensus
and snapshots, which is their lock, and one for the mempool and queries, which read an immutable state.
"""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path

from google.protobuf.message import DecodeError

from gongshi.ledger.abci import messages_pb2 as pb
from gongshi.ledger.abci.application import Application
from gongshi.ledger.abci.framing import FrameDecoder, FramingError, encode_frame

READERS = frozenset({"check_tx", "query", "echo", "flush", "info"})


class AbciServer:
    """Binds the socket and runs until it is stopped or a call fails; `failure` is what failed."""

    def __init__(self, application: Application, path: Path) -> None:
        self._application, self._path = application, path
        self._consensus = ThreadPoolExecutor(1, "abci-consensus")
        self._readers = ThreadPoolExecutor(1, "abci-readers")
        self._ended: asyncio.Future[BaseException | None]
        self.transports: set[asyncio.Transport] = set()

    async def serve(self, started: Callable[[], None] = lambda: None) -> None:
        """Answer until `stop`; raise what a call raised, once its ResponseException has been written. `started` is called when bound."""
        loop = asyncio.get_running_loop()
        self._ended = loop.create_future()
        _remove_stale(self._path)
        server = await loop.create_unix_server(lambda: _Connection(self), self._path)
        self._path.chmod(0o600)
        started()
        try:
            failure = await self._ended
        finally:
            server.close()
            for transport in list(self.transports):
                transport.close()  # what is written already is still sent
            await asyncio.sleep(0)
            self._path.unlink(missing_ok=True)
            self._consensus.shutdown()
            self._readers.shutdown()
        if failure is not None:
            raise failure

    def stop(self, failure: BaseException | None = None) -> None:
        """End serving; the first failure is the one that is told."""
        if not self._ended.done():
            self._ended.set_result(failure)

    def answer(self, messages: list[bytes]) -> tuple[bytes, BaseException | None]:
        """Give the frames that answer these messages, up to and with the exception that ends the server."""
        answered = bytearray()
        for message in messages:
            try:
                response = self._application.answer(pb.Request.FromString(message))
            except Exception as error:  # noqa: BLE001 - whatever it is, this replica must not go on, nor make a result of it
                told = pb.Response(exception=pb.ResponseException(error=type(error).__name__))
                return bytes(answered + encode_frame(told.SerializeToString())), error
            answered += encode_frame(response.SerializeToString())
        return bytes(answered), None

    def decoder(self) -> FrameDecoder:
        """Give a decoder that reads messages as long as a block may make them."""
        return FrameDecoder(self._application.message_bytes_max)

    def executor(self, messages: list[bytes]) -> Executor:
        """Give the thread for these messages: a connection of consensus or snapshots never overtakes another of them."""
        return self._readers if all(_name(message) in READERS for message in messages) else self._consensus


class _Connection(asyncio.Protocol):
    """One of the four. It keeps what arrives and lets one batch at a time be answered."""

    def __init__(self, server: AbciServer) -> None:
        self._server = server
        self._decoder = server.decoder()
        self._waiting: list[bytes] = []
        self._work: asyncio.Task[None] | None = None
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._server.transports.add(transport)

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002 - the interface's name for it
        self._server.transports.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        try:
            self._waiting += self._decoder.feed(data)
        except FramingError as error:
            self._server.stop(error)
            self._transport.close()
            return
        if self._waiting and self._work is None:
            self._work = asyncio.ensure_future(self._answer_all())

    async def _answer_all(self) -> None:
        """Answer what waits, and what arrives meanwhile. A Flush is written with what was asked before it, at once."""
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch, self._waiting = self._waiting, []
            answered, failure = await loop.run_in_executor(self._server.executor(batch), self._server.answer, batch)
            self._transport.write(answered)
            if failure is not None:
                self._server.stop(failure)
                break
        self._work = None


def _name(message: bytes) -> str:
    """Give which request this is; an unreadable one goes the way of consensus, and fails there."""
    try:
        return pb.Request.FromString(message).WhichOneof("value") or ""
    except DecodeError:
        return ""


def _remove_stale(path: Path) -> None:
    """Remove the socket that a killed process left; anything else at that place is not ours."""
    try:
        if stat.S_ISSOCK(os.lstat(path).st_mode):
            path.unlink()
    except FileNotFoundError:
        pass
