"""Figures of others: handed in as a file, and shown beside ours."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from dijk.known import latest
from dijk.tables import ON_DISK
from dijk_web.access import requires
from dijk_web.actions.take_in import NothingNew, tell_figures
from dijk_web.actions.writing import AlreadyDone
from dijk_web.models import TOLD, Act
from dijk_web.of_site import as_frame
from dijk_web.pages.findings import as_lines
from dijk_web.pages.form import ReasonForm, typed
from dijk_web.people import Permission

MOST_BYTES = 10 * 2**20
"""A file of figures that is read while somebody waits."""

TABLE = "external_figure"
KINDS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".parquet")
BESIDE = ("need", "sector", "region", "product", "driver", "risk_class", "acceptance")
"""What says which codes there are and how to read what the file leaves out."""


class FiguresForm(ReasonForm):
    """A file, and why it is handed in."""

    file = forms.FileField(label=gettext_lazy("File: CSV, Excel or Parquet, with the columns of the template"))
    anyway = forms.BooleanField(
        label=gettext_lazy("Take it in as it was read: I looked at the warnings below"), required=False
    )
    field_order = ("file", "reason")

    def clean_file(self) -> UploadedFile:
        """A file of a kind and size that is read here."""
        file: UploadedFile = self.cleaned_data["file"]
        if Path(str(file.name)).suffix.lower() not in KINDS:
            raise forms.ValidationError(_("CSV, Excel (.xlsx) or Parquet."))
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("At most {most} MB.").format(most=MOST_BYTES // 2**20))
        return file


SETTLED = {"HEAD-05"}
"""A file need not say when its rows became known: that is when they are handed in."""


@requires(Permission.TAKE_IN)
@require_http_methods(["GET", "POST"])
def figures(request: HttpRequest) -> HttpResponse:
    """Hand in figures of others: all of the file or nothing."""
    form = FiguresForm(typed(request), request.FILES or None)
    if not form.is_valid():
        return _page(request, form, status=422 if form.is_bound else 200)
    read = _read(form.cleaned_data["file"])
    found = [one for one in read.findings.drop("examples").to_dicts() if one["code"] not in SETTLED]
    if why := _stopped_by(form, {one["severity"] for one in found}, has_rows=TABLE in read.tables):
        form.add_error("file", why)
        return _page(request, form, found, status=422)
    try:
        number = tell_figures(
            read.tables[TABLE],
            by=request.user,
            reason=form.cleaned_data["reason"],
            once=form.key_of(request.user),
        )
    except AlreadyDone as done:
        number = done.act.number
    except NothingNew:
        form.add_error("file", _("Every row of this file was told before."))
        return _page(request, form, found, status=422)
    rows = Act.objects.get(number=number).after["rows"]
    said = ngettext("{rows} figure taken in as number {number}.", "{rows} figures taken in as number {number}.", rows)
    messages.success(request, said.format(rows=rows, number=number))
    return _page(request, FiguresForm(), found) if found else redirect("figures")


def _stopped_by(form: FiguresForm, severities: set[str], *, has_rows: bool) -> str:
    """Why nothing is taken in: an error always, a warning until somebody looked at it."""
    if "error" in severities or not has_rows:
        return _("Nothing of this file was taken in. What was found stands below; change it and send.")
    if "warning" in severities and not form.cleaned_data["anyway"]:
        return _("Nothing of this file was taken in yet: look at the warnings below. Choose the file again to send it.")
    return ""


def _read(file: UploadedFile) -> Any:
    """The file as a dataset of one table, read beside the registers."""
    from dijk.files import read_folder

    path = Path(str(file.name))
    name = f"{TABLE}.{re.sub(r'[^A-Za-z0-9_-]+', '_', path.stem)}{path.suffix.lower()}"
    beside = {one: latest(as_frame(one, TOLD[one].objects.all()), ON_DISK[one]) for one in BESIDE}
    with TemporaryDirectory() as folder:
        place = Path(folder) / name
        with place.open("wb") as kept:
            for part in file.chunks():
                kept.write(part)
        return read_folder(place, beside=beside)


def _page(request: HttpRequest, form: forms.Form, found: Any = (), *, status: int = 200) -> HttpResponse:
    if {one["severity"] for one in found} - {"note"} != {"warning"}:
        del form.fields["anyway"]
    told = {
        "form": form,
        "findings": as_lines(found),
        "columns": [name for name in ON_DISK[TABLE].column_names() if name != "known_at"],
        "acts": Act.objects.filter(about="figures").order_by("-number")[:50],
    }
    return render(request, "dijk_web/figures.html", told, status=status)
