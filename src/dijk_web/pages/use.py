"""My use: what was used of each need over some days."""

from typing import Any

import polars as pl
from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dijk_web.access import requires
from dijk_web.actions.telling import tell_use
from dijk_web.models import Need, Use
from dijk_web.of_site import as_frame, names_of, needs_of, packs_of_needs
from dijk_web.pages.lines import Line, amount_in_words, reason_in_words
from dijk_web.pages.telling import Seen, TellForm, Topic, tell
from dijk_web.people import Permission


class UseForm(TellForm):
    """The days that the use is of."""

    days = forms.IntegerField(
        label=gettext_lazy("Over how many days, that one included"), min_value=1, max_value=31, initial=7
    )


def use_lines(seen: Seen) -> list[Line]:
    """A line per need of the site, with what was told last."""
    needs = needs_of([seen.site], seen.policy, seen.now.date())[seen.site.site]
    told = as_frame("use", Use.objects.filter(site=seen.site.site)).sort("day", "known_at")
    last = {row["need"]: row for row in told.filter(pl.col("reason").ne_missing("retracted")).to_dicts()}
    packs = packs_of_needs(seen.policy, seen.now.date())
    lines = []
    for need, name in names_of(Need, needs).items():
        line = Line(need, name, each=packs.get(need), about={"need": need})
        if row := last.get(need):
            pieces = row["pieces"]
            words = reason_in_words(row["reason"]) if pieces is None else amount_in_words(pieces, line.each)
            line.last = _("{amount} over {days} days").format(amount=words, days=row["days"])
            line.last_day = row["day"]
        lines.append(line)
    return lines


def use_rows(line: Line, said: dict[str, Any]) -> list[dict[str, Any]]:
    """The row of a line."""
    value = {"pieces": line.value, "reason": line.why_none or None, "how": line.how}
    return [{**line.about, **value, "day": said["day"], "days": said["days"]}]


USE = Topic(
    table="use",
    column="pieces",
    title=gettext_lazy("My use"),
    says=gettext_lazy("What was used, also when it was less than you needed because there was no more."),
    form=UseForm,
    lines=use_lines,
    rows=use_rows,
    act=tell_use,
)


@requires(Permission.TELL)
@never_cache
@require_http_methods(["GET", "POST"])
def use(request: HttpRequest, site: str) -> HttpResponse:
    """Tell what a site used."""
    return tell(request, site, USE)
