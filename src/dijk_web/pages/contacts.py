"""Contacts: whom to call at a site. They are people; nothing of one that is erased is kept."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from dijk_web.access import requires
from dijk_web.actions import desks as act
from dijk_web.contact_columns import is_phone
from dijk_web.models import Contact, Organisation, Person, Site
from dijk_web.models.person import sites_of
from dijk_web.pages.answer import csv_of, filter_of
from dijk_web.pages.desks import PHONE
from dijk_web.pages.form import SinceForm
from dijk_web.people import Permission, Role, lets_in, may

ON_A_PAGE = 50


class ContactFilter(forms.Form):
    """Which contacts are shown."""

    sought = forms.CharField(label=gettext_lazy("Site or organisation"), required=False, max_length=80)
    sort = forms.ChoiceField(
        label=gettext_lazy("Sorted by"),
        required=False,
        choices=[("", gettext_lazy("organisation")), ("function", gettext_lazy("function"))],
    )

    @property
    def said(self) -> dict[str, Any]:
        """What was filled in; nothing where it makes no sense."""
        return self.cleaned_data if self.is_valid() else {}

    @property
    def place(self) -> str:
        """The site or organisation that is meant; empty where that is any."""
        return str(self.said.get("sought", "")).strip()

    def of(self, person: Person) -> Any:
        """The contacts of the filter, of whom a person may see."""
        said, sought = self.said, self.place
        order = ("organisation", "site", "code")
        rows = Contact.objects.visible_to(person).order_by(*(["function"] if said.get("sort") else []), *order)
        if not sought:
            return rows
        called = Q(name__icontains=sought)
        sites = Site.objects.filter(called | Q(site=sought)).values("site")
        legal = Organisation.objects.filter(called | Q(organisation=sought)).values("organisation")
        return rows.filter(Q(site__in=sites) | Q(organisation__in=legal))


def places_of(contacts: Any) -> dict[str, str]:
    """The name of the site or organisation of each contact, by the contact's code."""
    contacts = list(contacts)
    sites = dict(Site.objects.filter(site__in={one.site for one in contacts}).values_list("site", "name"))
    legal = Organisation.objects.filter(organisation__in={one.organisation for one in contacts if not one.site})
    names = dict(legal.values_list("organisation", "name"))
    return {
        one.code: sites.get(one.site, one.site) if one.site else names.get(one.organisation, one.organisation)
        for one in contacts
    }


@requires(Permission.READ_CONTACTS)
@require_safe
def contacts(request: HttpRequest) -> HttpResponse:
    """Fifty on a page, or all of the filter as CSV."""
    wanted = ContactFilter(request.GET)
    rows = wanted.of(request.user)
    if request.GET.get("as") == "csv":
        heading = ("organisation", "site", "function", "name", "phone", "email")
        return csv_of("contacts", heading, rows.values_list(*heading).iterator())
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    places = places_of(page.object_list)
    told = {"page": page, "lines": [(one, places[one.code]) for one in page.object_list], "wanted": wanted}
    told |= {"filter": filter_of(request, wanted), "may_keep": may(request.user.role, Permission.KEEP_DESKS)}
    told["may_invite"] = Role.INSTITUTION in lets_in(request.user.role, is_owner=request.user.is_owner)
    return render(request, "dijk_web/contacts/list.html", told)


class ContactForm(SinceForm):
    """What is said of a contact."""

    function = forms.CharField(
        label=gettext_lazy("Function"),
        help_text=gettext_lazy("For instance: night manager, purchasing."),
        max_length=100,
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("Only where it is needed to be put through."),
        required=False,
        max_length=200,
    )
    phone = forms.CharField(label=gettext_lazy("Phone"), **PHONE)
    email = forms.EmailField(label=gettext_lazy("E-mail address"), required=False)

    def clean_phone(self) -> str:
        """A number that can be called; the same holds in a file."""
        phone: str = self.cleaned_data["phone"]
        if not is_phone(phone):
            raise ValidationError(
                _("Digits, with + ( ) - . / or blanks between them, and the 0 or + that the number begins with.")
            )
        return phone


class NewContactForm(ContactForm):
    """A contact that is not there yet, of a site or of a whole organisation."""

    place = forms.CharField(
        label=gettext_lazy("Site or organisation"),
        help_text=gettext_lazy("Its code. An organisation's contact is called for each of its sites without one."),
        max_length=80,
    )
    field_order = ("place",)

    def __init__(self, *given: Any, person: Person, **more: Any) -> None:
        super().__init__(*given, **more)
        self.person = person

    def clean_place(self) -> Contact:
        """A site or organisation that this person looks after."""
        code = self.cleaned_data["place"].strip()
        theirs = sites_of(self.person)
        if site := theirs.filter(site=code).first():
            return Contact(organisation=site.organisation_id, site=site.site)
        if theirs.filter(organisation=code).exists():
            return Contact(organisation=code)
        raise ValidationError(
            _("Found “%(code)s”, wanted the code of a site or organisation you look after.") % {"code": code}
        )


@requires(Permission.KEEP_DESKS)
@require_http_methods(["GET", "POST"])
def new_contact(request: HttpRequest) -> HttpResponse:
    """Add a contact."""
    if not may(request.user.role, Permission.READ_CONTACTS):
        raise PermissionDenied
    own = list(sites_of(request.user).values_list("site", flat=True)[:2])
    given = {"place": request.GET.get("place") or (own[0] if len(own) == 1 else "")}
    form = NewContactForm.of(request, since=0, initial=given, person=request.user)
    if form.is_valid():
        form.send(request, lambda **told: act.keep_contact(form.cleaned_data["place"], form.cleaned_data, **told))
        messages.success(request, _("Done, and written in the log."))
        return redirect("contacts")
    return render(request, "dijk_web/contacts/new.html", {"form": form}, status=422 if form.is_bound else 200)


@requires(Permission.READ_CONTACTS)
@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest, code: str) -> HttpResponse:
    """One contact: change or erase it, where one may."""
    one = Contact.objects.visible_to(request.user).filter(code=code).first()
    if one is None:
        raise Http404
    may_keep = may(request.user.role, Permission.KEEP_DESKS)
    if request.method == "POST" and not may_keep:
        raise PermissionDenied
    form = ContactForm.of(request, since=one.act, initial={name: getattr(one, name) for name in act.OF_A_CONTACT})
    erases = request.POST.get("step") == "erase"

    def done(**told: Any) -> int:
        return act.erase_contact(one, **told) if erases else act.keep_contact(one, form.cleaned_data, **told)

    if form.send_or_say_why(request, done):
        messages.success(request, _("Done, and written in the log."))
        return redirect("contacts")
    told = {"form": form, "one": one, "place": places_of([one])[one.code], "may_keep": may_keep}
    return render(request, "dijk_web/contacts/one.html", told, status=form.status)
