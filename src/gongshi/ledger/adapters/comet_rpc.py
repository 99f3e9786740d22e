"""A CometBFT node's JSON-RPC on loopback (v0.38, rpc/core): broadcast a transaction, read the node's status and its blocks."""

from __future__ import annotations

import base64
import itertools
import json
import time
from typing import Any

import urllib3

_KNOWN = "tx already exists in cache"
_PAUSE = 0.02  # seconds; a block takes at least the node's timeout_commit


class CometRpcError(Exception):
    """The node does not answer, or answers with an error; `reason` says it in the node's or the library's words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CometRpc:
    """One node. Its RPC stands on loopback only."""

    def __init__(self, port: int, timeout: float = 10.0) -> None:
        """`timeout` in seconds is for a whole call."""
        self._pool = urllib3.HTTPConnectionPool("127.0.0.1", port, timeout=timeout, retries=False, maxsize=4)
        self._numbers = itertools.count(1)

    def broadcast(self, data: bytes) -> tuple[int, bytes, str]:
        """Hand a transaction to the node's mempool; give CheckTx's (code, data, log). An answer of 0 promises nothing yet."""
        try:
            result = self._call("broadcast_tx_sync", {"tx": base64.b64encode(data).decode()})
        except CometRpcError as error:
            if _KNOWN in error.reason:  # the same bytes twice are one ticket
                return 0, b"", ""
            raise
        return int(result["code"]), bytes.fromhex(result["data"] or ""), str(result["log"])

    def height(self) -> int:
        """Give the height of the node's last block."""
        return int(self._call("status", {})["sync_info"]["latest_block_height"])

    def app_hash(self, height: int) -> bytes:
        """Give the app hash that the header at this height carries: the one after the block before."""
        return bytes.fromhex(self._call("commit", {"height": str(height)})["signed_header"]["header"]["app_hash"])

    def block(self, height: int) -> tuple[str, tuple[bytes, ...], str]:
        """Give a block's (time in RFC 3339, transactions, proposer's address in hexadecimal)."""
        block = self._call("block", {"height": str(height)})["block"]
        txs = tuple(base64.b64decode(text) for text in block["data"]["txs"] or ())
        return str(block["header"]["time"]), txs, str(block["header"]["proposer_address"]).lower()

    def pause(self) -> None:
        """Let a moment pass while the network works."""
        time.sleep(_PAUSE)

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()

    def _call(self, method: str, params: dict[str, Any]) -> Any:
        body = json.dumps({"jsonrpc": "2.0", "id": next(self._numbers), "method": method, "params": params})
        try:
            response = self._pool.request("POST", "/", body=body, headers={"Content-Type": "application/json"})
            answer = json.loads(response.data)
        except (urllib3.exceptions.HTTPError, ValueError) as error:
            raise CometRpcError(type(error).__name__) from error
        if "error" in answer:
            raise CometRpcError(f"{answer['error'].get('message')}: {answer['error'].get('data')}")
        return answer["result"]
