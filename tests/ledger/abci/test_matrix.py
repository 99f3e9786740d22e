"""Replicas in processes that differ in hash seed, time zone and language give the same bytes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

from gongshi.ledger.abci import messages_pb2 as pb
from gongshi.ledger.abci.framing import FrameDecoder, encode_frame
from tests.ledger.abci.test_application import POOL, block_of, founding

ENVIRONMENTS = [
    {"PYTHONHASHSEED": "0", "TZ": "UTC", "LANG": "C", "LC_ALL": "C"},
    {"PYTHONHASHSEED": "1", "TZ": "Asia/Shanghai", "LANG": "zh_CN.UTF-8"},
    {"PYTHONHASHSEED": "4294967295", "TZ": "America/St_Johns", "LANG": "tr_TR.UTF-8", "PYTHONUTF8": "1"},
]


def asked() -> list[pb.Request]:
    requests = [pb.Request(info=pb.RequestInfo()), pb.Request(init_chain=founding())]
    for height, txs in enumerate([POOL[:2], [], POOL, POOL[4:8]], 1):
        requests += [pb.Request(check_tx=pb.RequestCheckTx(tx=data)) for data in txs]
        requests.append(pb.Request(finalize_block=block_of(*txs, height=height, second=height)))
        requests += [pb.Request(commit=pb.Empty()), pb.Request(info=pb.RequestInfo())]
    return requests


def answers(folder, environment: dict[str, str]) -> list[bytes]:
    folder.mkdir()
    command = [sys.executable, "-m", "tests.ledger.abci.replica", str(folder)]
    decoder, found, requests = FrameDecoder(1 << 20), [], asked()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **environment}) as process:
        try:
            assert process.stdout.readline() == "bound\n"
            with socket.socket(socket.AF_UNIX) as peer:
                peer.connect(str(folder / "app.sock"))
                peer.settimeout(30)
                peer.sendall(b"".join(encode_frame(request.SerializeToString()) for request in requests))
                while len(found) < len(requests):
                    found += decoder.feed(peer.recv(1 << 16))
        finally:
            process.kill()
    return found


def test_replicas_of_different_environments_give_the_same_bytes(tmp_path):
    first, *others = (answers(tmp_path / str(number), env) for number, env in enumerate(ENVIRONMENTS))
    assert all(other == first for other in others)
    results = [pb.Response.FromString(data).finalize_block for data in first]
    codes = {result.code for answer in results for result in answer.tx_results}
    assert codes == {0, 1}, "accepted and refused entries were among them"
