"""Questions and answers: they stay with the need, and name the function of who asked and never who that was."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dijk_web.access import requires
from dijk_web.actions import talking
from dijk_web.models import Need, Person, Question, Reply
from dijk_web.of_site import moment, names_of
from dijk_web.pages.age import duration
from dijk_web.pages.answer import csv_of, filter_of
from dijk_web.pages.form import SinceForm, reason_field
from dijk_web.pages.names import function_of, need_name
from dijk_web.people import Permission, Role, allows

ON_A_PAGE = 50

NO_REPLY = ~Exists(Reply.objects.filter(question=OuterRef("act")))


@dataclass(frozen=True)
class Thread:
    """A question as people read it, with its answers."""

    one: Question
    by: str
    mine: bool
    need: str
    age: str
    replies: list[tuple[Reply, str]]


def questions_visible_to(person: Person) -> QuerySet[Question]:
    """The questions that somebody may read: of a need all; of what is not listed those of the own institution alone,
    unless they read the nation.
    """
    if allows(person, Permission.READ_NATION):
        return Question.objects.all()
    return Question.objects.filter(~Q(need="") | own(person))


def own(person: Person) -> Q:
    """The questions that somebody or a colleague in the same function asked."""
    if Role(person.role) is Role.INSTITUTION:
        return Q(role=Role.INSTITUTION, organisation=person.organisation)
    return Q(role=person.role, region=person.region or "", directorate=person.directorate or "")


def threads_of(person: Person, need: str) -> list[Thread]:
    """The questions about a need, the newest first."""
    return threads(person, Question.objects.filter(need=need)[:ON_A_PAGE])


def threads(person: Person, questions: Iterable[Question]) -> list[Thread]:
    """Questions with their answers: two questions to the database, however many there are."""
    asked, now = list(questions), moment()
    replies: dict[int, list[tuple[Reply, str]]] = {}
    for reply in Reply.objects.filter(question__in=[one.act for one in asked]):
        replies.setdefault(reply.question, []).append((reply, function_of(reply)))
    names = names_of(Need, {one.need for one in asked if one.need})
    return [
        Thread(
            one,
            function_of(one),
            is_own(person, one),
            names.get(one.need, ""),
            duration(now - one.said_at),
            replies.get(one.act, []),
        )
        for one in asked
    ]


def is_own(person: Person, one: Question) -> bool:
    """Whether somebody asked a question, or a colleague in the same function."""
    mine = (person.role, person.organisation or "", person.region or "", person.directorate or "")
    if Role(person.role) is not Role.INSTITUTION:
        mine = (person.role, "", *mine[2:])
    return mine == (one.role, one.organisation, one.region, one.directorate)


# Asking


class QuestionForm(SinceForm):
    """A question in words."""

    text = reason_field(gettext_lazy("Your question"))


@requires(Permission.ASK_QUESTION)
@never_cache
@require_http_methods(["GET", "POST"])
def ask_about(request: HttpRequest, code: str) -> HttpResponse:
    """Ask about a need."""
    one = get_object_or_404(Need, need=code)
    form = QuestionForm.of(request, since=0)
    if form.send_or_say_why(request, lambda **told: talking.ask(need=code, text=form.cleaned_data["text"], **told)):
        return redirect("need", code=code)
    told = {"one": one, "name": need_name(one), "form": form}
    return render(request, "dijk_web/questions/ask.html", told, status=form.status)


@requires(Permission.ASK_QUESTION)
@never_cache
@require_http_methods(["GET", "POST"])
def ask_unlisted(request: HttpRequest) -> HttpResponse:
    """Ask for what is not listed; it goes to the review."""
    form = QuestionForm.of(request, since=0)
    done = form.send_or_say_why(request, lambda **told: talking.ask(need="", text=form.cleaned_data["text"], **told))
    if done:
        return redirect("question", number=done)
    return render(request, "dijk_web/questions/unlisted.html", {"form": form}, status=form.status)


# Reading and answering


class QuestionFilter(forms.Form):
    """Which questions are shown."""

    sought = forms.CharField(label=gettext_lazy("Words in it"), required=False, max_length=80)
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", gettext_lazy("all")),
            ("unanswered", gettext_lazy("not answered yet")),
            ("unlisted", gettext_lazy("about what is not listed")),
            ("own", gettext_lazy("asked by me or a colleague")),
        ],
    )

    def found(self, person: Person) -> QuerySet[Question]:
        """The questions of the filter that somebody may read, the newest first."""
        said = self.cleaned_data if self.is_valid() else {}
        rows = questions_visible_to(person).filter(text__icontains=said.get("sought") or "")
        match said.get("state"):
            case "unanswered":
                return rows.filter(NO_REPLY)
            case "unlisted":
                return rows.filter(need="")
            case "own":
                return rows.filter(own(person))
        return rows


@requires(Permission.READ_NATION, Permission.ASK_QUESTION)
@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """A page of the questions, or all of the filter as CSV."""
    wanted = QuestionFilter(request.GET)
    rows = wanted.found(request.user)
    if request.GET.get("as") == "csv":
        return csv_of("questions", CSV, rows.values_list(*CSV).iterator())
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    told = {
        "wanted": wanted,
        "page": page,
        "threads": threads(request.user, page.object_list),
        "filter": filter_of(request, wanted),
        "may_ask": allows(request.user, Permission.ASK_QUESTION),
    }
    return render(request, "dijk_web/questions/list.html", told)


CSV = ("act", "need", "said_at", "role", "text")


class AnswerForm(SinceForm):
    """An answer in words."""

    text = reason_field(gettext_lazy("Your answer"))


@requires(Permission.READ_NATION, Permission.ASK_QUESTION)
@never_cache
@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, number: int) -> HttpResponse:
    """One question with its answers; answering it."""
    one = get_object_or_404(questions_visible_to(request.user), act=number)
    answers = allows(request.user, Permission.ANSWER_QUESTION)
    if request.method == "POST" and not answers:
        raise PermissionDenied
    form = AnswerForm.of(request, since=talking.last_answer(one))
    if answers and form.send_or_say_why(
        request, lambda **told: talking.answer(one, text=form.cleaned_data["text"], **told)
    ):
        return redirect("question", number=number)
    (thread,) = threads(request.user, [one])
    told: dict[str, Any] = {"thread": thread, "form": form if answers else None}
    return render(request, "dijk_web/questions/one.html", told, status=form.status)
