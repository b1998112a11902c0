"""Every page that can be reached by links, by many at once who read between pages, and without that pause."""

import re
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from figures import Figure
from web_load import Client, all_at_once, milliseconds, session_of

from dijk_web import serving

CRAWLERS = ("care-home", "coordinator", "planner", "official-gmt", "buyer", "auditor", "administrator", "")
"""Who goes about, each to the pages that nobody saw before; the last is not logged in."""
FILES = re.compile(r"\.zip$|as=csv|/account/logout")
CLIENTS, MOST_MS = 8, 150


@dataclass(frozen=True)
class Seen:
    """A page, and who opens it."""

    name: str
    path: str
    session: str


def pages(web: serving.Web, *, rounds: int, pause: float) -> list[Figure]:
    """What the slowest of twenty wait for on each page, the slowest page first. Without rounds each page is opened
    once.
    """
    every = crawled(web)
    slow = {name: milliseconds(found, 0.95) for name, found in opened(web, every, rounds, pause).items()}
    fast = {name: milliseconds(found, 0.95) for name, found in opened(web, every, rounds, 0).items()}
    names = sorted(slow, key=lambda name: -slow[name])
    within = sum(late < MOST_MS for late in slow.values())
    return [
        Figure(f"pages with p95 under {MOST_MS} ms", within, f"of {len(slow)}", "all", within == len(slow)),
        *(
            Figure(
                f"page {name}: p95, {pause:g} s between pages (without {fast[name]:g} ms)",
                slow[name],
                "ms",
                f"< {MOST_MS}",
                slow[name] < MOST_MS,
            )
            for name in names
        ),
    ]


def opened(web: serving.Web, every: list[Seen], rounds: int, pause: float) -> dict[str, list[float]]:
    """The seconds of each opening, by page; each client begins at another page."""

    def go(client: Client, of_client: list[Seen]) -> Iterator[tuple[str, float]]:
        for one in of_client:
            answer = client.ask(one.path, one.session)
            if answer.status != 200:
                raise RuntimeError(f"{one.path} answers {answer.status}: {answer.body.decode()[:2000]}")
            yield one.name, answer.seconds
            time.sleep(pause)

    steps = [at * len(every) // CLIENTS for at in range(CLIENTS)]
    lists = [(every[step:] + every[:step]) * rounds if rounds else every[at::CLIENTS] for at, step in enumerate(steps)]
    found = defaultdict(list)
    for name, seconds in all_at_once(web, lists, go)[1]:
        found[name].append(seconds)
    return found


def crawled(web: serving.Web) -> list[Seen]:
    """Each page by name, at the first address and for the first person that links lead to."""
    from dijk_web.models import Person

    found: dict[str, Seen] = {}
    client = Client(web)
    with closing(client.connection):
        for name in CRAWLERS:
            session = session_of(Person.objects.get(code=f"p-{name}")) if name else ""
            crawl(client, name, session, found)
    return list(found.values())


def crawl(client: Client, who: str, session: str, found: dict[str, Seen]) -> None:
    """Add the pages that nobody saw before."""
    from django.urls import resolve

    waiting, been = ["/", "/account/login/", "/invitation/"], set()
    while waiting:
        path = waiting.pop(0)
        place = str(resolve(urlsplit(path).path).url_name)
        name = f"start of {who or 'nobody'}" if place == "start" else place
        if name in found or path in been or FILES.search(path):
            continue
        been.add(path)
        answer = client.ask(path, session)
        if answer.status != 200 or not answer.kind.startswith("text/html"):
            continue
        found[name] = Seen(name, path, session)
        to = [urlsplit(urljoin(path, link)) for link in answer.links]
        waiting += [f"{one.path}?{one.query}" for one in to if not (one.scheme or one.netloc)]
