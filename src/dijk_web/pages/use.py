"""My use: what was used of each need over some days."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dijk_web.actions.telling import tell_use
from dijk_web.models import Need
from dijk_web.of_site import names_of, needs_of, packs_of_needs
from dijk_web.pages.lines import Line, told_in_words
from dijk_web.pages.telling import Seen, TellForm, Topic
from dijk_web.pages.told_before import last_rows


class UseForm(TellForm):
    """The days that the use is of."""

    days = forms.IntegerField(
        label=gettext_lazy("Over how many days, that one included"), min_value=1, max_value=31, initial=7
    )


def use_lines(seen: Seen) -> list[Line]:
    """A line per need of the site, with what was told last."""
    needs = needs_of([seen.site], seen.policy, seen.now.date())[seen.site.site]
    packs, last = packs_of_needs(seen.policy, seen.now.date()), last_rows("use", seen.site, ("need",))
    lines = []
    for need, name in names_of(Need, needs).items():
        line = Line(need, name, each=packs.get(need), about={"need": need})
        if row := last.get((need,)):
            words = told_in_words(row, line.each)
            line.last = _("{amount} over {days} days").format(amount=words, days=row["days"])
            line.last_day = row["day"]
        lines.append(line)
    return lines


def use_rows(line: Line, said: dict[str, Any]) -> list[dict[str, Any]]:
    """The row of a line."""
    return [{**line.about, **line.value_of("pieces"), "day": said["day"], "days": said["days"]}]


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
