"""Runs: asking for a plan or a preview, how far each is, publishing, and taking one along to a desk."""

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dijk.runs import write_run
from dijk.tables.columns import FIRST_DAY
from dijk_web import dividing, store
from dijk_web.access import requires
from dijk_web.actions import planning
from dijk_web.actions.writing import AlreadyDone, TooLate
from dijk_web.models import Act, Person, Run, State
from dijk_web.of_site import codes, moment
from dijk_web.pages.errors import too_late
from dijk_web.pages.faults import in_words
from dijk_web.pages.form import ReasonForm, typed
from dijk_web.pages.told_run import lang
from dijk_web.people import Permission, Role, allows, may
from dijk_web.visible import sees_all, sites_visible_to

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


class PreviewForm(ReasonForm):
    """From when, and why."""

    as_of = forms.DateTimeField(
        label=gettext_lazy("As known at (UTC)"),
        required=False,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        help_text=gettext_lazy("Leave it empty for now. What became known later does not exist for it."),
    )
    field_order = ("as_of", "reason")

    def clean_as_of(self) -> dt.datetime | None:
        """A moment that has been."""
        asked: dt.datetime | None = self.cleaned_data["as_of"]
        if asked and asked.date() < FIRST_DAY:
            raise forms.ValidationError(_("That is before anything was known."))
        if asked and asked > moment():
            raise forms.ValidationError(_("That moment is still to come."))
        return asked


@requires(Permission.PLAN)
@require_http_methods(["GET", "POST"])
def preview(request: HttpRequest) -> HttpResponse:
    """Ask for a plan that is only looked at."""
    form = PreviewForm(typed(request))
    if not form.is_valid():
        return render(request, "dijk_web/runs/preview.html", {"form": form}, status=422 if form.is_bound else 200)
    said = {"reason": form.cleaned_data["reason"], "as_of": form.cleaned_data["as_of"]}
    try:
        number = planning.ask_for_preview(by=request.user, once=form.key_of(request.user), **said)
    except AlreadyDone as done:
        number = done.act.number
    return redirect("run", number=number)


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
    found = _findings(one) if sees_all(request.user) else []
    shown = {
        "run": one,
        "findings": [{**finding, "wanted": finding[f"wanted_{lang()}"]} for finding in found[:PAGE]],
        "more_findings": max(len(found) - PAGE, 0),
        "acts": Act.objects.filter(about=f"run:{number}").order_by("-number"),
        "fault": in_words(one.fault),
        "form": ReasonForm() if may(request.user.role, Permission.PLAN) and _waits(one) else None,
        "may_download": may_take_along(request.user, one),
        "whole": sees_all(request.user),
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
        return too_late(request, _("The run is published already, is not made, or is a preview."))
    return redirect("run", number=number)


def _waits(run: Run) -> bool:
    """Whether it may still be published."""
    return bool(run.state == State.MADE and not run.preview)


def _findings(run: Run) -> list[dict[str, Any]]:
    """What was found in the data of a run, the worst first; or what stopped it. It names sites of every region."""
    return store.table(str(run.code), "finding").drop("examples").to_dicts() if run.code else run.findings


def may_take_along(person: Person, run: Run) -> bool:
    """Whether a person may take something of a run along: whoever sees all, all of it; a region its part of what is
    made, and an institution its part of what was released.
    """
    if not allows(person, Permission.DOWNLOAD):
        return False
    if sees_all(person):
        return True
    if person.role == Role.INSTITUTION:
        return dividing.released_run(run.act) is not None
    return run.state in (State.MADE, State.PUBLISHED)


@requires(Permission.DOWNLOAD)
@require_GET
def download(request: HttpRequest, number: int, what: str) -> HttpResponse:
    """The folder of a run, or the dataset as of its act, as a ZIP: ``dijk replay`` makes the same bytes of it.

    Who does not see all sites gets the part that is of everyone or of their own; a warehouse is of the whole country,
    wherever it stands.
    """
    one = get_object_or_404(Run, act=number)
    if what not in ("run", "dataset") or not may_take_along(request.user, one) or (what == "run" and one.code is None):
        raise Http404
    whole = sees_all(request.user)
    own = None if whole else codes(sites_visible_to(request.user).exclude(kind="warehouse"))
    name = f"dijk-{what}-{one.code if what == 'run' else number}{'' if whole else '-part'}.zip"
    told = (
        dividing.told_of(one, list(sites_visible_to(request.user))) if request.user.role == Role.INSTITUTION else None
    )
    made = _dataset(number, own) if what == "dataset" else _run(str(one.code), own, told)
    return FileResponse(made, as_attachment=True, filename=name)


def _run(code: str, own: list[str] | None, told: dividing.Told | None) -> io.BufferedIOBase:
    """A whole run, or the part of some sites; of those who receive as it was released."""
    if own is None:
        return zipped(store.folder(code))
    released = {} if told is None else {"award": told.award, "award_line": told.award_line}
    with TemporaryDirectory() as place:
        write_run(Path(place), store.own_part(code, own, released), origin=None)
        return zipped(Path(place))


def _dataset(number: int, own: list[str] | None) -> io.BufferedIOBase:
    """The dataset as of an act, for a machine; or the part of some sites, which a spreadsheet opens too."""
    from dijk.files import write_folder
    from dijk_web.bridge import dataset_until

    with TemporaryDirectory() as place:
        folder = Path(place) / "data"
        write_folder(dataset_until(number, own), folder, form="parquet" if own is None else "csv")
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
