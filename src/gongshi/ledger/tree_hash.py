"""SHA-256 (FIPS 180-4) of many short preimages of equal length at once, for the nodes of a state tree.

Sixteen messages stand side by side and every round is a loop over them, so that LLVM turns it into vector instructions; a message of
a node has two blocks. numba compiles on the first call and keeps the result; the module itself does not import it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

LANES = 16
_ROUND_CONSTANTS = """
428a2f98 71374491 b5c0fbcf e9b5dba5 3956c25b 59f111f1 923f82a4 ab1c5ed5 d807aa98 12835b01 243185be 550c7dc3 72be5d74
80deb1fe 9bdc06a7 c19bf174 e49b69c1 efbe4786 0fc19dc6 240ca1cc 2de92c6f 4a7484aa 5cb0a9dc 76f988da 983e5152 a831c66d
b00327c8 bf597fc7 c6e00bf3 d5a79147 06ca6351 14292967 27b70a85 2e1b2138 4d2c6dfc 53380d13 650a7354 766a0abb 81c2c92e
92722c85 a2bfe8a1 a81a664b c24b8b70 c76c51a3 d192e819 d6990624 f40e3585 106aa070 19a4c116 1e376c08 2748774c 34b0bcb5
391c0cb3 4ed8aa4a 5b9cca4f 682e6ff3 748f82ee 78a5636f 84c87814 8cc70208 90befffa a4506ceb bef9a3f7 c67178f2
"""
_K = np.array([int(word, 16) for word in _ROUND_CONSTANTS.split()], dtype=np.uint32)
_START = np.array(
    [0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19], dtype=np.uint32
)


def hash_rows(messages: np.ndarray[Any, np.dtype[np.uint8]]) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Give the digest of each row: (rows, length) bytes give (rows, 32) bytes."""
    rows, length = messages.shape
    blocks = (length + 8) // 64 + 1
    padded = np.zeros((-(-rows // LANES) * LANES, blocks * 64), dtype=np.uint8)
    padded[:rows, :length] = messages
    padded[:rows, length] = 0x80
    padded[:, -8:] = np.frombuffer((length * 8).to_bytes(8, "big"), dtype=np.uint8)
    words = padded.view(">u4").astype(np.uint32).reshape(-1, LANES, blocks * 16)
    lanes = np.ascontiguousarray(
        words.transpose(0, 2, 1)
    )  # (groups, words, lanes): a word of all messages lies together
    out = np.empty((len(lanes), 8, LANES), dtype=np.uint32)
    _compiled()(lanes, out, _K, _START)
    digests = np.ascontiguousarray(out.transpose(0, 2, 1)).reshape(-1, 8)[:rows]
    return digests.astype(">u4").view(np.uint8).reshape(rows, 32)


def _compress(lanes: Any, out: Any, constants: Any, start: Any) -> None:  # noqa: C901, PLR0912 a kernel is one function
    """Hash groups of padded messages: lanes is (groups, words, LANES), out (groups, 8, LANES), both uint32."""
    schedule = np.empty((64, 16), dtype=np.uint32)
    state = np.empty((8, 16), dtype=np.uint32)
    for group in range(lanes.shape[0]):
        for word in range(8):
            for lane in range(16):
                out[group, word, lane] = start[word]
        for block in range(lanes.shape[1] // 16):
            for t in range(16):
                for lane in range(16):
                    schedule[t, lane] = lanes[group, block * 16 + t, lane]
            for t in range(16, 64):
                for lane in range(16):
                    x = schedule[t - 15, lane]
                    y = schedule[t - 2, lane]
                    s0 = (
                        ((x >> np.uint32(7)) | (x << np.uint32(25)))
                        ^ ((x >> np.uint32(18)) | (x << np.uint32(14)))
                        ^ (x >> np.uint32(3))
                    )
                    s1 = (
                        ((y >> np.uint32(17)) | (y << np.uint32(15)))
                        ^ ((y >> np.uint32(19)) | (y << np.uint32(13)))
                        ^ (y >> np.uint32(10))
                    )
                    schedule[t, lane] = np.uint32(schedule[t - 16, lane] + s0 + schedule[t - 7, lane] + s1)
            for word in range(8):
                for lane in range(16):
                    state[word, lane] = out[group, word, lane]
            for t in range(64):
                # the eight variables turn by one row each round instead of being moved
                ia, ib, ic, id_ = (64 - t) & 7, (65 - t) & 7, (66 - t) & 7, (67 - t) & 7
                ie, if_, ig, ih = (68 - t) & 7, (69 - t) & 7, (70 - t) & 7, (71 - t) & 7
                for lane in range(16):
                    a = state[ia, lane]
                    b = state[ib, lane]
                    c = state[ic, lane]
                    e = state[ie, lane]
                    s1 = (
                        ((e >> np.uint32(6)) | (e << np.uint32(26)))
                        ^ ((e >> np.uint32(11)) | (e << np.uint32(21)))
                        ^ ((e >> np.uint32(25)) | (e << np.uint32(7)))
                    )
                    chosen = (e & state[if_, lane]) ^ (~e & state[ig, lane])
                    first = np.uint32(state[ih, lane] + s1 + chosen + constants[t] + schedule[t, lane])
                    s0 = (
                        ((a >> np.uint32(2)) | (a << np.uint32(30)))
                        ^ ((a >> np.uint32(13)) | (a << np.uint32(19)))
                        ^ ((a >> np.uint32(22)) | (a << np.uint32(10)))
                    )
                    most = (a & b) ^ (a & c) ^ (b & c)
                    state[id_, lane] = np.uint32(state[id_, lane] + first)
                    state[ih, lane] = np.uint32(first + s0 + most)
            for word in range(8):
                for lane in range(16):
                    out[group, word, lane] = np.uint32(out[group, word, lane] + state[word, lane])


@functools.cache
def _compiled() -> Callable[..., None]:
    """Compile for this processor; numba promotes mixed integers, so every literal above is a uint32."""
    import numba

    try:
        kernel: Callable[..., None] = numba.njit(_compress, cache=True, nogil=True)
    except RuntimeError:  # numba's word for: no place to keep it
        kernel = numba.njit(_compress, nogil=True)
    return kernel
