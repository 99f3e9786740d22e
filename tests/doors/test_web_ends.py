"""However the desk is ended, the home and the port are free afterwards; and while it runs, it is quiet about others' mistakes."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from gongshi.ledger.adapters.home import Home
from tests.doors.rehearsals import AS_OF, Rehearsal


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    rehearsal = Rehearsal(tmp_path_factory.mktemp("ended") / "home")
    founded = rehearsal.gongshi("init", "--alliance", "examples/alliance", "--rehearsal", "--seed", "1")
    assert founded.code == 0, founded.err
    return rehearsal.home


@pytest.mark.parametrize(("number", "code"), [("SIGTERM", 0), ("SIGINT", 0), ("SIGKILL", -signal.SIGKILL)])
def test_the_home_and_the_port_are_free_after_a_signal(home, number, code):
    """SIGKILL reaches the process in front alone; the one that holds the house must notice by itself."""
    port = free_port()
    command = [sys.executable, "-m", "gongshi.web", "serve", "--home", str(home), "--port", str(port), "--as-of", AS_OF]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as server:
        assert f"http://127.0.0.1:{port}" in server.stdout.readline()
        try:
            server.send_signal(getattr(signal, number))
            assert server.wait(timeout=60) == code
            assert select.select([server.stdout], [], [], 30)[0], "a process still holds the pipe"
            assert server.stdout.read() == ""
        finally:
            end_group(server.pid)
    with Home(home).lock(), socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))


def test_a_wrong_address_and_a_foreign_host_are_not_told_in_the_terminal(home):
    port = free_port()
    command = [sys.executable, "-m", "gongshi.web", "serve", "--home", str(home), "--port", str(port), "--as-of", AS_OF]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "start_new_session": True}
    with subprocess.Popen(command, **pipes) as server:
        try:
            server.stdout.readline()
            for path, host, status in (("/nothing/", "127.0.0.1", 404), ("/", "gongshi.example", 400)):
                request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": host})
                with pytest.raises(urllib.error.HTTPError) as refused:
                    urllib.request.urlopen(request)
                assert refused.value.code == status
                refused.value.close()
            server.send_signal(signal.SIGTERM)
            assert server.wait(timeout=60) == 0
            assert server.stderr.read() == ""
        finally:
            end_group(server.pid)


def end_group(group):
    """What a failing test would leave behind, and nothing else: the server is the first of a group of its own."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return
