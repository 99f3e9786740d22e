"""SM2 against the standard's example, and the edges that are decided before any arithmetic."""

import pytest

from gongshi_verifier import sm2
from gongshi_verifier.sm2 import GX, GY, N, P, check_signature, compute_digest, refuse_public, refuse_signature

# GB/T 32918.5-2017, annex A.2: key, message and identifier of the example, and its intermediate e.
PUBLIC = bytes.fromhex(
    "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)
MESSAGE = b"message digest"
E = "f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640"
SIGNATURE = bytes.fromhex(
    "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
)
R, S = SIGNATURE[:32], SIGNATURE[32:]


def word(number):
    return number.to_bytes(32, "big")


def test_the_example_of_the_standard():
    assert compute_digest(PUBLIC, MESSAGE).hex() == E
    assert refuse_signature(PUBLIC, SIGNATURE) == ""
    assert check_signature(PUBLIC, MESSAGE, SIGNATURE)
    assert not check_signature(PUBLIC, b"message digesu", SIGNATURE)


def test_one_bit_anywhere_breaks_it():
    for place in range(64):
        bent = bytearray(SIGNATURE)
        bent[place] ^= 1
        assert not check_signature(PUBLIC, MESSAGE, bytes(bent)), place


def test_another_identifier_is_another_digest():
    assert compute_digest(PUBLIC, MESSAGE, b"ALICE123@YAHOO.COM").hex() != E


@pytest.mark.parametrize(
    ("public", "reason"),
    [
        (b"", "length"),
        (b"\x04" + PUBLIC, "length"),
        (b"\x02" + PUBLIC[:32], "length"),
        (bytes(64), "off_curve"),
        (PUBLIC[:32] + word(int.from_bytes(PUBLIC[32:], "big") ^ 1), "off_curve"),
        (PUBLIC[32:] + PUBLIC[:32], "off_curve"),
        (word(P) + PUBLIC[32:], "non_canonical"),
        (PUBLIC[:32] + word(2**256 - 1), "non_canonical"),
        (word(GX) + word(GY), ""),
        (PUBLIC[:32] + word(P - int.from_bytes(PUBLIC[32:], "big")), ""),
    ],
)
def test_what_is_a_key(public, reason):
    assert refuse_public(public) == reason
    assert refuse_signature(public, SIGNATURE) == reason
    assert not check_signature(public, MESSAGE, SIGNATURE)


def test_a_coordinate_has_one_form():
    """x + p fits into 32 bytes for small x only; such a twin of a good key is refused although it is the same point."""
    found = None
    for x in range(1, 200):
        square = (x**3 - 3 * x + sm2.B) % P
        y = pow(square, (P + 1) // 4, P)
        if y * y % P == square:
            found = x, y
            break
    x, y = found
    assert refuse_public(word(x) + word(y)) == ""
    assert x + P < 2**256
    assert refuse_public(word(x + P) + word(y)) == "non_canonical"


@pytest.mark.parametrize(
    "signature",
    [
        b"",
        SIGNATURE[:63],
        SIGNATURE + b"\0",
        bytes(32) + S,
        R + bytes(32),
        word(N) + S,
        R + word(N),
        R + word(N - int.from_bytes(R, "big")),
        b"\xff" * 64,
    ],
)
def test_edges_of_a_signature(signature):
    """Some of these would not fit 32 bytes; those that do are refused before the equation."""
    assert refuse_signature(PUBLIC, signature) in ("length", "scalar")
    assert not check_signature(PUBLIC, MESSAGE, signature)


def test_a_sum_at_infinity_is_refused():
    """With P = -G, [s]G + [r + s]P is infinity exactly if r = 0 mod n; the points of the sum also meet and double on the way."""
    minus = word(GX) + word(P - GY)
    one, other = (GX, GY, 1), (GX, P - GY, 1)
    assert sm2._combine(5, one, 5, other)[2] == 0
    assert sm2._add(one, other)[2] == 0
    assert sm2._add(one, one) == sm2._double(one)
    assert sm2._combine(N, one, 0, other)[2] == 0
    assert not check_signature(minus, MESSAGE, word(1) + word(1))


def test_a_signature_made_by_the_textbook_holds():
    """Many nonces, with a toy signer over the same group: covers the branches of the addition."""
    d, p = 7, sm2._combine(7, (GX, GY, 1), 0, (GX, GY, 1))
    inverse = pow(p[2], -1, P)
    public = word(p[0] * inverse**2 % P) + word(p[1] * inverse**3 % P)
    e = int.from_bytes(compute_digest(public, b"m"), "big")
    for k in range(1, 12):
        x, _, z = sm2._combine(k, (GX, GY, 1), 0, (GX, GY, 1))
        r = (e + x * pow(z, -2, P) % P) % N
        s = pow(1 + d, -1, N) * (k - r * d) % N
        assert check_signature(public, b"m", word(r) + word(s)), k
        assert not check_signature(public, b"n", word(r) + word(s)), k
