"""Recalls: opening one, what its receivers read, have left and do, and whom of them to call."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, F, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dijk_web import lots
from dijk_web.access import requires
from dijk_web.actions.recalling import Said, Words, answer_recall, end_recall, may_end, open_recall, read_recall
from dijk_web.models import Call, Contact, Person, Product, Recall, RecallPart, Site, Todo
from dijk_web.of_site import moment
from dijk_web.pages.age import duration
from dijk_web.pages.answer import csv_of
from dijk_web.pages.form import SinceForm, reason_field
from dijk_web.pages.lines import shown
from dijk_web.pages.lots import lot_or_404, receivers_in_words
from dijk_web.pages.navigation import role_name
from dijk_web.people import Permission, may
from dijk_web.sending import may_receive
from dijk_web.visible import rows_visible_to, sites_visible_to

ON_A_PAGE, MOST_PIECES = 50, 10**9

TODO = {
    Todo.KEEP_APART: gettext_lazy("Keep it apart, and use none of it"),
    Todo.SEND_BACK: gettext_lazy("Send it back"),
    Todo.DESTROY: gettext_lazy("Destroy it"),
}
"""What a recall asks."""

DID = {
    Todo.KEEP_APART: gettext_lazy("kept apart"),
    Todo.SEND_BACK: gettext_lazy("sent back"),
    Todo.DESTROY: gettext_lazy("destroyed"),
}
"""What a receiver did."""


def text_of(recall: Recall) -> str:
    """What a recall says, in the language of the page."""
    return recall.text_nl if get_language() == "nl" else recall.text_en


@requires(Permission.READ_SITES)
@require_safe
def recalls(request: HttpRequest) -> HttpResponse:
    """The recalls that somebody has to do with, those that are open first, and how far their receivers are."""
    mine = rows_visible_to(request.user, RecallPart).order_by()
    counted = {
        row["recall"]: row
        for row in mine.values("recall").annotate(
            receivers=Count("pk"),
            unread=Count("pk", filter=Q(read_act=None)),
            unanswered=Count("pk", filter=Q(answered_act=None)),
        )
    }
    own = Q(by=request.user.code) if may(request.user.role, Permission.RECALL) else Q(pk__in=[])
    found = Recall.objects.filter(Q(act__in=counted) | own)
    open_first = found.order_by(F("ended_act").asc(nulls_first=True), "-act")
    page = Paginator(open_first, ON_A_PAGE).get_page(request.GET.get("page"))
    lines = [headed(one) | {"counted": counted.get(one.act)} for one in page.object_list]
    return render(request, "dijk_web/recalls/list.html", {"page": page, "lines": lines, "filter": ""})


def headed(recall: Recall) -> dict[str, Any]:
    """A recall with its article, what it asks, and its age."""
    product = Product.objects.filter(product=recall.product).first()
    return {
        "one": recall,
        "product": product.name if product else recall.product,
        "text": text_of(recall),
        "todo": TODO[Todo(recall.todo)],
        "age": duration(moment() - recall.opened_at),
    }


class RecallForm(SinceForm):
    """Which lots, what is to be done, and the words for who received them."""

    lots = forms.CharField(
        label=gettext_lazy("Lots"),
        help_text=gettext_lazy("One on a line."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    todo = forms.ChoiceField(
        label=gettext_lazy("What receivers are to do"), widget=forms.RadioSelect, choices=list(TODO.items())
    )
    text_nl = reason_field(gettext_lazy("What they read, in Dutch"))
    text_en = reason_field(gettext_lazy("What they read, in English"))

    def __init__(self, *given: Any, known: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.known = known

    def clean_lots(self) -> list[str]:
        """Lots of which somebody knows something."""
        said = list(dict.fromkeys(line.strip() for line in self.cleaned_data["lots"].splitlines() if line.strip()))
        if unknown := [lot for lot in said if not self.known(lot)]:
            text = _("Nobody holds or received this lot, as far as you can see: {lots}.")
            raise forms.ValidationError(text.format(lots=", ".join(unknown)))
        return said


@requires(Permission.RECALL)
@never_cache
@require_http_methods(["GET", "POST"])
def new_recall(request: HttpRequest, product: str, lot: str) -> HttpResponse:
    """Recall a lot, and others of the same article with it, from everyone who received them."""
    article, _rows, receivers = lot_or_404(request.user, product, lot)
    here, places = sites_visible_to(request.user), list(lots.places_of(request.user))
    held = set(lots.held_by_lot(places, product)["lot"])

    def known(one: str) -> bool:
        return one in held or bool(lots.receivers_of(product, [one], here))

    form = RecallForm.of(request, since=0, initial={"lots": lot}, known=known)

    def done(**told: Any) -> int:
        said = form.cleaned_data
        words = Words(said["text_en"], said["text_nl"], Todo(said["todo"]))
        return open_recall(product, said["lots"], words, **told)

    if number := form.send_or_say_why(request, done):
        return redirect("recall", number=number)
    told = {"product": article, "lot": lot, "receivers": list(receivers_in_words(receivers)), "form": form}
    return render(request, "dijk_web/recalls/new.html", told, status=form.status)


# One recall


def recall_or_404(person: Person, number: int) -> Recall:
    """A recall that somebody has to do with: a receiver of it is theirs to see, or they opened it."""
    parts = rows_visible_to(person, RecallPart).filter(recall=number)
    own = Q(by=person.code) if may(person.role, Permission.RECALL) else Q(pk__in=[])
    return get_object_or_404(Recall, Q(act__in=parts.values("recall")) | own, act=number)


TO_CALL_FIRST = (F("read_act").asc(nulls_first=True), F("answered_act").asc(nulls_first=True), "site")

CSV = ("site", "name", "region", "lots", "read_at", "answered_at", "did", "left_pieces", "phone", "last_call")


@requires(Permission.READ_SITES)
@require_safe
def recall(request: HttpRequest, number: int) -> HttpResponse:
    """A recall, and its receivers that somebody may see: first who did not read it, then who did not answer, with whom
    to call there; or all of them as CSV.
    """
    one = recall_or_404(request.user, number)
    parts = rows_visible_to(request.user, RecallPart).filter(recall=number)
    calls = may(request.user.role, Permission.ASK_TO_REPORT)
    if request.GET.get("as") == "csv":
        return csv_of(f"recall-{number}", CSV, csv_lines(parts.order_by("site"), calls=calls))
    page = Paginator(parts.order_by(*TO_CALL_FIRST), ON_A_PAGE).get_page(request.GET.get("page"))
    told = headed(one) | {
        "page": page,
        "parts": list(parts_of(list(page.object_list))),
        "calls": calls,
        "sums": sums_of(parts),
        "may_end": one.ended_act is None and may_end(request.user, one),
        "filter": "",
    }
    return render(request, "dijk_web/recalls/one.html", told)


def parts_of(parts: list[RecallPart]) -> Iterator[dict[str, Any]]:
    """Receivers with names, what they said, whom to call there, and the last call."""
    places = {one.site: one for one in Site.objects.filter(site__in=[part.site for part in parts])}
    contacts = Contact.objects.of_sites(list(places.values()))
    last = Call.objects.filter(site__in=places).values_list("site").annotate(Max("act"))
    called = {call.site: call for call in Call.objects.filter(act__in=[number for _site, number in last])}
    for part in parts:
        tone, sign, state = state_of(part)
        contact = contacts.get(part.site)
        yield {
            "part": part,
            "name": places[part.site].name if part.site in places else part.site,
            "contact": contact,
            "call": called.get(part.site),
            "tone": tone,
            "sign": sign,
            "state": state,
            "left": _("unknown") if part.left_pieces is None else shown(sum(part.left_pieces.values())),
        }


def state_of(part: RecallPart) -> tuple[str, str, str]:
    """How far a receiver is: tone, sign and words."""
    if part.read_act is None:
        return "short", "▼", _("not read")
    if part.answered_act is None:
        return "watch", "◆", _("read, not answered")
    if not sum((part.left_pieces or {}).values()):
        return "enough", "●", _("answered: nothing left")
    return "enough", "●", _("answered: {did}").format(did=DID[Todo(part.did)])


def sums_of(parts: Any) -> dict[str, str]:
    """How many of some receivers read and answered, and what these have left; of the others nobody knows."""
    rows = list(parts.values_list("read_act", "left_pieces"))
    known = [left for _read, left in rows if left is not None]
    return {
        "receivers": shown(len(rows)),
        "unread": shown(sum(read is None for read, _left in rows)),
        "unanswered": shown(len(rows) - len(known)),
        "left": shown(sum(sum(left.values()) for left in known)) if known else _("unknown"),
    }


def csv_lines(parts: Any, *, calls: bool) -> Iterator[Iterable[object]]:
    """The receivers for a spreadsheet; numbers to call for who calls."""
    rows = list(parts)
    for start in range(0, len(rows), 500):
        for line in parts_of(rows[start : start + 500]):
            part, call = line["part"], line["call"]
            left = "" if part.left_pieces is None else sum(part.left_pieces.values())
            about = (part.site, line["name"], part.region, " ".join(part.lots), part.read_at, part.answered_at)
            phone = line["contact"].phone if calls and line["contact"] else None
            yield (*about, part.did, left, phone, call.called_at.date() if calls and call else None)


class EndForm(SinceForm):
    """Why a recall is over."""

    reason = reason_field(gettext_lazy("Why it is over"))


@requires(Permission.RECALL)
@never_cache
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, number: int) -> HttpResponse:
    """End a recall; its lots stay blocked until somebody lets them go."""
    one = recall_or_404(request.user, number)
    if not may_end(request.user, one):
        raise PermissionDenied
    form = EndForm.of(request, since=one.ended_act or 0)
    if form.send_or_say_why(request, lambda **told: end_recall(one, reason=form.cleaned_data["reason"], **told)):
        messages.success(request, _("The recall is over. Its lots stay blocked."))
        return redirect("recall", number=number)
    parts = rows_visible_to(request.user, RecallPart).filter(recall=number)
    return render(
        request, "dijk_web/recalls/end.html", headed(one) | {"form": form, "sums": sums_of(parts)}, status=form.status
    )


# What one receiver says


class AnswerForm(SinceForm):
    """What is left of each lot, and what is done with it."""

    def __init__(self, *given: Any, lots: list[str], **more: Any) -> None:
        super().__init__(*given, **more)
        self.lots = lots
        for at, lot in enumerate(lots):
            label = _("Pieces left of lot {lot}").format(lot=lot)
            self.fields[f"left_{at}"] = forms.IntegerField(label=label, min_value=0, max_value=MOST_PIECES)
        did = forms.ChoiceField(
            label=_("What you do with them"), widget=forms.RadioSelect, choices=list(DID.items()), required=True
        )
        note = forms.CharField(
            label=_("What there is to say of it"),
            help_text=_("Stays in the log for ever: no names, phone numbers or e-mail addresses."),
            max_length=500,
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
        )
        self.fields |= {"did": did, "note": note}

    @property
    def said(self) -> Said:
        """What was filled in."""
        left = {lot: self.cleaned_data[f"left_{at}"] for at, lot in enumerate(self.lots)}
        return Said(left, Todo(self.cleaned_data["did"]), self.cleaned_data["note"])


@requires(Permission.READ_SITES)
@never_cache
@require_http_methods(["GET", "POST"])
def recall_at(request: HttpRequest, number: int, site: str) -> HttpResponse:
    """What a recall is to one receiver: reading it, and saying what is left and what is done."""
    one = get_object_or_404(rows_visible_to(request.user, RecallPart), recall=number, site=site)
    about = Recall.objects.get(act=number)
    own = may_receive(request.user, site)
    if request.method == "POST" and not own:
        raise PermissionDenied
    read = ReadForm.of(request, since=0, auto_id=False)
    form = AnswerForm.of(request, since=one.answered_act or 0, lots=one.lots)
    if request.POST.get("step") == "read":
        if read.send_or_say_why(request, lambda **told: read_recall(one, **told)) or one.read_act:
            return redirect("recall_at", number=number, site=site)
    elif form.send_or_say_why(request, lambda **told: answer_recall(one, form.said, **told)):
        messages.success(request, _("Thank you: it is written down."))
        return redirect("recall_at", number=number, site=site)
    one.refresh_from_db()
    told = (
        headed(about)
        | next(parts_of([one]))
        | {
            "recall": about,
            "read_by": role_name(one.read_role) if one.read_role else "",
            "left_of": [(lot, shown(pieces)) for lot, pieces in (one.left_pieces or {}).items()],
            "did": DID[Todo(one.did)] if one.did else "",
            "read": read if own and one.read_act is None else None,
            "form": form if own and about.ended_act is None else None,
        }
    )
    return render(request, "dijk_web/recalls/site.html", told, status=form.status)


class ReadForm(SinceForm):
    """That it was read."""
