"""Coming in: by the link of an invitation, or by the code of a letter."""

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from dijk_web.access import public
from dijk_web.actions.people import accept
from dijk_web.actions.writing import AlreadyDone, TooLate
from dijk_web.models import Contact, Invitation, Person
from dijk_web.pages.errors import too_late
from dijk_web.pages.form import OneTimeForm, typed
from dijk_web.pages.navigation import role_name
from dijk_web.pages.people import TOO_LATE


class CodeForm(forms.Form):
    """The code of a letter."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        help_text=gettext_lazy("Sixteen letters and digits, as they stand in the letter."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )

    def clean_code(self) -> str:
        """A code that still lets somebody in."""
        found = Invitation.objects.with_code(self.cleaned_data["code"]).first()
        if found is None:
            raise ValidationError(
                _("This code is not known, was used, or is older than fourteen days. Ask for a new one.")
            )
        return found.one_time_code


class AcceptForm(OneTimeForm):
    """Who comes in."""

    name = forms.CharField(
        label=gettext_lazy("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        help_text=gettext_lazy("You log in with it."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=gettext_lazy("A password"),
        help_text=gettext_lazy("At least twelve characters. A sentence is easy to keep in mind."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )
    again = forms.CharField(
        label=gettext_lazy("The password again"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )

    def __init__(self, *given: object, invitation: Invitation, **more: object) -> None:
        super().__init__(*given, **more)
        self.invitation = invitation

    def clean_email(self) -> str:
        """An address that nobody else has."""
        email = self.cleaned_data["email"].lower()
        if Person.objects.filter(email__iexact=email).exclude(code=self.invitation.code).exists():
            raise ValidationError(_("Somebody has an account with this address: log in with it, or use another."))
        return email

    def clean(self) -> None:
        """A password that is hard to guess, typed twice."""
        given = super().clean() or self.cleaned_data
        first, again = given.get("password"), given.get("again")
        if first and again and first != again:
            self.add_error("again", _("The two passwords differ."))
        if first:
            try:
                validate_password(first, Person(name=given.get("name", ""), email=given.get("email", "")))
            except ValidationError as weak:
                self.add_error("password", weak)


@public
@never_cache
@require_http_methods(["GET", "POST"])
def invitation_code(request: HttpRequest) -> HttpResponse:
    """Type the code of a letter."""
    form = CodeForm(typed(request))
    if form.is_valid():
        return redirect("invitation", code=form.cleaned_data["code"])
    return render(request, "dijk_web/invitation/code.html", {"form": form}, status=422 if form.is_bound else 200)


def name_of(one: Invitation) -> str:
    """The name that stands ready; none where a contact was invited by function alone, which is nobody's name."""
    is_function = Contact.objects.filter(organisation=one.organisation, function=one.name).exists()
    return "" if is_function else one.name


@public
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, code: str) -> HttpResponse:
    """Come in once: set name and password. A link that was used, taken back or too old is 404."""
    one = get_object_or_404(Invitation.objects.with_code(code))
    form = AcceptForm(typed(request), invitation=one, initial={"name": name_of(one), "email": one.email})
    if not form.is_valid():
        shown = {"form": form, "invitation": one, "role": role_name(one.role)}
        return render(request, "dijk_web/invitation/accept.html", shown, status=422 if form.is_bound else 200)
    given = {name: form.cleaned_data[name] for name in ("name", "email", "password")}
    try:
        accept(one, **given, language=get_language(), once=f"{one.code}:{form.cleaned_data['once']}")
    except AlreadyDone:
        pass
    except TooLate as late:
        return too_late(request, str(TOO_LATE[str(late)]))
    return redirect("account_login")
