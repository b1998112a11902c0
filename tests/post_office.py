"""A mail server on this machine for tests: it keeps what it is handed, and answers as a test wants it to."""

import email
import socketserver
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message

OK = "250 OK"


@dataclass
class PostOffice:
    """What was handed over, in order. ``takes`` answers each address, ``accepts`` each mail that is whole, which is kept
    before the answer goes.
    """

    port: int = 0
    takes: Callable[[str], str] = lambda address: OK
    accepts: Callable[["PostOffice"], str] = lambda office: OK
    mails: list[Message] = field(default_factory=list)

    @property
    def marks(self) -> Counter[str]:
        """How often each Message-ID was handed over."""
        return Counter(str(one["Message-ID"]) for one in self.mails)


class Clerk(socketserver.StreamRequestHandler):
    """One connection."""

    office: PostOffice

    def handle(self) -> None:
        self.say("220 tests")
        while line := self.rfile.readline().decode():
            word = line[:4].upper()
            if word == "RCPT":
                self.say(self.office.takes(line.split("<")[1].split(">")[0]))
            elif word == "DATA":
                self.say("354 go on")
                self.office.mails.append(email.message_from_bytes(b"".join(iter(self.rfile.readline, b".\r\n"))))
                self.say(self.office.accepts(self.office))
            elif word == "QUIT":
                return self.say("221 bye")
            else:
                self.say(OK)
        return None

    def say(self, answer: str) -> None:
        if not answer:  # as a server that falls over
            self.connection.close()
            raise ConnectionError
        self.wfile.write(f"{answer}\r\n".encode())


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, *about: object) -> None:
        """Who was killed in the middle of a sentence is no news."""


@contextmanager
def post_office() -> Iterator[PostOffice]:
    """An open one."""
    office = PostOffice()
    with Server(("127.0.0.1", 0), type("Of", (Clerk,), {"office": office})) as server:
        office.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield office
        server.shutdown()


def until(true: Callable[[], object], seconds: float = 60) -> None:
    """Wait for something to happen."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
