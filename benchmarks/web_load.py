"""Many at once on a tower over real HTTP: who is logged in, what they ask, and how long each answer takes."""

import http.client
import re
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

import numpy as np

from dijk_web import serving

TOKEN = "a" * 32
"""In the cookie and in the form alike, which is all that is asked of it."""

Result = TypeVar("Result")


@dataclass(frozen=True)
class Answer:
    """What came back, and how long it took."""

    status: int
    kind: str
    body: bytes
    seconds: float

    @property
    def links(self) -> list[str]:
        """The addresses on a page."""
        return re.findall(r'<a [^>]*href="([^"#][^"]*)"', self.body.decode().replace("&amp;", "&"))


class Client:
    """One connection that stays open, as that of a browser; asked by one thread at a time."""

    def __init__(self, web: serving.Web) -> None:
        self.connection = http.client.HTTPConnection(web.host, web.port, timeout=serving.PATIENCE)

    def ask(self, path: str, session: str, form: Any = None) -> Answer:
        """Open a page as who has that session, or send a form."""
        cookie = f"csrftoken={TOKEN}" + (f"; dijk={session}" if session else "")
        headers = {"Cookie": cookie, "Accept-Language": "en"}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = None if form is None else urlencode(form, doseq=True)
        began = time.perf_counter()
        self.connection.request("GET" if form is None else "POST", path, body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        took = time.perf_counter() - began
        return Answer(answer.status, answer.headers.get("Content-Type", ""), content, took)


def session_of(person: Any) -> str:
    """The cookie of somebody who is logged in."""
    from django.test import Client as Browser

    browser = Browser()
    browser.force_login(person)
    return str(browser.cookies["dijk"].value)


def all_at_once(
    web: serving.Web, tasks: Sequence[Result], work: Callable[[Client, Result], Iterable[Any]]
) -> tuple[float, list[Any]]:
    """Each task by a client of its own, all at the same time: the seconds until the last is done, and what came."""

    def one(task: Result) -> list[Any]:
        client = Client(web)
        with closing(client.connection):
            return list(work(client, task))

    with ThreadPoolExecutor(len(tasks)) as threads:
        began = time.perf_counter()
        found = list(threads.map(one, tasks))
        took = time.perf_counter() - began
    return took, [each for part in found for each in part]


def milliseconds(seconds: Sequence[float], share: float) -> float:
    """So many stay below it."""
    return round(1000 * float(np.quantile(seconds, share)), 1)
