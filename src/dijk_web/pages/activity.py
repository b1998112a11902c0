"""My activity: how much care a site gives a day, an outbreak among it."""

import datetime as dt
from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dijk.present.norm_use import norms_in_force
from dijk_web.actions.telling import tell_activity
from dijk_web.models import Driver, RiskClass
from dijk_web.of_site import names_of
from dijk_web.pages.form import date_field
from dijk_web.pages.lines import Line, reason_in_words, shown
from dijk_web.pages.telling import Seen, TellForm, Topic
from dijk_web.pages.told_before import last_rows

MOST_DAYS = 31
"""Days that one form tells of at most, as the longest period of a row of use."""


class ActivityForm(TellForm):
    """The day, or the days since when it is so."""

    outbreak_since = date_field(
        gettext_lazy("Outbreak since, or the same since"),
        required=False,
        help_text=gettext_lazy("The numbers below then hold for each day since."),
    )

    def clean(self) -> None:
        """The first day is not after the last, nor too long ago for one form."""
        said = super().clean() or self.cleaned_data
        first, last = said.get("outbreak_since"), said.get("day")
        if first and last and not dt.timedelta(0) <= last - first < dt.timedelta(days=MOST_DAYS):
            self.add_error(
                "outbreak_since",
                _("At most {days} days before the day above; tell older days in a form of their own.").format(
                    days=MOST_DAYS - 1
                ),
            )


def activity_lines(seen: Seen) -> list[Line]:
    """A line per driver and risk class of which norms in force speak for the sector, or that the site ever told."""
    norms = norms_in_force(seen.policy, seen.now.date()).filter(pl.col("sector") == seen.site.sector)
    last = last_rows("activity", seen.site, ("driver", "risk_class"))
    keys = set(norms.select("driver", "risk_class").rows()) | set(last)
    drivers = names_of(Driver, {driver for driver, _risk in keys})
    classes = names_of(RiskClass, {risk for _driver, risk in keys})
    lines = []
    for driver, risk_class in keys:
        about = {"driver": driver, "risk_class": risk_class}
        line = Line(f"{driver}|{risk_class}", drivers[driver], place=classes[risk_class], per_day=True, about=about)
        if row := last.get((driver, risk_class)):
            units = row["units"]
            line.last = (
                reason_in_words(row["reason"]) if units is None else _("{units} a day").format(units=shown(units))
            )
            line.last_day = row["day"]
        lines.append(line)
    return sorted(lines, key=lambda line: (line.place, line.name))


def activity_rows(line: Line, said: dict[str, Any]) -> list[dict[str, Any]]:
    """A row for each day that the line is about."""
    first = said.get("outbreak_since") or said["day"]
    days = [first + dt.timedelta(days=after) for after in range((said["day"] - first).days + 1)]
    return [{**line.about, **line.value_of("units"), "day": day} for day in days]


ACTIVITY = Topic(
    table="activity",
    column="units",
    title=gettext_lazy("My activity"),
    says=gettext_lazy("How much care you give a day: patients, contacts, shifts. Your norm use follows from it."),
    form=ActivityForm,
    lines=activity_lines,
    rows=activity_rows,
    act=tell_activity,
)
