"""Work that does not fit in a request; the worker does it."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import polars as pl
from django.conf import settings
from django.db.models import F
from django.dispatch import receiver
from django_tasks import task
from django_tasks.base import TaskResult, TaskResultStatus
from django_tasks.signals import task_finished

from dijk.report.edition import EDITIONS
from dijk.tables.languages import LANGS
from dijk_web import received, reporting, store
from dijk_web.bridge import dataset_until
from dijk_web.models import Effect, Intake, IssuedReport, Made, Person, Proposal, Run, State, Step
from dijk_web.proposing import told_by

if TYPE_CHECKING:
    from dijk.report import Report

MOST_FINDINGS = 500
"""Findings that are kept of a dataset that was handed in."""


@task()
def make_plan(number: int) -> str:
    """Make the plan that an act asked for, keep it in the store, and only then say so; its code, empty if it failed.

    A job that is done twice gives the same folder, by the same name.
    """
    from dijk.check import BadInput  # the whole core takes seconds to load, which only the worker needs

    run = Run.objects.get(act=number)
    try:
        code = _made(run)
    except BadInput as bad:
        findings = bad.findings.filter(severity="error").drop("examples", strict=False).to_dicts()
        Run.objects.filter(act=number, state=State.ASKED).update(state=State.FAILED, findings=findings)
        return ""
    Run.objects.filter(act=number, state=State.ASKED).update(state=State.MADE, code=code)
    return code


@task()
def make_effect(number: int) -> None:
    """Work out what a proposal would do: the plan of all that was told up to an act, with it and without. A job that is
    done twice gives the same tables.
    """
    from dijk.check import BadInput  # as above

    asked = Effect.objects.get(act=number)
    try:
        store.keep_effect(number, _effect(asked))
    except BadInput as bad:
        findings = bad.findings.filter(severity="error").drop("examples", strict=False).to_dicts()
        Effect.objects.filter(act=number, state=State.ASKED).update(state=State.FAILED, findings=findings)
        return
    Effect.objects.filter(act=number, state=State.ASKED).update(state=State.MADE)


@task()
def make_report(number: int) -> None:
    """Draw a report in every language, form and edition, keep it in the store, and only then say so. A job that is done
    twice keeps the files of the first time.
    """
    from dijk.desk.report import pages  # as above

    report = IssuedReport.objects.get(act=number)
    told = reporting.issued(report)
    previous = store.folder(told.previous) if told.previous else None
    code = str(Run.objects.get(act=report.run).code)
    drawn = pages(store.folder(code), previous=previous, issued=told)
    files = store.keep_report(number, _report_files(report, drawn, code))
    contents = reporting.contents(drawn)
    IssuedReport.objects.filter(act=number, state=Made.ASKED).update(state=Made.MADE, files=files, contents=contents)


@task()
def read_dataset(number: int) -> None:
    """Read a dataset that was handed in, and say what is in it and what was found."""
    from dijk.check import worst_first
    from dijk.files import read_folder

    intake = Intake.objects.get(act=number)
    with TemporaryDirectory(dir=settings.DATA) as place:
        received.unpack(intake.digest, Path(place))
        read = read_folder(place)
    stopped = read.findings.filter(pl.col("severity") == "error").height > 0
    Intake.objects.filter(act=number, step=Step.RECEIVED).update(
        step=Step.FAILED if stopped else Step.READ,
        rows={name: rows.height for name, rows in read.tables.items()},
        findings=worst_first(read.findings).head(MOST_FINDINGS).drop("examples").to_dicts(),
    )


@task()
def take_in_dataset(number: int, by: str, reason: str) -> None:
    """Take in a dataset that was read, in one act of who wants it. A job that is done twice adds its rows once."""
    from dijk.files import read_folder
    from dijk_web.actions.take_in import take_in
    from dijk_web.actions.writing import AlreadyDone

    intake, person = Intake.objects.get(act=number), Person.objects.get(code=by)
    with TemporaryDirectory(dir=settings.DATA) as place:
        received.unpack(intake.digest, Path(place))
        tables = read_folder(place).tables
    try:
        act = take_in(tables, by=person, reason=reason, about=f"dataset:{number}", once=f"intake:{number}")
    except AlreadyDone as done:
        act = done.act.number
    Intake.objects.filter(act=number, step=Step.WANTED).update(step=Step.TAKEN, taken_by=act)


@receiver(task_finished)
def job_failed(sender: type, task_result: TaskResult, **more: object) -> None:
    """Say of a run, an effect, a report or a dataset that nothing came of it where its job failed otherwise than by
    findings, and why in a line.
    """
    if task_result.status != TaskResultStatus.FAILED:
        return
    why = task_result.errors[-1].traceback.strip().splitlines()[-1][:500]
    job, number = task_result.task.module_path, (*task_result.args, None)[0]
    if job == make_plan.module_path:
        Run.objects.filter(act=number, state=State.ASKED).update(state=State.FAILED, fault=why)
    elif job == make_effect.module_path:
        Effect.objects.filter(act=number, state=State.ASKED).update(state=State.FAILED, fault=why)
    elif job == make_report.module_path:
        IssuedReport.objects.filter(act=number, state=Made.ASKED).update(state=Made.FAILED, fault=why)
    elif job in (read_dataset.module_path, take_in_dataset.module_path):
        waits = Intake.objects.filter(act=number, step__in=[Step.RECEIVED, Step.WANTED])
        waits.update(step=Step.FAILED, fault=why)


def _made(run: Run) -> str:
    from dijk.check import check_all_rows
    from dijk.files.read import digest
    from dijk.inputs import Inputs
    from dijk.policy import Policy
    from dijk.runs import make

    tables = dataset_until(run.act)
    inputs, policy = Inputs.of(tables, as_of=run.as_of), Policy.of(tables)
    found = check_all_rows(inputs, policy)
    return store.keep(make(inputs, policy, seed=run.seed, digest=digest(tables), received=found))


def _report_files(report: IssuedReport, drawn: "Report", code: str) -> Iterator[tuple[str, bytes]]:
    """The files of a report, with what it was told beside its run; how many are drawn is said meanwhile."""
    from dijk.desk.report import drawn as draw
    from dijk.report.issued import to_json

    yield reporting.TOLD, to_json(reporting.issued(report))
    for lang, form, edition in product(LANGS, reporting.FORMS, EDITIONS):
        yield from draw(drawn, code, form, lang, edition)
        IssuedReport.objects.filter(act=report.act).update(done=F("done") + 1)


def _effect(asked: Effect) -> dict[str, pl.DataFrame]:
    from dijk.effect import effect
    from dijk.inputs import Inputs
    from dijk.plan import plan
    from dijk.policy import Policy

    tables = dataset_until(asked.act)
    inputs, policy = Inputs.of(tables, as_of=asked.as_of), Policy.of(tables)
    rows = told_by(Proposal.objects.get(act=asked.proposal), asked.as_of)
    return effect(plan(inputs, policy, seed=asked.seed), inputs, policy, rows, seed=asked.seed).tables()
