"""What was released is sent by lot, received, corrected, and counted once all along."""

import datetime as dt
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from dijk_web import lots, sending
from dijk_web.actions import deciding
from dijk_web.actions.planning import ask_for_plan
from dijk_web.actions.sending import Receipt, receive, send
from dijk_web.actions.telling import Sent
from dijk_web.actions.writing import TooLate, writing
from dijk_web.models import Delivery, Dispatch, LotBlock, Recall, RecallPart, Run, Site
from four_people import browser, person
from telling_forms import hidden

pytestmark = pytest.mark.slow

NOW = Sent(None, 10**9)


@pytest.fixture
def sent_out(divided: SimpleNamespace) -> SimpleNamespace:
    """The division released; an article of which a warehouse has lots and several sites wait."""
    divided.now.return_value = divided.division.check_by
    deciding.approve(divided.proposal, by=divided.pia, why="in time", sent=Sent(None, 0))
    left = sending.to_send(divided.now.return_value)
    for place in Site.objects.filter(kind="warehouse").order_by("site"):
        for product, rows in sending.lines_from(place, left).group_by("product", maintain_order=True):
            lots = sending.lots_of(place).filter(product=str(product[0]))
            if rows.height > 2 and lots["pieces"].sum() >= rows["pieces_per_pack"][0]:
                return SimpleNamespace(
                    **vars(divided), place=place, product=str(product[0]), lines=rows, lots=lots, left=left
                )
    raise AssertionError("the example has nothing to send")


def tomorrow(out: Any) -> dt.date:
    return out.now.return_value.date() + dt.timedelta(days=1)


def went(out: Any, sites: list[str] | None = None, by: Any = None) -> Any:
    chosen = out.lines["site"].to_list() if sites is None else sites
    return send(out.place, out.product, chosen, expected=tomorrow(out), by=by or out.pim, sent=NOW)


def on_the_way() -> list[Dispatch]:
    return list(Dispatch.objects.order_by("act", "line"))


def conserved(out: Any) -> None:
    """No award is exceeded, and no lot gives more than it holds."""
    awarded = {tuple(row[:-1]): row[-1] for row in sending.released(out.division).select(*sending.KEY, "packs").rows()}
    by_award: dict[Any, int] = {}
    by_lot: dict[str, int] = {}
    for one in on_the_way():
        key = (one.site, one.need, one.product, one.holder)
        by_award[key] = by_award.get(key, 0) + one.packs
        by_lot[one.lot] = by_lot.get(one.lot, 0) + one.packs * one.pieces_per_pack
    assert all(packs <= awarded[key] for key, packs in by_award.items())
    held = dict(out.lots.select("lot", "pieces").rows())
    assert all(pieces <= held[lot] for lot, pieces in by_lot.items())


def test_what_is_sent_takes_the_lots_that_end_first_and_short_supply_is_an_answer(sent_out: Any) -> None:
    out = sent_out
    gone = went(out)
    wanted, there = int(out.lines["packs"].sum()), int(out.lots["pieces"].sum())
    assert gone.packs + gone.left == wanted and gone.packs * out.lines["pieces_per_pack"][0] <= there
    conserved(out)
    used = [one.lot for one in on_the_way()]
    assert used == sorted(used, key=out.lots["lot"].to_list().index)
    left = sending.lines_from(out.place, sending.to_send(out.now.return_value)).filter(pl.col("product") == out.product)
    assert int(left["packs"].sum()) == gone.left
    assert not Delivery.objects.filter(
        delivery__in=[one.code for one in on_the_way()]
    ).exists()  # on its way is no delivery yet
    assert int(
        sending.lots_of(out.place).filter(product=out.product)["pieces"].sum()
    ) == there - gone.packs * left_each(out)


def left_each(out: Any) -> int:
    return int(out.lines["pieces_per_pack"][0])


def test_a_receipt_is_a_delivery_of_what_came_whole_and_is_corrected_by_the_same_number(sent_out: Any) -> None:
    went(sent_out)
    one = on_the_way()[0]
    home = Site.objects.get(site=one.site)
    cara = person("cara", role="institution", organisation=home.organisation_id)
    address = f"/dispatches/{one.act}/{one.line}/"
    client = browser(cara)
    page = client.get(address).content.decode()
    silent = client.post(address, hidden(page) | {"whole": str(one.packs), "damaged": "1", "note": ""})
    assert silent.status_code == 422 and "Say what was wrong" in silent.content.decode()
    before = sending.lots_of(sent_out.place)
    short = hidden(page) | {"whole": str(one.packs - 1), "damaged": "1", "note": "a wet box"}
    assert client.post(address, short).status_code == client.post(address, short).status_code == 302
    told = Delivery.objects.get(delivery=one.code)
    assert (told.pieces, told.how, told.lot, told.from_site_id) == (
        (one.packs - 1) * one.pieces_per_pack,
        "counted",
        one.lot,
        one.from_site,
    )
    assert sending.lots_of(sent_out.place).equals(before)  # what was sent today left, though it came today too
    assert "came otherwise than sent" in browser(sent_out.pim).get("/").content.decode()
    with pytest.raises(TooLate):
        receive(one, Receipt(one.packs, 0, ""), by=cara, sent=Sent(None, 0))
    page = client.get(address).content.decode()
    again = client.post(address, hidden(page) | {"whole": str(one.packs), "damaged": "0", "note": ""})
    assert again.status_code == 302
    rows = Delivery.objects.filter(delivery=one.code).order_by("known_at")
    assert [row.pieces for row in rows][-1] == one.packs * one.pieces_per_pack and rows.count() == 2
    otto = person(
        "otto",
        role="institution",
        organisation=Site.objects.exclude(organisation=home.organisation_id).first().organisation_id,
    )
    assert browser(otto).get(address).status_code == 404
    assert browser(sent_out.pim).post(address, hidden(page)).status_code == 403


def test_what_nobody_confirms_counts_as_received_assumed_and_a_later_word_corrects_it(sent_out: Any) -> None:
    out = sent_out
    went(out)
    one = on_the_way()[0]
    out.now.return_value += dt.timedelta(days=6)  # expected tomorrow, and five days are given
    ask_for_plan(by=out.pim, reason="too soon")
    assert not Delivery.objects.filter(delivery=one.code).exists()
    out.now.return_value += dt.timedelta(days=1)
    number = ask_for_plan(by=out.pim, reason="Monday")
    told = Delivery.objects.get(delivery=one.code)
    assert (told.act, told.how, told.day, told.pieces) == (
        number,
        "assumed",
        one.expected,
        one.packs * one.pieces_per_pack,
    )
    assert Run.objects.get(act=number).as_of >= told.known_at
    one.refresh_from_db()
    assert one.is_assumed and one.received_act == number
    ask_for_plan(by=out.pim, reason="again")
    assert Delivery.objects.filter(delivery=one.code).count() == 1
    mila = person("cara", role="institution", organisation=Site.objects.get(site=one.site).organisation_id)
    receive(one, Receipt(0, 0, "never came"), by=mila, sent=Sent(None, number))
    one.refresh_from_db()
    assert not one.is_assumed and Delivery.objects.filter(delivery=one.code).latest("known_at").pieces == 0


def test_a_blocked_lot_is_not_sent_and_nothing_is_sent_twice(sent_out: Any) -> None:
    out = sent_out
    first = went(out, out.lines["site"].to_list()[:1])
    with pytest.raises(TooLate):
        went(out, out.lines["site"].to_list()[:1])
    with writing("stock_told", by=out.pim, about=f"site:{out.place.site}") as told:
        rows = [
            {"site": out.place.site, "product": out.product, "lot": lot, "status": status, "pieces": pieces}
            | {"day": out.now.return_value.date(), "how": "counted", "source": "consortium"}
            for lot, held in out.lots.select("lot", "pieces").rows()
            for status, pieces in (("approved", 0), ("blocked", held))
        ]
        told.tell("stock", rows)
    with pytest.raises(TooLate):
        went(out)
    assert {one.act for one in on_the_way()} == {first.act}


def test_what_no_longer_counts_as_promised_is_not_sent_any_more(sent_out: Any) -> None:
    """A plan made by then gives it anew."""
    at = sent_out.run.as_of
    assert sending.to_send(at + dt.timedelta(days=7)).height and sending.to_send(at + dt.timedelta(days=8)).is_empty()


def test_a_region_sends_from_its_hub_alone(sent_out: Any) -> None:
    ravi = browser(sent_out.ravi)
    for by in (sent_out.ravi, sent_out.mila, sent_out.eva):
        with pytest.raises(PermissionDenied):
            went(sent_out, by=by)
    address = f"/sending/{sent_out.place.site}/{sent_out.product}/"
    assert ravi.get(address).status_code == 404 and browser(sent_out.pim).get(address).status_code == 200
    assert {place.region for place in sending.sent_by(sent_out.ravi)} <= {sent_out.home.region}
    assert {place.kind for place in sending.sent_by(sent_out.ravi)} <= {"regional_hub"}
    assert ravi.get("/sending/").status_code == 200


RACER = """
import sys
from dijk_web.opening import open_tower
open_tower()
import datetime as dt
from dijk_web.actions.lots import block_lot
from dijk_web.actions.recalling import Words, open_recall
from dijk_web.actions.sending import Receipt, receive, send
from dijk_web.actions.telling import Sent
from dijk_web.actions.writing import TooLate
from dijk_web.models import Dispatch, Person, Site, Todo
what, *said = sys.argv[1:]
print("ready", flush=True)
sys.stdin.readline()
try:
    if what == "send":
        place, product, sites, day = said
        gone = send(Site.objects.get(site=place), product, sites.split(","),
                    expected=dt.date.fromisoformat(day), by=Person.objects.get(code="p-pim"), sent=Sent(None, 0))
        print("won", gone.packs)
    elif what == "block":
        block_lot(*said, by=Person.objects.get(code="p-pim"), reason="-", sent=Sent(None, 0))
        print("won")
    elif what == "recall":
        product, *some = said
        open_recall(product, some, Words("-", "-", Todo.KEEP_APART), by=Person.objects.get(code="p-pim"), sent=Sent(None, 0))
        print("won")
    else:
        receive(Dispatch.objects.get(pk=said[0]), Receipt(int(said[1]), 0, "-"), by=Person.objects.get(code="p-cara"), sent=Sent(None, 0))
        print("won")
except TooLate:
    print("late")
"""


def raced(env: dict[str, str], racers: list[list[str]]) -> list[str]:
    started = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, *words], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for words in racers
    ]
    for one in started:
        assert one.stdout.readline() == "ready\n"
    for one in started:
        one.stdin.write("go\n")
        one.stdin.flush()
    return [one.communicate(timeout=120)[0].strip() for one in started]


def test_of_two_who_send_the_same_or_receive_the_same_at_once_one_wins(
    sent_out: Any, surroundings: dict[str, str]
) -> None:
    out = sent_out
    env = surroundings | {"DIJK_CLOCK": out.now.return_value.strftime("%Y-%m-%dT%H:%M:%SZ")}
    sites = ",".join(out.lines["site"].to_list()[:2])
    words = ["send", out.place.site, out.product, sites, tomorrow(out).isoformat()]
    said = raced(env, [words, words])
    assert sorted(one.split()[0] for one in said) == ["late", "won"], said
    conserved(out)
    one = on_the_way()[0]
    person("cara", role="institution", organisation=Site.objects.get(site=one.site).organisation_id)
    assert sorted(raced(env, [["receive", str(one.pk), str(packs)] for packs in (one.packs, 0)])) == ["late", "won"]
    assert Delivery.objects.filter(delivery=one.code).count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Dispatch.objects.filter(pk=one.pk).update(received_act=None)


def pieces_of_lots(out: Any) -> dict[str, int]:
    """Pieces of each lot of the article: at the place it is sent from in whatever status, and on their way from there."""
    rows = lots.held_by_lot([out.place]).filter(product=out.product)
    there = dict(rows.group_by("lot").agg(pl.col("pieces").sum()).rows())
    for one in on_the_way():
        there[one.lot] = there.get(one.lot, 0) + one.packs * one.pieces_per_pack
    return there


def test_a_lot_that_is_blocked_or_recalled_while_it_is_sent_is_sent_before_it_or_not_at_all(
    sent_out: Any, surroundings: dict[str, str]
) -> None:
    """And whoever it is sent to in that moment is told of the recall."""
    out, before = sent_out, pieces_of_lots(sent_out)
    env = surroundings | {"DIJK_CLOCK": out.now.return_value.strftime("%Y-%m-%dT%H:%M:%SZ")}
    first, *rest = out.lines["site"].to_list()
    some = out.lots["lot"].to_list()
    sends = [["send", out.place.site, out.product, to, tomorrow(out).isoformat()] for to in (first, ",".join(rest))]
    said = raced(env, [sends[0], ["block", out.product, some[0]]])
    assert said[1] == "won" and said[0].split()[0] in ("won", "late"), said
    blocked = LotBlock.objects.get()
    assert all(one.act < blocked.act for one in on_the_way() if one.lot == some[0])
    assert pieces_of_lots(out) == before
    said = raced(env, [sends[1], ["recall", out.product, *some]])
    assert said[1] == "won" and said[0].split()[0] in ("won", "late"), said
    recall = Recall.objects.get()
    assert (
        all(one.act < recall.act for one in on_the_way())
        and sending.lots_of(out.place).filter(product=out.product).is_empty()
    )
    told = list(RecallPart.objects.values_list("site", flat=True))
    assert {one.site for one in on_the_way()} <= set(told) and len(told) == len(set(told))
    conserved(out)
    assert pieces_of_lots(out) == before
