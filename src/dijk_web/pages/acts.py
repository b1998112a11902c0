"""What was done, in the language of the page: acts as the log of an object shows them."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dijk_web.models import Need, Person, Site
from dijk_web.pages.findings import table_name
from dijk_web.pages.judgement import Words, heading
from dijk_web.pages.names import need_name
from dijk_web.pages.navigation import role_name

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
    "urgent_released": gettext_lazy("released at once by one person alone"),
    "urgent_release_confirmed": gettext_lazy("confirmed what another person released alone"),
    "urgent_release_revoked": gettext_lazy("took back what another person released alone"),
    "call_back_erased": gettext_lazy("erased whom to call back"),
    "asked_again": gettext_lazy("asked to report again"),
    "site_called": gettext_lazy("site called"),
    "size_confirmed": gettext_lazy("size confirmed"),
    "counts_seconded": gettext_lazy("counts confirmed by a second"),
    "plan_asked": gettext_lazy("plan asked for"),
    "preview_asked": gettext_lazy("preview asked for"),
    "run_published": gettext_lazy("levels published"),
    "division_proposed": gettext_lazy("division laid before the regions"),
    "part_accepted": gettext_lazy("region accepted its part"),
    "part_asked_back": gettext_lazy("region asked its part back"),
    "report_asked": gettext_lazy("report asked for"),
    "report_wanted": gettext_lazy("interim report asked for"),
    "freeze_proposed": gettext_lazy("report proposed to be frozen"),
    "report_day_moved": gettext_lazy("day of a report moved"),
    "sent": gettext_lazy("boxes sent"),
    "received": gettext_lazy("said what was received"),
    "loan_offered": gettext_lazy("loan offered"),
    "loan_accepted": gettext_lazy("loan accepted"),
    "loan_sent": gettext_lazy("boxes of the loan sent"),
    "loan_returned": gettext_lazy("boxes of the loan sent back"),
    "loan_settled": gettext_lazy("loan settled"),
    "lot_blocked": gettext_lazy("lot blocked"),
    "lot_let_go": gettext_lazy("lot let go"),
    "recall_opened": gettext_lazy("lot recalled"),
    "recall_read": gettext_lazy("recall read"),
    "recall_answered": gettext_lazy("said what is left of what was recalled"),
    "recall_ended": gettext_lazy("recall ended"),
    "taken_back": gettext_lazy("said what came back"),
    "packs_moved": gettext_lazy("boxes moved inside the region"),
    "proposed": gettext_lazy("proposed"),
    "seat_proposed": gettext_lazy("role proposed"),
    "dataset_proposed": gettext_lazy("dataset proposed to be taken in"),
    "effect_asked": gettext_lazy("effect asked for"),
    "proposal_approved": gettext_lazy("approved"),
    "proposal_refused": gettext_lazy("refused"),
    "proposal_withdrawn": gettext_lazy("taken back"),
    "proposal_overtaken": gettext_lazy("found overtaken"),
    "own_proposal_tried": gettext_lazy("tried to decide on their own proposal; nothing was decided"),
    "verdict_signed": gettext_lazy("verdict signed"),
    "verdict_objected": gettext_lazy("objected to the verdict"),
    "question_asked": gettext_lazy("question asked"),
    "question_answered": gettext_lazy("question answered"),
    "item_reviewed": gettext_lazy("reviewed"),
    "meeting_closed": gettext_lazy("meeting closed"),
    "desk_kept": gettext_lazy("desk set"),
    "desk_closed": gettext_lazy("desk closed"),
    "contact_kept": gettext_lazy("contact set"),
    "contact_erased": gettext_lazy("contact erased"),
    "contacts_taken_in": gettext_lazy("contacts taken in from a file"),
    "contacts_invited": gettext_lazy("contacts invited"),
    "person_invited": gettext_lazy("person invited"),
    "person_let_in_again": gettext_lazy("person let in again"),
    "invitation_accepted": gettext_lazy("invitation accepted"),
    "invitation_withdrawn": gettext_lazy("invitation taken back"),
    "person_left": gettext_lazy("account closed"),
    "role_changed": gettext_lazy("role changed"),
    "mail_chosen": gettext_lazy("chosen when mail comes"),
    "mail_came_back": gettext_lazy("said that mail came back"),
    "address_set": gettext_lazy("e-mail address set"),
    "mail_sent_again": gettext_lazy("mail sent again"),
    "demo_people_let_in": gettext_lazy("people of the demo let in"),
    "demo_desks_kept": gettext_lazy("desks of the demo set"),
}
"""What each name of an act means."""


NAMES = {
    "requests": gettext_lazy("requests"),
    "request": gettext_lazy("request"),
    "sites": gettext_lazy("sites"),
    "source": gettext_lazy("source"),
    "rows": gettext_lazy("rows"),
    "clients": gettext_lazy("clients"),
    "refused": gettext_lazy("rejected"),
    "upload": gettext_lazy("upload"),
    "sha256": gettext_lazy("SHA-256"),
    "file": gettext_lazy("file"),
    "told_before": gettext_lazy("told before"),
    "pieces": gettext_lazy("pieces"),
    "checked_pieces": gettext_lazy("pieces by call"),
    "checked_by": gettext_lazy("checked by"),
    "order": gettext_lazy("order"),
    "release": gettext_lazy("urgent release"),
    "yes": gettext_lazy("answered yes"),
    "outcome": gettext_lazy("what came of it"),
    "questions": gettext_lazy("questions"),
    "due": gettext_lazy("answer by"),
    "size": gettext_lazy("size"),
    "size_unit": gettext_lazy("what it counts"),
    "size_confirmed_by": gettext_lazy("size confirmed by"),
    "subject": gettext_lazy("about"),
    "region": gettext_lazy("region"),
    "directorate": gettext_lazy("directorate"),
    "changed": gettext_lazy("changed"),
    "contact": gettext_lazy("contact"),
    "new": gettext_lazy("added"),
    "same": gettext_lazy("there already"),
    "invited": gettext_lazy("invited"),
    "with_email": gettext_lazy("with an e-mail address"),
    "to_call": gettext_lazy("to be called"),
    "role": gettext_lazy("role"),
    "organisation": gettext_lazy("organisation"),
    "is_owner": gettext_lazy("owner"),
    "seed": gettext_lazy("seed"),
    "as_of": gettext_lazy("as known at"),
    "state": gettext_lazy("state"),
    "run": gettext_lazy("run"),
    "received_pieces": gettext_lazy("pieces received"),
    "cents_per_pack": gettext_lazy("cents per box"),
    "expected": gettext_lazy("expected"),
    "phone": gettext_lazy("phone"),
    "email": gettext_lazy("e-mail address"),
    "hours": gettext_lazy("hours"),
    "deputy": gettext_lazy("who takes over"),
    "function": gettext_lazy("function"),
    "name": gettext_lazy("name"),
    "table": gettext_lazy("kind"),
    "proposal": gettext_lazy("proposal"),
    "check_by": gettext_lazy("regions check until"),
    "regions": gettext_lazy("regions"),
    "moved": gettext_lazy("moved"),
    "product": gettext_lazy("article"),
    "lines": gettext_lazy("lines"),
    "dispatch": gettext_lazy("dispatch"),
    "received": gettext_lazy("received whole"),
    "damaged": gettext_lazy("damaged"),
    "packs": gettext_lazy("boxes"),
    "report": gettext_lazy("report"),
    "day": gettext_lazy("day"),
    "interim": gettext_lazy("interim"),
    "corrects": gettext_lazy("corrects"),
    "comes": gettext_lazy("it comes"),
    "needed_at": gettext_lazy("needed at"),
    "lot": gettext_lazy("lot"),
    "lots": gettext_lazy("lots"),
    "territory": gettext_lazy("where it holds"),
    "status": gettext_lazy("status"),
    "receivers": gettext_lazy("receivers"),
    "recall": gettext_lazy("recall"),
    "left": gettext_lazy("pieces left"),
    "did": gettext_lazy("what was done with them"),
    "way_back": gettext_lazy("goods on their way back"),
    "need": gettext_lazy("need"),
    "mail": gettext_lazy("mail"),
    "mail_when": gettext_lazy("when mail comes"),
    "word": gettext_lazy("word"),
    "from_region": gettext_lazy("from region"),
    "to_region": gettext_lazy("to region"),
    "due_back": gettext_lazy("due back"),
    "came_back": gettext_lazy("came back"),
    "unsettled": gettext_lazy("items to the next meeting"),
}
"""What each name in a before or after means."""


MAIL_WHEN = {
    "at_once": gettext_lazy("at once"),
    "daily": gettext_lazy("once a day"),
    "none": gettext_lazy("not at all"),
}
"""When somebody gets mail, as the log says it."""


def title_of(about: str) -> str:
    """The object of a log as people call it."""
    kind, _colon, code = about.partition(":")
    if kind == "site" and (site := Site.objects.filter(site=code).first()):
        return f"{site.name} ({code})"
    if kind == "person" and (person := Person.objects.filter(code=code).first()):
        return f"{person.name} ({code})"
    if kind == "proposal":
        return _("proposal {number}").format(number=code)
    if kind == "need" and (need := Need.objects.filter(need=code).first()):
        return f"{need_name(need)} ({code})"
    if kind == "recall":
        return _("recall {number}").format(number=code)
    if kind == "loan":
        return _("loan {number}").format(number=code)
    if kind == "lot":
        product, _bar, lot = code.partition("|")
        return _("lot {lot} of {product}").format(lot=lot, product=product)
    if kind == "question":
        return _("question {number}").format(number=code)
    if kind == "report":
        return _("report {number}").format(number=code)
    return _("run {number}").format(number=code) if kind == "run" else about


def pairs(said: Any) -> list[tuple[str, str]]:
    """What was before or after, as names and values in words; codes stay codes. Of a proposed row, its columns."""
    said = dict(said or {})
    table, row = said.get("table"), said.pop("row", {})
    plain = [(str(NAMES.get(name, name)), in_words(name, value)) for name, value in said.items()]
    words = Words()
    return plain + [(heading(table, name), words.of(table, name, value)) for name, value in row.items()]


def in_words(name: str, value: Any) -> str:
    """A value of a before or after."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return ", ".join(f"{table_name(table)} {count}" for table, count in value.items())
    if name == "table":
        return table_name(value)
    if name == "mail_when":
        return str(MAIL_WHEN[value])
    if isinstance(value, list):
        return ", ".join(str(NAMES.get(one, one)) if name == "changed" else str(one) for one in value)
    return role_name(value) if name == "role" else str(value)
