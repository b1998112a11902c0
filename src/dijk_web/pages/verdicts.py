"""Verdicts: an expert signs one, a planner or official objects to it, and the page of its need shows all of it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dijk_web.access import requires
from dijk_web.actions import talking
from dijk_web.models import Need, Objection, Verdict
from dijk_web.of_site import moment, policy_now
from dijk_web.pages.form import SinceForm, reason_field
from dijk_web.pages.judgement import Words, columns_of, field_of
from dijk_web.pages.names import function_of, need_name
from dijk_web.people import Permission
from dijk_web.proposing import about_of, last_judged
from dijk_web.verdicts import act_of, acts_of_verdicts

FILLED_IN = [name for name in columns_of("verdict") if name != "need"]
"""What an expert fills in."""

MOST_SHOWN = 20
"""Verdicts of a need on its page."""


class VerdictForm(SinceForm):
    """A verdict on a need. It says when it ends, so that nobody forgets it."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        for column in FILLED_IN:
            self.fields[column] = field_of("verdict", column)
        self.fields["valid_to"].required = True
        self.fields["valid_to"].help_text = gettext_lazy("The last day it holds. Sign another one to go on.")
        self.fields["evidence"] = reason_field(self.fields["evidence"].label)

    def clean(self) -> None:
        """What a verdict must hold to, beside the limits of each column."""
        super().clean()
        first, last = self.cleaned_data.get("valid_from"), self.cleaned_data.get("valid_to")
        if first and first < moment().date():
            self.add_error("valid_from", _("A day from today: what held before stands as it was."))
        if first and last and last <= first:
            self.add_error("valid_to", _("A day after the first day."))

    def row(self, need: str) -> dict[str, Any]:
        """The verdict, as its table has it."""
        return {"need": need, **{name: self.cleaned_data[name] for name in FILLED_IN}}


@requires(Permission.SIGN_VERDICT)
@never_cache
@require_http_methods(["GET", "POST"])
def sign_verdict(request: HttpRequest, code: str) -> HttpResponse:
    """Sign a verdict on a need."""
    one = get_object_or_404(Need, need=code)
    form = VerdictForm.of(request, since=last_signed(code), initial={"valid_from": moment().date()})
    if form.send_or_say_why(request, lambda **told: talking.sign_verdict(row=form.row(code), **told)):
        return redirect("need", code=code)
    told = {"one": one, "name": need_name(one), "form": form, "now": in_force(code)}
    return render(request, "dijk_web/needs/sign.html", told, status=form.status)


class ObjectionForm(SinceForm):
    """Why somebody objects."""

    text = reason_field(gettext_lazy("Why you object"))


@requires(Permission.OBJECT)
@never_cache
@require_http_methods(["GET", "POST"])
def object_to_verdict(request: HttpRequest, code: str) -> HttpResponse:
    """Object to the verdict that holds."""
    one, verdict = get_object_or_404(Need, need=code), holding(code)
    if verdict is None:
        raise Http404
    number = act_of(verdict, acts_of_verdicts([code]))
    form = ObjectionForm.of(request, since=last_signed(code))
    if form.send_or_say_why(
        request,
        lambda **told: talking.object_to(number, need=code, text=form.cleaned_data["text"], **told),
    ):
        return redirect("need", code=code)
    told = {"one": one, "name": need_name(one), "form": form, "now": in_force(code)}
    return render(request, "dijk_web/needs/object.html", told, status=form.status)


def last_signed(need: str) -> int:
    """The act of the last verdict on a need; 0 where there is none."""
    return last_judged(about_of("verdict", {"need": need}))


def holding(need: str) -> dict[str, Any] | None:
    """The verdict that holds today; None where none does."""
    rows = policy_now().in_force("verdict", moment().date()).filter(need=need)
    return rows.row(0, named=True) if rows.height else None


def in_force(need: str) -> list[tuple[str, str]]:
    """The verdict that holds today in words; empty where none does."""
    row = holding(need)
    return Words().lines("verdict", row) if row else []


def verdicts_of(need: str, holds: dict[str, Any] | None, words: Words) -> list[dict[str, Any]]:
    """The verdicts that were ever signed on a need, that which holds first and then the newest, each with the
    objections to it.
    """
    rows = list(Verdict.objects.filter(need=need).order_by("-act", "-pk")[:MOST_SHOWN])
    objections: dict[int, list[dict[str, Any]]] = {}
    for one in Objection.objects.filter(need=need, verdict__in=[row.act for row in rows]):
        objections.setdefault(one.verdict, []).append({"one": one, "by": function_of(one)})
    today = moment().date()
    told = []
    for row in rows:
        said = {name: getattr(row, name) for name in (*FILLED_IN, "set_by")}
        is_it = holds is not None and (row.valid_from, row.known_at) == (holds["valid_from"], holds["known_at"])
        told.append(
            {
                "holds": is_it,
                "begins": row.valid_from > today,
                "act": row.act,
                "signed_at": row.known_at,
                "lines": words.lines("verdict", said),
                "objections": objections.get(row.act, []),
            }
        )
    return sorted(told, key=lambda one: not one["holds"])
