"""What the pages of stock, use, activity and own purchases share: typed, shown again before sending, sent once,
answered by number. Such a page is a `Topic`, and `page_to_tell` makes its view.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dijk.policy import Policy
from dijk.tables import ON_DISK
from dijk.tables.columns import FIRST_DAY, HOLDERS
from dijk_web import kept
from dijk_web.access import View, requires
from dijk_web.actions.telling import SPEAKS_AS, Sent, last_told, told_between, valid
from dijk_web.actions.writing import AlreadyDone, TooLate
from dijk_web.models import Act, Person, Site
from dijk_web.of_site import doubts_about, moment, policy_now
from dijk_web.pages.form import date_field, new_key
from dijk_web.pages.lines import Line, doubts_in_words, fill, keys_of, read
from dijk_web.pages.navigation import role_name
from dijk_web.pages.told import Told, as_told
from dijk_web.people import Permission, Role
from dijk_web.visible import site_or_404, sites_told_by

WAYS = {
    "telephone": gettext_lazy("they said so by telephone"),
    "e-mail": gettext_lazy("they wrote it by e-mail"),
    "visit": gettext_lazy("seen on the spot"),
}
"""How somebody who tells for a site knows it; the word ends up in the source of the rows."""

ONE_TIME_KEY = re.compile(r"[0-9a-f]{32}")


class TellForm(forms.Form):
    """What holds for all lines: the day, and how somebody who tells for a site knows it."""

    day = date_field(gettext_lazy("Day that it is about"))
    on_behalf = forms.ChoiceField(label=gettext_lazy("How do you know?"), choices=[("", "–"), *WAYS.items()])

    def __init__(self, *given: Any, person: Person, **more: Any) -> None:
        super().__init__(*given, **more)
        if Role(person.role) not in SPEAKS_AS:
            del self.fields["on_behalf"]

    def clean_day(self) -> dt.date:
        """A day that has begun."""
        day: dt.date = self.cleaned_data["day"]
        if not FIRST_DAY <= day <= moment().date():
            raise forms.ValidationError(_("A day up to today."))
        return day


@dataclass(frozen=True)
class Seen:
    """What a page is made from: the site, the moment, the policy known then, and the keys of lines that were sent."""

    site: Site
    now: dt.datetime
    policy: Policy
    sent: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Topic:
    """What is told: the table and column of its values, and how lines are made, turned into rows, doubted and sent; and
    by which permissions, of which `sites_told_by` says the sites.
    """

    table: str
    column: str
    title: str | Promise
    says: str | Promise
    form: type[TellForm]
    lines: Callable[[Seen], list[Line]]
    rows: Callable[[Line, dict[str, Any]], list[dict[str, Any]]]
    act: Callable[..., int]
    doubt: Callable[[Seen, list[Line], list[dict[str, Any]]], None] | None = None
    limit: Callable[[Seen, list[Line], dict[str, Any]], None] | None = None
    """What stops a line that passes what the form allows."""
    permissions: tuple[Permission, ...] = (Permission.TELL,)
    title_of_held: str | Promise = ""
    """What it is called where goods are held for others."""
    add: Callable[[Seen, Any], forms.Form] | None = None
    """The form by which a person adds a line that the page does not have; it says the ``key`` of the line."""


@dataclass
class Page:
    """A form of lines as it is shown: what was typed, and what there is to say about it."""

    lines: list[Line]
    form: forms.Form
    once: str
    since: int
    problems: list[str] = field(default_factory=list)
    changed: list[Any] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    add: forms.Form | None = None

    @property
    def is_wrong(self) -> bool:
        """Whether something stops it."""
        return bool(self.problems or self.form.errors or any(line.problems for line in self.lines))

    @property
    def filled(self) -> list[Line]:
        """The lines on which something was said."""
        return [line for line in self.lines if line.is_filled]

    @property
    def said(self) -> list[tuple[Any, str]]:
        """What was filled in beside the lines, as people read it."""
        given = [(field, str(self.form.data.get(name) or "")) for name, field in self.form.fields.items()]
        return [(field.label, _in_words(field, text)) for field, text in given if text]

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the page before sending sends on."""
        pairs = [(name, str(self.form.data.get(name) or "")) for name in self.form.fields]
        for line in self.filled:
            told = {"amount": line.typed, "unit": line.unit, "each": line.each or "", "reason": line.reason}
            pairs += [(f"{name}:{line.key}", str(value)) for name, value in told.items() if value]
        return pairs


def _in_words(field: forms.Field, text: str) -> str:
    """What a field says, as people read it: a choice by its words."""
    if isinstance(field, forms.BooleanField):
        return _("yes")
    if isinstance(field, forms.DateField):
        return str(date_format(field.clean(text), "j F Y"))
    return str(dict(getattr(field, "choices", ())).get(text, text))


def typed_in(request: HttpRequest) -> Mapping[str, str]:
    """What was sent, or typed before a session ended, or nothing."""
    return request.POST if request.method == "POST" else kept.as_typed(request) or {}


def page_of(request: HttpRequest, lines: list[Line], form: Callable[..., forms.Form], since: int) -> Page:
    """A page with what was sent, or with what was typed before a session ended, or empty."""
    sent = typed_in(request)
    lost = fill(lines, sent)
    as_sent = form(request.POST) if request.method == "POST" else form(initial=dict(sent.items()))
    once = sent.get("once", "")
    known = sent.get("since", "")
    page = Page(
        lines,
        as_sent,
        once if ONE_TIME_KEY.fullmatch(once) else new_key(),
        int(known) if re.fullmatch(r"\d{1,18}", known) else since,
    )
    page.problems += [_("No longer one of your lines, and not taken in: {line}").format(line=line) for line in lost]
    return page


def page_to_tell(topic: Topic) -> View:
    """The view of a topic, at an address that names the site."""

    @requires(*topic.permissions)
    @never_cache
    @require_http_methods(["GET", "POST"])
    def view(request: HttpRequest, site: str) -> HttpResponse:
        return tell(request, site, topic)

    return view


def tell(request: HttpRequest, code: str, topic: Topic) -> HttpResponse:
    """Show the form; show it again before sending; send it; or say what is wrong with it, as typed."""
    now = moment()
    site = site_or_404(request.user, code)
    if not sites_told_by(request.user, *topic.permissions).filter(site=code).exists():
        raise PermissionDenied
    if site.kind in HOLDERS:
        topic = replace(topic, title=topic.title_of_held)
    seen = Seen(site, now, policy_now(), frozenset(keys_of(typed_in(request))))
    seen, add = added(request, topic, seen)

    def form(data: Any = None, initial: Any = None) -> TellForm:
        known = {"day": now.date(), "on_behalf": request.GET.get("on_behalf", "")}
        return topic.form(data, initial=known | (initial or {}), person=request.user)

    page = page_of(request, topic.lines(seen), form, last_told(topic.table, [site]))
    page.add = add
    if request.method != "POST" or request.POST.get("step") in ("change", "add"):
        page.problems += [error for errors in add.errors.values() for error in errors] if add else []
        return shown(request, topic, seen, page, status=422 if page.problems else 200)
    read(page.lines, request.POST, ON_DISK[topic.table].columns()[topic.column])
    if not page.filled:
        page.problems.append(_("Nothing was filled in. Nothing there is 0; what nobody knows is unknown."))
    if page.is_wrong or not page.form.is_valid():
        return shown(request, topic, seen, page, status=422)
    if topic.limit:
        topic.limit(seen, page.filled, page.form.cleaned_data)
        if page.is_wrong:
            return shown(request, topic, seen, page, status=422)
    rows = [row for line in page.filled for row in topic.rows(line, page.form.cleaned_data)]
    if request.POST.get("step") == "send":
        return send(request, topic, seen, page, rows)
    if topic.doubt:
        topic.doubt(seen, page.lines, rows)
    told = valid(topic.table, [{"source": "site", "site": site.site, **row} for row in rows])
    page.doubts = doubts_in_words(doubts_about(topic.table, told, [site], seen.policy))
    return shown(request, topic, seen, page, template="dijk_web/site/look.html")


def added(request: HttpRequest, topic: Topic, seen: Seen) -> tuple[Seen, forms.Form | None]:
    """The line that a person adds among those that were sent, and the form for the next."""
    if topic.add is None:
        return seen, None
    form = topic.add(seen, request.POST if request.POST.get("step") == "add" else None)
    if not form.is_valid():
        return seen, form
    return replace(seen, sent=seen.sent | {form.cleaned_data["key"]}), topic.add(seen, None)


def send(request: HttpRequest, topic: Topic, seen: Seen, page: Page, rows: list[dict[str, Any]]) -> HttpResponse:
    """Write it, once. Whoever was first in between is shown, and the form stays as typed."""
    sent = Sent(f"{request.user.code}:{page.once}", page.since)
    on_behalf = page.form.cleaned_data.get("on_behalf", "")
    try:
        number = topic.act(by=request.user, site=seen.site, rows=rows, sent=sent, on_behalf=on_behalf)
    except AlreadyDone as done:
        number = done.act.number
    except TooLate:
        page.changed = changes_since(topic.table, [seen.site], page.since)
        page.once, page.since = new_key(), last_told(topic.table, [seen.site])
        return shown(request, topic, seen, page, status=409)
    kept.let_go(request)
    return redirect("receipt", number=number)


def changes_since(table: str, sites: list[Site], since: int) -> list[tuple[Act, str, list[Told]]]:
    """What others did between the making of a form and its sending: act, role in words, rows."""
    return [(act, role_name(act.role), as_told(rows)) for act, rows in told_between(table, sites, since)]


# parameters: what is shown, and how
def shown(
    request: HttpRequest,
    topic: Topic,
    seen: Seen,
    page: Page,
    *,
    status: int = 200,
    template: str = "dijk_web/site/tell.html",
) -> HttpResponse:
    """A page of the form."""
    told = {"topic": topic, "site": seen.site, "page": page, "typed_by": kept.name_tag(request.user)}
    return render(request, template, told, status=status)
