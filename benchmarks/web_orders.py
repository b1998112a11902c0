"""Orders of ten lines by many at once: bare rows, the act, and the whole page, in turn on the same server."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from figures import Figure
from web_load import TOKEN, Client, all_at_once, milliseconds, session_of

from dijk_web import serving

LINES, CLIENTS = 10, 8
AIM = {"sqlite": 0.4, "postgresql": 0.3}
MOST_MS = 150
NOT_LATE = 10**9
"""Seen up to an act that is still to come, so that no order is late."""


@dataclass(frozen=True)
class Buyer:
    """Who orders for a site by the page; ``beside`` is a site for which orders come otherwise, so that the page gets no
    heavier by them.
    """

    session: str
    site: str
    needs: list[str]
    beside: str
    needs_beside: list[str]


def buyers() -> list[Buyer]:
    """Somebody of each of so many sites, all of them logged in."""
    from dijk_web.actions.writing import writing
    from dijk_web.demo import seat
    from dijk_web.models import Person, Site
    from dijk_web.of_site import moment, needs_of, policy_now

    care = list(Site.objects.filter(kind="care").order_by("site")[:500])
    needs = needs_of(care, policy_now(), moment().date())
    fit = [site for site in care if len(needs[site.site]) >= LINES][: 2 * CLIENTS]
    pairs = list(zip(fit[:CLIENTS], fit[CLIENTS:], strict=True))
    people = [
        Person(**seat(f"buyer-{at}", "B", role="institution", organisation=one.organisation_id, sites=[one.site]))
        for at, (one, _) in enumerate(pairs)
    ]
    with writing("people_let_in", by=people[0], about="people", reason="a benchmark"):
        for person in people:
            person.save()
    some = {code: sorted(all_of_it)[:LINES] for code, all_of_it in needs.items()}
    return [
        Buyer(session_of(person), one.site, some[one.site], other.site, some[other.site])
        for person, (one, other) in zip(people, pairs, strict=True)
    ]


def bare(buyer: Buyer) -> tuple[str, dict[str, Any]]:
    """Rows alone."""
    return "/bare/", {"site": buyer.beside, "need": buyer.needs_beside, "pieces": 1}


def act(buyer: Buyer) -> tuple[str, dict[str, Any]]:
    """The act."""
    return "/act/", bare(buyer)[1] | {"once": secrets.token_hex(16), "since": NOT_LATE}


def page(buyer: Buyer) -> tuple[str, dict[str, Any]]:
    """The page, where what was looked at is sent."""
    form = {f"amount:{buyer.site}|{need}": 1 for need in buyer.needs} | {"step": "send", "why": "a benchmark"}
    form |= {"once": secrets.token_hex(16), "since": NOT_LATE, "csrfmiddlewaretoken": TOKEN}
    return f"/orders/new/?site={buyer.site}", form


WAYS = {"bare rows": (bare, 204), "order, the act": (act, 204), "order, the whole page": (page, 302)}


def orders(web: serving.Web, vendor: str, *, rounds: int, each: int) -> list[Figure]:
    """How many a second by each way, beside bare rows, and what the slowest wait for."""
    clients = buyers()
    rates: dict[str, list[float]] = {name: [] for name in WAYS}
    waits: dict[str, list[float]] = {name: [] for name in WAYS}
    for _ in range(rounds):  # in turn, so that a busy machine slows all
        for name in WAYS:
            took, found = all_at_once(web, clients, lambda client, buyer, name=name: sent(client, buyer, name, each))
            rates[name].append(len(found) / took)
            waits[name] += found
    figures = []
    for name in WAYS:
        late = milliseconds(waits[name], 0.99)
        figures.append(Figure(f"{name}: by {CLIENTS} clients", round(max(rates[name]), 1), "orders/s"))
        if name == "bare rows":
            figures.append(Figure(f"{name}: p99", late, "ms"))
            continue
        share, aim = max(rates[name]) / max(rates["bare rows"]), AIM[vendor]
        figures.append(Figure(f"{name} / bare rows", round(share, 2), "ratio", f">= {aim}", share >= aim))
        figures.append(Figure(f"{name}: p99", late, "ms", f"< {MOST_MS}", late < MOST_MS))
    return figures


def sent(client: Client, buyer: Buyer, name: str, each: int) -> Iterator[float]:
    """Send so many orders one after the other; the seconds that each takes."""
    form_of, wanted = WAYS[name]
    for _ in range(each):
        path, form = form_of(buyer)
        answer = client.ask(path, buyer.session, form)
        if answer.status != wanted:
            raise RuntimeError(f"{path} answers {answer.status}: {answer.body.decode()[:2000]}")
        yield answer.seconds
