"""The processes of a tower: the web server and the worker, started and ended together.

Neither is started again in silence: where one ends, the other is ended too, and it is told which one it was.
"""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import FrameType
from typing import Any

PATIENCE = 30
"""Seconds that a process gets to end, or the web server to answer for the first time."""

LOOK = 0.2
"""Seconds between looks at the processes."""


@dataclass(frozen=True)
class Web:
    """Where the tower is served and by how much: one process has ``threads`` requests at hand at a time."""

    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 8
    processes: int = 1

    @property
    def address(self) -> str:
        """What to type in a browser."""
        return f"http://{self.host}:{self.port}/"


@dataclass(frozen=True)
class Ended:
    """A process that ended by itself: ``web`` or ``worker``, and its exit code (below zero: the signal)."""

    name: str
    code: int


Processes = dict[str, subprocess.Popen[bytes]]


def prepare() -> None:
    """Bring the database up to date and put the static files where the web server finds them."""
    from django.conf import settings
    from django.core.management import call_command

    settings.DATA.mkdir(parents=True, exist_ok=True)
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


@contextlib.contextmanager
def processes(web: Web) -> Iterator[Processes]:
    """Web server and worker, until the end of the block; then both are asked to end, and made to if they do not.

    They are in a session of their own, so that Ctrl-C reaches them through this process alone.
    """
    words = [str(word) for word in (web.host, web.port, web.threads, web.processes)]
    started: Processes = {}
    try:
        for name, command in (("web", words), ("worker", [])):
            line = [sys.executable, "-m", "dijk_web.serving", name, *command]
            started[name] = subprocess.Popen(line, start_new_session=True)
        yield started
    finally:
        end(started)


def end(started: Processes) -> None:
    """End processes: first they are asked, and after `PATIENCE` seconds no longer."""
    for one in started.values():
        one.terminate()
    until = time.monotonic() + PATIENCE
    for one in started.values():
        try:
            one.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            one.kill()
            one.wait()


def ended(started: Processes) -> Ended | None:
    """The first of the processes that has ended; nothing while all live."""
    codes = ((name, one.poll()) for name, one in started.items())
    return next((Ended(name, code) for name, code in codes if code is not None), None)


def answers(web: Web, started: Processes) -> bool:
    """Wait for the web server to take calls; no, where a process ended or it takes too long."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and ended(started) is None:
        with contextlib.suppress(OSError), socket.create_connection((web.host, web.port), timeout=1):
            return True
        time.sleep(LOOK)
    return False


def until_stopped(started: Processes) -> Ended | None:
    """Wait for Ctrl-C or SIGTERM; the process that ended before, if one did."""
    try:
        while (gone := ended(started)) is None:
            time.sleep(LOOK)
    except KeyboardInterrupt:
        return None
    return gone


@contextlib.contextmanager
def stopping_gently() -> Iterator[None]:
    """SIGTERM and a closed terminal are as Ctrl-C, so that the processes are ended on them too."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {name: signal.signal(getattr(signal, name), stop) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)


def is_free(web: Web) -> bool:
    """Whether nobody listens at the address yet."""
    try:
        with socket.create_server((web.host, web.port)):
            return True
    except OSError:
        return False


def free_port() -> int:
    """A port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


def status(web: Web, path: str) -> int:
    """Ask for a page; the status of the answer."""
    calling = http.client.HTTPConnection(web.host, web.port, timeout=PATIENCE)
    with contextlib.closing(calling):
        calling.request("GET", path)
        return calling.getresponse().status


def end_with_parent() -> None:
    """End this process gently once the one that started it is gone, as when that was killed: nothing stays behind."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(LOOK)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


# Each as a process of its own: ``python -m dijk_web.serving web HOST PORT THREADS PROCESSES``, and ``... worker``.


def application(target: str) -> Callable[..., Any]:
    """What answers requests, loaded in each process of the server."""
    end_with_parent()
    from dijk_web.wsgi import application as loaded

    return loaded


def answer_calls(web: Web) -> None:
    """Serve until told to end."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    server = Granian(
        "dijk_web.wsgi:application",
        address=web.host,
        port=web.port,
        interface=Interfaces.WSGI,
        workers=web.processes,
        blocking_threads=web.threads,
        websockets=False,
        log_level=LogLevels.error,  # what it warns of is that threads outnumber cores, which the lock of the pen wants
        workers_kill_timeout=PATIENCE // 2,
    )
    server.serve(target_loader=application)


def main(name: str, *words: str) -> None:
    """Be one of the processes."""
    end_with_parent()
    if name == "web":
        host, *numbers = words
        answer_calls(Web(host, *map(int, numbers)))
        return
    from dijk_web.opening import open_tower

    open_tower()
    from dijk_web.worker import work

    work()


if __name__ == "__main__":
    main(*sys.argv[1:])
