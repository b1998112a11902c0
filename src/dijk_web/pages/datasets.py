"""Datasets of the past: handed in as a ZIP, read by the worker, looked at, and taken in by it in one act."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dijk_web import received
from dijk_web.access import requires
from dijk_web.actions import take_in
from dijk_web.actions.writing import AlreadyDone, TooLate
from dijk_web.models import Act, Intake, Proposal, Step
from dijk_web.pages.errors import too_late
from dijk_web.pages.faults import in_words
from dijk_web.pages.findings import as_lines
from dijk_web.pages.form import ReasonForm, typed
from dijk_web.people import Permission, may

PAGE = 50
MOST_BYTES = 4 * 2**30
WHY_NOT = {
    "no_zip": gettext_lazy("This is no ZIP that can be opened."),
    "locked": gettext_lazy("The ZIP asks for a password; make one without."),
    "too_large": gettext_lazy("The ZIP holds more than a dataset can have."),
    "same_name": gettext_lazy("Two files in the ZIP have the same name."),
}
"""Why a file is no dataset."""


class DatasetForm(ReasonForm):
    """A ZIP, and why it is handed in."""

    file = forms.FileField(label=gettext_lazy("ZIP with a file per table"), max_length=200)
    field_order = ("file", "reason")

    def clean_file(self) -> UploadedFile:
        """A ZIP that can be unpacked."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("At most {most} MB.").format(most=MOST_BYTES // 2**20))
        try:
            received.look_at(file)
        except received.NoDataset as why:
            raise forms.ValidationError(str(WHY_NOT[str(why)])) from None
        return file


@requires(Permission.TAKE_IN)
@require_http_methods(["GET", "POST"])
def datasets(request: HttpRequest) -> HttpResponse:
    """All datasets that were handed in, the newest first, and handing in another."""
    form = DatasetForm(typed(request), request.FILES or None)
    if form.is_valid():
        return redirect("dataset", number=_handed_in(request, form))
    page = Paginator(Intake.objects.all(), PAGE).get_page(request.GET.get("page"))
    told = {"form": form, "page": page}
    return render(request, "dijk_web/datasets/list.html", told, status=422 if form.is_bound else 200)


def _handed_in(request: HttpRequest, form: DatasetForm) -> int:
    file = form.cleaned_data["file"]
    digest = received.keep(file)
    said = {"reason": form.cleaned_data["reason"], "once": form.key_of(request.user)}
    try:
        return take_in.hand_in(by=request.user, file=str(file.name)[:200], digest=digest, **said)
    except AlreadyDone as done:
        return done.act.number


@requires(Permission.TAKE_IN, Permission.APPROVE_NEED)
@require_GET
def dataset(request: HttpRequest, number: int) -> HttpResponse:
    """One dataset: how far it is, what is in it, what was found, and its log."""
    one = get_object_or_404(Intake, act=number)
    return _page(request, one, ReasonForm())


@requires(Permission.TAKE_IN)
@require_POST
def want(request: HttpRequest, number: int) -> HttpResponse:
    """Have it taken in."""
    one = get_object_or_404(Intake, act=number)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, one, form, status=422)
    try:
        take_in.want(one, by=request.user, reason=form.cleaned_data["reason"], once=form.key_of(request.user))
    except AlreadyDone:
        pass
    except TooLate:
        return too_late(request, _("The dataset is not read yet, or somebody had it taken in already."))
    return redirect("dataset", number=number)


def _page(request: HttpRequest, one: Intake, form: ReasonForm, *, status: int = 200) -> HttpResponse:
    told = {
        "one": one,
        "form": form if one.step == Step.READ and may(request.user.role, Permission.TAKE_IN) else None,
        "takes_two": bool(take_in.judged_in(one)),
        "proposal": Proposal.objects.open().filter(about=f"dataset:{one.act}").first(),
        "findings": as_lines(one.findings),
        "fault": in_words(one.fault),
        "acts": Act.objects.filter(about=f"dataset:{one.act}").order_by("-number"),
    }
    return render(request, "dijk_web/datasets/dataset.html", told, status=status)
