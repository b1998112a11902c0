"""The review: the list for the next meeting, a word about each item, and closing the meeting."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dijk_web.access import requires
from dijk_web.actions import reviewing
from dijk_web.models import Kind, Meeting, Need, Question, Review, Word
from dijk_web.of_site import moment, names_of
from dijk_web.pages.age import duration
from dijk_web.pages.form import SinceForm, done_before, reason_field
from dijk_web.pages.names import function_of
from dijk_web.people import Permission, allows
from dijk_web.reviewing import Item, Listed, as_it_was, listed, meeting_before

KINDS = {
    Kind.PROPOSED: gettext_lazy("newly proposed"),
    Kind.UNLISTED: gettext_lazy("asked, and not listed"),
    Kind.UNANSWERED: gettext_lazy("question without an answer"),
    Kind.VERDICT: gettext_lazy("end of a verdict"),
    Kind.ALARM: gettext_lazy("asks for somebody"),
}
"""Why something is on the list, as people read it."""

WORDS = {
    Word.SETTLED: gettext_lazy("settled"),
    Word.NEXT: gettext_lazy("to the next meeting"),
    Word.NOTHING: gettext_lazy("reviewed, nothing to add"),
    Word.LEFT: gettext_lazy("not spoken of: to the next meeting"),
}
"""What a meeting says of an item."""

MATTERS = {
    "nobody_knows": gettext_lazy("nobody can say what holds"),
    "no_action": gettext_lazy("no action runs"),
    "differ": gettext_lazy("the experts and the figures differ"),
    "objected": gettext_lazy("there is an objection to the verdict"),
}
"""What of a need asks for somebody."""


WAITS = gettext_lazy("the proposal waits for a second person")
ON_THE_LIST = gettext_lazy("it is on the list as proposed, and not specified yet")

ASKED = (Kind.UNLISTED, Kind.UNANSWERED)
"""Kinds of which an item is a question."""


@dataclass(frozen=True)
class Line:
    """An item of the list, or a word about it, as people read it."""

    kind: str
    about: str
    what: str
    name: str
    matter: str
    since: dt.datetime
    age: str
    back: str
    said: str = ""
    why: str = ""
    by: str = ""
    said_at: dt.datetime | None = None
    over: bool = False

    @property
    def address(self) -> str:
        """The page of what it is about."""
        if self.kind in ASKED:
            return reverse("question", args=[self.about])
        return reverse("need", args=[self.about])


class Names:
    """What the items of a page are called, read once for all of them."""

    def __init__(self, items: Iterable[Item]) -> None:
        items = list(items)
        numbers = [int(one.about) for one in items if one.kind in ASKED]
        self.texts = dict(Question.objects.filter(act__in=numbers).values_list("act", "text"))
        self.needs = names_of(Need, {need for one in items if (need := need_of(one))})

    def name(self, item: Item) -> str:
        """What an item is about, in few words."""
        need = need_of(item)
        words = [self.needs.get(need, need)] if need else []
        if item.kind in ASKED:
            words.append(_("question {number}").format(number=item.about))
        return ", ".join(words)

    def matter(self, item: Item) -> str:
        """What is the matter."""
        match item.kind:
            case Kind.UNLISTED | Kind.UNANSWERED:
                return str(self.texts.get(int(item.about), ""))
            case Kind.PROPOSED:
                return str(WAITS if item.facts["waits"] else ON_THE_LIST)
            case Kind.VERDICT:
                day = dt.date.fromisoformat(item.facts["day"])
                return _("its last day is {day}").format(day=date_format(day, "j F Y"))
        return ", ".join(str(MATTERS[one]) for one in item.facts["says"])


def need_of(item: Item) -> str:
    """The need that an item is about; empty for what is not listed."""
    if item.kind in ASKED:
        return str(item.facts.get("need", ""))
    return item.about


def times(back: int) -> str:
    """How often something came back, in words."""
    return ngettext("came back {count} time", "came back {count} times", back).format(count=back) if back else ""


def line_of(item: Item, names: Names, now: dt.datetime, back: int, word: Review | None = None) -> Line:
    """An item as people read it, with the word about it where there is one."""
    said: dict[str, Any] = {}
    if word is not None:
        said = {"said": str(WORDS[Word(word.word)]), "why": word.why, "by": function_of(word), "said_at": word.said_at}
    return Line(
        kind=item.kind.value,
        about=item.about,
        what=str(KINDS[item.kind]),
        name=names.name(item),
        matter=names.matter(item),
        since=item.since,
        age=duration(now - item.since),
        back=times(back),
        **said,
    )


def line_of_list(one: Listed, names: Names, now: dt.datetime) -> Line:
    """An item of the list, with what was said of it at this meeting."""
    return replace(line_of(one.item, names, now, one.back, one.said), over=one.over)


def lines_of(words: Iterable[Review]) -> Iterator[Line]:
    """Words as people read them, each with its item as it was."""
    words = list(words)
    names = Names(as_it_was(one) for one in words)
    for one in words:
        yield line_of(as_it_was(one), names, one.said_at, one.back, one)


# The list


class CloseForm(SinceForm):
    """What was said besides."""

    note = reason_field(gettext_lazy("What was said besides"))

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["note"].required = False
        self.fields["note"].help_text = gettext_lazy(
            "Left empty, the outcome says: reviewed, nothing to add. Stays in the log for ever: no names, phone "
            "numbers or e-mail addresses."
        )


@requires(Permission.READ_NATION)
@never_cache
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest) -> HttpResponse:
    """The list for the next meeting; closing the meeting."""
    speaks = allows(request.user, Permission.REVIEW)
    if request.method == "POST" and not speaks:
        raise PermissionDenied
    form = CloseForm.of(request, since=reviewing.last_review())
    done = speaks and form.send_or_say_why(
        request, lambda **told: reviewing.close_meeting(note=form.cleaned_data["note"], **told)
    )
    if done:
        return redirect("meeting", number=done)
    now, found = moment(), listed(moment())
    names = Names(one.item for one in found)
    told = {
        "lines": [line_of_list(one, names, now) for one in found],
        "settled": list(lines_of(Review.objects.filter(after=meeting_before(), word__in=[Word.SETTLED, Word.NOTHING]))),
        "speaks": speaks,
        "form": form if speaks else None,
        "meetings": Meeting.objects.all()[:MEETINGS_SHOWN],
    }
    return render(request, "dijk_web/review/list.html", told, status=form.status)


MEETINGS_SHOWN = 20
"""Meetings below the list; each leads to the one before."""


# A word about an item


class WordForm(SinceForm):
    """A word about an item, and why."""

    why = reason_field(gettext_lazy("Why"))

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.word = next((word for word in BUTTONS if word == self.data.get("step", "")), None)
        self.fields["why"].required = self.word is not Word.NOTHING
        self.fields["why"].help_text = gettext_lazy(
            "Not needed where there is nothing to add. Stays in the log for ever: no names, phone numbers or e-mail "
            "addresses."
        )

    def clean(self) -> None:
        """Which of the buttons was pressed."""
        super().clean()
        if self.word is None:
            self.add_error(None, _("Say what becomes of it."))


BUTTONS = (Word.SETTLED, Word.NEXT, Word.NOTHING)
"""What a person can say of an item."""


@requires(Permission.READ_NATION)
@never_cache
@require_http_methods(["GET", "POST"])
def review_item(request: HttpRequest, kind: str, about: str) -> HttpResponse:
    """One item of the list, what earlier meetings said of it, and a word about it."""
    one = next((one for one in listed(moment()) if one.item.key == (kind, about)), None)
    if one is None:
        return _no_longer(request, kind, about)
    speaks = allows(request.user, Permission.REVIEW)
    if request.method == "POST" and not speaks:
        raise PermissionDenied
    form = WordForm.of(request, since=one.seen)
    done = speaks and form.send_or_say_why(
        request, lambda **told: reviewing.say(kind, about, form.word, why=form.cleaned_data["why"], **told)
    )
    if done:
        return redirect("review")
    told = {
        "line": line_of_list(one, Names([one.item]), moment()),
        "form": form if speaks else None,
        "before": list(lines_of(Review.objects.filter(kind=kind, about=about).order_by("-pk")[:MEETINGS_SHOWN])),
    }
    return render(request, "dijk_web/review/item.html", told, status=form.status)


def _no_longer(request: HttpRequest, kind: str, about: str) -> HttpResponse:
    """What is not on the list: settled by this form, or by somebody else meanwhile; else it is nothing."""
    if not Review.objects.filter(kind=kind, about=about).exists():
        raise Http404
    if request.method == "POST" and not done_before(request):
        messages.warning(
            request, _("Somebody else was first: it is no longer on the list. Nothing of yours was taken in.")
        )
    return redirect("review")
