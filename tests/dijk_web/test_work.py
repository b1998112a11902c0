"""Open work: what waits at which desk, since when, and the page about it."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from dijk_web import dividing, work
from dijk_web.actions.asking import Urgent, order
from dijk_web.actions.dividing import answer
from dijk_web.actions.reporting import want_report
from dijk_web.actions.telling import Sent
from dijk_web.models import Answer, Because, Dispatch, Recall, RecallPart, Site, Todo, WayBack
from dijk_web.silent import silent_sites
from dijk_web.work import ADMINISTRATORS, CENTRE, decided_at
from four_people import browser, person

pytestmark = pytest.mark.slow


def waiting(now: dt.datetime, kind: str) -> dict[str, work.Work]:
    """What waits of a kind, by desk."""
    return {one.desk: one for one in work.open_work(now) if one.kind == kind}


def test_what_waits_is_told_at_the_desk_where_it_waits(divided: Any) -> None:
    now = divided.now.return_value
    checks = dividing.checks_of(divided.division)
    first, *others = sorted(one.region for one in checks)
    by = SimpleNamespace(ravi=person("rita", role="coordinator", region=first)).ravi
    assert set(waiting(now, "check")) == {first, *others} and not waiting(now, "release")
    answer(divided.division, first, Answer.ACCEPTED, by=by, why="seen", sent=Sent(None, 2**40))
    assert set(waiting(now, "check")) == set(others)
    late = divided.division.check_by + dt.timedelta(minutes=1)
    assert all(one.late for one in waiting(late, "check").values())
    assert waiting(late, "release")[CENTRE].since == divided.proposal.proposed_at
    silent = waiting(now, "silent")
    assert sum(one.count for one in silent.values()) == len(silent_sites(Site.objects.all(), now))
    noor = person("noor", role="official", directorate="GMT")
    want_report(now + dt.timedelta(hours=2), by=noor, reason="x", sent=Sent(None, 0))
    assert (waiting(now, "wish")[CENTRE].late, waiting(late, "wish")[CENTRE].late) == (False, True)


def test_an_urgent_order_over_time_is_the_work_of_two_desks(planned: Any) -> None:
    now, home = planned.now.return_value, planned.home
    urgent = Urgent(hours_left=4, minutes=60, name="Mila", phone="000")
    rows = [{"site": home.site, "need": "gown", "pieces": 100, "how": "counted"}]
    order(by=planned.mila, sites=[home], rows=rows, sent=Sent(None, 2**40), urgent=urgent)
    assert set(waiting(now, "urgent")) == {home.region}
    late = waiting(now + dt.timedelta(days=1), "urgent")
    assert set(late) == {home.region, CENTRE} and all(one.late for one in late.values())


def test_what_came_otherwise_is_the_work_of_who_sent_it(planned: Any) -> None:
    told = {"need": "gown", "product": "g", "lot": "l", "from_site": "w", "site": planned.home.site, "division": 1}
    told |= {"region": planned.home.region, "pieces_per_pack": 1, "sent_at": planned.now.return_value}
    came = {"received_act": 1, "received_at": planned.now.return_value, "damaged_packs": 0, "packs": 5}
    for line, (holder, whole) in enumerate((("warehouse", 4), ("regional_hub", 3), ("regional_hub", 5)), 1):
        Dispatch.objects.create(
            act=1, line=line, holder=holder, whole_packs=whole, expected=dt.date(2020, 4, 27), **told, **came
        )
    found = waiting(planned.now.return_value, "difference")
    assert {desk: one.count for desk, one in found.items()} == {CENTRE: 1, planned.home.region: 1}


def test_a_recall_is_the_work_of_the_region_until_it_is_answered(planned: Any) -> None:
    now, home = planned.now.return_value, planned.home
    Recall.objects.create(act=1, product="g", lots=["l"], territory="all", todo=Todo.DESTROY, opened_at=now, by="p")
    part = RecallPart.objects.create(recall=1, site=home.site, region=home.region, lots=["l"], told_act=1)
    rows = RecallPart.objects.filter(pk=part.pk)
    assert {one.desk: one.late for one in work.open_work(now) if one.kind == "recall"} == {home.region: True}
    rows.update(read_act=2, read_at=now)
    assert not waiting(now, "recall")[home.region].late
    rows.update(answered_act=3, answered_at=now, did=Todo.DESTROY)
    assert waiting(now, "recall") == {}
    told = {"site": home.site, "region": home.region, "need": "gown", "product": "g", "lot": "l", "pieces": 5}
    for line, kind in enumerate(("regional_hub", "warehouse"), 1):
        place = Site.objects.filter(kind=kind, **({"region": home.region} if line == 1 else {})).first()
        WayBack.objects.create(
            act=4, line=line, to_site=place.site, because=Because.RECALLED, about="1", sent_at=now, **told
        )
    assert set(waiting(now, "way_back")) == {home.region, CENTRE}


@pytest.mark.parametrize(
    ("kind", "row", "desk"),
    [
        ("seat", {}, ADMINISTRATORS),
        ("report", {"report": 1}, CENTRE),
        ("dataset", {}, "GMT"),
        ("scope", {"need": "gown"}, "GMT"),
        ("policy_rule", {"rule": "cap_days", "region": "all", "sector": "all"}, "GMT"),
        ("policy_rule", {"rule": "cap_days", "region": "all", "sector": "care"}, "LZ"),
        ("policy_rule", {"rule": "cap_days", "region": "all", "sector": "hospital"}, "CZ"),
        ("policy_rule", {"rule": "buffer_share", "region": "R03", "sector": "all"}, "R03"),
        ("policy_rule", {"rule": "buffer_share", "region": "all", "sector": "all"}, "GMT"),
        ("fence", {"region": "R03", "sector": "care"}, "R03"),
    ],
)
def test_a_proposal_is_the_work_of_the_desk_that_decides(planned: Any, kind: str, row: Any, desk: str) -> None:
    assert decided_at(kind, row) == desk


def test_a_region_reads_its_own_work_and_who_sees_all_reads_all(divided: Any) -> None:
    page = browser(divided.pim).get("/open-work/?kind=check")
    rows = page.context["lines"]
    assert {one.work.desk for one in rows} == {one.region for one in dividing.checks_of(divided.division)}
    own = browser(divided.ravi).get("/open-work/")
    assert {one.work.desk for one in own.context["lines"]} == {divided.home.region}
    assert {one.address for one in rows} == {"/divisions/"}
    sheet = browser(divided.pim).get("/open-work/?kind=check&as=csv")
    lines = b"".join(sheet.streaming_content) if sheet.streaming else sheet.content
    assert lines.count(b"check") == len(rows)
    for line in own.context["lines"]:
        assert browser(divided.ravi).get(line.address).status_code == 200
