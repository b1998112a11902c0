"""An outlet, such as a pharmacy: what it has and needs, what one client gets at most, and handing out by count."""

import datetime as dt
import math
from collections.abc import Sequence
from typing import Any

import polars as pl
from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dijk.policy import Policy
from dijk.present.per_client import cap_per_client
from dijk.tables import ALL
from dijk_web.access import requires
from dijk_web.actions.telling import hand_out as act
from dijk_web.models import Need, Person, Site
from dijk_web.of_site import known_of, moment, names_of, needs_of, norms_of, policy_now, registers_now
from dijk_web.pages.lines import Line, reason_in_words, shown
from dijk_web.pages.telling import Seen, TellForm, Topic, tell
from dijk_web.pages.told_before import last_rows
from dijk_web.pages.told_run import lang
from dijk_web.pages.use import use_lines
from dijk_web.people import Permission
from dijk_web.signal import CARER
from dijk_web.visible import site_or_404, sites_told_by

OUTLET = "outlet"
"""The kind of a site that hands out."""


def outlet_or_404(person: Person, code: str) -> Site:
    """An outlet that somebody sees."""
    site: Site = site_or_404(person, code)
    if site.kind != OUTLET:
        raise Http404
    return site


def caps_of(site: Site, needs: Sequence[str], policy: Policy, day: dt.date) -> dict[str, float | None]:
    """Pieces that one client of an outlet gets at most, by need; None where the policy does not say it."""
    cells = pl.DataFrame({"need": needs}, schema={"need": pl.String}).with_columns(
        sector=pl.lit(site.sector), region=pl.lit(site.region)
    )
    return dict(zip(needs, cap_per_client(policy, day, cells).to_list(), strict=True))


def for_carers(site: Site) -> bool:
    """Whether an outlet serves carers, and not sectors outside care."""
    groups = dict(registers_now()["sector"].select("sector", pl.col("group").cast(pl.String)).iter_rows())
    return groups.get(site.sector) == "care"


def carer_text(policy: Policy, day: dt.date) -> dict[str, Any] | None:
    """The text in force of who counts as an informal carer; None where there is none."""
    rows = policy.in_force("policy_text", day).filter(subject=CARER, need=ALL)
    return rows.row(0, named=True) if rows.height else None


@requires(Permission.READ_SITES)
@require_safe
def outlet(request: HttpRequest, site: str) -> HttpResponse:
    """What an outlet has and needs, and the notice for its clients to print."""
    one, now, policy = outlet_or_404(request.user, site), moment(), policy_now()
    text = carer_text(policy, now.date()) if for_carers(one) else None
    lines = lines_of(one, now, policy)
    told = {
        "site": one,
        "today": now.date(),
        "lines": lines,
        "for_carers": for_carers(one),
        "text": text and text["dutch" if lang() == "nl" else "english"],
        "row": text,
        "capped": [line for line in lines if line["one_gets"]],
        "may_tell": sites_told_by(request.user, Permission.TELL).filter(site=site).exists(),
    }
    return render(request, "dijk_web/outlet/one.html", told)


def lines_of(site: Site, now: dt.datetime, policy: Policy) -> list[dict[str, Any]]:
    """A line per need: what the outlet has, its own need a day, what one client gets at most, and what it told last."""
    needs = names_of(Need, needs_of([site], policy, now.date())[site.site])
    caps, norms = caps_of(site, list(needs), policy, now.date()), norms_of([site])
    held, last = known_of([site]).held, last_rows("use", site, ("need",))
    lines = []
    for need, name in needs.items():
        has, cap, row = held.get((site.site, need)), caps[need], last.get((need,))
        norm = norms.get((site.site, need))
        lines.append(
            {
                "need": need,
                "name": name,
                "has": None if has is None or has.pieces is None else shown(has.pieces),
                "doubted": has is not None and has.doubted,
                "a_day": None if norm is None else shown(round(norm) if norm >= 1 else norm),
                "cap": None if cap is None else cap_in_words(cap),
                "one_gets": cap is not None and cap >= 1,
                "last": row and handed_out_in_words(row),
            }
        )
    return lines


def handed_out_in_words(row: dict[str, Any]) -> str:
    """What was handed out last, and when; over how many days where it was more than one."""
    amount = reason_in_words(row["reason"]) if row["pieces"] is None else shown(row["pieces"])
    day = date_format(row["day"], "j F Y")
    if row["days"] == 1:
        return _("{amount} on {day}").format(amount=amount, day=day)
    return _("{amount} in {days} days up to {day}").format(amount=amount, days=row["days"], day=day)


class HandOutForm(TellForm):
    """How many clients came on the day; never who."""

    clients = forms.IntegerField(
        label=gettext_lazy("Clients for whom somebody came that day, in all"),
        help_text=gettext_lazy("A number only: no names, no addresses."),
        min_value=1,
        max_value=100_000,
    )


def hand_out_lines(seen: Seen) -> list[Line]:
    """A line per need of the outlet, as for its use, with what one client gets at most."""
    lines = use_lines(seen)
    caps = caps_of(seen.site, [line.key for line in lines], seen.policy, seen.now.date())
    for line in lines:
        line.place = at_most(caps[line.key])
    return lines


def most_of(clients: int, cap: float) -> int:
    """Whole pieces for so many clients together: nobody gets a part of one, and of what one client gets less than one
    of, some share.
    """
    return clients * whole(cap) if cap >= 1 else whole(clients * cap)


def whole(pieces: float) -> int:
    """Whole pieces; 28.999999999999996 is 29."""
    return math.floor(pieces + 1e-9)


def cap_in_words(cap: float) -> str:
    """What one client gets at most, in whole pieces; less than one is one for several clients, and nothing is 0."""
    if 0 < cap < 1:
        return _("1 for {clients} clients").format(clients=shown(math.ceil(1 / cap - 1e-9)))
    return shown(whole(cap))


def at_most(cap: float | None) -> str:
    """What one client gets at most, in words."""
    if cap is None:
        return _("The policy does not say what one client gets at most.")
    if 0 < cap < 1:
        return _("at most {some}").format(some=cap_in_words(cap))
    return _("at most {pieces} a client").format(pieces=cap_in_words(cap))


def hand_out_rows(line: Line, said: dict[str, Any]) -> list[dict[str, Any]]:
    """The row of a line: all that was handed out of it on one day."""
    return [{**line.about, **line.value_of("pieces"), "day": said["day"], "days": 1, "clients": said["clients"]}]


def hold_to_cap(seen: Seen, lines: list[Line], said: dict[str, Any]) -> None:
    """Say at each line what passes the cap of as many clients as came; where the policy has none, that nobody said."""
    caps = caps_of(seen.site, [line.key for line in lines], seen.policy, said["day"])
    for line in lines:
        if (cap := caps[line.key]) is None:
            line.notes.append(at_most(None))
        elif line.value is not None and line.value > (most := most_of(said["clients"], cap)):
            text = _("For {clients} clients {most} pieces at most. If more was handed out, tell it under My use.")
            line.problems.append(text.format(clients=shown(said["clients"]), most=shown(most)))


HAND_OUT = Topic(
    table="use",
    column="pieces",
    title=gettext_lazy("Hand out"),
    says=gettext_lazy(
        "What you handed out on one day, of each need all of it together. Told again for the same day, it replaces "
        "what you told before. It costs the carer nothing."
    ),
    form=HandOutForm,
    lines=hand_out_lines,
    rows=hand_out_rows,
    act=act,
    limit=hold_to_cap,
)


@requires(Permission.TELL)
@never_cache
@require_http_methods(["GET", "POST"])
def hand_out(request: HttpRequest, site: str) -> HttpResponse:
    """Tell by count what was handed out."""
    outlet_or_404(request.user, site)
    return tell(request, site, HAND_OUT)
