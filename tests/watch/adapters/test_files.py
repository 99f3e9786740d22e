import pytest

from gongshi.watch.adapters.files import FolderLibrary
from gongshi.watch.archive import read_archive
from gongshi.watch.ports import LibraryError


def test_a_folder_is_an_archive_of_its_files(tmp_path):
    (tmp_path / "letters" / "sub").mkdir(parents=True)
    (tmp_path / "letters" / "a.md").write_text("a")
    (tmp_path / "letters" / "sub" / "b.md").write_text("b")
    (tmp_path / "letters" / ".hidden").write_text("no")
    library = FolderLibrary(tmp_path)
    assert read_archive(library.read("letters"), "letters") == ({"a.md": b"a", "sub/b.md": b"b"}, [])
    assert library.read("letters/a.md") == b"a"
    assert library.read("letters") == library.read("letters")


@pytest.mark.parametrize(
    ("location", "reason"),
    [("none.md", "absent"), ("../x", "outside"), ("/etc/hostname", "outside"), ("f/x", "unreadable")],
)
def test_what_cannot_be_read_says_why(tmp_path, location, reason):
    (tmp_path / "f").write_text("a file, not a folder")
    with pytest.raises(LibraryError) as caught:
        FolderLibrary(tmp_path).read(location)
    assert (caught.value.reason, caught.value.location) == (reason, location)
