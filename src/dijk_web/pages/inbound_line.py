"""One line of an order: what was said of it and by whom, and telling it anew; and a new line."""

import re
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dijk.tables import ON_DISK
from dijk.tables.columns import HOLDERS
from dijk.tables.facts import MODES, ORDER_STATES
from dijk_web import kept
from dijk_web.access import requires
from dijk_web.actions.inbound import TOLD_BY, last_row, tell_order_line
from dijk_web.actions.telling import Sent, valid
from dijk_web.actions.writing import AlreadyDone, TooLate
from dijk_web.models import Act, Inbound, Product, Site
from dijk_web.of_site import doubts_about, moment, policy_now
from dijk_web.pages.form import date_field, new_key
from dijk_web.pages.inbound import choices_of, lines_of, price_text
from dijk_web.pages.lines import Line, doubts_in_words, read
from dijk_web.pages.orders import put
from dijk_web.pages.telling import Page, page_of
from dijk_web.people import Permission, may

PRICE = re.compile(r"€?\s*(\d{1,7})(?:[.,](\d{1,2}))?")
MOST_LINES = 10**6


class LineForm(forms.Form):
    """What is told of an order line beside its pieces."""

    supplier = forms.CharField(label=gettext_lazy("Supplier"), max_length=200)
    to_site = forms.ChoiceField(label=gettext_lazy("To hub or warehouse"))
    day = date_field(gettext_lazy("Day of the order"))
    mode = forms.ChoiceField(label=gettext_lazy("How it travels"))
    state = forms.ChoiceField(label=gettext_lazy("State"))
    expected = date_field(
        gettext_lazy("Day expected"), required=False, help_text=gettext_lazy("Leave it empty where nobody knows.")
    )
    price = forms.CharField(
        label=gettext_lazy("Price of a box, in euros"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("Such as 12,50 or 12.50."),
    )
    why = forms.CharField(label=gettext_lazy("What changed, and how you know"), required=False, max_length=500)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        stores = Site.objects.filter(kind__in=list(HOLDERS)).order_by("kind", "name")
        self.fields["to_site"].choices = [("", "–"), *stores.values_list("site", "name")]
        self.fields["mode"].choices = choices_of(MODES)
        self.fields["state"].choices = choices_of(ORDER_STATES)

    def clean_price(self) -> int | None:
        """Whole cents, read without a fraction in between."""
        text: str = self.cleaned_data["price"].strip()
        if not text:
            return None
        if (found := PRICE.fullmatch(text)) is None:
            raise forms.ValidationError(_("Euros and at most two digits for the cents, such as 12,50."))
        return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


class NewLineForm(LineForm):
    """The number of a new line, before all else."""

    order = forms.CharField(label=gettext_lazy("Number of the order"), max_length=80)
    line = forms.IntegerField(label=gettext_lazy("Line of the order"), min_value=1, max_value=MOST_LINES, initial=1)
    field_order = ("order", "line")


@requires(Permission.READ_INBOUND)
@never_cache
@require_http_methods(["GET", "POST"])
def order_line(request: HttpRequest, order: str, line: int) -> HttpResponse:
    """Show it; tell it anew."""
    last = last_row(order, line)
    if last is None:
        raise Http404
    if request.method == "POST" and not may(request.user.role, Permission.TELL_INBOUND):
        raise PermissionDenied
    known = {name: getattr(last, name) for name in ("supplier", "day", "mode", "state", "expected")}
    known |= {"to_site": last.to_site_id, "price": price_text(last.cents_per_pack)}

    def form(data: Any = None, initial: Any = None) -> LineForm:
        return LineForm(data, initial=known | (initial or {}))

    page = page_of(request, amounts(Product.objects.filter(product=last.product_id).first()), form, last.act)
    if request.method == "GET":
        as_told(page.lines, last)
    return work_on(request, page, {"order": order, "line": line, "product": last.product_id}, last)


@requires(Permission.TELL_INBOUND)
@never_cache
@require_http_methods(["GET", "POST"])
def new_line(request: HttpRequest) -> HttpResponse:
    """Choose an article, so that boxes can be turned into pieces; then tell the line."""
    chosen = request.GET.get("product", "")
    if not chosen:
        told = {"articles": Product.objects.order_by("name")}
        return render(request, "dijk_web/inbound/article.html", told, status=422 if request.method == "POST" else 200)
    article = get_object_or_404(Product, product=chosen)

    def form(data: Any = None, initial: Any = None) -> NewLineForm:
        return NewLineForm(data, initial={"day": moment().date()} | (initial or {}))

    page = page_of(request, amounts(article), form, 0)
    if request.method == "GET" and not page.lines[1].is_filled:
        page.lines[1].typed = "0"
    return work_on(request, page, {"product": article.product}, None)


def amounts(article: Product | None) -> list[Line]:
    """The two amounts of a line: ordered and received."""
    each = article.pieces_per_pack if article else None
    return [
        Line("pieces", _("Ordered"), place=article.name if article else "", each=each),
        Line("received", _("Received so far"), place=article.name if article else "", each=each),
    ]


def as_told(lines: list[Line], last: Inbound) -> None:
    """Fill what is empty with what was told last, so that only what changed need be typed."""
    ordered, received = lines
    put(ordered, last.pieces or 0)
    put(received, last.received_pieces)
    if not last.received_pieces and not received.is_filled:
        received.typed = "0"


def work_on(request: HttpRequest, page: Page, about: dict[str, Any], last: Inbound | None) -> HttpResponse:
    """The form as far as it has come: shown, looked at before sending, or sent."""
    if request.method != "POST" or request.POST.get("step") == "change":
        return a_page(request, page, about, last)
    read(page.lines, request.POST, ON_DISK["inbound"].columns()["received_pieces"])
    ordered, received = page.lines
    if not ordered.is_filled:
        ordered.problems.append(_("How much was ordered? Type 'unknown' where nobody knows."))
    if received.value is None and not received.problems:
        received.problems.append(_("How much came so far? Nothing is 0."))
    if not page.form.is_valid() or page.is_wrong:
        return a_page(request, page, about, last, status=422)
    row = row_of(page, about)
    if request.POST.get("step") == "send":
        return send(request, page, row, last)
    sites = list(Site.objects.filter(site=row["to_site"]))
    page.doubts = doubts_in_words(
        doubts_about("inbound", valid("inbound", [{"source": TOLD_BY, **row}]), sites, policy_now())
    )
    return a_page(request, page, about, last, template="dijk_web/site/look.html")


def row_of(page: Page, about: dict[str, Any]) -> dict[str, Any]:
    """The row that the form tells."""
    said = dict(page.form.cleaned_data)
    said.pop("why")
    price = said.pop("price")
    ordered, received = page.lines
    value = ordered.value_of("pieces") | {"received_pieces": received.value, "cents_per_pack": price}
    return {**about, **said, **value}


def send(request: HttpRequest, page: Page, row: dict[str, Any], last: Inbound | None) -> HttpResponse:
    """Tell it, once; if somebody was first, show what they told."""
    sent = Sent(f"{request.user.code}:{page.once}", page.since)
    try:
        tell_order_line(by=request.user, row=row, sent=sent, why=page.form.cleaned_data["why"])
    except AlreadyDone:
        pass
    except TooLate as late:
        page.problems.append(
            _("Somebody else was first: see what was said of it, below. Nothing of yours was taken in.")
        )
        page.once = new_key()
        page.since = int(str(late)) if last else 0
        return a_page(request, page, row, last_row(row["order"], row["line"]), status=409)
    kept.let_go(request)
    return redirect("order_line", order=row["order"], line=row["line"])


# parameters: what is shown, and how
def a_page(
    request: HttpRequest,
    page: Page,
    about: dict[str, Any],
    last: Inbound | None,
    *,
    status: int = 200,
    template: str = "dijk_web/inbound/line.html",
) -> HttpResponse:
    """A page of the form, with the history of the line."""
    rows = [] if last is None else list(Inbound.objects.filter(order=last.order, line=last.line).order_by("act"))
    today = moment().date()
    acts = Act.objects.in_bulk([row.act for row in rows])
    title = _("Order line") if last else _("New order line")
    told = {
        "page": page,
        "one": next(lines_of([last], today)) if last else None,
        "told": [{**line, "act": acts[line["row"].act]} for line in lines_of(rows, today)],
        "acts": Act.objects.filter(about=f"inbound:{last.order}:{last.line}").order_by("-number") if last else [],
        "may_tell": may(request.user.role, Permission.TELL_INBOUND),
        "topic": {"title": title},
        "site": {"name": f"{last.order}, {last.line}" if last else page.lines[0].place},
        "typed_by": kept.name_tag(request.user),
    }
    return render(request, template, told, status=status)
