"""Frames: golden bytes, cut at every place, and what is no frame."""

from __future__ import annotations

import pytest

from gongshi.ledger.abci import messages_pb2 as pb
from gongshi.ledger.abci.framing import FrameDecoder, FramingError, encode_frame, encode_varint

# Written out by hand from the specification's field numbers and protobuf's wire format.
FRAMES = [
    (bytes.fromhex(text), message)
    for text, message in [
        ("02 0a00", pb.Request(echo=pb.RequestEcho())),
        ("02 1200", pb.Request(flush=pb.Empty())),
        ("09 4207 0a03616263 1001", pb.Request(check_tx=pb.RequestCheckTx(tx=b"abc", type=1))),
        ("02 5a00", pb.Request(commit=pb.Empty())),
        (
            "0e a2010b 0a0161 2807 320408021003",
            pb.Request(
                finalize_block=pb.RequestFinalizeBlock(txs=[b"a"], height=7, time=pb.Timestamp(seconds=2, nanos=3))
            ),
        ),
        ("02 6200", pb.Response(commit=pb.ResponseCommit())),
        (
            "0a aa0107 12020801 2a0168",
            pb.Response(finalize_block=pb.ResponseFinalizeBlock(tx_results=[pb.TxResult(code=1)], app_hash=b"h")),
        ),
        ("05 9201020801", pb.Response(process_proposal=pb.ResponseProcessProposal(status=pb.VERDICT_ACCEPT))),
    ]
]
LONG = encode_frame(b"x" * 2000)


@pytest.mark.parametrize(("frame", "message"), FRAMES)
def test_the_specifications_messages_have_these_bytes(frame, message):
    assert encode_frame(message.SerializeToString(deterministic=True)) == frame
    (read,) = FrameDecoder(1 << 10).feed(frame)
    assert type(message).FromString(read) == message


def test_frames_cut_at_every_byte_are_the_same_messages():
    stream = b"".join(frame for frame, _ in FRAMES) + LONG + encode_frame(b"") + FRAMES[0][0]
    whole = list(FrameDecoder(1 << 12).feed(stream))
    assert whole[-3:] == [b"x" * 2000, b"", b"\x0a\x00"]
    for cut in range(len(stream) + 1):
        decoder = FrameDecoder(1 << 12)
        assert [*decoder.feed(stream[:cut]), *decoder.feed(stream[cut:])] == whole
        assert decoder.is_between
    decoder = FrameDecoder(1 << 12)
    assert [message for byte in stream for message in decoder.feed(bytes([byte]))] == whole


def test_a_message_above_the_limit_is_refused_before_it_is_kept():
    assert list(FrameDecoder(2000).feed(LONG)) == [b"x" * 2000]
    with pytest.raises(FramingError, match="limit is 1999"):
        list(FrameDecoder(1999).feed(LONG[:2]))


def test_a_length_without_an_end_is_refused():
    with pytest.raises(FramingError):
        list(FrameDecoder(1 << 70).feed(b"\x80" * 10))
    assert list(FrameDecoder(1 << 70).feed(b"\x80" * 9)) == []


def test_varints_are_those_of_protobuf():
    assert [encode_varint(n).hex() for n in (0, 1, 127, 128, 300, 1 << 35)] == [
        "00",
        "01",
        "7f",
        "8001",
        "ac02",
        "808080808001",
    ]
