"""What was done, in the language of the page: acts as the log of an object shows them."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dijk_web.models import Person, Site

ACTS = {
    "stock_told": gettext_lazy("stock told"),
    "use_told": gettext_lazy("use told"),
    "activity_told": gettext_lazy("activity told"),
    "delivery_told": gettext_lazy("own purchase told"),
    "inbound_told": gettext_lazy("order line told"),
    "figures_told": gettext_lazy("figures of others told"),
    "upload_taken_in": gettext_lazy("file taken in"),
    "dataset_handed_in": gettext_lazy("dataset handed in"),
    "dataset_wanted": gettext_lazy("dataset asked to be taken in"),
    "dataset_taken_in": gettext_lazy("dataset taken in"),
    "order_placed": gettext_lazy("order placed"),
    "request_changed": gettext_lazy("request changed"),
    "request_checked": gettext_lazy("request checked by call"),
    "request_withdrawn": gettext_lazy("request withdrawn"),
    "urgent_answered": gettext_lazy("urgent order answered"),
    "call_back_erased": gettext_lazy("erased whom to call back"),
    "asked_again": gettext_lazy("asked to report again"),
    "site_called": gettext_lazy("site called"),
    "size_confirmed": gettext_lazy("size confirmed"),
    "counts_seconded": gettext_lazy("counts confirmed by a second"),
    "plan_asked": gettext_lazy("plan asked for"),
    "preview_asked": gettext_lazy("preview asked for"),
    "run_published": gettext_lazy("levels published"),
    "desk_kept": gettext_lazy("desk set"),
    "desk_closed": gettext_lazy("desk closed"),
    "contact_kept": gettext_lazy("contact set"),
    "contact_erased": gettext_lazy("contact erased"),
    "person_invited": gettext_lazy("person invited"),
    "person_let_in_again": gettext_lazy("person let in again"),
    "invitation_accepted": gettext_lazy("invitation accepted"),
    "invitation_withdrawn": gettext_lazy("invitation taken back"),
    "person_left": gettext_lazy("account closed"),
    "role_changed": gettext_lazy("role changed"),
    "demo_people_let_in": gettext_lazy("people of the demo let in"),
    "demo_desks_kept": gettext_lazy("desks of the demo set"),
}
"""What each name of an act means."""


def title_of(about: str) -> str:
    """The object of a log as people call it."""
    kind, _colon, code = about.partition(":")
    if kind == "site" and (site := Site.objects.filter(site=code).first()):
        return f"{site.name} ({code})"
    if kind == "person" and (person := Person.objects.filter(code=code).first()):
        return f"{person.name} ({code})"
    return _("run {number}").format(number=code) if kind == "run" else about


def pairs(said: Any) -> list[tuple[str, str]]:
    """What was before or after, as names and values."""
    named = said if isinstance(said, dict) else {} if said is None else {"": said}
    texts = {name: value if isinstance(value, list) else [value] for name, value in named.items()}
    return [(name, ", ".join(map(str, values))) for name, values in texts.items()]
