"""The command as a reader runs it: exit codes, both languages, JSON, and no traceback for anything that he gives it."""

import json
import subprocess
import sys

import pytest
from makings import founded
from published import Published

from gongshi_verifier.__main__ import main

PUBLISHED = Published()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "paper.pdf").write_bytes(PUBLISHED.data)
    (tmp_path / "paper.pdf.tlog-proof").write_bytes(PUBLISHED.proof())
    (tmp_path / "policy").write_text(PUBLISHED.policy())
    return tmp_path


def run(capsys, *words) -> tuple[int, str, str]:
    code = main([str(word) for word in words])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_0_verified(capsys, folder):
    code, out, _ = run(capsys, folder / "paper.pdf", "--policy", folder / "policy")
    assert code == 0
    assert out.startswith("publication: verified · 验证通过\n")
    assert "pinned · 已锚定" in out
    assert "  title: White paper\n" in out


def test_1_refused(capsys, folder):
    (folder / "paper.pdf").write_bytes(PUBLISHED.data.replace(b"42", b"43"))
    code, out, _ = run(capsys, folder / "paper.pdf", "--policy", folder / "policy")
    assert code == 1
    assert out.splitlines()[:2] == [
        "publication: refused · 未通过",
        "  page 1 was altered · page 1 被改动过 [verify.part.altered]",
    ]
    assert "title" not in out


def test_2_unreadable(capsys, folder):
    (folder / "note").write_text("hello")
    code, out, _ = run(capsys, folder / "note")
    assert (code, out.splitlines()[0]) == (2, "unknown: cannot be checked · 无法检查")
    (folder / "policy").write_text("trust me")
    code, out, _ = run(capsys, folder / "paper.pdf", "--policy", folder / "policy")
    assert (code, "[verify.policy.unreadable]" in out, "line 1" in out) == (2, True, True)


def test_2_files_that_are_not_there(capsys, folder):
    for words in (
        [folder / "none"],
        [folder],
        [folder / "paper.pdf", "--proof", folder / "none"],
        [folder / "paper.pdf", "--policy", folder / "none"],
    ):
        code, out, err = run(capsys, *words)
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert "cannot read" in err
        assert "无法读取" in err
    (folder / "policy").write_bytes(b"\n\xff")
    code, out, _ = run(capsys, folder / "paper.pdf", "--policy", folder / "policy")
    assert (code, "line 2 (text)" in out) == (2, True)


def test_2_wrong_use(capsys):
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_3_not_pinned(capsys, folder):
    code, out, _ = run(capsys, folder / "paper.pdf")
    assert code == 3
    assert "signers not pinned" in out.splitlines()[0]
    assert "签名方未锚定" in out.splitlines()[0]
    assert out.count("not pinned · 未锚定") == 3


def test_a_proof_from_elsewhere(capsys, folder):
    (folder / "paper.pdf.tlog-proof").rename(folder / "proof")
    assert run(capsys, folder / "paper.pdf")[0] == 2
    assert run(capsys, folder / "paper.pdf", "--proof", folder / "proof")[0] == 3


def test_json(capsys, folder):
    code, out, _ = run(capsys, folder / "paper.pdf", "--policy", folder / "policy", "--json")
    report = json.loads(out)
    assert (report["exit_code"], code, report["ok"], report["pinned"], report["kind"]) == (
        0,
        0,
        True,
        True,
        "publication",
    )
    assert report["facts"]["parts"] == 6
    assert [signer["organisation"] for signer in report["signers"]] == ["bank", "institute", "ministry"]
    (folder / "paper.pdf").write_bytes(b"")
    code, out, _ = run(capsys, folder / "paper.pdf", "--json")
    report = json.loads(out)
    assert (code, report["findings"][0]["code"]) == (1, "verify.part.altered")
    assert out.isascii()


def test_a_file_that_is_larger_than_is_looked_at(capsys, folder, monkeypatch):
    monkeypatch.setattr("gongshi_verifier.verify.FILE_BYTES_MAX", 100)
    code, out, _ = run(capsys, folder / "paper.pdf")
    assert (code, "[verify.file.oversized]" in out) == (2, True)


def test_a_purpose_that_is_not_known_is_no_verdict(capsys, folder):
    (folder / "dossier").write_bytes(founded().dossier("prophecy", {}))
    code, out, _ = run(capsys, folder / "dossier")
    assert (code, "prophecy" in out) == (2, True)


def test_a_terminal_that_knows_no_chinese_is_no_error(folder):
    command = [sys.executable, "-m", "gongshi_verifier", str(folder / "paper.pdf")]
    environment = {"PYTHONPATH": ":".join(sys.path), "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stderr) == (3, "")
    assert r"\u81ea" in done.stdout


def test_it_stands_on_one_library_and_opens_nothing():
    """What the command imports: Python, PyNaCl with its cffi, and itself; no socket, no home folder."""
    script = (
        "import sys; before = set(sys.modules); import gongshi_verifier.__main__;"
        "new = set(sys.modules) - before; roots = {name.split('.')[0] for name in new};"
        "print(*sorted(roots - sys.stdlib_module_names), 'socket' in new, 'urllib.request' in new, 'sqlite3' in new)"
    )
    environment = {"PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment)
    *imported, socket, request, database = done.stdout.split()
    assert set(imported) <= {"gongshi_verifier", "nacl", "_cffi_backend", "cffi", "_sodium"}
    assert (socket, request, database) == ("False", "False", "False")
