"""Sizes of sites: which rest on the word of the site alone, and confirming one."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dijk_web.access import requires
from dijk_web.actions.confirming import confirm_size, last_of_site
from dijk_web.models import Contact
from dijk_web.pages.answer import csv_of, filter_of
from dijk_web.pages.desks import regions
from dijk_web.pages.form import SinceForm
from dijk_web.pages.site_filter import SiteFilter
from dijk_web.pages.telling import WAYS
from dijk_web.people import Permission
from dijk_web.visible import site_or_404

ON_A_PAGE = 50


class SizeFilter(SiteFilter):
    """Which sites are shown whose size nobody else vouches for."""

    sort = forms.ChoiceField(
        label=gettext_lazy("Sorted by"),
        required=False,
        choices=[("", gettext_lazy("size, largest first")), ("name", gettext_lazy("site"))],
    )

    def rows(self) -> Any:
        """Their sites, in the order of the filter."""
        order = ("name", "site") if self.said.get("sort") == "name" else ("-size", "site")
        return self.sites().filter(size_confirmed_by="applicant", size__isnull=False).order_by(*order)


@requires(Permission.CONFIRM)
@require_safe
def sizes(request: HttpRequest) -> HttpResponse:
    """The sites that told their size themselves; fifty on a page, or all of the filter as CSV."""
    wanted = SizeFilter(request.GET, person=request.user)
    rows = wanted.rows()
    if request.GET.get("as") == "csv":
        heading = ("site", "name", "region", "size", "size_unit")
        return csv_of("sizes", heading, rows.values_list(*heading).iterator())
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    contacts, names = Contact.objects.of_sites(list(page.object_list)), regions()
    lines = [(one, contacts.get(one.site), names.get(one.region, one.region)) for one in page.object_list]
    told = {"page": page, "lines": lines, "wanted": wanted, "filter": filter_of(request, wanted)}
    return render(request, "dijk_web/sizes/list.html", told)


class SizeForm(SinceForm):
    """How large a site is."""

    size = forms.IntegerField(label=gettext_lazy("Size"), min_value=0, max_value=10**6)
    unit = forms.CharField(
        label=gettext_lazy("What it counts"), help_text=gettext_lazy("Beds, clients or staff."), max_length=40
    )
    on_behalf = forms.ChoiceField(label=gettext_lazy("How do you know?"), choices=[("", "–"), *WAYS.items()])


@requires(Permission.CONFIRM)
@never_cache
@require_http_methods(["GET", "POST"])
def size(request: HttpRequest, site: str) -> HttpResponse:
    """Confirm how large a site is."""
    one = site_or_404(request.user, site)
    form = SizeForm.of(request, since=last_of_site(one), initial={"size": one.size, "unit": one.size_unit})

    def done(**told: Any) -> int:
        return confirm_size(
            site=one, **{name: form.cleaned_data[name] for name in ("size", "unit", "on_behalf")}, **told
        )

    if form.send_or_say_why(request, done):
        return redirect("calls", site=site)
    return render(request, "dijk_web/sizes/one.html", {"site": one, "form": form}, status=form.status)
