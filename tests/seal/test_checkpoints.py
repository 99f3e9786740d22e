"""The log's signature and the members' under one tree head, and what a witness calls growth."""

import hashlib

from gongshi.ledger.log import LogIndex
from gongshi.seal.checkpoints import Witnessed, cosign, is_growth, log_key, sign_checkpoint, witness_key
from gongshi.seal.signing import make_signing_key
from gongshi_verifier.note import LOG_TYPE, WITNESS_TYPE, check_cosignature, check_log_signature, parse_checkpoint

KEY, MEMBER = make_signing_key(bytes(32)), make_signing_key(b"m" * 32)


def log_of(size, other=False):
    index = LogIndex()
    for number in range(size):
        index.append(hashlib.sha256(f"{number}{other and number == 1}".encode()).digest())
    return index


def head(index):
    return parse_checkpoint(sign_checkpoint("t.test", index.size, index.root(), KEY))


def test_a_checkpoint_is_signed_by_the_log_and_cosigned_by_a_member():
    text = sign_checkpoint("t.test", 7, bytes(32), KEY)
    line = cosign("bank", MEMBER, parse_checkpoint(text), 1_772_000_000)
    checkpoint = parse_checkpoint(text + line)
    assert (checkpoint.origin, checkpoint.size, checkpoint.root) == ("t.test", 7, bytes(32))
    assert check_log_signature(checkpoint, log_key("t.test", KEY))
    assert check_cosignature(checkpoint, witness_key("bank", MEMBER))
    assert not check_cosignature(checkpoint, witness_key("payments", MEMBER))
    assert (log_key("t", KEY).kind, witness_key("t", KEY).kind) == (LOG_TYPE, WITNESS_TYPE)


def test_growth_is_what_extends_the_last_head():
    index, fork = log_of(9), log_of(9, other=True)
    last = Witnessed(5, index.root(5))
    assert is_growth(last, head(index), index.prove_consistency(5, 9))
    assert not is_growth(last, head(fork), fork.prove_consistency(5, 9))
    assert not is_growth(last, head(index), ())
    assert is_growth(last, head(log_of(5)), ())
    assert not is_growth(last, head(log_of(5, other=True)), ())
    assert not is_growth(Witnessed(9, index.root()), head(log_of(5)), index.prove_consistency(5, 9))
    assert is_growth(None, head(fork), ())
