"""The written rule for Ed25519: each edge is refused before the library is asked, and by its own name."""

import pytest
from makings import key_of

from gongshi_verifier.ed25519 import _L, _P, _SMALL_ORDER, check_signature, is_canonical_point, refuse_signature

KEY = key_of("a key")
GOOD = KEY.sign(b"message")


def test_a_signature_holds_for_its_message_and_key_alone():
    assert check_signature(KEY.public, b"message", GOOD)
    assert not check_signature(KEY.public, b"other", GOOD)
    assert not check_signature(key_of("another").public, b"message", GOOD)
    for place in range(64):
        altered = bytearray(GOOD)
        altered[place] ^= 1
        assert not check_signature(KEY.public, b"message", bytes(altered))


@pytest.mark.parametrize("point", sorted(_SMALL_ORDER))
def test_points_of_small_order_are_refused_as_key_and_as_commitment(point):
    reason = "small_order" if is_canonical_point(point) else "non_canonical"
    assert refuse_signature(point, GOOD) == reason
    assert refuse_signature(KEY.public, point + GOOD[32:]) == reason
    assert not check_signature(point, b"message", GOOD)


def test_encodings_above_p_and_minus_zero_are_refused():
    above = [(_P + offset).to_bytes(32, "little") for offset in range(19)]
    signed = [(_P + offset | 1 << 255).to_bytes(32, "little") for offset in range(19)]
    minus_zero = [(y | 1 << 255).to_bytes(32, "little") for y in (1, _P - 1)]
    for point in above + signed + minus_zero:
        assert refuse_signature(point, GOOD) == "non_canonical"
        assert refuse_signature(KEY.public, point + GOOD[32:]) == "non_canonical"


def test_a_scalar_is_below_the_order():
    scalar = int.from_bytes(GOOD[32:], "little")
    assert refuse_signature(KEY.public, GOOD[:32] + (scalar + _L).to_bytes(32, "little")) == "scalar"
    assert refuse_signature(KEY.public, GOOD[:32] + _L.to_bytes(32, "little")) == "scalar"


def test_lengths():
    for public, signature in ((KEY.public[:31], GOOD), (KEY.public, GOOD[:63]), (KEY.public, GOOD + b"\0"), (b"", b"")):
        assert refuse_signature(public, signature) == "length"
        assert not check_signature(public, b"message", signature)
