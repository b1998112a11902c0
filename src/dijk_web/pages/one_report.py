"""One situation report: how far it is, its files, freezing and correcting it, and the address of each figure."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dijk.tables.languages import LANGS
from dijk_web import reporting, store
from dijk_web.access import requires
from dijk_web.actions import reporting as acts
from dijk_web.models import Act, IssuedReport, Made, Person, Proposal, Run, State
from dijk_web.models.proposal import REPORT
from dijk_web.pages.desks import regions
from dijk_web.pages.faults import in_words
from dijk_web.pages.form import SinceForm, reason_field
from dijk_web.pages.reports import last_run, lines_of, when
from dijk_web.pages.runs import may_take_along
from dijk_web.pages.told_run import lang
from dijk_web.people import Permission, allows, may

EDITIONS = {
    "full": gettext_lazy("full edition"),
    "money": gettext_lazy("edition with money"),
    "general": gettext_lazy("general edition"),
}
LANGUAGES = {"nl": gettext_lazy("Dutch"), "en": gettext_lazy("English")}
FORMS = {"html": gettext_lazy("web page"), "pdf": gettext_lazy("PDF"), "xlsx": gettext_lazy("workbook")}


class FreezeForm(SinceForm):
    """Why a report shall hold."""

    reason = reason_field(gettext_lazy("Why"))


@requires(Permission.READ_REPORT)
@never_cache
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, number: int) -> HttpResponse:
    """One report: how far it is, its files, each table and figure, and proposing to freeze it."""
    one = get_object_or_404(reporting.readable(request.user), act=number)
    freezes = allows(request.user, Permission.FREEZE_REPORT)
    form = FreezeForm.of(request, since=reporting.last_act_of(one.day)) if freezes else None
    if request.method == "POST" and form is None:
        raise PermissionDenied
    done = form and form.send_or_say_why(
        request, lambda **told: acts.propose_to_freeze(one, reason=form.cleaned_data["reason"], **told)
    )
    if done:
        return redirect("proposal", number=done)
    one.refresh_from_db()
    asked = form and (form.is_bound or acts.may_be_frozen(one))
    shown = {**_told_of(request.user, one), "form": form if asked else None}
    return render(request, "dijk_web/reports/one.html", shown, status=form.status if form else 200)


def _told_of(person: Person, one: IssuedReport) -> dict[str, Any]:
    """What the page of a report shows."""
    (line,) = lines_of([one])
    run = Run.objects.get(act=one.run)
    edition = reporting.edition_of(person)
    waits = Proposal.objects.open().filter(kind=REPORT, content__report=one.act).first()
    return {
        "line": line,
        "run": run,
        "next": when(one.next_at),
        "files": _files(one, edition),
        "all_files": reporting.FILES,
        "edition": str(EDITIONS[edition]),
        "regions": _region_files(person, one),
        "contents": list(_contents(one, edition)),
        "told": reporting.TOLD if reporting.may_open(person, reporting.TOLD) and one.files else "",
        "fault": in_words(one.fault),
        "waits": waits,
        "out_of_date": one.state == Made.MADE and not one.is_interim and not reporting.in_time(one),
        "unpublished": one.state == Made.MADE and run.state != State.PUBLISHED,
        "corrects": one.state == Made.FROZEN and line.corrected_by is None and may(person.role, Permission.MAKE_REPORT),
        "takes_along": may_take_along(person, run),
        "digest": reporting.digest(one.files) if one.files else "",
        "acts": Act.objects.filter(about=one.log).order_by("-number") if allows(person, Permission.READ_DRAFT) else [],
    }


def _contents(one: IssuedReport, edition: str) -> Iterator[tuple[str, str]]:
    """Each table and figure of an edition with its title; the table behind a figure has the address of the figure."""
    for ref, en, nl, held in one.contents:
        if edition in held and not ref.endswith("t"):
            yield ref, nl if lang() == "nl" else en


def _files(one: IssuedReport, edition: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Per language the forms of a report, each with the name of its file."""
    named = {(language, form): reporting.name_of(one, language, form, edition) for language in LANGS for form in FORMS}
    return [
        (str(LANGUAGES[language]), [(str(FORMS[form]), named[language, form]) for form in FORMS])
        for language in sorted(LANGS, key=lambda language: language != lang())
        if named[language, "html"] in one.files
    ]


def _region_files(person: Person, one: IssuedReport) -> list[tuple[str, str]]:
    """The lists per region in the language of the page that somebody may open: the region, and the file."""
    names = regions()
    found = []
    for name in one.files:
        if name.startswith("regions.") and f".{lang()}/" in name and reporting.may_open(person, name):
            code = unquote(name.rpartition("/")[2].removesuffix(".xlsx"))
            found.append((names.get(code, code), name))
    return sorted(found)


@requires(Permission.READ_REPORT)
@require_safe
def report_file(request: HttpRequest, number: int, name: str) -> FileResponse:
    """A file of a report, as its bytes were made. The web page comes under a policy of its own: no script, nothing from
    outside, and no form.
    """
    one = get_object_or_404(reporting.readable(request.user), act=number)
    if name not in one.files or not reporting.may_open(request.user, name):
        raise Http404
    path = store.report_folder(number) / name
    called = path.name if one.state == Made.FROZEN or name == reporting.TOLD else f"draft.{path.name}"
    answer = FileResponse(path.open("rb"), filename=called, as_attachment=name.endswith((".xlsx", ".json")))
    if name.endswith(".html"):
        answer["Content-Type"] = "text/html; charset=utf-8"
        answer["Content-Security-Policy"] = POLICY
    return answer


POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; sandbox"
)
"""What the web page of a report may do: it has its style and drawings inside."""


@requires(Permission.READ_REPORT)
@require_safe
def report_figure(request: HttpRequest, number: int, ref: str) -> HttpResponse:
    """A table or figure of a report, at the address that a letter can give: it leads to its place in the edition and
    language of the reader.
    """
    one = get_object_or_404(reporting.readable(request.user), act=number)
    edition = reporting.edition_of(request.user)
    if ref not in {named for named, _en, _nl, held in one.contents if edition in held}:
        raise Http404
    page = redirect("report_file", number=number, name=reporting.name_of(one, lang(), "html", edition))
    page["Location"] += f"#{ref.lower().replace('.', '-')}"
    return page


# A correction


class CorrectForm(SinceForm):
    """Why a report is corrected; it stands on every page of the new one."""

    reason = reason_field(gettext_lazy("What was wrong, and why"))


@requires(Permission.MAKE_REPORT)
@never_cache
@require_http_methods(["GET", "POST"])
def correct_report(request: HttpRequest, number: int) -> HttpResponse:
    """Make a report in the place of a frozen one, of the newest run."""
    old = get_object_or_404(IssuedReport.objects.frozen(), act=number)
    run = last_run()
    form = CorrectForm.of(request, since=reporting.last_act_of(old.day))
    done = run and form.send_or_say_why(
        request,
        lambda **told: acts.ask_for_report(
            run, acts.Asked(old.day, corrects=old), reason=form.cleaned_data["reason"], **told
        ),
    )
    if done:
        return redirect("report", number=done)
    (line,) = lines_of([old])
    told = {"line": line, "run": run, "form": form}
    return render(request, "dijk_web/reports/correct.html", told, status=form.status)
