"""Contacts by file: read while one waits, every finding on one page, and what is good taken in with one act. The file
is not kept, so that it is sent again to take in a part of it or to get its rejected rows back.
"""

import hashlib
import re
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dijk_web.access import requires
from dijk_web.actions.desks import NothingNew, take_in_contacts
from dijk_web.actions.writing import AlreadyDone
from dijk_web.contact_columns import MOST_ROWS
from dijk_web.contact_workbook import rejected_contacts, workbook_of_contacts
from dijk_web.models import Act, Contact, Person
from dijk_web.pages.answer import as_file
from dijk_web.pages.findings import line
from dijk_web.pages.form import OneTimeForm, typed
from dijk_web.pages.lines import shown
from dijk_web.pages.told_run import lang
from dijk_web.pages.upload import BOOK
from dijk_web.people import Permission, may
from dijk_web.read_contacts import KINDS, ReadContacts, read_contacts
from dijk_web.upload_handler import MOST_BYTES, TOO_LARGE

LONGEST_NAME = 150


class ContactsForm(OneTimeForm):
    """A file of contacts; and once it was read, whether its good rows are to be taken in without the others."""

    file = forms.FileField(
        label=gettext_lazy("File"), widget=forms.ClearableFileInput(attrs={"accept": ",".join(KINDS)})
    )
    anyway = forms.BooleanField(label=gettext_lazy("Take in the good rows: I looked at the findings"), required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    """Which file was looked at, and what was found in it."""

    def __init__(self, *given: Any, too_large: bool = False, **more: Any) -> None:
        super().__init__(*given, **more)
        limits = {"rows": shown(MOST_ROWS), "size": MOST_BYTES // 2**20}
        file = self.fields["file"]
        file.help_text = _("A workbook (.xlsx) or CSV, of at most {rows} rows and {size} MB.").format(**limits)
        said = _("This file is larger than {size} MB. Nothing of it was kept; split it.").format(**limits)
        file.error_messages |= {
            "required": said if too_large else _("Choose a file."),
            "empty": _("This file is empty. Save it again and send it."),
        }

    def clean_file(self) -> UploadedFile:
        """A file of a kind that is read."""
        file: UploadedFile = self.cleaned_data["file"]
        if PurePath(file.name or "").suffix.lower() not in KINDS:
            raise forms.ValidationError(_("A workbook (.xlsx) or CSV is wanted. Open this file and save it as .xlsx."))
        return file


def keeps_contacts(person: Person) -> bool:
    """Whether somebody keeps contacts, of their own sites, of a region or of all."""
    return may(person.role, Permission.KEEP_DESKS) and may(person.role, Permission.READ_CONTACTS)


@requires(Permission.KEEP_DESKS)
@never_cache
@require_http_methods(["GET", "POST"])
def contacts_by_file(request: HttpRequest) -> HttpResponse:
    """Send a file of contacts; what was found in it, and what came of it."""
    if not keeps_contacts(request.user):
        raise PermissionDenied
    form = ContactsForm(typed(request), request.FILES or None, too_large=TOO_LARGE in request.META)
    if not form.is_valid():
        del form.fields["anyway"]
        told = {"form": form}
        return render(request, "dijk_web/contacts/file.html", told, status=422 if form.is_bound else 200)
    read, mark = as_read(form.cleaned_data["file"], request.user)
    if request.POST.get("step") == "rejected":
        return rejected(request, form, read, mark)
    if why := stopped_by(form, read, mark):
        return look(request, form, read, mark, why=why)
    return take_in(request, form, read, mark)


def as_read(file: UploadedFile, person: Person) -> tuple[ReadContacts, str]:
    """What a file says, and a mark of the file and of what was found in it. The file is gone when this ends."""
    given = PurePath(str(file.name))
    stem = re.sub(r"[^\w .()-]+", "_", given.stem)[:LONGEST_NAME] or "contacts"
    content = file.read()
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{stem}{given.suffix.lower()}"
        path.write_bytes(content)
        read = read_contacts(path, person)
    found = read.findings.drop("examples").write_csv() + read.rows.write_csv()
    return read, hashlib.sha256(content + found.encode()).hexdigest()


def stopped_by(form: ContactsForm, read: ReadContacts, mark: str) -> str:
    """Why nothing is taken in: there is nothing good, or nobody looked yet at what was found."""
    if read.rows.is_empty():
        return _("Nothing of this file can be taken in.")
    looked = form.cleaned_data["anyway"] and form.cleaned_data["seen"] == mark
    if read.severities & {"error", "warning"} and not looked:
        return _("Nothing was taken in yet: look at the findings below.")
    return ""


def take_in(request: HttpRequest, form: ContactsForm, read: ReadContacts, mark: str) -> HttpResponse:
    """Take in the good rows, once; say what came of it, with the findings where there are any."""
    rows = [Contact(**{name: text or "" for name, text in row.items()}) for row in read.rows.iter_rows(named=True)]
    told = {"refused": read.refused("en").height, "once": form.key_of(request.user)}
    try:
        number = take_in_contacts(rows, by=request.user, **told)
    except AlreadyDone as done:
        number = done.act.number
    except NothingNew:
        messages.info(request, _("All that can be read in this file stands among the contacts already."))
        return look(request, ContactsForm(), read, mark) if told["refused"] else redirect("contacts")
    messages.success(request, in_words(Act.objects.get(number=number)))
    return look(request, ContactsForm(), read, mark) if told["refused"] else redirect("contacts")


def in_words(act: Act) -> str:
    """What was taken in."""
    new, changed, same = (act.after[name] for name in ("new", "changed", "same"))
    said = [
        ngettext("{count} contact added", "{count} contacts added", new).format(count=shown(new)),
        ngettext("{count} changed", "{count} changed", changed).format(count=shown(changed)),
        ngettext("{count} stood there already", "{count} stood there already", same).format(count=shown(same)),
    ]
    return _("{what}, as number {number}.").format(what=", ".join(said), number=act.number)


def rejected(request: HttpRequest, form: ContactsForm, read: ReadContacts, mark: str) -> HttpResponse:
    """The rejected rows as a workbook to mend and send; or why there is none."""
    why = read.refused(lang())
    if why.is_empty():
        return look(request, form, read, mark, why=_("There are no rejected rows in this file."))
    name = _("rejected {name}").format(name=PurePath(form.cleaned_data["file"].name).stem)
    return as_file(rejected_contacts(read, why, lang()), f"{name}.xlsx", BOOK)


# parameters: what was sent, what was read in it, and why it was not taken in
def look(request: HttpRequest, form: ContactsForm, read: ReadContacts, mark: str, *, why: str = "") -> HttpResponse:
    """All that was found in a file, and a form to send it again."""
    refused, good = read.refused(lang()).height, read.rows.height
    once = form.cleaned_data["once"] if form.is_bound else form["once"].initial
    again = ContactsForm(initial={"seen": mark, "once": once})
    if not (good and why and read.severities & {"error", "warning"}):
        del again.fields["anyway"]
    found = [line(one, lang()) for one in read.findings.drop("examples").iter_rows(named=True)]
    told = {
        "form": again,
        "why": why,
        "findings": [one for one in found if one.severity != "note"],
        "notes": [one for one in found if one.severity == "note"],
        "refused": refused,
        "good": good,
    }
    return render(request, "dijk_web/contacts/file.html", told, status=422 if why else 200)


@requires(Permission.KEEP_DESKS)
@never_cache
@require_safe
def contacts_workbook(request: HttpRequest) -> HttpResponse:
    """A workbook to fill in, with a row for each site of which nobody knows whom to call."""
    if not keeps_contacts(request.user):
        raise PermissionDenied
    return as_file(workbook_of_contacts(request.user, lang()), _("contacts") + ".xlsx", BOOK)
