"""What every form that changes something has: a one-time key, so that sending it twice is one act."""

import secrets

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from dijk_web.models import Person


def new_key() -> str:
    """A key that no form had before."""
    return secrets.token_hex(16)


def typed(request: HttpRequest) -> QueryDict | None:
    """What was sent; nothing where the page is only opened."""
    return request.POST if request.method == "POST" else None


class OneTimeForm(forms.Form):
    """A form with a key that `writing` takes once."""

    once = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput, initial=new_key)

    def key_of(self, person: Person) -> str:
        """The key, so that nobody meets the act of another by sending a key of theirs."""
        return f"{person.code}:{self.cleaned_data['once']}"


class ReasonForm(OneTimeForm):
    """Why something is done."""

    reason = forms.CharField(label=_("Why"), max_length=1000)
