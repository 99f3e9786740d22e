"""Signatures of every suite, made and checked as the ledger does it, beside PyNaCl's Ed25519 on the same messages in the same run:
what a member's choice of suite costs every other member. `python bench/seal.py`.

check       by the check with which a ledger is opened; SM2 by the system's library, or by integers where it has none
integers    SM2 as the offline verifier checks it
sign        by the key's suite
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from frame import give, rate, row
from nacl.bindings import crypto_sign, crypto_sign_open

from gongshi.seal.adapters.key_folder import get_suite
from gongshi.seal.signing import SigningKey, make_signing_key
from gongshi.wiring import CHECKS
from gongshi_verifier.suites import SUITES

SAMPLES = 5
MESSAGES = [hashlib.sha256(bytes([number])).digest() * 10 for number in range(100)]


def main():
    keys = {
        name: make_signing_key(hashlib.sha256(name.encode()).digest(), get_suite(name))
        for name in CHECKS
        if get_suite(name)
    }
    rows = []
    for name, key in keys.items():
        rows.append(
            compare(
                f"{name}_check", "PyNaCl, Ed25519 checks", checking(key, CHECKS[name]), bare_checking(keys["ed25519"])
            )
        )
        rows.append(compare(f"{name}_sign", "PyNaCl, Ed25519 signatures", signing(key), bare_signing(keys["ed25519"])))
    if "sm2" in keys:
        integers = checking(keys["sm2"], SUITES["sm2"].check_signature)
        rows.append(
            compare("sm2_integers", "SM2 by the system's library", integers, checking(keys["sm2"], CHECKS["sm2"]))
        )
    give("seal", rows)


def compare(name: str, reference: str, ours: Callable[[], int], theirs: Callable[[], int]):
    """Take the samples in turn, so that a busy moment meets both."""
    pairs = [(rate(ours), rate(theirs)) for _ in range(SAMPLES)]
    return row(name, [one for one, _ in pairs], "1/s", reference, [other for _, other in pairs])


def checking(key: SigningKey, check):
    signed = [(message, key.sign(message)) for message in MESSAGES]

    def work():
        assert all(check(key.public, message, signature) for message, signature in signed)
        return len(signed)

    return work


def bare_checking(key: SigningKey):
    pairs = [key.sign(message) + message for message in MESSAGES]
    return lambda: sum(crypto_sign_open(pair, key.public) is not None for pair in pairs)


def signing(key: SigningKey):
    return lambda: sum(bool(key.sign(message)) for message in MESSAGES)


def bare_signing(key: SigningKey):
    secret = key.seed + key.public
    return lambda: sum(bool(crypto_sign(message, secret)) for message in MESSAGES)


if __name__ == "__main__":
    main()
