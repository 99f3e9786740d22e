"""Test keys of every suite; without SM2 in the system's library its tests skip and say so."""

from __future__ import annotations

import hashlib
import os

import pytest

from gongshi.seal.adapters.openssl_sm2 import find_openssl_sm2
from gongshi.seal.signing import SigningKey, make_signing_key
from gongshi.seal.suites.ed25519 import ED25519
from gongshi.seal.suites.ml_dsa_44 import ML_DSA_44
from gongshi.seal.suites.sm2 import make_sm2
from gongshi.seal.suites.suite import Suite

NAMES = ("ed25519", "sm2", "ml-dsa-44")


def need_sm2():
    library = find_openssl_sm2()
    if library is None:
        say = pytest.fail if os.environ.get("STRICT") else pytest.skip
        say("the system's libcrypto has no SM2")
    return library


def suite_of(name: str) -> Suite:
    if name == "sm2":
        return make_sm2(need_sm2())
    return {"ed25519": ED25519, "ml-dsa-44": ML_DSA_44}[name]


def suite_key(suite: str, name: str = "key") -> SigningKey:
    return make_signing_key(hashlib.sha256(f"{suite}/{name}".encode()).digest(), suite_of(suite))
