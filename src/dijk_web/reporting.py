"""Reports as acts: which of them somebody reads, in which edition, and what a report is told beside its run."""

import datetime as dt
import hashlib
from pathlib import PurePosixPath
from urllib.parse import unquote

from django.db.models import Max, Min, Q, QuerySet

from dijk.report.edition import EDITIONS, FORMS, Edition, edition, edition_of_file, file_name
from dijk.report.issued import Corrected, Issued
from dijk.report.pages import Report
from dijk.report.shown import said
from dijk.tables.languages import LANGS
from dijk_web import report_days, store
from dijk_web.dividing import open_division
from dijk_web.models import IssuedReport, Person, ReportDayMove, Run, UrgentRelease
from dijk_web.models.report import FROZEN
from dijk_web.people import Permission, Role, allows, may
from dijk_web.report_days import ReportDay
from dijk_web.visible import sees_all, sees_region

TOLD = "report.json"
"""What a report was told beside its run; with it a desk makes the same bytes."""

FILES = len(LANGS) * len(FORMS) * len(EDITIONS)
"""How many files a report has, but for the lists per region."""

LOOK_BACK, LOOK_AHEAD = dt.timedelta(days=7), dt.timedelta(days=15)
"""For which days a report can be made: none that is over for long, and none far away."""


def edition_of(person: Person) -> Edition:
    """The widest edition that somebody reads: with single orders in it only who reads these elsewhere."""
    if not allows(person, Permission.READ_INBOUND):
        return "general"
    return "full" if sees_all(person) else "money"


def readable(person: Person) -> QuerySet[IssuedReport]:
    """The reports that somebody reads: what is frozen, and before that who works on them. An institution does not read
    one whose run is being divided: it sees a number from its release on.
    """
    if not may(person.role, Permission.READ_REPORT):
        return IssuedReport.objects.none()
    if may(person.role, Permission.READ_DRAFT):
        return IssuedReport.objects.all()
    waits = open_division() if Role(person.role) is Role.INSTITUTION else None
    return IssuedReport.objects.filter(FROZEN, ~Q(run=waits.run) if waits else Q())


def may_open(person: Person, name: str) -> bool:
    """Whether somebody reads a file of a report that they read: of their edition or a narrower one; a list of a region
    whoever sees all sites, and its coordinator.
    """
    path = PurePosixPath(name)
    if len(path.parts) > 1:
        region = unquote(path.stem)
        return sees_region(person, region)
    if name == TOLD:
        return sees_all(person)
    named = edition_of_file(name)
    return named in (edition_of(person), "general") or edition_of(person) == "full"


def name_of(report: IssuedReport, lang: str, form: str, edition: Edition) -> str:
    """The file of a report in a language, form and edition."""
    return file_name(str(Run.objects.get(act=report.run).code), edition, lang, form)


def contents(pages: Report) -> list[list[object]]:
    """Of each table and figure its reference, its title in English and in Dutch, and the editions that hold it."""
    there = {name: {ref for ref, _title in edition(pages, name).contents()} for name in EDITIONS}
    return [
        [ref, said(title, "en"), said(title, "nl"), [name for name in EDITIONS if ref in there[name]]]
        for ref, title in pages.contents()
    ]


def digest(files: dict[str, str]) -> str:
    """One SHA-256 over the names of all files and theirs, which the act that freezes them keeps."""
    lines = "".join(f"{files[name]}  {name}\n" for name in sorted(files))
    return hashlib.sha256(lines.encode()).hexdigest()


def differing(report: IssuedReport) -> list[str]:
    """The files of a report that are not on the disk as they were made."""
    return [name for name, sha in sorted(report.files.items()) if store.sha_of_report(report.act, name) != sha]


def issued(report: IssuedReport) -> Issued:
    """What a report is told beside its run."""
    old = IssuedReport.objects.get(act=report.corrects) if report.corrects else None
    previous = Run.objects.get(act=report.previous).code if report.previous else None
    return Issued(
        number=report.act,
        act=report.last_act,
        seal=report.seal,
        interim=report.is_interim,
        missing=report.missing,
        next_report=report_days.local(report.next_at),
        previous=previous,
        alone=released_alone(report.last_act),
        corrects=Corrected(old.act, old.as_of, report.why) if old else None,
    )


def released_alone(until: int) -> int:
    """Urgent releases at which nobody else had looked, as it was after an act."""
    looked_at = Q(ended_act__isnull=False, ended_act__lte=until)
    return UrgentRelease.objects.filter(act__lte=until).exclude(looked_at).count()


def calendar(now: dt.datetime) -> list[ReportDay]:
    """The days of the calendar that are near: none from before there was a run, of which nobody owes a report."""
    return _near(now, _begun() or now)


def days_without(now: dt.datetime) -> list[ReportDay]:
    """The days for which a report can be made: no frozen one holds them yet. None before there is a run."""
    begun = _begun()
    days = _near(now, begun) if begun else []
    rows = IssuedReport.objects.frozen().filter(day__in=[one.day for one in days])
    held = set(rows.values_list("day", flat=True))
    return [one for one in days if one.day not in held]


def _near(now: dt.datetime, begun: dt.datetime) -> list[ReportDay]:
    days = report_days.report_days((now - LOOK_BACK).date(), (now + LOOK_AHEAD).date())
    return [one for one in days if one.at >= begun]


def _begun() -> dt.datetime | None:
    """The moment of the first run; None before there is one."""
    first: dt.datetime | None = Run.objects.filter(preview=False).aggregate(first=Min("as_of"))["first"]
    return first


def last_frozen(before: dt.datetime) -> IssuedReport | None:
    """The last report that was frozen of an earlier moment."""
    return IssuedReport.objects.frozen().filter(as_of__lt=before).order_by("-as_of", "-act").first()


def correction_of(report: IssuedReport) -> IssuedReport | None:
    """The frozen report that came in the place of another one."""
    return IssuedReport.objects.frozen().filter(corrects=report.act).first()


def last_act_of(day: dt.date) -> int:
    """The last act that froze a report of a day, or moved that day or the next; 0 where there is none. What a report
    says of its day rests on it.
    """
    held = IssuedReport.objects.frozen().filter(day=day).aggregate(last=Max("frozen_by"))
    moved = ReportDayMove.objects.filter(day__in=[day, report_days.after(day).day]).aggregate(last=Max("act"))
    return max(int(held["last"] or 0), int(moved["last"] or 0))


def in_time(report: IssuedReport) -> bool:
    """Whether the calendar still says what a report says of the next one."""
    return report_days.after(report.day).at == report.next_at
