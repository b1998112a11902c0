"""A lot is blocked and nothing of it is sent or divided; it is recalled from everyone who received it; and what comes
back is stock in quarantine. No piece of a lot is lost or made on the way.
"""

import datetime as dt
import itertools
import random
import subprocess
import sys
import time
from types import SimpleNamespace
from typing import Any
from unittest import mock

import polars as pl
import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import translation

from dijk.inputs import Inputs
from dijk.present.held import central_stock
from dijk_web import chain, clock, lots, sending
from dijk_web.actions.lots import block_lot, let_go
from dijk_web.actions.planning import ask_for_plan
from dijk_web.actions.recalling import Said, Words, answer_recall, end_recall, open_recall, read_recall
from dijk_web.actions.returning import take_back
from dijk_web.actions.sending import Receipt, receive
from dijk_web.actions.telling import Sent
from dijk_web.actions.writing import TooLate, writing
from dijk_web.models import (
    Act,
    Delivery,
    Dispatch,
    LotBlock,
    Person,
    Recall,
    RecallPart,
    Site,
    SiteRow,
    Stock,
    Todo,
    WayBack,
)
from dijk_web.of_site import as_frame, known_of, moment, policy_now
from dijk_web.pages.lots import left_in_words
from four_people import browser, everybody
from ground import NEEDS, NOON, SITE, TODAY, registers
from telling_forms import hidden

LINES = itertools.count(1)
NOW = Sent(None, 10**9)
LOT, PACK = "L1", NEEDS["gown"][2]
WORDS = Words("The cuffs tear.", "De manchetten scheuren.", Todo.SEND_BACK)


@pytest.fixture
def store(ground: SimpleNamespace) -> SimpleNamespace:
    """A hub in each region and a warehouse in the north. The warehouse has 20 boxes of a lot and 300 pieces of another
    in quarantine, the hub of the north 10 boxes of the first.
    """
    sites = [("hub-north", "regional_hub", "north"), ("hub-south", "regional_hub", "south")]
    sites += [("hall", "warehouse", "north")]
    of = {"organisation": "hospital-south", "source": "test"}
    rows = [
        ("hall", LOT, "approved", 20 * PACK),
        ("hall", "L2", "quarantine", 300),
        ("hub-north", LOT, "approved", 500),
    ]
    with writing("registers_told", by=ground.pim, about="registers") as act:
        act.tell("site", [{**of, "site": s, "name": s.title(), "kind": k, "region": r} for s, k, r in sites])
        about = {"product": "gown-box", "day": TODAY - dt.timedelta(days=2), "how": "counted", "source": "test"}
        act.tell("stock", [about | {"site": s, "lot": n, "status": t, "pieces": p} for s, n, t, p in rows])
    return ground


def place(code: str) -> Site:
    return Site.objects.get(site=code)


def boxes(packs: int, to: str = SITE, lot: str = LOT, **more: Any) -> Dispatch:
    """Boxes on their way, as if they had been sent in an act of their own."""
    told = {"division": 1, "need": "gown", "product": "gown-box", "holder": "warehouse", "from_site": "hall"}
    told |= {"region": place(to).region, "pieces_per_pack": PACK, "sent_at": moment(), "expected": TODAY}
    return Dispatch.objects.create(act=99, line=next(LINES), site=to, lot=lot, packs=packs, **told | more)


def held(code: str, lot: str = LOT) -> dict[str, int]:
    """Pieces of a lot at a place by status, as the pages and a sending see it; nothing is not named."""
    rows = lots.held_by_lot([place(code)]).filter(product="gown-box", lot=lot).filter(pl.col("pieces") > 0)
    return dict(rows.select("status", "pieces").rows())


def in_a_plan(code: str) -> dict[str, int]:
    """Pieces of the first lot at a place by status, as a plan of now would count them."""
    tables = {"stock": as_frame("stock", Stock.objects.all()), "delivery": as_frame("delivery", Delivery.objects.all())}
    world = Inputs.of(tables | {"site": as_frame("site", SiteRow.objects.filter(site=code))}, as_of=moment()).known()
    rows = central_stock(world, policy_now()).group_by("status").agg(pl.col("pieces").sum())
    return {status: pieces for status, pieces in rows.rows() if pieces}


def blocked(by: Person, lot: str = LOT) -> LotBlock:
    block_lot("gown-box", lot, by=by, reason="The seal is broken.", sent=NOW)
    return LotBlock.objects.holding().get(lot=lot, territory=lots.territory_of(by))


def everything(lot: str = LOT) -> int:
    """Pieces of a lot wherever they are: at hubs and warehouses, on their way, received, and on their way back."""
    there = sum(sum(held(code, lot).values()) for code in ("hall", "hub-north", "hub-south"))
    for one in Dispatch.objects.filter(lot=lot):
        whole, damaged = one.whole_packs, one.damaged_packs or 0
        kept = one.packs if whole is None else whole + damaged
        there += kept * one.pieces_per_pack
    for way in WayBack.objects.filter(lot=lot).exclude(site__startswith="hub"):
        there -= way.pieces - (0 if way.received_act else way.pieces)
    return there


# Blocking


def test_a_blocked_lot_counts_as_blocked_in_the_next_plan_and_is_let_go_as_it_was(store: Any) -> None:
    boxes(4)
    before = held("hall"), held("hub-north"), everything()
    assert before[0] == {"approved": 16 * PACK}
    one = blocked(store.pim)
    assert held("hall") == {"blocked": 16 * PACK} and held("hub-north") == {"blocked": 500}
    assert in_a_plan("hall")["blocked"] == 16 * PACK and "approved" not in in_a_plan("hall")
    assert sending.lots_of(place("hall")).filter(lot=LOT).is_empty()
    let_go(one, "approved", by=store.pim, reason="Tested.", sent=NOW)
    assert (held("hall"), held("hub-north"), everything()) == before
    again = blocked(store.pim)
    let_go(again, "quarantine", by=store.pim, reason="To be tested.", sent=NOW)
    assert held("hall") == {"quarantine": 16 * PACK}


def test_a_count_lets_no_blocked_lot_go_and_the_next_plan_counts_it_as_blocked(store: Any) -> None:
    blocked(store.pim)
    with writing("stock_told", by=store.pim, about="site:hall") as act:
        row = {"site": "hall", "product": "gown-box", "lot": LOT, "status": "approved", "pieces": 700}
        act.tell("stock", [row | {"day": TODAY, "how": "counted", "source": "consortium"}])
    assert held("hall")["approved"] == 700 and sending.lots_of(place("hall")).filter(lot=LOT).is_empty()
    assert "counted so, but the lot is blocked" in browser(store.pim).get("/lots/").content.decode()
    ask_for_plan(by=store.pim, reason="Monday")
    assert "approved" not in held("hall") and "approved" not in in_a_plan("hall")


def test_the_database_refuses_a_dispatch_of_a_blocked_lot(store: Any) -> None:
    one = blocked(store.ravi)
    assert (
        one.territory == "north" and held("hub-north") == {"blocked": 500} and held("hall") == {"approved": 20 * PACK}
    )
    boxes(1)
    with pytest.raises(DatabaseError, match="blocked"), transaction.atomic():
        boxes(1, holder="regional_hub", from_site="hub-north")
    boxes(1, to="site-hospital-south", holder="regional_hub", from_site="hub-south")
    blocked(store.pim)
    with pytest.raises(DatabaseError, match="blocked"), transaction.atomic():
        boxes(1)


def test_each_level_blocks_and_lets_go_its_own_and_no_yes_overrules_a_no(store: Any) -> None:
    for name in ("mila", "noor", "eva", "anna", "ada"):
        with pytest.raises(PermissionDenied):
            blocked(getattr(store, name))
    of_region, of_all = blocked(store.ravi), blocked(store.pim)
    with pytest.raises(TooLate):
        block_lot("gown-box", LOT, by=store.pim, reason="Again.", sent=NOW)
    for one, by in ((of_region, store.pim), (of_all, store.ravi), (of_region, store.sita), (of_all, store.bo)):
        with pytest.raises(PermissionDenied):
            let_go(one, "quarantine", by=by, reason="No.", sent=NOW)
    let_go(of_all, "approved", by=store.pim, reason="Tested.", sent=NOW)
    assert held("hall") == {"approved": 20 * PACK} and held("hub-north") == {"blocked": 500}
    with pytest.raises(TooLate):
        let_go(of_all, "approved", by=store.pim, reason="Again.", sent=NOW)
    let_go(of_region, "approved", by=store.ravi, reason="Tested.", sent=NOW)
    assert held("hub-north") == {"approved": 500}


def test_a_buyer_blocks_what_waits_in_quarantine_and_lets_it_go_nowhere_else(store: Any) -> None:
    with pytest.raises(PermissionDenied):
        blocked(store.bo)
    one = blocked(store.bo, "L2")
    assert held("hall", "L2") == {"blocked": 300}
    with pytest.raises(PermissionDenied):
        let_go(one, "approved", by=store.bo, reason="No.", sent=NOW)
    let_go(one, "quarantine", by=store.bo, reason="A mistake.", sent=NOW)
    assert held("hall", "L2") == {"quarantine": 300}
    page = browser(store.bo).get("/lots/gown-box/L2/").content.decode()
    assert "Hall" in page and "Who received it" not in page


def test_a_lot_is_blocked_and_let_go_on_its_page_with_a_reason(store: Any) -> None:
    pim, address = browser(store.pim), f"/lots/gown-box/{LOT}/"
    page = pim.get(address).content.decode()
    assert pim.post(address, hidden(page) | {"reason": ""}).status_code == 422
    assert pim.post(address, hidden(page) | {"reason": "Wet."}).status_code == 302
    blocked_page = pim.get(address).content.decode()
    assert "Wet." in blocked_page and "Blocked: none of it" in blocked_page
    said = hidden(blocked_page) | {"status": "approved", "reason": "Dry."}
    assert pim.post(address, said).status_code == 302 and held("hall") == {"approved": 20 * PACK}
    rows = pim.get("/lots/?as=csv").content.decode().splitlines()
    assert len(rows) == 4 and "L2" in "".join(rows)
    assert [
        pim.get(f"/lots/?status={one}").content.decode().count('<tr><th scope="row">')
        for one in ("quarantine", "blocked")
    ] == [1, 0]


# From a lot to who received it


@translation.override("en")
def test_from_a_lot_to_every_receiver_and_what_nobody_knows_is_never_zero(store: Any) -> None:
    boxes(2)
    home, south = "site-home-north", "site-hospital-south"
    came = boxes(3, to=home)
    receive(came, Receipt(2, 1, "wet"), by=store.cara, sent=Sent(None, 0))
    with writing("delivery_told", by=store.pim, about="delivery") as act:
        about = {"need": "gown", "product": "gown-box", "lot": LOT, "channel": "consortium", "from_site": "hall"}
        told = {"delivery": "old", "site": south, "day": TODAY - dt.timedelta(days=9), "pieces": 250}
        act.tell("delivery", [about | told | {"how": "counted", "source": "test"}])
    count = {"product": "gown-box", "status": "approved", "how": "counted", "source": "site"}
    unknown = {"site": SITE, "lot": LOT, "pieces": None, "reason": "not_counted", "day": TODAY}
    with writing("stock_told", by=store.mila, about="stock") as act:
        act.tell("stock", [count | unknown])
    with writing("stock_told", by=store.otto, about="stock") as act:
        act.tell("stock", [count | {"site": south, "lot": LOT, "pieces": 40, "day": TODAY - dt.timedelta(days=3)}])
    found = {one.site: one for one in lots.receivers_of("gown-box", [LOT])}
    assert set(found) == {SITE, home, south, "hub-north"}
    assert (found[SITE].underway, found[SITE].came, found[SITE].left) == (2 * PACK, None, None)
    assert (found[home].came, found[home].damaged) == (2 * PACK, PACK)
    assert left_in_words(found[home]) == "unknown: never counted"
    assert left_in_words(found[SITE]) == "unknown: the count of 27 April 2020 has no number"
    assert left_in_words(lots.Receiver(SITE, left=40, counted_on=TODAY, last_day=dt.date.max)).startswith(
        "unknown: counted"
    )
    assert (found[south].came, found[south].left) == (250, 40) and left_in_words(found[south]).startswith("40 on")
    with writing("stock_told", by=store.otto, about="stock") as act:
        act.tell("stock", [count | {"site": south, "lot": "-", "pieces": 10, "day": TODAY}])
    never = left_in_words(lots.Receiver(SITE, counted_since=TODAY))
    assert never == "unknown: its count of 27 April 2020 does not name the lot"
    (one,) = lots.receivers_of("gown-box", [LOT], Site.objects.filter(site=south))
    assert "does not name the lot" in left_in_words(one) and one.left == 40
    ravi, sita = (browser(by).get(f"/lots/gown-box/{LOT}/").content.decode() for by in (store.ravi, store.sita))
    assert home in ravi and south not in ravi and south in sita and home not in sita and "Hub-North" not in sita


# Recall


def recalled(by: Person, lot: str = LOT) -> Recall:
    return Recall.objects.get(act=open_recall("gown-box", [lot], WORDS, by=by, sent=NOW))


def part(recall: Recall, site: str = SITE) -> RecallPart:
    return RecallPart.objects.get(recall=recall.act, site=site)


def test_a_recall_reaches_each_receiver_once_and_later_who_became_known_later(store: Any) -> None:
    boxes(2), boxes(1), boxes(1, to="site-hospital-south")
    one = recalled(store.pim)
    parts = RecallPart.objects.filter(recall=one.act)
    assert sorted(parts.values_list("site", flat=True)) == ["hub-north", SITE, "site-hospital-south"]
    assert held("hall") == {"blocked": 16 * PACK} and held("hub-north") == {"blocked": 500}
    with pytest.raises(TooLate):
        recalled(store.pim)
    with writing("stock_told", by=store.cara, about="stock") as act:
        row = {"site": "site-home-north", "product": "gown-box", "lot": LOT, "status": "approved", "pieces": 10}
        act.tell("stock", [row | {"day": TODAY, "how": "counted", "source": "site"}])
    ask_for_plan(by=store.pim, reason="Monday")
    assert parts.count() == 4 and parts.filter(site="site-home-north").exists()
    ask_for_plan(by=store.pim, reason="Tuesday")
    assert parts.count() == 4


def test_a_region_recalls_from_its_own_sites_and_who_may_not_does_not(store: Any) -> None:
    boxes(2), boxes(1, to="site-hospital-south")
    for name in ("mila", "noor", "bo", "anna"):
        with pytest.raises(PermissionDenied):
            recalled(getattr(store, name))
    one = recalled(store.ravi)
    assert set(RecallPart.objects.values_list("site", flat=True)) == {SITE, "hub-north"}
    assert held("hub-north") == {"blocked": 500} and held("hall") == {"approved": 17 * PACK}
    for by in (store.pim, store.sita):
        with pytest.raises(PermissionDenied):
            end_recall(one, by=by, reason="No.", sent=NOW)
    end_recall(one, by=store.ravi, reason="All answered.", sent=NOW)
    assert held("hub-north") == {"blocked": 500}  # its lots stay blocked
    with pytest.raises(TooLate):
        end_recall(one, by=store.ravi, reason="Again.", sent=NOW)


def test_a_receiver_reads_answers_and_sees_its_own_part_alone(store: Any) -> None:
    boxes(2), boxes(1, to="site-hospital-south")
    one = recalled(store.pim)
    mila, otto, address = browser(store.mila), browser(store.otto), f"/recalls/{one.act}/{SITE}/"
    start = mila.get("/").content.decode()
    waits = start[start.index("What waits for you") :]
    assert waits.index(address) == min(waits.index(link) for link in ("/recalls/", "/stock/", "/dispatches/"))
    page = mila.get(address).content.decode()
    assert "The cuffs tear." in page and "De manchetten" not in page and otto.get(address).status_code == 404
    assert "De manchetten scheuren." in mila.get(address, headers={"accept-language": "nl"}).content.decode()
    assert "site-hospital-south" not in mila.get(f"/recalls/{one.act}/").content.decode()
    assert mila.post(address, hidden(page) | {"step": "read"}).status_code == 302
    read = part(one)
    assert (read.read_role, read.answered_act) == ("institution", None) and "read, not answered" in mila.get(
        address
    ).content.decode()
    with pytest.raises(TooLate):
        read_recall(read, by=store.ben, sent=NOW)
    page = mila.get(address).content.decode()
    assert mila.post(address, hidden(page) | {"step": "answer", "did": "destroy"}).status_code == 422  # unknown is no 0
    assert mila.post(address, hidden(page) | {"step": "answer", "left_0": "30", "did": "destroy"}).status_code == 302
    assert (part(one).left_pieces, part(one).did) == ({LOT: 30}, "destroy")
    assert address not in mila.get("/").content.decode()
    with pytest.raises(TooLate):
        answer_recall(part(one), Said({LOT: 1}, Todo.DESTROY), by=store.ben, sent=Sent(None, 0))
    for by in (store.ravi, store.pim, store.otto):
        with pytest.raises(PermissionDenied):
            read_recall(part(one), by=by, sent=NOW)
    called = browser(store.pim).get(f"/recalls/{one.act}/").content.decode()
    assert called.index("site-hospital-south") < called.index(SITE)  # who did not read it stands first, to be called
    assert "2 receivers have not answered" in browser(store.pim).get("/").content.decode()
    assert "1 receiver has not answered" in browser(store.ravi).get("/").content.decode()


def test_what_is_recalled_comes_back_as_stock_in_quarantine_and_no_piece_is_lost(store: Any) -> None:
    before = everything()
    sent = boxes(4)
    receive(sent, Receipt(4, 0, ""), by=store.mila, sent=Sent(None, 0))
    one = recalled(store.pim)
    ledger = known_of([place(SITE)]).held[SITE, "gown"].pieces
    answer_recall(part(one), Said({LOT: 90}, Todo.SEND_BACK), by=store.mila, sent=Sent(None, 0))
    way = WayBack.objects.get(about=str(one.act))
    assert (way.site, way.to_site, way.pieces, way.need) == (SITE, "hall", 90, "gown")
    assert held("hall") == {"blocked": 16 * PACK} and everything() == before  # on its way it is nobody's stock
    for by in (store.ravi, store.mila, store.sita):
        with pytest.raises(PermissionDenied):
            take_back(way, 90, "", by=by, sent=NOW)
    take_back(way, 90, "", by=store.pim, sent=NOW)
    assert held("hall") == {"blocked": 16 * PACK, "quarantine": 90} and everything() == before
    assert in_a_plan("hall")["quarantine"] == 90 + 300 and "approved" not in in_a_plan("hall")
    told = Delivery.objects.get(delivery=way.code)
    assert (told.site_id, told.from_site_id, told.pieces) == ("hall", SITE, 90)
    assert known_of([place(SITE)]).held[SITE, "gown"].pieces == max(ledger - 90, 0)
    with pytest.raises(TooLate):
        take_back(way, 90, "", by=store.pim, sent=NOW)


def test_what_a_hub_sends_back_leaves_its_blocked_stock(store: Any) -> None:
    before, one = everything(), recalled(store.pim)
    at_hub = part(one, "hub-north")
    with pytest.raises(TooLate):
        answer_recall(at_hub, Said({LOT: 501}, Todo.SEND_BACK), by=store.ravi, sent=Sent(None, 0))
    assert not WayBack.objects.exists() and part(one, "hub-north").answered_act is None
    answer_recall(at_hub, Said({LOT: 500}, Todo.SEND_BACK), by=store.ravi, sent=Sent(None, 0))
    assert held("hub-north") == {}
    way = WayBack.objects.get()
    page = browser(store.pim).get(f"/back/{way.act}/{way.line}/").content.decode()
    short = hidden(page) | {"pieces": "490", "note": ""}
    assert browser(store.pim).post(f"/back/{way.act}/{way.line}/", short).status_code == 422
    take_back(way, 500, "", by=store.pim, sent=NOW)
    assert held("hall") == {"blocked": 20 * PACK, "quarantine": 500} and everything() == before
    assert not Delivery.objects.filter(delivery=way.code).exists()


def test_what_came_damaged_or_was_rejected_goes_back_and_what_is_lost_does_not(store: Any) -> None:
    before = everything()
    one = boxes(6)
    mila, address = browser(store.mila), f"/dispatches/{one.act}/{one.line}/"
    page = mila.get(address).content.decode()
    said = {"whole": "3", "damaged": "2", "note": "wet", "goes_back": "on"}
    assert mila.post(address, hidden(page) | said).status_code == 302
    way = WayBack.objects.get(about=one.code)
    assert (way.pieces, way.to_site, way.because) == (2 * PACK, "hall", "damaged")
    page = mila.get(address).content.decode()
    assert (
        mila.post(address, hidden(page) | said | {"whole": "0", "damaged": "5"}).status_code == 302
    )  # all of it rejected
    way.refresh_from_db()
    assert way.pieces == 5 * PACK and WayBack.objects.count() == 1 and everything() == before - PACK
    take_back(way, 5 * PACK, "", by=store.pim, sent=NOW)
    assert held("hall") == {"approved": 14 * PACK, "quarantine": 5 * PACK}
    assert not Delivery.objects.filter(delivery=way.code).exists()  # it never was the site's
    one.refresh_from_db()
    with pytest.raises(TooLate):
        receive(one, Receipt(6, 0, ""), by=store.mila, sent=NOW)


# Killed


RECALLING = """
import sys
from dijk_web.opening import open_tower
open_tower()
from dijk_web.actions.recalling import Words, open_recall
from dijk_web.actions.telling import Sent
from dijk_web.models import Person, Todo
for turn in range(int(sys.argv[1]), 10_000):
    words = Words("-", "-", Todo.DESTROY)
    open_recall("gown-box", [f"K{turn}"], words, by=Person.objects.get(code="p-pim"), sent=Sent(None, 0))
    print(turn, flush=True)
"""
HOMES = ("site-hospital-north", "site-hospital-south", "site-home-north")


@pytest.mark.slow
@pytest.mark.parametrize("times", [2, pytest.param(10, marks=pytest.mark.long)])
def test_a_recall_that_is_killed_is_there_whole_or_not_at_all(
    tower: Any, surroundings: dict[str, str], times: int
) -> None:
    """Made for every receiver, with its lot blocked and its line in the log."""
    drawn, done, most = random.Random(times), 0, 100 * times
    with mock.patch.object(clock, "now", return_value=NOON):
        people = everybody()
        hall = {"site": "hall", "organisation": "hospital-north", "name": "Hall", "kind": "warehouse", "source": "test"}
        row = {"product": "gown-box", "status": "approved", "pieces": 50, "day": TODAY, "how": "counted"}
        with writing("registers_told", by=people.pim, about="registers") as act:
            for table, rows in registers().items():
                act.tell(table, rows)
            act.tell("site", [hall | {"region": "north"}])
            where = [(site, f"K{turn}") for turn in range(most) for site in ("hall", *HOMES)]
            act.tell("stock", [row | {"site": site, "lot": lot, "source": "test"} for site, lot in where])
    env = surroundings | {"DIJK_CLOCK": "2020-04-27T12:00:00Z"}
    for _ in range(times):
        command = [sys.executable, "-c", RECALLING, str(done)]
        one = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
        assert one.stdout.readline() == f"{done}\n"
        time.sleep(drawn.uniform(0, 0.3))
        one.kill()
        last = [line for line in one.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
        done = Recall.objects.count()
        assert done > int(last[-1]) if last else done > 0  # what was acknowledged is there
    lots_of_recalls = sorted(lot for one in Recall.objects.all() for lot in one.lots)
    assert lots_of_recalls == sorted(LotBlock.objects.values_list("lot", flat=True)) and 0 < done < most
    parts = RecallPart.objects.values_list("recall", "site")
    assert sorted(parts) == sorted((one.act, site) for one in Recall.objects.all() for site in HOMES)
    assert set(Act.objects.filter(name="recall_opened").values_list("number", flat=True)) == {
        one.act for one in Recall.objects.all()
    }
    told = Stock.objects.filter(status="blocked", pieces=50).values_list("lot", flat=True)
    assert sorted(told) == lots_of_recalls and chain.broken_acts() == []
