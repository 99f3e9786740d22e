import json
import stat

import pytest

from gongshi.supervision.adapters.manifest_file import ManifestFileError, read_manifest, write_manifest
from tests.supervision.populations import draw


def test_a_manifest_comes_back_as_it_was_and_is_read_by_its_owner_only(tmp_path):
    path, manifest = tmp_path / "manifest.json", draw().manifest
    write_manifest(path, manifest)
    assert read_manifest(path) == manifest
    assert read_manifest(path).digest() == manifest.digest()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_second_writing_replaces_the_first_and_leaves_nothing_beside_it(tmp_path):
    path = tmp_path / "manifest.json"
    path.with_name("manifest.json.new").write_text("cut off")
    write_manifest(path, draw().manifest)
    write_manifest(path, draw().manifest)
    assert [one.name for one in tmp_path.iterdir()] == ["manifest.json"]


def test_a_manifest_that_others_may_read_is_refused(tmp_path):
    path = tmp_path / "manifest.json"
    write_manifest(path, draw().manifest)
    path.chmod(0o640)
    with pytest.raises(ManifestFileError) as refused:
        read_manifest(path)
    assert (refused.value.path, refused.value.reason) == (path, "mode")


RING = {"id": "r", "kind": "mirror", "innocent": False, "rows": ["00"], "roles": {}}


@pytest.mark.parametrize(
    "document",
    [
        b"\xff",
        b"[]",
        b"{}",
        *(
            json.dumps({"seed": 1, "rings": rings}).encode()
            for rings in (5, [5], [{}], [{**RING, "rows": ["x"]}], [{**RING, "rows": "00"}], [{**RING, "roles": []}])
        ),
    ],
)
def test_a_file_that_is_no_manifest_is_refused(tmp_path, document):
    path = tmp_path / "manifest.json"
    path.write_bytes(document)
    path.chmod(0o600)
    with pytest.raises(ManifestFileError) as refused:
        read_manifest(path)
    assert refused.value.reason == "malformed"


def test_a_file_that_is_not_there_is_the_worlds_failure(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_manifest(tmp_path / "none.json")
