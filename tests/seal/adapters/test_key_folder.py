"""Key files: private, under a passphrase, never overwritten; and a witness that remembers before it speaks."""

from __future__ import annotations

import hashlib
import stat

import pytest

from gongshi.ledger.log import LogIndex
from gongshi.seal.adapters import key_folder
from gongshi.seal.adapters.key_folder import KeyFolder, KeyFolderError, make_key_folder, new_secrets, write_private
from gongshi.seal.checkpoints import sign_checkpoint, witness_key
from gongshi.seal.signing import make_signing_key
from gongshi.terms.canonical import decode_cbor, encode_cbor
from gongshi.terms.problem import Problem
from gongshi_verifier.note import check_cosignature, parse_checkpoint
from gongshi_verifier.suites import SUITES
from tests.seal.suites.keys import NAMES as NAMES_OF_SUITES
from tests.seal.suites.keys import suite_of

NAMES = ("root", "sign", "seal")


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """A file says itself how much work its passphrase costs: here, little."""
    monkeypatch.setattr(key_folder, "_SCRYPT_LOG2", 2)


@pytest.fixture
def folder(tmp_path):
    return make_key_folder(tmp_path / "bank", "bank", b"pass")


def refusal(act) -> str:
    with pytest.raises(KeyFolderError) as refused:
        act()
    assert refused.value.path.name in str(refused.value)
    return refused.value.reason


def test_a_folder_is_private_and_its_files_are_encrypted(folder):
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    files = sorted(folder.path.iterdir())
    assert [path.name for path in files] == ["root.key", "seal.key", "sign.key"]
    for path in files:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    seeds = [folder.root_key().seed, folder.signing_key().seed, folder.sealing_key().private_bytes_raw()]
    assert len(set(seeds)) == 3
    for path, seed in ((path, seed) for path in files for seed in seeds):
        assert seed not in path.read_bytes()


def test_the_keys_stay_the_same_and_are_never_overwritten(folder):
    again = make_key_folder(folder.path, "bank", b"pass")
    assert again.root_key() == folder.root_key()
    assert again.signing_key() == folder.signing_key()
    make_key_folder(folder.path, "bank", b"another passphrase")
    assert folder.root_key() == again.root_key()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_that_others_may_read_is_refused(folder, mode):
    (folder.path / "sign.key").chmod(mode)
    assert refusal(folder.signing_key) == "readable_by_others"
    assert folder.root_key()


def test_another_passphrase_and_a_missing_file(folder):
    assert refusal(KeyFolder("bank", folder.path, b"wrong").root_key) == "passphrase"
    (folder.path / "root.key").unlink()
    assert refusal(folder.root_key) == "missing"
    assert refusal(KeyFolder("bank", folder.path / "none", b"pass").sealing_key) == "missing"


def test_a_key_file_of_another_form_is_malformed(folder):
    path = folder.path / "sign.key"
    good = decode_cbor(path.read_bytes())
    wrong = [
        b"",
        b"-----BEGIN KEY-----",
        encode_cbor([]),
        encode_cbor({name: value for name, value in good.items() if name != "salt"}),
        encode_cbor({**good, "log2": "2"}),
        encode_cbor({**good, "log2": -1}),
        encode_cbor({**good, "log2": 0}),
        encode_cbor({**good, "log2": 21}),
        encode_cbor({**good, "log2": 2**63}),
        encode_cbor({**good, "salt": 7}),
        encode_cbor({**good, "nonce": b""}),
        encode_cbor({**good, "sealed": "text"}),
    ]
    for data in wrong:
        path.write_bytes(data)
        assert refusal(folder.signing_key) == "malformed", data
    bent = good["sealed"][:-1] + bytes([good["sealed"][-1] ^ 1])
    path.write_bytes(encode_cbor({**good, "sealed": bent}))
    assert refusal(folder.signing_key) == "passphrase"


def test_secrets_are_fresh():
    one, other = new_secrets(), new_secrets()
    assert {len(one.content_key), len(one.salt)} == {32}
    assert len(one.nonce) == 12
    assert one.content_key != other.content_key
    assert (one.nonce, one.salt) != (other.nonce, other.salt)


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "file"
    write_private(path, b"first")
    with monkeypatch.context() as broken:
        broken.setattr(key_folder.os, "fsync", _full)
        with pytest.raises(OSError, match="full"):
            write_private(path, b"second")
    assert path.read_bytes() == b"first"
    write_private(path, b"third")
    assert path.read_bytes() == b"third"
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_what_a_killed_run_left_behind_does_not_keep_its_mode(tmp_path):
    (tmp_path / "file.new").write_bytes(b"left")
    (tmp_path / "file.new").chmod(0o644)
    write_private(tmp_path / "file", b"data")
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600


def _full(_descriptor):
    raise OSError("full")


# --- the witness ---

LOG = make_signing_key(b"l" * 32)


def log_of(size, other=False):
    index = LogIndex()
    for number in range(size):
        index.append(hashlib.sha256(f"{number}{other and number == 1}".encode()).digest())
    return index


def head(index):
    return parse_checkpoint(sign_checkpoint("t.test", index.size, index.root(), LOG))


def test_a_witness_cosigns_growth_and_remembers_it(folder):
    assert (folder.witnessed(), folder.last_size()) == (None, 0)
    small, large = log_of(3), log_of(8)
    for index, path in ((small, ()), (large, large.prove_consistency(3, 8)), (large, ())):
        checkpoint = head(index)
        line = folder.cosign("bank", checkpoint, path, 7)
        text = sign_checkpoint("t.test", index.size, index.root(), LOG) + line
        assert check_cosignature(parse_checkpoint(text), witness_key("bank", folder.root_key()))
        assert folder.last_size() == index.size
        assert folder.witnessed().root == index.root()


def test_a_witness_refuses_a_log_that_shrank(folder):
    large = log_of(8)
    folder.cosign("bank", head(large), (), 7)
    problem = folder.cosign("bank", head(log_of(3)), (), 7)
    assert problem == Problem("seal.witness.shrunk", "bank", {"size": 3, "last": 8})
    assert folder.last_size() == 8


def test_a_witness_refuses_a_fork_and_a_growth_without_proof(folder):
    folder.cosign("bank", head(log_of(3)), (), 7)
    fork = log_of(8, other=True)
    refused = Problem("seal.witness.inconsistent", "bank", {"size": 8})
    assert folder.cosign("bank", head(fork), fork.prove_consistency(3, 8), 7) == refused
    assert folder.cosign("bank", head(log_of(8)), (), 7) == refused
    same_size = folder.cosign("bank", head(log_of(3, other=True)), (), 7)
    assert same_size == Problem("seal.witness.inconsistent", "bank", {"size": 3})
    assert folder.last_size() == 3


def test_a_witness_persists_before_it_signs(folder, monkeypatch):
    """The disk fails: nothing was signed. The signing fails: it is remembered all the same."""
    folder.cosign("bank", head(log_of(3)), (), 7)
    large = log_of(8)
    signed = []
    monkeypatch.setattr(key_folder, "cosign", lambda *_: signed.append(folder.last_size()) or "line")
    with monkeypatch.context() as broken:
        broken.setattr(key_folder.os, "fsync", _full)
        with pytest.raises(OSError, match="full"):
            folder.cosign("bank", head(large), large.prove_consistency(3, 8), 7)
    assert (signed, folder.last_size()) == ([], 3)
    assert folder.cosign("bank", head(large), large.prove_consistency(3, 8), 7) == "line"
    assert signed == [8]


@pytest.mark.parametrize("text", ["", "8", "8\nzz\n", "x\n" + "00" * 32, "8\n00\nmore\n"])
def test_a_witness_whose_memory_does_not_read_cosigns_nothing(folder, text):
    (folder.path / "witnessed").write_text(text)
    assert refusal(lambda: folder.cosign("bank", head(log_of(3)), (), 7)) == "malformed"


# --- suites ---


@pytest.mark.parametrize("name", NAMES_OF_SUITES)
def test_a_signing_key_is_of_the_suite_that_its_file_names(tmp_path, name):
    suite_of(name)
    folder = make_key_folder(tmp_path / "bank", "bank", b"pass", name)
    key = folder.signing_key()
    assert (key.suite.name, folder.root_key().suite.name) == (name, "ed25519")
    assert key == folder.signing_key()
    assert SUITES[name].check_signature(key.public, b"m", key.sign(b"m"))
    content = decode_cbor((folder.path / "sign.key").read_bytes())
    assert (content["v"], content.get("suite")) == ((1, None) if name == "ed25519" else (2, name))
    assert make_key_folder(folder.path, "bank", b"pass").signing_key() == key, "an existing key keeps its suite"
    assert folder.cosign("bank", head(log_of(3)), (), 7), "the root cosigns whatever the signing key's suite"


def test_a_file_that_names_another_suite_does_not_open(tmp_path):
    """A secret is never used under a suite for which it was not made."""
    folder = make_key_folder(tmp_path / "bank", "bank", b"pass", "ml-dsa-44")
    path = folder.path / "sign.key"
    good = decode_cbor(path.read_bytes())
    for wrong in ("sm2", "ed25519", "rot13"):
        path.write_bytes(encode_cbor({**good, "suite": wrong}))
        assert refusal(folder.signing_key) == "passphrase", wrong
    path.write_bytes(encode_cbor({name: value for name, value in good.items() if name != "suite"}))
    assert refusal(folder.signing_key) == "passphrase"
    path.write_bytes(encode_cbor({**good, "suite": 7}))
    assert refusal(folder.signing_key) == "malformed"


def test_a_root_and_a_sealing_key_have_no_suite(tmp_path):
    folder = make_key_folder(tmp_path / "bank", "bank", b"pass", "ml-dsa-44")
    data = (folder.path / "sign.key").read_bytes()
    (folder.path / "root.key").write_bytes(data)
    (folder.path / "seal.key").write_bytes(data)
    assert refusal(folder.root_key) == refusal(folder.sealing_key) == "malformed"


def test_a_machine_without_the_suite_makes_nothing_and_says_so(tmp_path, monkeypatch):
    suite_of("sm2")
    made = make_key_folder(tmp_path / "bank", "bank", b"pass", "sm2")
    monkeypatch.setattr(key_folder, "find_openssl_sm2", lambda: None)
    assert refusal(made.signing_key) == "suite"
    assert made.root_key()
    for name in ("sm2", "rot13"):
        assert refusal(lambda name=name: make_key_folder(tmp_path / "other", "other", b"pass", name)) == "suite"
    assert not (tmp_path / "other").exists()


def test_a_secret_of_sm2_is_drawn_until_it_is_one(tmp_path, monkeypatch):
    suite_of("sm2")
    draws = iter([b"\xff" * 32, bytes(32), b"\1" * 32])
    monkeypatch.setattr(key_folder.system_random, "token_bytes", lambda size: next(draws))
    assert key_folder._new_secret("sm2") == b"\1" * 32
