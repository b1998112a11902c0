"""One's own workbook: a row for each thing that a site tells of and asks for, with what was told last beside it."""

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dijk.files import own_workbook as workbook_of
from dijk.files.own import SHEETS
from dijk.policy import Policy
from dijk.tables import empty
from dijk_web.access import requires
from dijk_web.models import Need, Person, RequestRow, Site
from dijk_web.of_site import as_frame, codes, moment, names_of, needs_of, packs_of_needs, policy_now
from dijk_web.pages.activity import ACTIVITY
from dijk_web.pages.answer import as_file
from dijk_web.pages.lines import amount_in_words
from dijk_web.pages.stock import STOCK
from dijk_web.pages.telling import Seen, Topic
from dijk_web.pages.told_run import lang
from dijk_web.pages.upload import BOOK
from dijk_web.pages.use import USE
from dijk_web.people import Permission, Role
from dijk_web.upload_rules import CARE, UPLOADS
from dijk_web.visible import sites_visible_to

MOST_SITES = 50
"""Sites in one workbook: more is not filled in by one person, and takes longer to make than one waits."""

READY: dict[str, dict[str, Any]] = {"stock": {}, "use": {"days": 7}, "activity": {}, "request": {"urgent": False}}
"""The sheets with rows that stand ready, and what is filled in on each of them beside what it is about."""


@requires(Permission.TELL)
@never_cache
@require_safe
def own_workbook(request: HttpRequest) -> HttpResponse:
    """The workbook of the sites that are asked for; of a person's only site at once, else after choosing."""
    mine = of_whom(request.user)
    asked, sought = request.GET.getlist("site"), request.GET.get("sought", "")
    if asked:
        chosen = list(mine.filter(site__in=asked)[: MOST_SITES + 1])
        if not chosen:
            raise Http404
        if len(chosen) <= MOST_SITES:
            return as_file(made_for(chosen), name_of(chosen), BOOK)
    few = list(mine[:2])
    if len(few) == 1:
        return as_file(made_for(few), name_of(few), BOOK)
    found = mine.filter(Q(name__icontains=sought) | Q(site__icontains=sought)) if sought else mine
    some = list(found[: MOST_SITES + 1])
    told = {"sites": some[:MOST_SITES], "more": len(some) > MOST_SITES, "sought": sought, "most": MOST_SITES}
    return render(request, "dijk_web/upload/sites.html", told | {"too_many": bool(asked)})


def of_whom(person: Person) -> QuerySet[Site]:
    """The sites of which somebody tells by upload."""
    kinds = {kind for kinds in UPLOADS[Role(person.role)].values() for kind in kinds}
    return sites_visible_to(person).filter(kind__in=kinds).order_by("name", "site")


def name_of(sites: Sequence[Site]) -> str:
    """What the file is called: after its only site, else after how many."""
    return f"dijk {sites[0].site}.xlsx" if len(sites) == 1 else f"dijk {len(sites)}.xlsx"


def made_for(sites: Sequence[Site]) -> bytes:
    """The workbook of some sites, in the language of the page."""
    now = moment()
    policy = policy_now()
    rows: dict[str, list[dict[str, Any]]] = {table: [] for table in READY}
    for site in sites:
        seen = Seen(site, now, policy)
        for topic in (STOCK, USE, ACTIVITY) if site.kind in CARE else (STOCK,):
            rows[topic.table] += told_rows(topic, seen)
    rows["request"] = list(asked_rows([site for site in sites if site.kind in CARE], policy))
    return workbook_of({table: framed(table, some) for table, some in rows.items()}, lang=lang())


def told_rows(topic: Topic, seen: Seen) -> Iterator[dict[str, Any]]:
    """A row for each line of a page on which a site tells, with what it told last."""
    for line in topic.lines(seen):
        called = f"{line.name}, {line.place}" if topic is ACTIVITY else line.name
        yield {
            "site": seen.site.site,
            **line.about,
            "called": called,
            "last": line.last or None,
            "last_day": line.last_day,
        }


def asked_rows(sites: Sequence[Site], policy: Policy) -> Iterator[dict[str, Any]]:
    """A row for each need of each site, with what it asked for last."""
    now = moment()
    told = as_frame("request", RequestRow.objects.filter(site__in=codes(sites))).sort("day", "known_at")
    last = {(row["site"], row["need"]): row for row in told.filter(pl.col("pieces").is_not_null()).to_dicts()}
    needs, packs = needs_of(sites, policy, now.date()), packs_of_needs(policy, now.date())
    names = names_of(Need, set().union(*needs.values()))
    for site in sites:
        for need in (need for need in names if need in needs[site.site]):
            row = {"site": site.site, "need": need, "called": names[need]}
            if before := last.get((site.site, need)):
                row |= {"last": amount_in_words(before["pieces"], packs.get(need)), "last_day": before["day"]}
            yield row


def framed(table: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows with the columns of their sheet; how a figure is known stands ready as counted."""
    types = {**empty(table).schema, "called": pl.String, "last": pl.String, "last_day": pl.Date}
    ready = {"how": "counted", **READY[table]}
    given = [name for name in SHEETS[table] if rows and name in {*ready, *rows[0], "last", "last_day"}]
    full = [{name: (ready | row).get(name) for name in given} for row in rows]
    return pl.DataFrame(full, schema={name: types[name] for name in given})
