"""Who may sign an order: the mandates in force, asked of a need and an amount."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from dijk.policy.who_signs import Signers, who_may_sign
from dijk.tables import ALL
from dijk.tables.judgements import SIGNS_FOR
from dijk_web.access import requires
from dijk_web.of_site import moment, policy_now
from dijk_web.pages.form import date_field
from dijk_web.pages.inbound import euros
from dijk_web.pages.judgement import Euros, Words, names_in
from dijk_web.pages.lines import choice_in_words
from dijk_web.people import Permission
from dijk_web.proposing import key_text


class OrderForm(forms.Form):
    """An order that is to be signed."""

    need = forms.ChoiceField(label=_("Need"))
    amount = Euros(label=_("What the order comes to, in euros"), help_text=_("Such as 250000 or 250000,50."))
    day = date_field(_("Day on which it is signed"))

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        needs = sorted(names_in("need"), key=lambda pair: pair[1].casefold())
        self.fields["need"].choices = [(ALL, _("several needs in one order")), *needs]


@requires(Permission.READ_NATION)
@require_safe
def signing(request: HttpRequest) -> HttpResponse:
    """Who may sign an order of a need and an amount on a day; nobody where no mandate reaches it."""
    asked = "amount" in request.GET
    form = OrderForm(request.GET if asked else None, initial={"day": moment().date()})
    told: dict[str, Any] = {"form": form}
    if asked and form.is_valid():
        said = form.cleaned_data
        found = who_may_sign(policy_now(), need=said["need"], cents=said["amount"], day=said["day"])
        told |= {"answer": answer_of(found), "amount": euros(said["amount"]), "day": said["day"]}
    return render(request, "dijk_web/policy/signing.html", told, status=422 if asked and form.errors else 200)


def answer_of(found: Signers) -> dict[str, Any]:
    """Who may sign and who may not, as people read it, and whom that binds."""
    words = Words()
    lines = {
        name: [
            {
                "capacity": row["capacity"],
                "key": key_text("mandate", row),
                "signs_for": choice_in_words(SIGNS_FOR, row["signs_for"]),
                "most": words.said("mandate", "most_cents", row),
                "need": words.of("mandate", "need", row["need"]),
                "until": row["valid_to"],
                "assumed": row["how"] == "assumed",
            }
            for row in rows.iter_rows(named=True)
        ]
        for name, rows in (("may", found.may), ("may_not", found.may_not))
    }
    return lines | {"only_ministry": found.for_whom == ["ministry"]}
