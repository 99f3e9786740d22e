"""The node's RPC as bytes on loopback: what is asked, what is read, which errors are told."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from gongshi.ledger.adapters.comet_rpc import CometRpc, CometRpcError


@pytest.fixture
def node():
    """Answer each call with the next of `answers`; keep what was asked."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            body = json.dumps(answers.pop(0)).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    asked, answers = [], []
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        rpc = CometRpc(server.server_port)
        yield rpc, asked, answers
        rpc.close()
        server.shutdown()
        thread.join()


def test_calls_and_answers(node):
    rpc, asked, answers = node
    header = {"time": "2026-01-01T00:00:00Z", "proposer_address": "AB", "app_hash": "0C"}
    answers += [
        {"result": {"code": 1, "data": "FF00", "log": "ledger.key.unknown"}},
        {"result": {"sync_info": {"latest_block_height": "7"}}},
        {"result": {"signed_header": {"header": header}}},
        {"result": {"block": {"header": header, "data": {"txs": ["YQ=="]}}}},
        {"error": {"code": -32603, "message": "Internal error", "data": "tx already exists in cache"}},
        {"error": {"code": -32603, "message": "Internal error", "data": "mempool is full"}},
    ]
    assert rpc.broadcast(b"a") == (1, b"\xff\x00", "ledger.key.unknown")
    assert rpc.height() == 7
    assert rpc.app_hash(8) == b"\x0c"
    assert rpc.block(8) == ("2026-01-01T00:00:00Z", (b"a",), "ab")
    assert rpc.broadcast(b"a") == (0, b"", "")
    with pytest.raises(CometRpcError, match="mempool is full"):
        rpc.broadcast(b"b")
    assert [(call["method"], call["params"]) for call in asked[:4]] == [
        ("broadcast_tx_sync", {"tx": "YQ=="}),
        ("status", {}),
        ("commit", {"height": "8"}),
        ("block", {"height": "8"}),
    ]


def test_a_node_that_is_not_there_is_told():
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        port = server.server_port
    rpc = CometRpc(port, timeout=1)
    with pytest.raises(CometRpcError, match="NewConnectionError"):
        rpc.height()
    rpc.close()
