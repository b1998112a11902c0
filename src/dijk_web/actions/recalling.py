"""Recalling a lot from everyone who received it, and what they say of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied

from dijk.policy import served_need
from dijk.tables import ALL
from dijk_web import lots, mailing, sending
from dijk_web.actions.lots import Shift, block, shift
from dijk_web.actions.telling import Sent
from dijk_web.actions.writing import TooLate, Writing, writing
from dijk_web.models import Because, Delivery, Dispatch, Person, Recall, RecallPart, Site, Todo, WayBack
from dijk_web.of_site import policy_now
from dijk_web.people import Permission, may


@dataclass(frozen=True)
class Words:
    """What a recall says, in both languages, and what is to be done."""

    en: str
    nl: str
    todo: Todo


def open_recall(product: str, some: Sequence[str], words: Words, *, by: Person, sent: Sent) -> int:
    """Recall lots of an article from everyone who received them and block them, in one act; its number.

    What is sent meanwhile is sent before it, and then its receiver is told too, or it is refused.

    Raises
    ------
    PermissionDenied
        This person recalls nothing.
    TooLate
        One of the lots is recalled already.
    """
    if not may(by.role, Permission.RECALL):
        raise PermissionDenied
    with writing("recall_opened", by=by, about="recall", reason=words.en, once=sent.once) as act:
        territory = lots.territory_of(by)
        if any(set(one.lots) & set(some) for one in Recall.objects.open().filter(product=product, territory=territory)):
            raise TooLate("recall")
        act.about = f"recall:{act.number}"
        said = {"todo": words.todo, "text_en": words.en, "text_nl": words.nl, "by": by.code, "role": by.role}
        about = {"product": product, "lots": list(some), "territory": territory, "opened_at": act.known_at}
        recall = Recall.objects.create(act=act.number, **about, **said)
        block(act, product, some, by=by, reason=words.en)
        told = _reach(act, recall)
        act.after = {"product": product, "lots": list(some), "territory": territory, "receivers": told}
    return act.number


def reach_later(act: Writing) -> None:
    """Tell open recalls to those of whom it became known since that they received the lots, in the act that asks for a
    plan.
    """
    for recall in Recall.objects.open():
        _reach(act, recall)


def _reach(act: Writing, recall: Recall) -> int:
    """Make a recall for each receiver that has none of it yet; how many."""
    sites = Site.objects.all() if recall.territory == ALL else Site.objects.filter(region=recall.territory)
    told = set(RecallPart.objects.filter(recall=recall.act).values_list("site", flat=True))
    found = {one.site: one for one in lots.receivers_of(recall.product, recall.lots, sites) if one.site not in told}
    regions = dict(Site.objects.filter(site__in=found).values_list("site", "region"))
    RecallPart.objects.bulk_create(
        RecallPart(recall=recall.act, site=site, region=regions[site] or "", lots=sorted(one.lots), told_act=act.number)
        for site, one in found.items()
    )
    mailing.recall_waits(act, recall.act, found)
    return len(found)


def end_recall(recall: Recall, *, by: Person, reason: str, sent: Sent) -> int:
    """End a recall, of the own level; its lots stay blocked. The number of the act.

    Raises
    ------
    PermissionDenied
        Another level opened it.
    TooLate
        It has ended already.
    """
    if not may_end(by, recall):
        raise PermissionDenied
    with writing("recall_ended", by=by, about=f"recall:{recall.act}", reason=reason, once=sent.once) as act:
        if not Recall.objects.open().filter(pk=recall.pk).update(ended_act=act.number, ended_at=act.known_at):
            raise TooLate("recall")
    return act.number


def may_end(person: Person, recall: Recall) -> bool:
    """Whether a recall is of somebody's level."""
    return may(person.role, Permission.RECALL) and lots.territory_of(person) == recall.territory


# What receivers say


@dataclass(frozen=True)
class Said:
    """What a receiver has left of each lot, in pieces, what it does with that, and what there is to say of it."""

    left: Mapping[str, int]
    did: Todo
    note: str = ""


def read_recall(part: RecallPart, *, by: Person, sent: Sent) -> int:
    """Say that a recall was read; the number of the act.

    Raises
    ------
    PermissionDenied
        It is not for a site of this person.
    TooLate
        Somebody of the site read it already.
    """
    _refuse_others(part, by)
    with writing("recall_read", by=by, about=f"site:{part.site}", once=sent.once) as act:
        act.after = {"recall": part.recall}
        if not _mark_read(act, part, by):
            raise TooLate("recall_part")
    return act.number


def answer_recall(part: RecallPart, said: Said, *, by: Person, sent: Sent) -> int:
    """Say what is left of recalled lots and what is done with it; said again it holds instead. What goes back is on its
    way from then on. The number of the act.

    Raises
    ------
    PermissionDenied
        It is not for a site of this person.
    TooLate
        Somebody else said so first, the recall has ended, or a hub would send back more than it holds.
    """
    _refuse_others(part, by)
    with writing("recall_answered", by=by, about=f"site:{part.site}", reason=said.note, once=sent.once) as act:
        now = RecallPart.objects.get(pk=part.pk)
        recall = Recall.objects.open().filter(act=part.recall).first()
        if recall is None or (now.answered_act or 0) > sent.since:
            raise TooLate("recall_part")
        act.before = {"left": _in_a_row(now.left_pieces), "did": now.did or None}
        act.after = {"recall": part.recall, "left": _in_a_row(said.left), "did": said.did}
        _mark_read(act, now, by)
        told = {"answered_act": act.number, "answered_at": act.known_at, "left_pieces": dict(said.left)}
        RecallPart.objects.filter(pk=now.pk).update(**told, did=said.did, note=said.note)
        if said.did == Todo.SEND_BACK:
            _send_back(act, now, recall, said)
    return act.number


def _in_a_row(left: Mapping[str, int] | None) -> list[str] | None:
    """Pieces of each lot as the log keeps them."""
    return None if left is None else [f"{lot}: {pieces}" for lot, pieces in left.items()]


def _refuse_others(part: RecallPart, by: Person) -> None:
    if not sending.may_receive(by, part.site):
        raise PermissionDenied


def _mark_read(act: Writing, part: RecallPart, by: Person) -> int:
    """Whether nobody had read it."""
    unread = RecallPart.objects.unread().filter(pk=part.pk)
    return unread.update(read_act=act.number, read_at=act.known_at, read_role=by.role)


def _send_back(act: Writing, part: RecallPart, recall: Recall, said: Said) -> None:
    """Put what is left on its way to where it came from; what a hub sends back leaves its blocked stock."""
    place = Site.objects.get(site=part.site)
    going = {lot: pieces for lot, pieces in said.left.items() if pieces}
    for line, (lot, pieces) in enumerate(going.items(), 1):
        need, to_site = origin(place, recall.product, lot)
        about = {"site": part.site, "region": part.region, "to_site": to_site, "need": need, "product": recall.product}
        why = {"because": Because.RECALLED, "about": str(recall.act), "sent_at": act.known_at}
        WayBack.objects.create(act=act.number, line=line, lot=lot, pieces=pieces, **about, **why)
    if place.kind == lots.HUB:
        shift(act, (Shift(place, recall.product, lot, "blocked", pieces=-pieces) for lot, pieces in going.items()))


def origin(place: Site, product: str, lot: str) -> tuple[str, str]:
    """The need that a lot came to a site for, and the hub or warehouse that it goes back to: where it came from last,
    else the hub of the region, else the first warehouse.
    """
    about = {"site": place.site, "product": product, "lot": lot}
    holders = Site.objects.filter(kind__in=(lots.WAREHOUSE, lots.HUB)).exclude(site=place.site)
    sent = Dispatch.objects.filter(**about).order_by("-act").first()
    told = Delivery.objects.filter(**about).order_by("-day", "-known_at").first()
    from_site = sent.from_site if sent else told.from_site_id if told else None
    hub = holders.filter(kind=lots.HUB, region=place.region).order_by("site")
    back = holders.filter(site=from_site).first() or hub.first() or holders.order_by("-kind", "site").first()
    if back is None:
        raise TooLate("site")
    serves = dict(served_need(policy_now(), None).rows())
    need = sent.need if sent else told.need_id if told else serves.get(product, product)
    return need, back.site
