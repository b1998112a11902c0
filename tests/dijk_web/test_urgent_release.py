"""An urgent request is released by one person alone: it stands out until another looked at it, takes nothing that was
promised to others, and is promised no more once it was taken back.
"""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from dijk.inputs import Inputs
from dijk.present.promised import promised
from dijk_web import reporting, sending, work
from dijk_web import urgent_release as rules
from dijk_web.actions.asking import Urgent, order
from dijk_web.actions.sending import send
from dijk_web.actions.telling import Sent
from dijk_web.actions.urgent_release import TooMany, confirm, release_alone, revoke
from dijk_web.actions.writing import TooLate, writing
from dijk_web.models import Act, Dispatch, Mail, MailKind, PastAward, Person, Site, UrgentOrder, UrgentRelease
from dijk_web.models.urgent_release import Second
from dijk_web.of_site import as_frame, moment, policy_now
from four_people import SEATS, browser, person
from ground import NEEDS, SITE, TODAY
from telling_forms import hidden

NOW, PACK = Sent(None, 10**9), NEEDS["gown"][2]
HUB, HALL = "gown-box|regional_hub", "gown-box|warehouse"


@pytest.fixture
def asked(ground: SimpleNamespace) -> SimpleNamespace:
    """The hub of the north has ten boxes of gowns and a warehouse has twenty; the hospital urgently asks for four, and
    there are a second planner and a second coordinator of the north.
    """
    of = {"organisation": "hospital-south", "source": "test", "region": "north"}
    about = {"product": "gown-box", "day": TODAY, "status": "approved", "how": "counted", "source": "test", "lot": "L1"}
    with writing("registers_told", by=ground.pim, about="registers") as act:
        sites = (("hub-north", "regional_hub"), ("hall", "warehouse"))
        act.tell("site", [{**of, "site": code, "name": code, "kind": kind} for code, kind in sites])
        act.tell("stock", [about | {"site": s, "pieces": n * PACK} for s, n in (("hub-north", 10), ("hall", 20))])
    seconds = {"pia": person("pia", role="planner"), "rosa": person("rosa", role="coordinator", region="north")}
    return SimpleNamespace(**vars(ground), **seconds, order=urgent(ground.mila, 4 * PACK))


def urgent(by: Person, pieces: int) -> UrgentOrder:
    rows = [{"site": SITE, "need": "gown", "pieces": pieces, "how": "counted"}]
    clock = Urgent(hours_left=3, minutes=60, name="Wil", phone="0")
    number = order(by=by, sites=[Site.objects.get(site=SITE)], rows=rows, sent=NOW, urgent=clock)
    return UrgentOrder.objects.get(act=number)


def released(asked: Any, by: Person, packs: int, whose: str = HUB, of: UrgentOrder | None = None) -> UrgentRelease:
    one = of or asked.order
    number = release_alone(one, f"{one.codes[0]}|{whose}", packs, why="nobody answers at night", by=by, sent=NOW)
    return UrgentRelease.objects.get(act=number)


def in_a_plan() -> int:
    """Pieces that a plan of a moment from now counts as promised to the hospital."""
    award = {"past_award": as_frame("past_award", PastAward.objects.all())}
    world = Inputs.of(award, as_of=moment() + dt.timedelta(minutes=1)).known()
    return int(promised(world, policy_now())["promised"].sum())


def to_send() -> list[tuple[str, int]]:
    return sending.to_send(moment()).select("holder", "packs").rows()


def test_what_one_person_released_counts_in_a_plan_and_is_sent_first(asked: Any) -> None:
    one = released(asked, asked.ravi, 3)
    assert (one.site, one.packs, one.state) == (SITE, 3, Second.WAITED_FOR)
    assert one.confirm_by - one.released_at == dt.timedelta(hours=24)
    assert in_a_plan() == 3 * PACK and to_send() == [("regional_hub", 3)]
    gone = send(Site.objects.get(site="hub-north"), "gown-box", [SITE], expected=TODAY, by=asked.ravi, sent=NOW)
    assert (gone.packs, gone.left, to_send()) == (3, 0, [])
    assert Dispatch.objects.get().division == one.act
    assert in_a_plan() == 3 * PACK, "what is on its way counts once"


def test_no_more_is_released_than_is_asked_for_and_than_nobody_else_was_promised(asked: Any) -> None:
    with pytest.raises(TooMany) as most:
        released(asked, asked.ravi, 5)
    assert most.value.most == 4
    released(asked, asked.ravi, 3)
    with pytest.raises(TooMany) as most:
        released(asked, asked.pim, 2, HALL)
    assert most.value.most == 1, "of one request whichever the goods are"
    more = urgent(asked.mila, 100 * PACK)
    assert {one.holder: (one.free, one.wanted) for one in rules.choices(asked.pim, more)} == {
        "regional_hub": (7, 100),
        "warehouse": (20, 100),
    }
    released(asked, asked.ravi, 7, of=more)
    with pytest.raises(TooLate):
        released(asked, asked.ravi, 1, of=more)
    assert [one.holder for one in rules.choices(asked.ravi, more)] == []


def test_a_region_releases_from_its_hub_on_its_own_orders_and_nobody_on_what_was_withdrawn(asked: Any) -> None:
    assert {one.holder for one in rules.choices(asked.ravi, asked.order)} == {"regional_hub"}
    for name in set(SEATS) - {"ravi", "pim"}:
        with pytest.raises(PermissionDenied):
            released(asked, getattr(asked, name), 1)
    UrgentOrder.objects.filter(act=asked.order.act).update(withdrawn_at=moment())
    with pytest.raises(PermissionDenied):
        released(asked, asked.pim, 1)
    assert not PastAward.objects.exists() and not UrgentRelease.objects.exists()


def test_another_person_confirms_it_once(asked: Any) -> None:
    one = released(asked, asked.ravi, 3)
    confirm(one, by=asked.rosa, why="I called them", sent=NOW)
    one.refresh_from_db()
    assert (one.state, one.ended_role, one.ended_why) == (Second.CONFIRMED, "coordinator", "I called them")
    with pytest.raises(TooLate):
        revoke(one, by=asked.pia, why="too late", sent=NOW)
    assert in_a_plan() == 3 * PACK


@pytest.mark.parametrize("step", [confirm, revoke])
@pytest.mark.parametrize("name", ["ravi", "pim"])
def test_nobody_looks_at_what_they_released_themselves(asked: Any, step: Any, name: str) -> None:
    one = released(asked, getattr(asked, name), 1)
    step(one, by=getattr(asked, name), why="it was right", sent=NOW)
    one.refresh_from_db()
    assert one.state == Second.WAITED_FOR and Act.objects.latest("number").name == "own_proposal_tried"
    with pytest.raises(PermissionDenied):
        step(one, by=asked.sita, why="of the south", sent=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        UrgentRelease.objects.update(state=Second.CONFIRMED, ended_act=1, ended_by=one.by)


def test_taken_back_what_was_not_sent_is_promised_no_more_and_free_again(asked: Any) -> None:
    first = released(asked, asked.pim, 2, HALL)
    send(Site.objects.get(site="hall"), "gown-box", [SITE], expected=TODAY, by=asked.pim, sent=NOW)
    second = released(asked, asked.pim, 2, HALL)
    for one in (first, second):
        revoke(one, by=asked.pia, why="they have enough", sent=NOW)
        one.refresh_from_db()
    assert (first.revoked_packs, second.revoked_packs) == (0, 2)
    assert in_a_plan() == 2 * PACK, "what was sent stays on its way"
    assert to_send() == [] and sum(PastAward.objects.values_list("packs", flat=True)) == 2
    (choice,) = (one for one in rules.choices(asked.pim, asked.order) if one.holder == "warehouse")
    assert (choice.free, choice.wanted) == (18, 4), "what was taken back of a request may be released again"


def test_it_is_work_of_the_region_and_over_time_of_the_centre_too(asked: Any) -> None:
    def desks(now: dt.datetime) -> set[tuple[str, bool]]:
        return {(one.desk, one.late) for one in work.open_work(now) if one.kind == "released_alone"}

    one = released(asked, asked.ravi, 1)
    assert desks(moment()) == {("north", False)}
    assert desks(one.confirm_by + dt.timedelta(minutes=1)) == {("north", True), (work.CENTRE, True)}
    assert ("send", "north") in {(found.kind, found.desk) for found in work.open_work(moment())}
    confirm(one, by=asked.pim, why="right", sent=NOW)
    assert desks(moment()) == set()


def test_others_who_may_look_at_it_get_mail_and_the_next_report_counts_it(asked: Any) -> None:
    first, second = released(asked, asked.ravi, 1), released(asked, asked.pim, 1, HALL)
    confirm(first, by=asked.rosa, why="right", sent=NOW)
    first.refresh_from_db()
    mails = Mail.objects.filter(kind=MailKind.RELEASED_ALONE)
    assert set(mails.filter(act=first.act).values_list("person", "path")) == {
        (f"p-{name}", f"/urgent/released/{first.act}/") for name in ("rosa", "pim", "pia")
    }
    until = {act: reporting.released_alone(act) for act in (first.act - 1, first.act, second.act, first.ended_act)}
    assert list(until.values()) == [0, 1, 2, 1], "as it was after each act, whatever came later"


def test_it_goes_by_pages_and_stands_in_red_until_another_looked_at_it(asked: Any) -> None:
    at = f"/urgent/{asked.order.act}/release/"
    client = browser(asked.ravi)
    page = client.get(at).content.decode()
    assert "Boxes of 50: 10 free, 4 asked for" in page
    wrong = client.post(at, hidden(page) | {"packs": "9", "choice": f"{asked.order.codes[0]}|{HUB}", "why": "night"})
    assert wrong.status_code == 422 and "At most 4" in wrong.content.decode()
    typed = {"packs": "4", "choice": f"{asked.order.codes[0]}|{HUB}", "why": "night"}
    form = hidden(client.get(at).content.decode()) | typed
    places = [client.post(at, form).headers["location"] for _ in range(2)]
    one = UrgentRelease.objects.get()
    assert places == [f"/urgent/released/{one.act}/"] * 2
    page = client.get(places[0]).content.decode()
    assert 'class="short"' in page and "You released it yourself" in page and 'value="confirm"' not in page
    rosa = browser(asked.rosa)
    looked = rosa.get(places[0]).content.decode()
    silent = rosa.post(places[0], hidden(looked) | {"why": "", "step": "confirm"})
    assert silent.status_code == 422
    assert rosa.post(places[0], hidden(looked) | {"why": "called", "step": "confirm"}).status_code == 302
    for reader in (rosa, browser(asked.mila)):
        assert "confirmed by another person" in reader.get(f"/urgent/{asked.order.act}/").content.decode()
    assert browser(asked.otto).get(places[0]).status_code == 404
    listed = browser(asked.pim).get("/urgent/released/?state=confirmed").content.decode()
    assert f"/urgent/released/{one.act}/" in listed


def test_a_row_of_it_is_never_changed(asked: Any) -> None:
    released(asked, asked.ravi, 1)
    for change in (lambda: PastAward.objects.update(packs=9), lambda: PastAward.objects.all().delete()):
        with pytest.raises(Exception, match="only added"), transaction.atomic():
            change()
    assert list(PastAward.objects.values_list("packs", flat=True)) == [1]
