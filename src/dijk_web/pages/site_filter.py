"""The filter that lists of sites have in common: name or code, and the region for who sees them all."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from dijk_web.models import Person, Site
from dijk_web.pages.desks import regions
from dijk_web.people import SEATS, Role, Scope
from dijk_web.visible import sites_visible_to


class SiteFilter(forms.Form):
    """Which sites are shown, of those that a person may see."""

    sought = forms.CharField(label=gettext_lazy("Name or code of a site"), required=False, max_length=80)
    region = forms.CharField(
        label=gettext_lazy("Region"), required=False, max_length=80, help_text=gettext_lazy("Its code or its name.")
    )

    def __init__(self, *given: Any, person: Person, **more: Any) -> None:
        super().__init__(*given, **more)
        self.person = person
        if SEATS[Role(person.role)].scope is not Scope.ALL:
            del self.fields["region"]

    @property
    def said(self) -> dict[str, Any]:
        """What was filled in; nothing where it makes no sense."""
        return self.cleaned_data if self.is_valid() else {}

    def sites(self) -> QuerySet[Site]:
        """The sites of the filter."""
        sites = sites_visible_to(self.person)
        if place := self.said.get("region"):
            names = regions().items()
            called = [code for code, name in names if place.casefold() in (code.casefold(), name.casefold())]
            sites = sites.filter(region__in=called)
        if sought := self.said.get("sought"):
            sites = sites.filter(Q(name__icontains=sought) | Q(site__iexact=sought))
        return sites
