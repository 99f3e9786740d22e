"""The web door as a program: it says in one line what is wrong and what to do, and serves on the loopback address alone."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from gongshi.ledger.adapters.home import Home
from tests.doors.worlds import AS_OF


def run(*arguments, lang="en"):
    environment = {**os.environ, "GONGSHI_LANG": lang}
    command = [sys.executable, "-m", "gongshi.web", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def home(played, tmp_path_factory):
    """A copy, because the played home may be open in this process."""
    path = tmp_path_factory.mktemp("served") / "home"
    ignored = shutil.ignore_patterns("accounts.sqlite*", "web.secret", "lock")
    shutil.copytree(played, path, ignore=ignored)
    return path


@pytest.mark.parametrize("what", ["serve", "accounts"])
@pytest.mark.parametrize(("lang", "word"), [("zh", "建立"), ("en", "home")])
def test_without_a_home_it_says_what_to_do(tmp_path, what, lang, word):
    answer = run(what, "--home", str(tmp_path / "none"), lang=lang)
    assert answer.returncode == 4
    assert word in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1


def test_a_home_in_use_is_left_alone(home):
    with Home(home).lock():
        for what in (("serve", "--port", str(free_port())), ("accounts",)):
            answer = run(*what, "--home", str(home))
            assert answer.returncode == 4
            assert str(os.getpid()) in answer.stderr


def test_a_busy_port_is_said_with_what_to_do(home):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = run("serve", "--home", str(home), "--port", str(port))
    assert answer.returncode == 5
    assert str(port) in answer.stderr
    assert "--port" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_an_as_of_that_is_none_is_said(home):
    answer = run("accounts", "--home", str(home), "--as-of", "yesterday")
    assert answer.returncode == 2
    assert len(answer.stderr.strip().splitlines()) == 1


def test_accounts_are_told_once(home):
    first = run("accounts", "--home", str(home), "--as-of", AS_OF, "--json")
    assert first.returncode == 0, first.stderr
    rows = json.loads(first.stdout)
    assert len(rows) == 15
    assert set(rows[0]) == {"account", "organisation", "roles", "password"}
    again = run("accounts", "--home", str(home), "--as-of", AS_OF, "--json")
    assert json.loads(again.stdout) == []
    people = run("accounts", "--home", str(home), "--as-of", AS_OF)
    assert "0 accounts made, 15" in people.stdout


def test_it_serves_on_the_loopback_address_until_it_is_told_to_end(home):
    port = free_port()
    command = [sys.executable, "-m", "gongshi.web", "serve", "--home", str(home), "--port", str(port), "--as-of", AS_OF]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "GONGSHI_LANG": "en"}
    ) as server:
        assert f"http://127.0.0.1:{port}" in server.stdout.readline()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
                assert answer.status == 200
            request = urllib.request.Request(f"http://127.0.0.1:{port}/", headers={"Host": "gongshi.example"})
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(request)
            assert refused.value.code == 400
            refused.value.close()
            assert listening(port) == {"0100007F"}
            assert run("serve", "--home", str(home), "--port", str(free_port())).returncode == 4
        finally:
            server.send_signal(signal.SIGINT)
        assert server.wait(timeout=30) == 0
    with Home(home).lock():
        pass


def listening(port):
    """Give the addresses, in the kernel's form, on which something listens on a port."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]]
    return {row[1].split(":")[0] for row in rows if row[3] == "0A" and int(row[1].split(":")[1], 16) == port}
