"""Reports: asking for one, freezing it by two persons, moving its day, and wanting one earlier."""

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied

from dijk_web import mailing, report_days, reporting
from dijk_web.actions.proposing import put_forward
from dijk_web.actions.telling import Sent
from dijk_web.actions.writing import TooLate, Writing, writing
from dijk_web.jobs import make_report
from dijk_web.models import IssuedReport, Made, Pen, Person, Proposal, ReportDayMove, ReportWish, Run, State
from dijk_web.models import proposal as kinds
from dijk_web.people import Permission, allows, may


class NotWhole(Exception):
    """Bytes of a report are not those that were made; it is not frozen."""


@dataclass(frozen=True)
class Asked:
    """Which report is asked for: for which day of the calendar; interim, with what it lacks; or in the place of a
    frozen one.
    """

    day: dt.date
    is_interim: bool = False
    missing: str = ""
    corrects: IssuedReport | None = None


# parameters: of which run which report, why, and by which form
def ask_for_report(run: Run, asked: Asked, *, by: Person, reason: str, sent: Sent) -> int:
    """Ask for a report of a run; the number of the act, which is that of the report. An interim one answers whoever
    wants one.

    Raises
    ------
    PermissionDenied
        This person makes no reports.
    TooLate
        The run is not made, a frozen report holds the day or corrects the same one already, or the last act that the
        form saw of its day is not the last any more.
    """
    if not may(by.role, Permission.MAKE_REPORT):
        raise PermissionDenied
    with writing("report_asked", by=by, about="report", reason=reason, once=sent.once) as act:
        old = asked.corrects
        if run.preview or run.state not in (State.MADE, State.PUBLISHED) or not _is_free(asked):
            raise TooLate("report")
        if reporting.last_act_of(asked.day) > sent.since:
            raise TooLate("calendar")
        pen = Pen.objects.get()
        before = reporting.last_frozen(run.as_of)
        report = IssuedReport.objects.create(
            act=act.number,
            run=run.act,
            as_of=run.as_of,
            day=asked.day,
            next_at=report_days.after(asked.day).at,
            last_act=pen.act,
            seal=pen.seal,
            previous=before.run if before else None,
            corrects=old.act if old else None,
            why=reason if old else "",
            is_interim=asked.is_interim,
            missing=asked.missing,
        )
        if asked.is_interim:
            ReportWish.objects.filter(answered_by=None).update(answered_by=act.number)
        act.about = report.log
        act.after = {"run": run.act, "day": asked.day.isoformat(), "interim": asked.is_interim}
        act.after |= {"corrects": old.act} if old else {}
        make_report.enqueue(act.number)
    return act.number


def _is_free(asked: Asked) -> bool:
    """Whether a report may be made for the day: nobody froze one, or it corrects one that nobody corrected."""
    old = asked.corrects
    if old is None:
        return not IssuedReport.objects.frozen().filter(day=asked.day).exists()
    return old.state == Made.FROZEN and old.day == asked.day and reporting.correction_of(old) is None


def propose_to_freeze(report: IssuedReport, *, by: Person, reason: str, sent: Sent) -> int:
    """Propose that a report holds; the number of the act, which is that of the proposal.

    Raises
    ------
    PermissionDenied
        This person freezes no reports.
    TooLate
        It is not made, is interim, its run is not published, another one holds its day, or the calendar is not as it
        tells it any more.
    """
    if not allows(by, Permission.FREEZE_REPORT):
        raise PermissionDenied
    about = f"report_day:{report.day}"
    with writing("freeze_proposed", by=by, about=report.log, reason=reason, once=sent.once) as act:
        if not may_be_frozen(report):
            raise TooLate("report")
        content = {"report": report.act, "day": report.day.isoformat(), "sha256": reporting.digest(report.files)}
        put_forward(act, kind=kinds.REPORT, about=about, content=content, by=by, reason=reason)
        act.after = content
    return act.number


def may_be_frozen(report: IssuedReport) -> bool:
    """Whether a report can be proposed to hold, as it is now."""
    if not IssuedReport.objects.filter(act=report.act, state=Made.MADE, is_interim=False).exists():
        return False
    old = IssuedReport.objects.get(act=report.corrects) if report.corrects else None
    return (
        Run.objects.filter(act=report.run, state=State.PUBLISHED).exists()
        and _is_free(Asked(report.day, corrects=old))
        and reporting.in_time(report)
        and not Proposal.objects.open().filter(kind=kinds.REPORT, about=f"report_day:{report.day}").exists()
    )


def freeze(proposal: Proposal, act: Writing) -> None:
    """Let a report hold, in the act that approves it: its bytes stay as they are from then on.

    Raises
    ------
    NotWhole
        A file is gone, or is not the one that was made.
    TooLate
        It is frozen already.
    """
    if not is_whole(proposal):
        raise NotWhole
    held = IssuedReport.objects.filter(act=proposal.content["report"], state=Made.MADE)
    if not held.update(state=Made.FROZEN, frozen_by=act.number):
        raise TooLate("report")
    act.after = proposal.content


def is_whole(proposal: Proposal) -> bool:
    """Whether the files of the report are on the disk as they were when it was proposed to freeze it."""
    report = IssuedReport.objects.get(act=proposal.content["report"])
    return not reporting.differing(report) and reporting.digest(report.files) == proposal.content["sha256"]


# parameters: which day, to when, why, and by which form
def move_day(day: dt.date, moment: dt.datetime, *, by: Person, reason: str, sent: Sent) -> int:
    """Let a report come at another moment; the number of the act. Reports that were made for the day before it and tell
    another moment are made anew before they can be frozen.

    Raises
    ------
    PermissionDenied
        This person moves no days.
    TooLate
        The report of that day is frozen, or somebody moved it since the form was made.
    """
    if not allows(by, Permission.FREEZE_REPORT):
        raise PermissionDenied
    with writing("report_day_moved", by=by, about=f"report_day:{day}", reason=reason, once=sent.once) as act:
        if IssuedReport.objects.frozen().filter(day=day).exists() or reporting.last_act_of(day) > sent.since:
            raise TooLate("calendar")
        act.before = {"comes": report_days.report_day(day).at.isoformat()}
        ReportDayMove.objects.create(act=act.number, day=day, moment=moment, role=by.role, why=reason)
        act.after = {"comes": moment.isoformat()}
        mailing.report_day_moved(act, day, moment, by)
    return act.number


def want_report(needed_at: dt.datetime, *, by: Person, reason: str, sent: Sent) -> int:
    """Ask the planners for an interim report before a moment; the number of the act.

    Raises
    ------
    PermissionDenied
        This person asks for none.
    """
    if not may(by.role, Permission.WANT_REPORT):
        raise PermissionDenied
    with writing("report_wanted", by=by, about="report", reason=reason, once=sent.once) as act:
        ReportWish.objects.create(
            act=act.number, asked_at=act.known_at, by=by.code, role=by.role, needed_at=needed_at, why=reason
        )
        act.after = {"needed_at": needed_at.isoformat()}
        mailing.report_wanted(act, needed_at, by)
    return act.number
