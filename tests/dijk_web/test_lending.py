"""Loans between regions, hub to hub: offered by one and accepted by the other, sent, received, returned and settled; no
piece of a lot is lost or counted twice on the way.
"""

import datetime as dt
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction

from dijk.inputs import Inputs
from dijk.present.held import central_stock
from dijk_web import lots, work
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
from four_people import SEATS, browser, person
from ground import NEEDS, NOON, TODAY
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

    def sits(seat: dict[str, Any]) -> None:
        for name in ("role", "region", "directorate"):
            setattr(someone, name, seat.get(name))
        someone.save()

    for first in seats:
        sits(first)
        try:
            loan = offered(someone, {"L1": 1})
        except PermissionDenied:
            continue
        for then in seats:
            sits(then)
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
