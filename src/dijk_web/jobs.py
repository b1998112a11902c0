"""Work that does not fit in a request; the worker does it."""

from django.dispatch import receiver
from django_tasks import task
from django_tasks.base import TaskResult, TaskResultStatus
from django_tasks.signals import task_finished

from dijk_web import store
from dijk_web.bridge import dataset_until
from dijk_web.models import Run, State


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


@receiver(task_finished)
def plan_failed(sender: type, task_result: TaskResult, **more: object) -> None:
    """Say of a run that no plan came of it where its job failed otherwise than by findings, and why in a line."""
    if task_result.status == TaskResultStatus.FAILED and task_result.task.module_path == make_plan.module_path:
        why = task_result.errors[-1].traceback.strip().splitlines()[-1]
        (number,) = task_result.args
        Run.objects.filter(act=number, state=State.ASKED).update(state=State.FAILED, fault=why[:500])


def _made(run: Run) -> str:
    from dijk.check import check_all_rows
    from dijk.files.read import digest
    from dijk.inputs import Inputs
    from dijk.policy import Policy
    from dijk.runs import make

    tables = dataset_until(run.act)
    inputs, policy = Inputs.of(tables, as_of=run.as_of), Policy.of(tables)
    received = check_all_rows(inputs, policy)
    return store.keep(make(inputs, policy, seed=run.seed, digest=digest(tables), received=received))
