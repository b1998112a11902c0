"""The outcome of a meeting: what was on the list, what was said of it, when and in which function; as a page and as a
workbook.
"""

import io
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dijk_web.access import requires
from dijk_web.contact_workbook import book_in, write_rows
from dijk_web.models import Meeting, Review
from dijk_web.pages.answer import as_file
from dijk_web.pages.names import function_of
from dijk_web.pages.review import Line, lines_of
from dijk_web.pages.upload import BOOK
from dijk_web.people import Permission

MOMENT = "j F Y, H:i"
WIDTHS = (24, 30, 50, 20, 16, 30, 50, 26, 20)
"""Of the columns of the workbook, in characters."""


@requires(Permission.READ_NATION)
@require_safe
def meeting(request: HttpRequest, number: int) -> HttpResponse:
    """The outcome of a meeting."""
    one = get_object_or_404(Meeting, act=number)
    told = {"one": one, "by": function_of(one), "lines": words_of(one)}
    told["following"] = Meeting.objects.filter(after=number).first()
    return render(request, "dijk_web/review/meeting.html", told)


@requires(Permission.READ_NATION)
@require_safe
def meeting_book(request: HttpRequest, number: int) -> HttpResponse:
    """The same lines as a workbook."""
    one = get_object_or_404(Meeting, act=number)
    return as_file(workbook_of(one), f"dijk {number}.xlsx", BOOK)


def words_of(one: Meeting) -> list[Line]:
    """What was said at a meeting, in the order in which it was; what nobody spoke of comes last."""
    return list(lines_of(Review.objects.filter(after=one.after, act__lte=one.act)))


def workbook_of(one: Meeting) -> bytes:
    """A sheet with the lines, and one that says which meeting it was."""
    stream = io.BytesIO()
    headings = (
        _("Kind"),
        _("About"),
        _("What is the matter"),
        _("Since (UTC)"),
        _("How often"),
        _("Outcome"),
        _("Why"),
    )
    headings += (_("By"), _("When (UTC)"))
    with book_in(stream) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet(_("Review"))
        for at, (heading, width) in enumerate(zip(headings, WIDTHS, strict=True)):
            sheet.set_column(at, at, width, text)
            sheet.write_string(0, at, heading, bold)
        write_rows(sheet, cells_of(words_of(one)))
        sheet.freeze_panes(1, 0)
        about = book.add_worksheet(_("Meeting"))
        about.set_column(0, 1, 40, text)
        write_rows(about, about_it(one))
    return stream.getvalue()


def cells_of(lines: list[Line]) -> Iterator[tuple[str, ...]]:
    """Lines as rows of a sheet."""
    for one in lines:
        said_at = date_format(one.said_at, MOMENT) if one.said_at else ""
        about = (one.what, one.name, one.matter, date_format(one.since, MOMENT), one.back)
        yield (*about, one.said, one.why, one.by, said_at)


def about_it(one: Meeting) -> Iterator[tuple[str, str]]:
    """Which meeting it was."""
    yield _("Meeting"), str(one.act)
    yield _("Closed (UTC)"), date_format(one.held_at, MOMENT)
    yield _("By"), function_of(one)
    yield _("What was said besides"), one.note or _("Reviewed, nothing to add.")
