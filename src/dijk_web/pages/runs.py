"""Runs: asking for a plan, how far each is, publishing, and taking one along to a desk."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dijk_web import store
from dijk_web.access import requires
from dijk_web.actions import planning
from dijk_web.actions.writing import AlreadyDone, TooLate
from dijk_web.models import Act, Run, State
from dijk_web.pages.errors import too_late
from dijk_web.pages.form import ReasonForm
from dijk_web.pages.told_run import lang
from dijk_web.people import SEATS, Permission, Role, Scope, may

PAGE = 50


@requires(Permission.READ_NATION)
@require_http_methods(["GET", "POST"])
def runs(request: HttpRequest) -> HttpResponse:
    """All runs, the newest first; a planner asks for another here."""
    may_plan = may(request.user.role, Permission.PLAN)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not may_plan:
            raise PermissionDenied
        if form.is_valid():
            return redirect("run", number=_asked(request, form))
    page = Paginator(Run.objects.all(), PAGE).get_page(request.GET.get("page"))
    shown = {"page": page, "form": form if may_plan else None}
    return render(request, "dijk_web/runs/list.html", shown, status=422 if form.errors else 200)


def _asked(request: HttpRequest, form: ReasonForm) -> int:
    try:
        return planning.ask_for_plan(
            by=request.user, reason=form.cleaned_data["reason"], once=form.key_of(request.user)
        )
    except AlreadyDone as done:
        return done.act.number


@requires(Permission.READ_NATION)
@require_GET
def run(request: HttpRequest, number: int) -> HttpResponse:
    """One run: how far it is, what stopped it, what was found, and its log."""
    one = get_object_or_404(Run, act=number)
    found = _findings(one) if sees_all(request) else []
    shown = {
        "run": one,
        "findings": [{**finding, "wanted": finding[f"wanted_{lang()}"]} for finding in found[:PAGE]],
        "more_findings": max(len(found) - PAGE, 0),
        "acts": Act.objects.filter(about=f"run:{number}").order_by("-number"),
        "form": ReasonForm() if may(request.user.role, Permission.PLAN) and one.state == State.MADE else None,
        "may_download": may(request.user.role, Permission.DOWNLOAD) and sees_all(request),
    }
    return render(request, "dijk_web/runs/run.html", shown)


@requires(Permission.PLAN)
@require_POST
def publish(request: HttpRequest, number: int) -> HttpResponse:
    """Publish the levels of a run."""
    one = get_object_or_404(Run, act=number)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return render(request, "dijk_web/runs/run.html", {"run": one, "form": form}, status=422)
    try:
        planning.publish(one, by=request.user, reason=form.cleaned_data["reason"], once=form.key_of(request.user))
    except AlreadyDone:
        pass
    except TooLate:
        return too_late(request, _("The run is published already, or is not made."))
    return redirect("run", number=number)


def _findings(run: Run) -> list[dict[str, Any]]:
    """What was found in the data of a run, the worst first; or what stopped it. It names sites of every region."""
    return store.table(str(run.code), "finding").drop("examples").to_dicts() if run.code else run.findings


def sees_all(request: HttpRequest) -> bool:
    """Whether a person may see every site, and so a whole run."""
    seat = SEATS[Role(request.user.role)]
    return Permission.READ_SITES in seat.may and seat.scope is Scope.ALL


@requires(Permission.DOWNLOAD)
@require_GET
def download(request: HttpRequest, number: int, what: str) -> HttpResponse:
    """The folder of a run, or the dataset as of its act, as a ZIP: ``dijk replay`` makes the same bytes of it."""
    one = get_object_or_404(Run, act=number)
    if not sees_all(request) or what not in ("run", "dataset") or (what == "run" and one.code is None):
        raise Http404
    name = f"dijk-{what}-{one.code if what == 'run' else number}.zip"
    made = zipped(store.folder(str(one.code))) if what == "run" else _dataset(number)
    return FileResponse(made, as_attachment=True, filename=name)


def _dataset(number: int) -> io.BufferedIOBase:
    from dijk.files import write_folder
    from dijk_web.bridge import dataset_until

    with TemporaryDirectory() as place:
        folder = Path(place) / "data"
        write_folder(dataset_until(number), folder, form="parquet")
        return zipped(folder)


def zipped(folder: Path) -> io.BufferedIOBase:
    """A folder as a ZIP in a file that goes when it is closed; what is in it is compressed already."""
    out = TemporaryFile()  # noqa: SIM115, the answer closes it when it is sent
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as bundle:
        for path in _files(folder):
            bundle.write(path, path.relative_to(folder))
    out.seek(0)
    return out


def _files(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.rglob("*") if path.is_file())
