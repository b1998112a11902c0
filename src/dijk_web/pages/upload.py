"""Upload: a file is sent and kept, all that was found in it is on one page, and what is good is told in one act."""

from pathlib import PurePath
from typing import Any

import polars as pl
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dijk.files.read import KINDS
from dijk.files.refused import refused_rows as rows_to_mend
from dijk.files.words import table_named
from dijk_web import kept, store
from dijk_web.access import requires
from dijk_web.actions.telling import SPEAKS_AS, Sent
from dijk_web.actions.uploading import keep_file, take_in_upload
from dijk_web.actions.writing import AlreadyDone, TooLate
from dijk_web.models import Act, Pen, Person, Upload
from dijk_web.pages.answer import as_file
from dijk_web.pages.findings import table_name
from dijk_web.pages.form import OneTimeForm, typed
from dijk_web.pages.lines import shown
from dijk_web.pages.telling import WAYS, changes_since
from dijk_web.pages.told_run import lang
from dijk_web.pages.upload_shown import Shown
from dijk_web.people import Permission, Role
from dijk_web.read_upload import MOST_ROWS, Reading, as_sent, read_upload
from dijk_web.upload_handler import MOST_BYTES, TOO_LARGE
from dijk_web.upload_rules import UPLOADS
from dijk_web.visible import sees_upload, sites_visible_to

ON_A_PAGE, LONGEST_NAME = 50, 200
BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class UploadForm(OneTimeForm):
    """A file, and what is in it where it does not say so itself."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(KINDS)}),
    )
    table = forms.ChoiceField(label=gettext_lazy("What is in it"), required=False)

    def __init__(self, *given: Any, person: Person, too_large: bool = False, **more: Any) -> None:
        super().__init__(*given, **more)
        limits = {"rows": shown(MOST_ROWS), "size": MOST_BYTES // 2**20}
        file, table = self.fields["file"], self.fields["table"]
        file.help_text = _(
            "A workbook (.xlsx), CSV or Parquet, of at most {rows} rows and {size} MB. Split what is larger."
        ).format(**limits)
        file.error_messages |= {
            "required": _("Choose a file."),
            "empty": _("This file is empty. Save it again and send it."),
        }
        if too_large:
            file.error_messages["required"] = _(
                "This file is larger than {size} MB. Nothing of it was kept. At most {rows} rows fit in an upload: "
                "split it into several files."
            ).format(**limits)
        table.help_text = _("Needed only where neither the name of the file nor that of a sheet says it.")
        table.choices = [("", "–"), *((name, table_name(name)) for name in UPLOADS[Role(person.role)])]

    def clean_file(self) -> UploadedFile:
        """A file of a kind that is read."""
        file: UploadedFile = self.cleaned_data["file"]
        if PurePath(file.name or "").suffix.lower() not in KINDS:
            raise forms.ValidationError(
                _("A workbook (.xlsx), CSV or Parquet is wanted. Open this file and save it as .xlsx.")
            )
        return file

    def clean(self) -> None:
        """What is in a file without sheets is said by its name, or here."""
        said = super().clean() or self.cleaned_data
        file = said.get("file")
        if file and not said.get("table") and not is_book(file.name) and table_named(file.name.split(".")[0]) is None:
            self.add_error("table", _("Say what is in it: its name does not. Choose the file again as well."))

    @property
    def name(self) -> str:
        """What its owner calls the file, without what makes a system pass over it."""
        given = PurePath(self.cleaned_data["file"].name)
        return f"{given.stem.lstrip('.~$ ')[: LONGEST_NAME - 20] or 'upload'}{given.suffix}"


class KeepForm(OneTimeForm):
    """How somebody knows who tells for a site, and since when nobody else may have told of it."""

    since = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    seen = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    """What the person saw: where other rows can be told now, they look again."""
    on_behalf = forms.ChoiceField(label=gettext_lazy("How do you know?"), choices=[("", "–"), *WAYS.items()])

    def __init__(self, *given: Any, person: Person, **more: Any) -> None:
        super().__init__(*given, **more)
        if Role(person.role) not in SPEAKS_AS:
            del self.fields["on_behalf"]


def is_book(name: str) -> bool:
    """Whether a file is a workbook, which has sheets with names."""
    return PurePath(name).suffix.lower() in (".xlsx", ".xlsm")


@requires(Permission.TELL)
@never_cache
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Send a file; below it what this person sent before."""
    more = {"person": request.user, "initial": dict((kept.as_typed(request) or {}).items())}
    form = UploadForm(typed(request), request.FILES or None, too_large=TOO_LARGE in request.META, **more)
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["file"].read()
        said = {"name": form.name, "table": form.cleaned_data["table"], "once": form.key_of(request.user)}
        kept.let_go(request)
        return redirect("one_upload", number=keep_file(content, by=request.user, **said).pk)
    page = Paginator(Upload.objects.filter(by=request.user.code).order_by("-pk"), ON_A_PAGE)
    told = {"form": form, "page": page.get_page(request.GET.get("page")), "typed_by": kept.name_tag(request.user)}
    return render(request, "dijk_web/upload/upload.html", told, status=422 if request.method == "POST" else 200)


@requires(Permission.TELL)
@never_cache
@require_http_methods(["GET", "POST"])
def one_upload(request: HttpRequest, number: int) -> HttpResponse:
    """All that was found in a file, and what is about to be told; tell it; or what came of it."""
    one = get_object_or_404(Upload, pk=number, by=request.user.code)
    if one.act is not None:
        return done(request, one) if request.method == "GET" else redirect("one_upload", number=number)
    reading = read_upload(one, request.user)
    before = kept.as_typed(request) or {}
    form = KeepForm(typed(request), person=request.user, initial=first_look(reading, before.get("on_behalf", "")))
    if request.method != "POST":
        return look(request, one, reading, form)
    if not form.is_valid() or not reading.rows:
        return look(request, one, reading, form, status=422)
    return send(request, one, reading, form)


def done(request: HttpRequest, one: Upload) -> HttpResponse:
    """What came of a file of which rows were taken in."""
    act = Act.objects.get(number=one.act)
    rows = [(table_name(table), rows) for table, rows in act.after["rows"].items()]
    return render(request, "dijk_web/upload/done.html", {"upload": one, "act": act, "rows": rows})


def first_look(reading: Reading, on_behalf: str) -> dict[str, object]:
    """What a form starts from: the last act, and the rows that are shown."""
    return {"since": Pen.objects.get().act, "seen": reading.seen, "on_behalf": on_behalf}


def send(request: HttpRequest, one: Upload, reading: Reading, form: KeepForm) -> HttpResponse:
    """Tell the good rows, once. Where others told of the same sites, or other rows are good now, it is shown anew."""
    said = form.cleaned_data
    sent = Sent(form.key_of(request.user), said["since"])
    told = {"tables": reading.told.tables, "sent": sent, "on_behalf": said.get("on_behalf", "")}
    told["refused"] = reading.refused(lang()).height
    try:
        if one.act is None and reading.seen == said["seen"]:
            take_in_upload(one, by=request.user, **told)
    except (AlreadyDone, TooLate):
        pass
    kept.let_go(request)
    one.refresh_from_db()
    if one.act is not None:
        return redirect("one_upload", number=one.pk)
    return look_anew(request, one, reading, said)


def look_anew(request: HttpRequest, one: Upload, reading: Reading, said: dict[str, Any]) -> HttpResponse:
    """The same page with what changed since the person looked; nothing was told."""
    sites = list(sites_visible_to(request.user).filter(site__in=Shown.of(reading).sites))
    changed = [change for table in reading.told.tables for change in changes_since(table, sites, said["since"])]
    form = KeepForm(person=request.user, initial=first_look(reading, said.get("on_behalf", "")))
    return look(request, one, reading, form, changed=changed, status=409)


# parameters: what is shown, and how
def look(
    request: HttpRequest,
    one: Upload,
    reading: Reading,
    form: KeepForm,
    *,
    changed: list[Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of what was found and of what is about to be told."""
    told = {"upload": one, "shown": Shown.of(reading, strip=f"{one.table}." if one.table else ""), "form": form}
    more = {"changed": changed, "others": status == 409, "typed_by": kept.name_tag(request.user)}
    return render(request, "dijk_web/upload/look.html", told | more, status=status)


@requires(Permission.READ_SITES)
@require_safe
def upload_file(request: HttpRequest, number: int) -> HttpResponse:
    """The file itself, as it was sent."""
    one = get_object_or_404(Upload, pk=number)
    if not sees_upload(request.user, one):
        raise Http404
    return FileResponse(store.upload(one.digest).open("rb"), as_attachment=True, filename=one.name)


@requires(Permission.TELL)
@never_cache
@require_safe
def refused_rows(request: HttpRequest, number: int) -> HttpResponse:
    """The rows that were refused, as a workbook to mend and send again."""
    one = get_object_or_404(Upload, pk=number, by=request.user.code)
    why: pl.DataFrame = read_upload(one, request.user).refused(lang())
    with as_sent(one) as path:
        made = rows_to_mend(path, why, lang=lang())
    return as_file(made, _("rejected {name}").format(name=PurePath(one.name).stem) + ".xlsx", BOOK)
