"""The forms about people. Who may be let in, and where, follows from `people` and from what the inviter looks after."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dijk_web.models import Organisation, Person, Region, Site
from dijk_web.models.person import organisations_of
from dijk_web.pages.form import OneTimeForm, reason_field
from dijk_web.pages.navigation import role_name
from dijk_web.people import Directorate, Permission, Role, lets_in, may

NEEDED = {Role.INSTITUTION: "organisation", Role.COORDINATOR: "region", Role.OFFICIAL: "directorate"}
"""What a role is for, without which it cannot be given."""


class LeaveForm(OneTimeForm):
    """Why somebody is let go or in again."""

    reason = reason_field(gettext_lazy("Why"), 500)


class SeatForm(OneTimeForm):
    """A role and whom it is for, as far as the inviter may give it; fields that have one answer are not asked."""

    role = forms.ChoiceField(label=gettext_lazy("Role"))
    organisation = forms.CharField(
        label=gettext_lazy("Organisation"),
        help_text=gettext_lazy("Its code or its name. For a care institution only."),
        required=False,
    )
    sites = forms.CharField(
        label=gettext_lazy("Sites"),
        help_text=gettext_lazy("Codes, split by commas. Empty: all sites of the organisation."),
        required=False,
    )
    region = forms.CharField(
        label=gettext_lazy("Region"),
        help_text=gettext_lazy("Its code. For a regional coordinator only."),
        required=False,
    )
    directorate = forms.ChoiceField(
        label=gettext_lazy("Directorate"), help_text=gettext_lazy("For an official only."), required=False
    )
    reason = reason_field(gettext_lazy("Why"), 500)

    def __init__(self, *given: Any, by: Person, **more: Any) -> None:
        super().__init__(*given, **more)
        self.by = by
        roles = lets_in(by.role, is_owner=by.is_owner)
        self.fields["role"].choices = [(role.value, role_name(role)) for role in Role if role in roles]
        self.fields["directorate"].choices = [("", "–"), *((one.value, one.value) for one in Directorate)]
        if len(roles) == 1:
            for name in ("role", "region", "directorate"):
                del self.fields[name]
            self.fields["organisation"].required = True
        if Role(by.role) is Role.INSTITUTION:
            del self.fields["organisation"], self.fields["reason"]

    def clean_organisation(self) -> str | None:
        """The code of the one organisation that is meant, among those that the inviter looks after."""
        meant = self.cleaned_data["organisation"].strip()
        if not meant:
            return None
        theirs = Organisation.objects.all()
        if not may(self.by.role, Permission.KEEP_PEOPLE):
            theirs = theirs.filter(organisation__in=organisations_of(self.by))
        exact = theirs.filter(organisation=meant) or theirs.filter(name__iexact=meant)
        found = list(exact[:6] or theirs.filter(name__icontains=meant)[:6])
        if not found:
            raise ValidationError(_("Found “%(meant)s”, wanted an organisation you look after.") % {"meant": meant})
        if len(found) > 1:
            named = ", ".join(f"{one.name} ({one.organisation})" for one in found[:5])
            raise ValidationError(_("Several are called so: %(named)s. Type the code.") % {"named": named})
        return found[0].organisation

    def clean_region(self) -> str | None:
        """A region that there is."""
        code = self.cleaned_data["region"].strip()
        if code and not Region.objects.filter(region=code).exists():
            raise ValidationError(_("Found “%(code)s”, wanted the code of a region.") % {"code": code})
        return code or None

    def clean(self) -> None:
        """The seat is whole, and has nothing that its role is not for."""
        given = super().clean() or self.cleaned_data
        role = Role(given.get("role") or Role.INSTITUTION)
        own = self.by.organisation if Role(self.by.role) is Role.INSTITUTION else None
        seat = {"organisation": own or given.get("organisation"), "region": given.get("region")}
        seat["directorate"] = given.get("directorate") or None
        needed = NEEDED.get(role)
        if needed and not seat[needed] and needed not in self.errors:
            self.add_error(needed, _("This role is for one of them: say which."))
        self.seat: dict[str, Any] = {name: value if name == needed else None for name, value in seat.items()}
        self.seat |= {"role": role.value, "sites": self._sites(self.seat["organisation"])}

    def _sites(self, organisation: str | None) -> list[str]:
        """The sites that were typed, which must be of the organisation."""
        typed = [code.strip() for code in self.cleaned_data.get("sites", "").split(",") if code.strip()]
        there = set(Site.objects.filter(organisation=organisation, site__in=typed).values_list("site", flat=True))
        if strange := [code for code in typed if code not in there]:
            self.add_error("sites", _("Not a site of this organisation: %(codes)s.") % {"codes": ", ".join(strange)})
        return typed


class InviteForm(SeatForm):
    """Somebody to invite."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("They log in with it. Unknown? Leave it empty: they type it themselves."),
        required=False,
    )
    field_order = ("name", "email", "role", "organisation", "sites", "region", "directorate", "reason")

    def clean_email(self) -> str | None:
        """An address that nobody has yet."""
        email = self.cleaned_data["email"].lower()
        if email and Person.objects.filter(email__iexact=email).exists():
            raise ValidationError(_("Somebody has an account with this address. Find them under People."))
        return email or None

    @property
    def invitation(self) -> dict[str, Any]:
        """What an invitation holds."""
        return {"name": self.cleaned_data["name"], "email": self.cleaned_data["email"], **self.seat}
