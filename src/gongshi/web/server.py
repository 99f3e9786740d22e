"""Serves a home on the loopback address: Granian in front, one worker process that holds the house, threads inside it."""

from __future__ import annotations

import errno
import functools
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import MPServer

from gongshi.wiring import Home, open_house

ADDRESS = "127.0.0.1"
THREADS = 4
_TRIES, _PAUSE_S = 600, 0.05
_OPENED = ExitStack()


class BusyPortError(Exception):
    """Another program listens on the port."""

    def __init__(self, port: int) -> None:
        super().__init__(str(port))
        self.port = port


def serve(home: Path, as_of: str, port: int, on_ready: Callable[[], None]) -> int:
    """Serve until a signal ends it; give the exit code. The port and the home are tried first, so that what is wrong is said at once."""
    try_port(port)
    with Home(home).lock():
        pass
    server = MPServer(
        "gongshi.web.server:build",
        address=ADDRESS,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        websockets=False,
        log_enabled=True,
        log_level=LogLevels.error,
        workers_kill_timeout=10,
    )
    try:
        server.serve(target_loader=functools.partial(build, home, as_of, port, on_ready), wrap_loader=False)
    except SystemExit as exit_:
        return exit_.code if isinstance(exit_.code, int) else 1
    return 0


def try_port(port: int) -> None:
    """Take the port and give it back; BusyPortError when another program has it."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise BusyPortError(port) from error
            raise


def build(home: Path, as_of: str, port: int, on_ready: Callable[[], None]) -> object:
    """Open the house in the process that serves, and give the WSGI application.

    Until the server takes over, a signal ends this process at once: the handler that a fork inherits would swallow it.
    """
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_DFL)
    from django.core.handlers.wsgi import WSGIHandler

    from gongshi.web.seat import take_seat
    from gongshi.web.settings import configure

    threading.Thread(target=_end_with_parent, daemon=True).start()
    take_seat(_OPENED.enter_context(open_house(home, as_of)))
    configure(home)
    threading.Thread(target=_tell_when_ready, args=(port, on_ready), daemon=True).start()
    return WSGIHandler()


def _end_with_parent() -> None:
    """End when the process in front is gone: killed, it cannot say so, and this one would keep the home and the port."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)


def _tell_when_ready(port: int, on_ready: Callable[[], None]) -> None:
    """Say that the desk is served once it answers, not before."""
    for _ in range(_TRIES):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            if probe.connect_ex((ADDRESS, port)) == 0:
                on_ready()
                return
        time.sleep(_PAUSE_S)
