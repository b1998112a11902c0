"""Loans between regions, hub to hub: offered by one and accepted by the other, sent, received, returned and settled; no
piece of a lot is lost or counted twice on the way.
"""

import datetime as dt
import subprocess
import sys
from contextlib import suppress
from types import SimpleNamespace
from typing import Any
from unittest import mock

import polars as pl
import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction

from dijk.inputs import Inputs
from dijk.present.held import central_stock
from dijk_web import clock, lots, work
from dijk_web.actions import deciding
from dijk_web.actions.lending import Offer, offer, return_loan, send_loan, settle
from dijk_web.actions.lots import block_lot
from dijk_web.actions.planning import ask_for_plan
from dijk_web.actions.returning import take_back
from dijk_web.actions.sending import Receipt, receive
from dijk_web.actions.telling import Sent
from dijk_web.actions.writing import TooLate, writing
from dijk_web.lending import Stage, standing
from dijk_web.models import (
    Act,
    Delivery,
    Dispatch,
    Loan,
    Mail,
    PastAward,
    Person,
    Product,
    Proposal,
    Site,
    SiteRow,
    Stock,
    WayBack,
)
from dijk_web.of_site import as_frame, moment, policy_now
from four_people import SEATS, browser, everybody, person, sits
from ground import JUDGED, NEEDS, NOON, TODAY, registers
from telling_forms import hidden

pytestmark = pytest.mark.slow

DAY = dt.timedelta(days=1)
NOW, PACK = Sent(None, 10**9), NEEDS["gown"][2]
NORTH, SOUTH = "hub-north", "hub-south"
ENDS = TODAY + 200 * DAY


def stocked(by: Person) -> None:
    """A hub in each region; that of the north has 20 boxes of a lot and 5 of another."""
    of = {"organisation": "hospital-south", "kind": "regional_hub", "source": "test"}
    row = {"site": NORTH, "product": "gown-box", "status": "approved", "day": TODAY - 2 * DAY, "expires_on": ENDS}
    with writing("registers_told", by=by, about="registers") as act:
        act.tell(
            "site", [of | {"site": f"hub-{one}", "name": f"Hub {one}", "region": one} for one in ("north", "south")]
        )
        some = (("L1", 20 * PACK), ("L2", 5 * PACK))
        act.tell("stock", [row | {"lot": n, "pieces": p, "how": "counted", "source": "test"} for n, p in some])


@pytest.fixture
def hubs(ground: SimpleNamespace) -> SimpleNamespace:
    """Everybody, and the hubs; Ravi is of the north, Sita of the south."""
    stocked(ground.pim)
    return ground


def place(code: str) -> Site:
    return Site.objects.get(site=code)


def offered(by: Person, some: dict[str, int] | None = None, due: dt.date = TODAY + 14 * DAY, **other: Any) -> Loan:
    told = {"place": place(NORTH), "to": place(SOUTH), "product": Product.objects.get(product="gown-box")} | other
    one = Offer(**told, need="gown", lots={"L1": 10} if some is None else some, due_back=due)
    return Loan.objects.get(act=offer(one, by=by, reason="They have none.", sent=NOW))


def accepted(hubs: Any, some: dict[str, int] | None = None) -> Loan:
    loan = offered(hubs.ravi, some)
    deciding.approve(Proposal.objects.get(act=loan.act), by=hubs.sita, why="Thanks.", sent=NOW)
    return loan


def lent(hubs: Any, some: dict[str, int] | None = None) -> Loan:
    """Sent, and received whole."""
    loan = accepted(hubs, some)
    send_loan(loan, expected=TODAY + DAY, by=hubs.ravi, sent=NOW)
    for one in Dispatch.objects.filter(division=loan.act):
        receive(one, Receipt(one.packs, 0, ""), by=hubs.sita, sent=NOW)
    return loan


def on_the_way() -> list[Dispatch]:
    return list(Dispatch.objects.underway().order_by("act", "line"))


def held(code: str, lot: str = "L1") -> dict[str, int]:
    """Packs of a lot at a place by status, as the pages and a sending see it; nothing is not named."""
    rows = lots.held_by_lot([place(code)]).filter(product="gown-box", lot=lot).filter(pl.col("pieces") > 0)
    return {status: pieces // PACK for status, pieces in rows.select("status", "pieces").rows()}


def in_a_plan(code: str, later: int = 0) -> dict[str, int]:
    """Packs at a place by status, as a plan of so many days later would count them."""
    tables = {"stock": as_frame("stock", Stock.objects.all()), "delivery": as_frame("delivery", Delivery.objects.all())}
    tables |= {"site": as_frame("site", SiteRow.objects.filter(site=code))}
    tables |= {"past_award": as_frame("past_award", PastAward.objects.all())}
    world = Inputs.of(tables, as_of=moment() + later * DAY).known()
    rows = central_stock(world, policy_now()).group_by("status").agg(pl.col("pieces").sum())
    return {status: pieces // PACK for status, pieces in rows.rows() if pieces}


def everything(lot: str) -> int:
    """Packs of a lot wherever they are: at the hubs, on their way there or back, and what did not come whole."""
    there = sum(sum(held(code, lot).values()) for code in (NORTH, SOUTH))
    for one in Dispatch.objects.filter(lot=lot):
        there += one.packs - (one.whole_packs or 0)
    return there - sum((way.received_pieces or 0) // PACK for way in WayBack.objects.filter(lot=lot))


# From the offer to what is settled


def test_a_loan_goes_there_and_back_and_no_pack_is_lost_or_counted_twice(hubs: Any) -> None:
    loan, found = accepted(hubs, {"L1": 10, "L2": 5}), lambda: standing(loan.act)
    assert found().stage == Stage.ACCEPTED and held(NORTH) == {"approved": 20}
    gone = send_loan(loan, expected=TODAY + DAY, by=hubs.ravi, sent=NOW)
    assert (gone.packs, gone.left, found().stage) == (15, 0, Stage.UNDERWAY)
    assert (held(NORTH), held(NORTH, "L2"), held(SOUTH)) == ({"approved": 10}, {}, {})
    for lot, packs in (("L1", 20), ("L2", 5)):
        assert everything(lot) == packs
    for one in on_the_way():
        receive(one, Receipt(one.packs, 0, ""), by=hubs.sita, sent=NOW)
    assert (held(SOUTH), held(SOUTH, "L2")) == ({"approved": 10}, {"approved": 5})
    assert (found().stage, found().owed) == (Stage.LENT, 15)
    return_loan(loan, {"L1": 4}, expected=TODAY + DAY, by=hubs.sita, sent=NOW)
    assert (found().owed, found().to_return, held(SOUTH)) == (15, 11, {"approved": 6})
    receive(on_the_way()[0], Receipt(4, 0, ""), by=hubs.ravi, sent=NOW)
    assert (found().owed, found().stage, held(NORTH)) == (11, Stage.LENT, {"approved": 14})
    return_loan(loan, {"L1": 6, "L2": 5}, expected=TODAY + DAY, by=hubs.sita, sent=NOW)
    for one in on_the_way():
        receive(one, Receipt(one.packs, 0, ""), by=hubs.ravi, sent=NOW)
    assert (found().owed, found().stage) == (0, Stage.RETURNED)
    assert (held(NORTH), held(NORTH, "L2"), held(SOUTH)) == ({"approved": 20}, {"approved": 5}, {})
    assert everything("L1") == 20 and everything("L2") == 5
    assert not PastAward.objects.exists() and not Delivery.objects.filter(from_site=NORTH).exists()
    last = Stock.objects.filter(site=NORTH, lot="L2", pieces=5 * PACK).latest("act")
    assert last.expires_on == ENDS, "its day goes along with the lot"


def test_two_plans_on_two_days_count_a_loan_once(hubs: Any) -> None:
    """At the lender until it goes, at nobody's hub on its way, and at the borrower from when that says that it came."""
    loan = accepted(hubs)
    assert (in_a_plan(NORTH), in_a_plan(SOUTH)) == ({"approved": 25}, {})
    send_loan(loan, expected=TODAY + DAY, by=hubs.ravi, sent=NOW)
    for later in (0, 1, 8):
        assert (in_a_plan(NORTH, later), in_a_plan(SOUTH, later)) == ({"approved": 15}, {})
    receive(on_the_way()[0], Receipt(10, 0, ""), by=hubs.sita, sent=NOW)
    for later in (0, 1, 8):
        assert (in_a_plan(NORTH, later), in_a_plan(SOUTH, later)) == ({"approved": 15}, {"approved": 10})


def test_what_is_on_its_way_to_a_hub_is_never_assumed_to_be_there(hubs: Any, hands: Any) -> None:
    send_loan(accepted(hubs), expected=TODAY + DAY, by=hubs.ravi, sent=NOW)
    hands.return_value = NOON + 30 * DAY
    ask_for_plan(by=hubs.pim, reason="Monday")
    assert len(on_the_way()) == 1 and held(SOUTH) == {}


def test_a_hub_that_sends_its_awards_and_a_loan_on_one_day_gives_no_pack_twice(hubs: Any) -> None:
    about = {"division": 1, "need": "gown", "product": "gown-box", "holder": "regional_hub", "from_site": NORTH}
    about |= {"region": "north", "pieces_per_pack": PACK, "sent_at": moment(), "expected": TODAY, "lot": "L1"}
    Dispatch.objects.create(act=99, line=1, site="site-hospital-north", packs=6, **about)
    loan = accepted(hubs, {"L1": 14})
    assert send_loan(loan, expected=TODAY + DAY, by=hubs.ravi, sent=NOW).packs == 14 and held(NORTH) == {}
    with pytest.raises(TooLate):
        offered(hubs.ravi, {"L1": 1})
    receive(Dispatch.objects.get(division=loan.act), Receipt(14, 0, ""), by=hubs.sita, sent=NOW)
    assert held(SOUTH) == {"approved": 14} and everything("L1") == 20


def test_what_comes_short_or_damaged_is_not_owed_and_goes_to_the_sender_as_work(hubs: Any) -> None:
    loan = accepted(hubs)
    send_loan(loan, expected=TODAY + DAY, by=hubs.ravi, sent=NOW)
    (one,) = on_the_way()
    receive(one, Receipt(6, 3, "A wet pallet.", goes_back=True), by=hubs.sita, sent=NOW)
    assert held(SOUTH) == {"approved": 6} and standing(loan.act).owed == 6 and everything("L1") == 20
    (way,) = WayBack.objects.all()
    assert (way.to_site, way.pieces) == (NORTH, 3 * PACK)
    take_back(way, 3 * PACK, "", by=hubs.ravi, sent=NOW)
    assert held(NORTH) == {"approved": 10, "quarantine": 3} and everything("L1") == 20
    found = {one.kind: one.desk for one in work.open_work(moment())}
    assert found["difference"] == "north" and browser(hubs.ravi).get(f"/dispatches/{one.act}/1/").status_code == 200
    receive(one, Receipt(7, 3, "One more was found.", goes_back=True), by=hubs.sita, sent=NOW)
    assert held(SOUTH) == {"approved": 7} and standing(loan.act).owed == 7 and everything("L1") == 20


def test_a_receipt_takes_back_no_more_than_the_hub_has(hubs: Any) -> None:
    loan = lent(hubs)
    return_loan(loan, {"L1": 8}, expected=TODAY + DAY, by=hubs.sita, sent=NOW)
    first = Dispatch.objects.filter(division=loan.act, site=SOUTH).get()
    with pytest.raises(TooLate):
        receive(first, Receipt(7, 0, "Counted again."), by=hubs.sita, sent=NOW)
    receive(first, Receipt(8, 0, "Counted again."), by=hubs.sita, sent=NOW)
    assert held(SOUTH) == {} and everything("L1") == 20


# Who


def test_a_region_offers_from_its_own_hub_to_another_and_only_that_one_answers(hubs: Any) -> None:
    for name in set(SEATS) - {"ravi"}:
        with pytest.raises(PermissionDenied):
            offered(getattr(hubs, name))
    for other in ({"place": place(SOUTH)}, {"to": place(NORTH)}, {"to": place("site-hospital-south")}):
        with pytest.raises(PermissionDenied):
            offered(hubs.ravi, **other)
    proposal = Proposal.objects.get(act=offered(hubs.ravi).act)
    ruth = person("ruth", role="coordinator", region="north")
    others = [getattr(hubs, name) for name in set(SEATS) - {"sita"}]
    for by in (*others, ruth):
        for decide in (deciding.approve, deciding.refuse):
            with pytest.raises(PermissionDenied):
                decide(proposal, by=by, why="x", sent=NOW)
    assert Proposal.objects.get(act=proposal.act).is_open


def test_the_same_person_in_every_role_that_they_could_hold_is_never_both_regions(hubs: Any) -> None:
    someone = person("someone", role="planner")
    seats = [one for one in SEATS.values() if one["role"] != "institution"]

    for first in seats:
        sits(someone, first)
        try:
            loan = offered(someone, {"L1": 1})
        except PermissionDenied:
            continue
        for then in seats:
            sits(someone, then)
            with suppress(PermissionDenied):
                deciding.approve(Proposal.objects.get(act=loan.act), by=someone, why="me too", sent=NOW)
            with suppress(PermissionDenied, TooLate):
                send_loan(loan, expected=TODAY + DAY, by=someone, sent=NOW)
    one = Proposal.objects.get()
    assert one.is_open and not Dispatch.objects.exists()
    assert Act.objects.filter(name=deciding.OWN_TRIED).count() == 1, "as coordinator of the other region"
    deciding.approve(one, by=hubs.sita, why="another", sent=NOW)
    with pytest.raises(IntegrityError, match="proposal_takes_two"), transaction.atomic():
        Proposal.objects.update(ended_by="p-someone")


def test_each_step_is_of_its_own_region(hubs: Any) -> None:
    loan = lent(hubs)
    for by in (hubs.ravi, hubs.pim, hubs.mila):
        with pytest.raises(PermissionDenied):
            return_loan(loan, {"L1": 1}, expected=TODAY, by=by, sent=NOW)
    for by in (hubs.sita, hubs.pim, hubs.noor):
        with pytest.raises(PermissionDenied):
            send_loan(loan, expected=TODAY, by=by, sent=NOW)
        with pytest.raises(PermissionDenied):
            settle(loan, by=by, reason="x", sent=NOW)


# How it ends otherwise


def test_one_no_ends_an_offer_and_who_made_it_takes_it_back_until_it_is_accepted(hubs: Any) -> None:
    refused, withdrawn = (Proposal.objects.get(act=offered(hubs.ravi).act) for _ in range(2))
    deciding.refuse(refused, by=hubs.sita, why="No room.", sent=NOW)
    deciding.withdraw(withdrawn, by=hubs.ravi, why="We need it.", sent=NOW)
    for one in (refused, withdrawn):
        with pytest.raises(TooLate):
            deciding.approve(one, by=hubs.sita, why="After all.", sent=NOW)
        with pytest.raises(TooLate):
            send_loan(Loan.objects.get(act=one.act), expected=TODAY, by=hubs.ravi, sent=NOW)
    assert [standing(one.act).stage for one in (refused, withdrawn)] == [Stage.REFUSED, Stage.WITHDRAWN]
    with pytest.raises(TooLate):
        deciding.withdraw(Proposal.objects.get(act=accepted(hubs).act), by=hubs.ravi, why="Late.", sent=NOW)


def test_an_offer_whose_day_is_over_is_not_accepted(hubs: Any, hands: Any) -> None:
    proposal = Proposal.objects.get(act=offered(hubs.ravi).act)
    hands.return_value = NOON + 14 * DAY
    with pytest.raises(TooLate):
        deciding.approve(proposal, by=hubs.sita, why="Late.", sent=NOW)
    page = browser(hubs.sita).get(f"/loans/{proposal.act}/").content.decode()
    said = hidden(page) | {"why": "Late.", "step": "approve"}
    answer = browser(hubs.sita).post(f"/loans/{proposal.act}/", said)
    assert answer.status_code == 422 and "it must be offered anew" in answer.content.decode()


def test_the_lender_settles_what_is_not_back_and_not_while_it_is_on_its_way(hubs: Any, hands: Any) -> None:
    loan = lent(hubs)
    return_loan(loan, {"L1": 4}, expected=TODAY + DAY, by=hubs.sita, sent=NOW)
    with pytest.raises(TooLate):
        settle(loan, by=hubs.ravi, reason="Keep it.", sent=NOW)
    receive(on_the_way()[0], Receipt(4, 0, ""), by=hubs.ravi, sent=NOW)
    hands.return_value = NOON + 20 * DAY
    assert standing(loan.act).is_late(moment().date())
    settle(loan, by=hubs.ravi, reason="They used the rest.", sent=NOW)
    found = standing(loan.act)
    assert (found.stage, found.owed, found.is_late(moment().date())) == (Stage.SETTLED, 0, False)
    for act in (
        lambda: settle(loan, by=hubs.ravi, reason="Again.", sent=NOW),
        lambda: return_loan(loan, {"L1": 1}, expected=TODAY, by=hubs.sita, sent=NOW),
        lambda: send_loan(loan, expected=TODAY, by=hubs.ravi, sent=NOW),
    ):
        with pytest.raises(TooLate):
            act()
    assert held(SOUTH) == {"approved": 6} and everything("L1") == 20


def test_nothing_is_sent_or_returned_beyond_what_is_there_or_owed(hubs: Any) -> None:
    for wrong in ({"L1": 21}, {"L3": 1}, {"L1": 0}, {}):
        with pytest.raises(TooLate):
            offered(hubs.ravi, wrong)
    with pytest.raises(TooLate):
        offered(hubs.ravi, due=TODAY)
    first, second = accepted(hubs, {"L1": 15}), accepted(hubs, {"L1": 15})
    assert send_loan(first, expected=TODAY + DAY, by=hubs.ravi, sent=NOW).packs == 15
    gone = send_loan(second, expected=TODAY + DAY, by=hubs.ravi, sent=NOW)
    assert (gone.packs, gone.left, held(NORTH)) == (5, 10, {})
    with pytest.raises(TooLate):
        send_loan(second, expected=TODAY + DAY, by=hubs.ravi, sent=NOW)
    for one in on_the_way():
        receive(one, Receipt(one.packs, 0, ""), by=hubs.sita, sent=NOW)
    for some in ({"L1": 6}, {"L2": 1}):
        with pytest.raises(TooLate):
            return_loan(second, some, expected=TODAY, by=hubs.sita, sent=NOW)
    with pytest.raises(TooLate):
        return_loan(second, {"L1": 1}, expected=TODAY, by=hubs.sita, sent=Sent(None, second.act))
    assert everything("L1") == 20


def test_a_lot_that_is_blocked_after_the_offer_is_not_sent_and_the_database_refuses_it_too(hubs: Any) -> None:
    loan = accepted(hubs, {"L1": 10, "L2": 5})
    block_lot("gown-box", "L1", by=hubs.ravi, reason="Wet.", sent=NOW)
    page = browser(hubs.ravi).get(f"/loans/{loan.act}/send/").content.decode()
    assert "blocked: none of it goes" in page
    gone = send_loan(loan, expected=TODAY + DAY, by=hubs.ravi, sent=NOW)
    assert (gone.packs, gone.left) == (5, 10) and {one.lot for one in on_the_way()} == {"L2"}
    (one,) = on_the_way()
    with pytest.raises(DatabaseError, match="blocked"), transaction.atomic():
        Dispatch.objects.create(**{**vars_of(one), "lot": "L1", "line": 2})
    with pytest.raises(TooLate):
        send_loan(loan, expected=TODAY + DAY, by=hubs.ravi, sent=NOW)
    block_lot("gown-box", "L2", by=hubs.sita, reason="Not here.", sent=NOW)
    receive(one, Receipt(5, 0, ""), by=hubs.sita, sent=NOW)
    assert held(SOUTH, "L2") == {"blocked": 5}


def vars_of(one: Dispatch) -> dict[str, Any]:
    return {field.name: getattr(one, field.name) for field in Dispatch._meta.fields if field.name != "id"}


# The pages


def filled(by: Person, address: str, **typed: str) -> Any:
    """The form of a page as it stands in the browser, with what is typed over it, sent."""
    client = browser(by)
    return client.post(address, {**hidden(client.get(address).content.decode()), **typed})


OFFER = f"/loans/offer/{NORTH}/gown-box/"
TYPED = {"lot_0": "10", "to": SOUTH, "due_back": (TODAY + 14 * DAY).isoformat(), "reason": "They have none."}


def test_what_is_wrong_with_an_offer_is_told_at_each_field_at_once(hubs: Any) -> None:
    wrong = {"lot_0": "21", "to": NORTH, "due_back": TODAY.isoformat(), "reason": ""}
    answer = filled(hubs.ravi, OFFER, **TYPED | wrong)
    form = answer.context["form"]
    assert answer.status_code == 422 and set(form.errors) == set(wrong) and not Loan.objects.exists()
    assert "There are 20 boxes of it." in answer.content.decode()
    none = filled(hubs.ravi, OFFER, **TYPED | {"lot_0": "", "lot_1": "0"})
    assert none.status_code == 422 and "Say of some lot how many boxes go." in none.content.decode()


def test_what_may_be_lent_above_the_buffer_is_told_and_more_is_not_forbidden(hubs: Any) -> None:
    about = {"rule": "buffer_share", "need": "all", "sector": "all", "region": "north", "value": 0.2, "word": None}
    with writing("policy_told", by=hubs.pim, about="dataset") as act:
        act.tell("policy_rule", [JUDGED | about])
    page = browser(hubs.ravi).get(OFFER)
    assert [page.context[name] for name in ("held", "promised", "buffer", "above")] == ["25", "0", "5", "20"]
    assert "counts there for the borrower once it came" in page.content.decode()
    assert "/loans/offer/" in browser(hubs.ravi).get("/lots/").content.decode()
    assert OFFER in browser(hubs.ravi).get("/lots/gown-box/L1/").content.decode()
    assert OFFER in browser(hubs.ravi).get("/loans/offer/").content.decode()
    told = filled(hubs.ravi, OFFER, **TYPED | {"lot_0": "20", "lot_1": "3"})
    assert told.status_code == 302
    page = browser(hubs.ravi).get(told.url)
    assert Loan.objects.get().lots == {"L1": 20, "L2": 3} and page.status_code == 200


def test_a_loan_goes_from_page_to_page_between_two_regions(hubs: Any) -> None:
    with writing("stock_told", by=hubs.sita, about=f"site:{SOUTH}") as act:
        own_lot = {"site": SOUTH, "product": "gown-box", "lot": "L9", "status": "approved", "pieces": 2 * PACK}
        act.tell("stock", [own_lot | {"day": TODAY, "how": "counted", "source": "region"}])
    address = filled(hubs.ravi, OFFER, **TYPED).url
    assert set(Mail.objects.values_list("person", "kind", "path")) == {("p-sita", "proposal", address)}
    own = browser(hubs.ravi).get(address).content.decode()
    assert "the other region answers" in own and 'value="approve"' not in own and "withdraw" in own
    assert filled(hubs.sita, address, why="Thanks.", step="approve").status_code == 302
    late = browser(hubs.ravi).post(address, hidden(own) | {"why": "After all.", "step": "withdraw"})
    assert late.status_code == 409 and "Somebody else was first" in late.content.decode()
    sending = (TODAY + DAY).isoformat()
    assert filled(hubs.ravi, f"{address}send/", expected=(TODAY - DAY).isoformat()).status_code == 422
    assert filled(hubs.ravi, f"{address}send/", expected=sending).status_code == 302
    (one,) = on_the_way()
    assert Mail.objects.filter(act=one.act, kind="dispatch", person="p-sita").count() == 1
    parcel = f"/dispatches/{one.act}/{one.line}/"
    assert filled(hubs.ravi, parcel, whole="10", damaged="0").status_code == 403
    assert filled(hubs.sita, parcel, whole="10", damaged="0").status_code == 302
    assert "Of loan" in browser(hubs.sita).get(parcel).content.decode()
    much = filled(hubs.sita, f"{address}return/", lot_0="11", expected=sending)
    assert much.status_code == 422 and set(much.context["form"].errors) == {"lot_0"}
    own_too = filled(hubs.sita, f"{address}return/", lot_0="10", lot_1="2", expected=sending)
    assert own_too.status_code == 422 and "10 are to be sent back" in own_too.content.decode()
    assert filled(hubs.sita, f"{address}return/", lot_0="4", expected=sending).status_code == 302
    (back,) = on_the_way()
    assert "something is on its way" in browser(hubs.ravi).get(f"{address}settle/").content.decode()
    filled(hubs.ravi, f"/dispatches/{back.act}/{back.line}/", whole="4", damaged="0")
    assert "lent: 6 boxes are to be back" in browser(hubs.pim).get("/loans/").content.decode()
    assert filled(hubs.ravi, f"{address}settle/", reason="They used it.").status_code == 302
    page = browser(hubs.sita).get(address).content.decode()
    assert "settled by the lender" in page and "They used it." in page and "loan accepted" in page
    assert browser(hubs.sita).get(f"/log/loan:{Loan.objects.get().act}/").status_code == 200


def test_two_regions_and_who_sees_all_read_a_loan_and_nobody_else(hubs: Any) -> None:
    address, west = f"/loans/{accepted(hubs).act}/", person("wes", role="coordinator", region="west")
    reads = {"ravi", "sita", "pim", "noor", "anna"}
    for name in SEATS:
        answer = browser(getattr(hubs, name)).get(address)
        assert answer.status_code == (200 if name in reads else 403), name
        if name in {"pim", "noor", "anna"}:
            assert '<form method="post" novalidate' not in answer.content.decode()
    assert browser(west).get(address).status_code == 404
    for by, count in ((west, 0), (hubs.sita, 1), (hubs.noor, 1)):
        assert len(browser(by).get("/loans/").context["lines"]) == count
    assert len(browser(hubs.ravi).get("/loans/?side=borrowed").context["lines"]) == 0
    number = Loan.objects.get().act
    for by in (hubs.eva, hubs.pim, west):
        assert browser(by).get(f"/proposals/{number}/").status_code == 404
        assert f"/proposals/{number}/" not in browser(by).get("/proposals/").content.decode()
    assert browser(west).get(f"/log/loan:{number}/").status_code == 404
    rows = b"".join(browser(hubs.noor).get("/loans/?as=csv")).decode().splitlines()
    assert rows[1].startswith(f"{number},north,south,{NORTH},{SOUTH},gown,gown-box,10,50,2020-05-11,accepted,")


def test_who_offered_and_moved_to_the_other_region_answers_nothing_and_the_log_says_so(hubs: Any) -> None:
    loan = offered(hubs.ravi)
    Person.objects.filter(code="p-ravi").update(region="south")
    answer = filled(Person.objects.get(code="p-ravi"), f"/loans/{loan.act}/", why="Quick.", step="approve")
    assert answer.status_code == 403 and "a person of the other region answers" in answer.content.decode()
    assert Act.objects.latest("number").name == deciding.OWN_TRIED and standing(loan.act).proposal.is_open


def test_each_step_waits_at_its_desk_and_what_is_late_at_both(hubs: Any, hands: Any) -> None:
    def waits() -> dict[tuple[str, str], bool]:
        return {(one.kind, one.desk): one.late for one in work.open_work(moment()) if one.kind.startswith("loan")}

    def starts(by: Person) -> str:
        return str(browser(by).get("/").content.decode())

    loan = offered(hubs.ravi)
    assert waits() == {("loan_offer", "south"): False} and "1 loan is offered to you" in starts(hubs.sita)
    deciding.approve(Proposal.objects.get(act=loan.act), by=hubs.sita, why="Thanks.", sent=NOW)
    assert waits() == {("loan_send", "north"): False} and "1 loan is to be sent" in starts(hubs.ravi)
    assert "Your offer of a loan" in starts(hubs.ravi)
    send_loan(loan, expected=TODAY + DAY, by=hubs.ravi, sent=NOW)
    assert waits() == {("loan_way", "south"): False} and "1 loan is on its way to you" in starts(hubs.sita)
    hands.return_value = NOON + 2 * DAY
    assert waits() == {("loan_way", "south"): True}
    receive(on_the_way()[0], Receipt(10, 0, ""), by=hubs.sita, sent=NOW)
    assert waits() == {}
    hands.return_value = NOON + 15 * DAY
    assert waits() == {("loan_late", "north"): True, ("loan_late", "south"): True}
    assert all("1 loan is late to come back" in starts(by) for by in (hubs.ravi, hubs.sita))
    assert "10 boxes are not back" in browser(hubs.pim).get("/loans/?state=late").content.decode()
    assert "/loans/?state=late" in browser(hubs.pim).get("/open-work/").content.decode()
    return_loan(loan, {"L1": 10}, expected=TODAY + 16 * DAY, by=hubs.sita, sent=NOW)
    assert waits()["loan_way", "north"] is False and ("loan_late", "south") in waits()
    receive(on_the_way()[0], Receipt(10, 0, ""), by=hubs.ravi, sent=NOW)
    assert waits() == {}


# At once


RACER = """
import sys
from dijk_web.opening import open_tower
open_tower()
import datetime as dt
from dijk_web.actions import deciding
from dijk_web.actions.lending import send_loan
from dijk_web.actions.telling import Sent
from dijk_web.actions.writing import TooLate
from dijk_web.models import Loan, Person, Proposal
numbers = list(Loan.objects.order_by("act").values_list("act", flat=True))
for code, step in zip(sys.argv[1::2], sys.argv[2::2]):
    by = Person.objects.get(code=code)
    print("ready", flush=True)
    sys.stdin.readline()
    for number in numbers:
        try:
            if step == "send":
                send_loan(Loan.objects.get(act=number), expected=dt.date(2020, 4, 28), by=by, sent=Sent(None, 10**9))
            else:
                getattr(deciding, step)(Proposal.objects.get(act=number), by=by, why="race", sent=Sent(None, 0))
            print("won", flush=True)
        except TooLate:
            print("late", flush=True)
"""


def raced(env: dict[str, str], *racers: tuple[str, ...]) -> list[list[list[str]]]:
    """Of each step that processes began together, what each of them said of every loan."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    started = [subprocess.Popen([sys.executable, "-c", RACER, *words], env=env, **pipes) for words in racers]
    said, loans = [], Loan.objects.count()
    for _step in range(len(racers[0]) // 2):
        assert [one.stdout.readline() for one in started] == ["ready\n"] * len(racers)
        for one in started:
            one.stdin.write("go\n")
            one.stdin.flush()
        said.append([[one.stdout.readline().strip() for _ in range(loans)] for one in started])
    assert [one.wait(timeout=60) for one in started] == [0] * len(racers)
    return said


def test_of_who_accepts_and_who_takes_it_back_one_is_first_and_it_is_sent_once(
    tower: Any, surroundings: dict[str, str]
) -> None:
    env = surroundings | {"DIJK_CLOCK": "2020-04-27T12:00:00Z"}
    with mock.patch.object(clock, "now", return_value=NOON):
        people = everybody()
        with writing("registers_told", by=people.pim, about="registers") as act:
            for table, rows in registers().items():
                act.tell(table, rows)
        stocked(people.pim)
        for _ in range(6):
            offered(people.ravi, {"L1": 2})
        racers = (("p-sita", "approve", "p-ravi", "send"), ("p-ravi", "withdraw", "p-ravi", "send"))
        said, sends = raced(env, *racers)
        assert all(sorted(answers) == ["late", "won"] for answers in zip(*said, strict=True)), said
        states = list(Proposal.objects.order_by("act").values_list("state", flat=True))
        assert [answer == "won" for answer in said[1]] == [state == "withdrawn" for state in states]
        for state, answers in zip(states, zip(*sends, strict=True), strict=True):
            assert sorted(answers) == (["late", "won"] if state == "approved" else ["late", "late"])
        assert sum(one.packs for one in on_the_way()) == 2 * states.count("approved") and everything("L1") == 20
