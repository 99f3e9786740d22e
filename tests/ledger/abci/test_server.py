"""The unix socket: order, pipelining, one exception and an end, a stale socket."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys

import pytest

from gongshi.ledger.abci import messages_pb2 as pb
from gongshi.ledger.abci.application import Application
from gongshi.ledger.abci.framing import FrameDecoder, FramingError, encode_frame, encode_varint
from gongshi.ledger.adapters.abci_server import AbciServer
from gongshi.ledger.adapters.sqlite_store import SqliteStore
from gongshi_verifier.ed25519 import check_signature
from tests.ledger.worlds import KINDS, certificate, genesis


@pytest.fixture
def application(tmp_path):
    store = SqliteStore(tmp_path / "ledger.sqlite")
    store.found(genesis())
    return Application(store, KINDS, check_signature)


def frames(*requests: pb.Request) -> bytes:
    return b"".join(encode_frame(request.SerializeToString()) for request in requests)


async def read(reader: asyncio.StreamReader, count: int) -> list[pb.Response]:
    decoder, found = FrameDecoder(1 << 20), []
    while len(found) < count and (data := await reader.read(1 << 16)):
        found += map(pb.Response.FromString, decoder.feed(data))
    return found


def serve(application: Application, path, talk) -> object:
    """Serve while `talk` speaks to the socket; give what it found, or raise what ended the server."""

    async def both():
        server, started = AbciServer(application, path), asyncio.Event()
        serving = asyncio.ensure_future(server.serve(started.set))
        await started.wait()
        try:
            found = await talk()
        finally:
            server.stop()
        await serving
        return found

    return asyncio.run(both())


def test_answers_come_in_order_on_each_of_four_connections(application, tmp_path):
    path = tmp_path / "app.sock"
    asked = [pb.Request(echo=pb.RequestEcho(message=str(number))) for number in range(300)]
    asked.insert(100, pb.Request(finalize_block=pb.RequestFinalizeBlock(height=1, txs=[certificate("alpha")])))
    asked.append(pb.Request(flush=pb.Empty()))

    async def talk():
        async def connection(number: int):
            reader, writer = await asyncio.open_unix_connection(path)
            stream = frames(*asked)
            for start in range(0, len(stream), 7 + number):
                writer.write(stream[start : start + 7 + number])
                await writer.drain()
            found = await read(reader, len(asked))
            writer.close()
            return found

        return await asyncio.gather(*map(connection, range(4)))

    for found in serve(application, path, talk):
        assert [response.WhichOneof("value") for response in found] == [
            request.WhichOneof("value") for request in asked
        ]
        echoes = [response.echo.message for response in found if response.WhichOneof("value") == "echo"]
        assert echoes == [str(number) for number in range(300)]
    assert not path.exists()


def test_a_failed_call_is_one_exception_and_the_end(application, tmp_path):
    path, found = tmp_path / "app.sock", []

    async def talk():
        reader, writer = await asyncio.open_unix_connection(path)
        writer.write(
            frames(
                pb.Request(echo=pb.RequestEcho(message="a")),
                pb.Request(commit=pb.Empty()),
                pb.Request(flush=pb.Empty()),
            )
        )
        found.extend(await read(reader, 3))
        writer.close()

    with pytest.raises(AssertionError, match="Commit without FinalizeBlock"):
        serve(application, path, talk)
    assert [response.WhichOneof("value") for response in found] == ["echo", "exception"]
    assert found[1].exception.error == "AssertionError"


@pytest.mark.parametrize("failure", [MemoryError, RecursionError])
def test_memory_and_recursion_never_become_a_result(application, tmp_path, failure):
    def judge(*_):
        raise failure

    application._checks = {"ed25519": judge}
    request = pb.Request(finalize_block=pb.RequestFinalizeBlock(height=1, txs=[certificate("alpha")]))
    found = []

    async def talk():
        reader, writer = await asyncio.open_unix_connection(tmp_path / "app.sock")
        writer.write(frames(request))
        found.extend(await read(reader, 1))
        writer.close()

    with pytest.raises(failure):
        serve(application, tmp_path / "app.sock", talk)
    assert found[0].exception.error == failure.__name__


def test_a_message_above_the_limit_ends_the_server(application, tmp_path):
    async def talk():
        reader, writer = await asyncio.open_unix_connection(tmp_path / "app.sock")
        writer.write(encode_varint(application.message_bytes_max + 1))
        assert await reader.read() == b""
        writer.close()

    with pytest.raises(FramingError):
        serve(application, tmp_path / "app.sock", talk)


def test_the_process_exits_non_zero_and_its_stale_socket_is_taken_over(tmp_path):
    command = [sys.executable, "-m", "tests.ledger.abci.replica", str(tmp_path)]
    path = tmp_path / "app.sock"

    for ending in ("kill", "fail"):
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
            assert process.stdout.readline() == "bound\n"
            if ending == "kill":
                process.kill()
            else:
                with socket.socket(socket.AF_UNIX) as peer:
                    peer.connect(str(path))
                    peer.sendall(frames(pb.Request(commit=pb.Empty())))
                    assert b"AssertionError" in peer.recv(100)
        assert process.returncode == (-9 if ending == "kill" else 1)
        assert path.exists() == (ending == "kill")


def test_a_file_that_is_no_socket_is_left_alone(application, tmp_path):
    path = tmp_path / "app.sock"
    path.write_text("mine")
    with pytest.raises(OSError, match="in use"):
        asyncio.run(AbciServer(application, path).serve())
    assert path.read_text() == "mine"
