"""The calendar of reports: each Monday and Thursday, unless somebody moved one."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from dijk.report.chapters.lead import MONDAY, REPORT_HOUR, THURSDAY
from dijk_web.models import ReportDayMove

CLOCK = ZoneInfo("Europe/Amsterdam")
"""On whose clock the calendar is."""


@dataclass(frozen=True)
class ReportDay:
    """A day of the calendar, when its report comes, and the move that said so, if any."""

    day: dt.date
    at: dt.datetime
    move: ReportDayMove | None


def regular(day: dt.date) -> dt.datetime:
    """When the report of a day comes if nobody moves it; that Thursdays have the hour of Mondays is assumed."""
    return dt.datetime.combine(day, REPORT_HOUR, CLOCK).astimezone(dt.UTC)


def is_report_day(day: dt.date) -> bool:
    """Whether the calendar has a report on a day."""
    return day.weekday() in (MONDAY, THURSDAY)


def report_day(day: dt.date) -> ReportDay:
    """One day of the calendar."""
    move = ReportDayMove.objects.filter(day=day).first()
    return ReportDay(day, move.moment if move else regular(day), move)


def report_days(first: dt.date, last: dt.date) -> list[ReportDay]:
    """The days of the calendar from a day to another one, both included, in its order."""
    moves: dict[dt.date, ReportDayMove] = {}
    for move in ReportDayMove.objects.filter(day__range=(first, last)).order_by("act"):
        moves[move.day] = move
    found = []
    for ahead in range((last - first).days + 1):
        day = first + dt.timedelta(days=ahead)
        if is_report_day(day):
            move = moves.get(day)
            found.append(ReportDay(day, move.moment if move else regular(day), move))
    return found


def after(day: dt.date) -> ReportDay:
    """The day of the calendar after another one."""
    coming = day + dt.timedelta(days=1)
    while not is_report_day(coming):
        coming += dt.timedelta(days=1)
    return report_day(coming)


def from_local(typed: dt.datetime) -> dt.datetime:
    """What somebody typed on the clock of the calendar, as a moment, whatever zone it was read in."""
    return typed.replace(tzinfo=CLOCK).astimezone(dt.UTC)


def local(moment: dt.datetime) -> dt.datetime:
    """A moment on the clock of the calendar, without a zone, as a report says it."""
    return moment.astimezone(CLOCK).replace(tzinfo=None)
