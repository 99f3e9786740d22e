from __future__ import annotations

import os
import stat
import threading

import pytest

from gongshi.ledger.adapters.blob_folder import BlobFolder
from gongshi.terms.digest import compute_digest


@pytest.fixture
def blobs(tmp_path):
    return BlobFolder(tmp_path / "blobs")


def path_of(tmp_path, digest):
    return tmp_path / "blobs" / digest.hex()[:2] / digest.hex()


def test_bytes_are_kept_under_their_digest(blobs, tmp_path):
    digest = blobs.put(b"note")
    assert digest == compute_digest(b"note")
    assert blobs.get(digest) == b"note"
    assert stat.S_IMODE(path_of(tmp_path, digest).stat().st_mode) == 0o600
    assert list(path_of(tmp_path, digest).parent.iterdir()) == [path_of(tmp_path, digest)]


def test_unknown_digest_gives_nothing(blobs):
    assert blobs.get(bytes(32)) is None


def test_same_bytes_are_written_once(blobs, tmp_path):
    digest = blobs.put(b"note")
    before = path_of(tmp_path, digest).stat().st_mtime_ns
    assert blobs.put(b"note") == digest
    assert path_of(tmp_path, digest).stat().st_mtime_ns == before


def test_altered_bytes_count_as_not_here_and_are_mended_by_the_right_ones(blobs, tmp_path):
    digest = blobs.put(b"note")
    path_of(tmp_path, digest).write_bytes(b"forged")
    assert blobs.get(digest) is None
    assert blobs.put(b"note") == digest
    assert blobs.get(digest) == b"note"


def test_folder_without_room_keeps_nothing_and_leaves_nothing(blobs, tmp_path, monkeypatch):
    def fail(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        blobs.put(b"note")
    digest = compute_digest(b"note")
    assert blobs.get(digest) is None
    assert list(path_of(tmp_path, digest).parent.iterdir()) == []


def test_digest_is_given_out_after_file_and_folders_are_on_disk(blobs, monkeypatch):
    synced = []
    real = os.fsync
    monkeypatch.setattr(
        os, "fsync", lambda descriptor: (synced.append(stat.S_IFMT(os.fstat(descriptor).st_mode)), real(descriptor))
    )
    blobs.put(b"note")
    assert synced == [stat.S_IFREG, stat.S_IFDIR, stat.S_IFDIR]


def test_threads_that_put_the_same_bytes_do_not_disturb_each_other(blobs):
    data = os.urandom(1 << 16)
    threads = [threading.Thread(target=blobs.put, args=(data,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert blobs.get(compute_digest(data)) == data
