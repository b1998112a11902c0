"""Mail: who gets it of what, that it says nothing confidential, and that each goes once and none is lost."""

import contextlib
import datetime as dt
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from unittest import mock

import polars as pl
import pytest
from django.core import mail as django_mail
from django.core.exceptions import ImproperlyConfigured

from dijk_web import access, addresses, clock, dividing, mailing, postman, reminding, work
from dijk_web import settings as settings_of
from dijk_web.actions import deciding, desks, sending
from dijk_web.actions import people as letting_in
from dijk_web.actions.asking import Urgent, order
from dijk_web.actions.dividing import answer
from dijk_web.actions.mailing import choose_when, say_unreached, send_again, set_address
from dijk_web.actions.proposing import propose
from dijk_web.actions.recalling import Words, open_recall, read_recall
from dijk_web.actions.reporting import move_day, want_report
from dijk_web.actions.sending import Receipt, receive
from dijk_web.actions.telling import Sent
from dijk_web.actions.writing import TooLate, writing
from dijk_web.mail_words import HIDDEN, SENTENCES, TITLES, text_of
from dijk_web.models import (
    Act,
    Answer,
    Contact,
    Desk,
    DigestDay,
    Dispatch,
    Invitation,
    Mail,
    MailKind,
    MailState,
    MailWhen,
    Person,
    Proposal,
    RecallPart,
    Site,
    Subject,
    Todo,
    Unreached,
)
from dijk_web.people import Role
from dijk_web.report_days import CLOCK
from dijk_web.visible import sites_visible_to
from four_people import SEATS, browser, person
from ground import NOON, SITE, TODAY
from post_office import OK, PostOffice, post_office, until

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
FREE = Sent(None, 2**40)


def mails(kind: str, **of: Any) -> dict[str, Mail]:
    """The mails of a kind, by the code of whom they go to."""
    found = Mail.objects.filter(kind=kind, **of)
    return {one.person or f"desk {one.desk}" if one.invitation is None else "invited": one for one in found}


def an_urgent_order(people: SimpleNamespace) -> int:
    rows = [{"site": SITE, "need": "gown", "pieces": 100, "how": "counted"}]
    urgent = Urgent(hours_left=6, minutes=60, name="", phone="0")
    return order(by=people.mila, sites=[Site.objects.get(site=SITE)], rows=rows, sent=FREE, urgent=urgent)


def a_rule(by: Person) -> int:
    row = {"rule": "cap_days", "need": "all", "sector": "all", "region": "all", "value": 12.0, "valid_from": TODAY}
    said = {"basis": "test", "source": "test", "how": "assumed"}
    return propose(by=by, table="policy_rule", row=row | said, reason="Test.", sent=FREE)


def a_mail(to: Person, **more: Any) -> Mail:
    told = {"kind": MailKind.URGENT, "path": "/urgent/1/", "said": {"count": 1}, "person": to.code, "language": "en"}
    return Mail.objects.create(**told | {"created": clock.now(), "next_try": clock.now()} | more)


def anew(one: Mail, **more: Any) -> Mail:
    for name, value in more.items():
        setattr(one, name, value)
    return one


def some_rounds() -> None:
    """A round of the sender and a half, on the connection of the test."""
    over = mock.Mock(is_set=mock.Mock(side_effect=[False, False, False, *[True] * 6]))
    with mock.patch.object(postman, "connection"), mock.patch.object(postman, "close_old_connections"):
        postman.rounds(over)


def state(one: Mail) -> str:
    one.refresh_from_db()
    return str(one.state)


# Who gets what


@pytest.mark.slow
def test_the_region_gets_a_mail_and_a_deadline_when_a_division_waits_there(divided: Any) -> None:
    """`divided` proposed it when only Ravi coordinated a region."""
    found = mails("check")
    assert set(found) == {"p-ravi"} and found["p-ravi"].act == divided.division.act
    assert found["p-ravi"].path == f"/divisions/{divided.division.act}/{divided.ravi.region}/"
    assert found["p-ravi"].said == {"count": 1, "until": divided.division.check_by.isoformat()}
    assert not mails("proposal") and not mails("release")
    near = divided.division.check_by - HOUR
    for now, kinds in ((near - 9 * HOUR, []), (near, ["check_near"]), (near + HOUR, ["check_near", "check_past"])):
        for _again in range(2):
            reminding.remind(now)
        assert [kind for kind in ("check_near", "check_past") if mails(kind)] == kinds
    assert set(mails("release")) == {"p-pia"}, "of two planners the one who did not propose it"


@pytest.mark.slow
def test_who_has_answered_is_not_reminded_and_the_release_waits_for_the_last_answer(divided: Any) -> None:
    others = [one.region for one in dividing.checks_of(divided.division) if one.region != divided.ravi.region]
    answer(divided.division, divided.ravi.region, Answer.ACCEPTED, by=divided.ravi, why="seen", sent=FREE)
    reminding.remind(divided.division.check_by - HOUR)
    assert not mails("check_near") and not mails("release")
    for at, region in enumerate(others):
        by = person(f"c{at}", role="coordinator", region=region)
        answer(divided.division, region, Answer.ACCEPTED, by=by, why="seen", sent=FREE)
    reminding.remind(divided.division.check_by - HOUR)
    assert set(mails("release")) == {"p-pia"}
    deciding.approve(divided.proposal, by=divided.pia, why="ok", sent=FREE)
    reminding.remind(divided.division.check_by + HOUR)
    assert not mails("check_past")
    sent_and_received(divided)


def sent_and_received(told: Any) -> None:
    """What is sent is told to who receives it, and what comes otherwise to who sent it."""
    told.now.return_value = told.division.check_by
    place, product = next(
        (place, product)
        for place in dijk_sending().sent_by(told.pia).filter(kind="warehouse")
        for product in dijk_sending().lots_of(place).filter(pl.col("pieces") > 5000)["product"].unique().sort()
        if not lines_of(place, product).is_empty()
    )
    site = Site.objects.get(site=lines_of(place, product)["site"][0])
    home = person("home", role="institution", organisation=site.organisation_id)
    person("other", role="institution", organisation=site.organisation_id, sites=["elsewhere"])
    day = told.now.return_value.date() + DAY
    gone = sending.send(place, product, [site.site], expected=day, by=told.pia, sent=FREE)
    found = mails("dispatch")
    assert set(found) == {"p-home"} | ({"p-mila"} if site.organisation_id == told.mila.organisation else set())
    assert found["p-home"].said == {"count": gone.lines, "until": day.isoformat()}
    parcel = Dispatch.objects.filter(act=gone.act).first()
    receive(parcel, Receipt(parcel.packs, 0, ""), by=home, sent=FREE)
    assert not mails("difference")
    receive(parcel, Receipt(parcel.packs - 1, 0, ""), by=home, sent=FREE)
    assert set(mails("difference")) == {"p-pim", "p-pia"}, "the centre sent it"


def dijk_sending() -> Any:
    from dijk_web import sending as what_is_sent

    return what_is_sent


def lines_of(place: Site, product: str) -> pl.DataFrame:
    left = dijk_sending().lines_from(place, dijk_sending().to_send(clock.now()))
    return left.filter(pl.col("product") == product).sort("site")


def test_an_urgent_order_goes_to_the_region_its_desk_and_over_time_to_the_planners(
    ground: SimpleNamespace, hands: Any
) -> None:
    told = {"phone": "0", "hours": "-", "act": 1, "subject": Subject.URGENT}
    own, _south = (Desk.objects.create(region=r, email=f"{r}@desk.example", **told) for r in ("north", "south"))
    number = an_urgent_order(ground)
    assert set(mails("urgent", act=number)) == {"p-ravi", f"desk {own.pk}"}
    hands.return_value = NOON + 59 * HOUR / 60
    reminding.remind(clock.now())
    assert not mails("urgent_late")
    hands.return_value = NOON + 2 * HOUR
    reminding.remind(clock.now())
    assert set(mails("urgent_late")) == {"p-ravi", "p-pim"}


def test_a_recall_goes_to_who_received_it_and_once_more_where_nobody_read_it(
    ground: SimpleNamespace, hands: Any
) -> None:
    told = {"need": "gown", "product": "gown-box", "lot": "l", "from_site": "w", "holder": "warehouse", "division": 1}
    told |= {"pieces_per_pack": 50, "sent_at": NOON, "expected": TODAY, "packs": 2}
    for line, site in enumerate((SITE, "site-hospital-south", "site-home-north"), 1):
        region = Site.objects.get(site=site).region
        Dispatch.objects.create(act=1, line=line, site=site, region=region, **told)
    Person.objects.filter(code="p-ben").update(mail_when=MailWhen.NONE)
    said = Words("Use none of it.", "Gebruik niets.", Todo.KEEP_APART)
    number = open_recall("gown-box", ["l"], said, by=ground.pim, sent=FREE)
    assert set(mails("recall", act=number)) == {"p-mila", "p-ben", "p-otto", "p-cara"}, "none is for no recall"
    read_recall(RecallPart.objects.get(site=SITE), by=ground.mila, sent=FREE)
    reminding.remind(NOON + reminding.UNREAD - HOUR)
    assert not mails("recall_unread")
    for _again in range(2):
        reminding.remind(NOON + reminding.UNREAD + HOUR)
    assert set(mails("recall_unread")) == {"p-otto", "p-cara"}
    assert {to: one.said["count"] for to, one in mails("recall_to_call").items()} == {"p-ravi": 1, "p-sita": 1}


def test_a_proposal_goes_to_who_may_decide_on_it_and_never_to_who_made_it(ground: SimpleNamespace) -> None:
    second = person("nina", role="official", directorate="GMT")
    number = a_rule(ground.noor)
    proposal = Proposal.objects.get(act=number)
    assert set(mails("proposal", act=number)) == {"p-nina"} == {one.code for one in mailing.who_decide(proposal)}
    for one in Person.objects.all():
        assert (one in mailing.who_decide(proposal)) == (proposal in waiting_for(one)), one.code
    assert second in mailing.who_decide(proposal)


def waiting_for(one: Person) -> list[Proposal]:
    from dijk_web.proposing import waiting_for as waits

    return waits(one)


def test_who_makes_reports_is_told_that_a_day_moved_and_that_one_is_wanted(ground: SimpleNamespace) -> None:
    at = NOON + 30 * HOUR
    move_day(TODAY, at, by=ground.noor, reason="the debate", sent=FREE)
    want_report(at, by=ground.lot, reason="a letter", sent=FREE)
    for kind in ("report_day", "wish"):
        assert set(mails(kind)) == {"p-pim"}
        text = text_of(anew(mails(kind)["p-pim"], language="en"))
        assert text.subject.endswith(": 28 April 2020, 20:00") and "28 April 2020, 20:00, Dutch time\n" in text.body
    move_day(TODAY, at + HOUR, by=ground.pim, reason="again", sent=FREE)
    assert Mail.objects.filter(kind="report_day").count() == 1, "who moved it knows"


def test_an_invitation_goes_by_mail_where_it_has_an_address_and_by_letter_anyway(
    people: SimpleNamespace, settings: Any
) -> None:
    def invite(email: str | None) -> Invitation:
        one = Invitation(name="Fenna", email=email, role=Role.INSTITUTION, organisation="home-north")
        return letting_in.invite(one, by=people.ravi, reason="Test.")

    one = invite("fenna@home.example")
    invite(None)
    found = mails("invitation")["invited"]
    assert Mail.objects.filter(kind="invitation").count() == 1 and found.invitation == one.pk
    assert f"/invitation/{one.one_time_code}/\n" in text_of(found).body
    hidden = text_of(found, hides=True).body
    assert HIDDEN in hidden and one.one_time_code not in hidden
    letter = browser(people.ravi).get(f"/people/invitations/{one.pk}/").content.decode()
    assert one.one_time_code in letter and "A mail with it: waits." in letter
    settings.DEMO = False
    invite("other@home.example")
    assert Mail.objects.filter(kind="invitation").count() == 1, "where no mail is sent it is a letter alone"


def test_contacts_that_are_invited_together_get_a_mail_each(people: SimpleNamespace) -> None:
    for code in ("home-north", "hospital-south"):
        Person.objects.filter(organisation=code).delete()
        told = {"organisation": code, "function": "Duty", "phone": "0", "act": 1}
        Contact.objects.create(email=f"{code}@care.example", **told)
    from dijk_web.to_invite import to_invite

    since = to_invite(people.ada, "").mark
    number = letting_in.invite_contacts("", by=people.ada, reason="Test.", sent=Sent(None, since))
    assert Mail.objects.filter(kind="invitation", act=number).count() == 2


def test_who_speaks_for_a_site_and_sits_at_a_desk_is_said_once(people: SimpleNamespace) -> None:
    person("part", role="institution", organisation="hospital-north", sites=["site-hospital-north"])
    person("elsewhere", role="institution", organisation="hospital-north", sites=["other"])
    sites = list(Site.objects.values_list("site", flat=True))
    for one in Person.objects.all():
        seen = {site.site for site in sites_visible_to(one)} if one.role == Role.INSTITUTION else set()
        assert {site for site in sites if one in mailing.who_speak_for([site])} == seen, one.code
        assert [desk for desk in ("north", "south", "GMT", "CZ", "LZ", work.CENTRE, work.ADMINISTRATORS)
                if one in work.people_at(desk)] == [desk for desk in [work.desk_of(one)] if desk]  # fmt: skip
    assert mailing.who_speak_for([*sites, SITE])[people.mila] == 2


def test_a_mail_is_there_exactly_where_its_act_is(ground: SimpleNamespace) -> None:
    def broken(*given: Any, **more: Any) -> None:
        raise OSError("the disk is full")

    with mock.patch.object(Act, "save", broken), pytest.raises(OSError, match="full"):
        an_urgent_order(ground)
    assert not Mail.objects.exists()
    an_urgent_order(ground)
    assert Mail.objects.count() == 1


def test_who_has_left_gets_nothing(ground: SimpleNamespace) -> None:
    letting_in.let_go(ground.ravi, by=ground.ada, reason="Left.")
    an_urgent_order(ground)
    assert not Mail.objects.exists()


# When, and the digest


def test_daily_and_none_hold_for_all_but_recalls_and_urgent_orders(ground: SimpleNamespace) -> None:
    second = person("nina", role="official", directorate="GMT")
    third = person("nico", role="official", directorate="GMT")
    for one, when in ((second, MailWhen.DAILY), (third, MailWhen.NONE), (ground.ravi, MailWhen.NONE)):
        choose_when(when, by=one)
    a_rule(ground.noor)
    assert not mails("proposal")
    an_urgent_order(ground)
    assert set(mails("urgent")) == {"p-ravi"}
    line = Act.objects.filter(name="mail_chosen", by="p-nina").get()
    assert (line.before, line.after) == ({"mail_when": "at_once"}, {"mail_when": "daily"})


def asked(people: SimpleNamespace, site: str, *, due: int) -> None:
    row = {"site": site, "topic": "stock", "day": TODAY - 9 * DAY, "due": TODAY + due * DAY, "source": "test"}
    with writing("asked", by=people.pim, about="asked") as act:
        act.tell("asked", [row])


def test_a_reminder_lists_what_is_late_first_only_ones_own_and_nothing_when_there_is_nothing(
    ground: SimpleNamespace, hands: Any
) -> None:
    """What users of other systems asked for: healthchecks/healthchecks#881 and #56."""
    second = person("nina", role="official", directorate="GMT", mail_when=MailWhen.DAILY, language="en")
    person("nico", role="official", directorate="GMT")
    asked(ground, SITE, due=-2)
    asked(ground, "site-hospital-south", due=2)
    Person.objects.filter(code__in=["p-otto", "p-sita", "p-ben"]).update(mail_when=MailWhen.DAILY, language="en")
    Person.objects.filter(code="p-cara").update(mail_when=MailWhen.NONE)
    a_rule(ground.noor)
    before = dt.datetime(2020, 4, 28, 5, 59, tzinfo=dt.UTC)  # a minute to eight in the Netherlands
    assert reminding.digest(before) == 0
    reminding.digest(before + HOUR / 60)
    found = {to: one.said for to, one in mails("digest").items()}
    assert found["p-mila"] == found["p-ben"] == {"late": [["asked", 1]]}
    assert found["p-otto"] == {"open": [["asked", 1]]}
    assert found["p-ravi"] == {"late": [["silent", 1]]}, "of what is open he was told at once"
    assert found["p-nina"] == {"open": [["proposal", 1]]}
    assert "p-nico" not in found, "he was told of the proposal when it was made"
    assert not {"p-noor", "p-sita", "p-cara", "p-ada", "p-bo"} & set(found), "nothing of theirs waits or is late"
    text = text_of(mails("digest")["p-nina"])
    assert text.subject == "dijk: 1 is open" and "- proposals that wait for another person: 1" in " ".join(
        text.body.split()
    )
    assert reminding.digest(before + 5 * HOUR) == 0, "once a day"
    assert second.mail_when == "daily"


def test_in_a_digest_late_stands_above_open(ground: SimpleNamespace) -> None:
    said = {"late": [["silent", 2]], "open": [["urgent", 1], ["recall", 3]]}
    text = text_of(a_mail(ground.ravi, kind=MailKind.DIGEST, said=said))
    assert text.subject == "dijk: 2 are late, 4 are open"
    assert (
        text.body.index("LATE") < text.body.index("silent sites") < text.body.index("OPEN") < text.body.index("urgent")
    )


# What it says


def test_no_mail_says_anything_confidential_and_all_can_be_read_on_a_phone(ground: SimpleNamespace, hands: Any) -> None:
    secret = ("Gown", "Schort", "gown-box", "Hospital", "home-north", "pieces", "stuks")
    told = {"count": 3, "until": NOON.isoformat(), "late": [["silent", 2]], "open": [["proposal", 1]]}
    invited = Invitation(name="Hospital North", email="a@b.example", role=Role.INSTITUTION, organisation="home-north")
    invited.save()
    for kind in MailKind:
        for language in ("nl", "en"):
            to = {"person": "", "invitation": invited.pk} if kind == MailKind.INVITATION else {}
            one = a_mail(ground.mila, kind=kind, path="/recalls/1/", said=told, language=language, **to)
            text = text_of(one)
            assert not [word for word in secret if word in text.subject + text.body], kind
            assert all(len(line) <= 44 for line in text.body.splitlines() if "http" not in line), kind
            assert len(text.subject) < 100 and "http://127.0.0.1:8000/" in text.body
    assert set(TITLES) == set(MailKind) and set(SENTENCES) == set(MailKind) - {"digest", "invitation"}
    dutch = text_of(Mail.objects.get(kind="recall", language="nl"))
    assert dutch.subject.startswith("dijk: terugroepactie") and "27 april 2020, 14:00, Nederlandse tijd" in dutch.body


@pytest.mark.slow
def test_what_acts_write_in_the_outbox_holds_no_code_of_an_article_or_institution(ground: SimpleNamespace) -> None:
    an_urgent_order(ground)
    a_rule(ground.noor)
    for one in Mail.objects.all():
        assert "gown" not in f"{one.path}{one.said}" and "hospital" not in f"{one.path}{one.said}"


# Sending


@pytest.fixture
def sends(settings: Any) -> None:
    """The tower sends mail, into the outbox of the tests."""
    settings.SENDS_MAIL, settings.DEFAULT_FROM_EMAIL = True, "dijk <tower@dijk.example>"
    settings.MAIL_SERVER = {}
    django_mail.outbox = []


@pytest.fixture
def office(settings: Any, sends: None) -> Iterator[PostOffice]:
    """A mail server to which the tower sends."""
    with post_office() as one:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.MAIL_SERVER = settings_of.mail_server(f"smtp+plain://127.0.0.1:{one.port}")
        yield one


def test_a_mail_goes_out_once_in_the_language_of_who_reads_it(ground: SimpleNamespace, sends: None) -> None:
    ground.ravi.language = "nl"
    ground.ravi.save()
    number = an_urgent_order(ground)
    while postman.send_due():
        pass
    (one,) = django_mail.outbox
    sent = Mail.objects.get()
    assert (one.to, one.subject) == ([ground.ravi.email], text_of(sent).subject) and "Spoed" in one.subject.title()
    assert f"http://127.0.0.1:8000/urgent/{number}/" in one.body
    assert one.extra_headers["Message-ID"] == f"<{sent.mark}@dijk.example>"
    assert (sent.state, sent.tries, sent.sent_at) == ("sent", 1, NOON)


def test_without_a_server_nothing_is_sent_and_the_page_says_so(
    ground: SimpleNamespace, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_urgent_order(ground)
    with mock.patch.object(postman, "send_due") as sending_it:
        some_rounds()
    assert not sending_it.called and state(Mail.objects.get()) == "waiting"
    page = browser(ground.ada).get("/outbox/").content.decode()
    assert "In a demo mail is kept here and never sent." in page and "ravi@tower.example" in page
    settings.DEMO = False
    monkeypatch.setattr(access, "must_enrol", lambda person: False)
    page = browser(ground.ada).get("/outbox/").content.decode()
    assert "No mail is sent, since no mail server is set" in page


def test_what_fails_is_tried_again_after_longer_and_longer_and_given_up_in_the_end(
    ground: SimpleNamespace, office: PostOffice, hands: Any
) -> None:
    one = a_mail(ground.ravi)
    office.takes = lambda address: "451 4.3.0 come back later"
    waits = []
    for turn, pause in enumerate(postman.PAUSES, 1):
        postman.send_due()
        assert (state(one), one.tries, one.unclear) == ("failed", turn, 0) and "come back later" in one.error
        waits.append(one.next_try - clock.now())
        with mock.patch.object(postman, "KEPT", 99 * DAY):
            assert postman.send_due() == 0, "it waits"
        hands.return_value += pause
        one.created = clock.now()
        one.save()
    assert waits == sorted(postman.PAUSES)
    postman.send_due()
    assert (state(one), one.tries) == ("given_up", len(postman.PAUSES) + 1) and not office.mails
    (found,) = [one for one in work.open_work(clock.now()) if one.kind == "mail"]
    assert (found.desk, found.count, found.late) == (work.ADMINISTRATORS, 1, True)
    office.takes = lambda address: OK
    send_again(one, by=ground.ada)
    postman.send_due()
    assert state(one) == "sent" and len(office.mails) == 1
    with pytest.raises(TooLate):
        send_again(one, by=ground.ada)


def test_where_no_server_answers_all_of_it_waits(ground: SimpleNamespace, sends: None, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.MAIL_SERVER = settings_of.mail_server("smtp+plain://127.0.0.1:1")
    some = [a_mail(ground.ravi), a_mail(ground.pim)]
    postman.send_due()
    assert [(state(one), one.tries, one.unclear) for one in some] == [("failed", 1, 0)] * 2


def test_a_mail_that_may_have_gone_goes_once_more_under_the_same_name_and_then_no_more(
    ground: SimpleNamespace, office: PostOffice, hands: Any
) -> None:
    one, other = a_mail(ground.ravi), a_mail(ground.pim)
    office.accepts = lambda self: "" if self.mails[-1]["To"] == ground.ravi.email else OK
    for _try in range(5):
        while postman.send_due():
            pass
        hands.return_value += HOUR
    assert (state(one), state(other)) == ("given_up", "sent")
    assert sorted(office.marks.values()) == [1, 2]


def test_a_sender_that_died_leaves_nothing_behind_that_is_not_sent_or_told(
    ground: SimpleNamespace, office: PostOffice
) -> None:
    once, twice = (a_mail(ground.ravi, state=MailState.SENDING, tries=n, unclear=n) for n in (1, 2))
    postman.send_due()
    assert (state(once), state(twice)) == ("sent", "given_up") and twice.error == postman.UNCLEAR
    assert office.marks == {f"<{once.mark}@dijk.example>": 1}


def test_a_mail_that_another_claimed_is_not_sent(ground: SimpleNamespace, sends: None) -> None:
    one = a_mail(ground.ravi)

    def claimed_meanwhile(*given: Any) -> Any:
        Mail.objects.update(state=MailState.SENDING)
        return real(*given)

    real = postman._send
    with mock.patch.object(postman, "_send", claimed_meanwhile):
        postman.send_due()
    assert django_mail.outbox == [] and state(one) == "sending"


def test_a_mail_that_is_too_old_or_for_nobody_is_given_up_and_says_why(
    ground: SimpleNamespace, sends: None, hands: Any
) -> None:
    old, gone = a_mail(ground.ravi, created=NOON - 4 * DAY), a_mail(ground.otto)
    letting_in.let_go(ground.otto, by=ground.ada, reason="Left.")
    postman.send_due()
    assert [(state(one), one.error) for one in (old, gone)] == [("given_up", "too_old"), ("given_up", "gone")]
    assert django_mail.outbox == []
    assert [one.count for one in work.open_work(NOON) if one.kind == "mail"] == [1], "the other one is missed by nobody"
    assert not [one for one in work.open_work(NOON + work.WEEK) if one.kind == "mail"]


def test_a_fault_of_ours_in_one_mail_does_not_hold_up_the_others(ground: SimpleNamespace, sends: None) -> None:
    bad, good = a_mail(ground.ravi, kind="no such kind"), a_mail(ground.pim)
    for _one in range(4):
        some_rounds()
    assert (state(bad), state(good)) == ("given_up", "sent")


def test_only_a_known_way_to_a_server_is_taken() -> None:
    assert settings_of.mail_server(None) == {}
    found = settings_of.mail_server("smtps://me:p%40ss@mail.example")
    assert (found["port"], found["password"], found["use_ssl"], found["use_tls"]) == (465, "p@ss", True, False)
    assert settings_of.mail_server("smtp://mail.example:2525")["use_tls"] is True
    for wrong in ("http://mail.example", "mail.example", "smtp://"):
        with pytest.raises(ImproperlyConfigured):
            settings_of.mail_server(wrong)


# Addresses that mail does not reach


def test_an_address_that_is_refused_for_good_is_work_for_the_region_and_gets_nothing_more(
    ground: SimpleNamespace, office: PostOffice, hands: Any
) -> None:
    refused = {ground.mila.email, ground.noor.email}
    office.takes = lambda address: "550 5.1.1 no such user" if address in refused else OK
    held = [a_mail(one) for one in (ground.mila, ground.noor, ground.ravi)]
    postman.send_due()
    assert [state(one) for one in held] == ["waiting", "waiting", "sent"]
    found = {one.desk: (one.count, one.late) for one in work.open_work(NOON) if one.kind == "address"}
    assert found == {"north": (1, True), work.ADMINISTRATORS: (1, True)}
    office.takes = lambda address: OK
    hands.return_value += HOUR
    a_mail(ground.mila)
    postman.send_due()
    assert len(office.mails) == 1, "nothing more goes there"
    page = browser(ground.ravi).get("/people/addresses/").content.decode()
    assert 'href="/people/p-mila/address/"' in page and "no such user" in page and "noor" not in page
    assert 'href="/people/addresses/"' in browser(ground.ravi).get("/open-work/").content.decode()
    page = browser(ground.pim).get("/open-work/").content.decode()
    assert "addresses that mail does not reach" in page and 'href="/people/addresses/"' not in page, "it is not his"
    client = browser(ground.ravi)
    once = client.get("/people/p-mila/address/").context["form"]["once"].value()
    said = {"once": once, "email": "Mila@New.example", "reason": "By telephone."}
    assert client.post("/people/p-mila/address/", said).status_code == 302
    hands.return_value += HOUR
    postman.send_due()
    assert [one["To"] for one in office.mails] == [ground.ravi.email, "mila@new.example", "mila@new.example"]
    assert {one.desk for one in work.open_work(NOON) if one.kind == "address"} == {work.ADMINISTRATORS}


def test_a_refusal_that_is_about_us_marks_no_address(ground: SimpleNamespace, office: PostOffice) -> None:
    one = a_mail(ground.mila)
    office.takes = lambda address: "554 5.7.1 relaying denied"
    postman.send_due()
    assert state(one) == "failed" and "relaying denied" in one.error and not Unreached.objects.exists()


def test_a_mail_that_came_back_later_is_said_by_who_keeps_that_person(ground: SimpleNamespace, sends: None) -> None:
    say_unreached(ground.mila, by=ground.ravi, reason="Mailbox is full.")
    one = a_mail(ground.mila)
    postman.send_due()
    assert (state(one), one.error) == ("waiting", postman.NOT_REACHED) and django_mail.outbox == []
    assert "mail does not reach it" in browser(ground.ravi).get("/people/p-mila/").content.decode()
    set_address(ground.mila, ground.mila.email, by=ground.ravi, reason="It works again.")
    assert not Unreached.objects.exists()
    for line in Act.objects.filter(name__in=["mail_came_back", "address_set"]):
        assert "mila@" not in f"{line.before}{line.after}{line.about}"
    Person.objects.filter(code="p-ben").update(email="ben@x.example")
    with pytest.raises(TooLate):
        set_address(ground.mila, "BEN@x.example", by=ground.ravi, reason="Test.")


def test_the_address_of_a_desk_is_mended_on_its_own_page(ground: SimpleNamespace) -> None:
    told = {"phone": "0", "hours": "-", "act": 1, "subject": Subject.URGENT, "region": "north"}
    desk = Desk.objects.create(email="Desk@North.example", **told)
    addresses.does_not_reach("desk@north.example", "550", NOON)
    assert {one.desk for one in work.open_work(NOON) if one.kind == "address"} == {"north"}
    assert f'href="/desks/{desk.pk}/"' in browser(ground.ravi).get("/people/addresses/").content.decode()
    said = {"phone": "0", "email": "desk@north.example", "hours": "-", "deputy": ""}
    desks.keep_desk(desk, said, by=ground.ravi, sent=Sent(None, 1))
    assert not Unreached.objects.exists()


# Pages


def test_the_outbox_shows_a_mail_as_it_goes_out_and_pages_its_list(ground: SimpleNamespace) -> None:
    Mail.objects.all().delete()
    some = [a_mail(ground.ravi) for _one in range(60)]
    client = browser(ground.ada)
    page = client.get("/outbox/")
    assert len(page.context["lines"]) == 50 and "page=2" in page.content.decode()
    assert len(client.get("/outbox/?page=2").context["lines"]) == 10
    Mail.objects.filter(pk=some[0].pk).update(state=MailState.GIVEN_UP, error="too_old")
    (line,) = client.get("/outbox/?state=given_up").context["lines"]
    assert line.one == some[0] and "too old" in line.error
    page = client.get(f"/outbox/{some[0].pk}/")
    assert text_of(some[0]).body.splitlines()[0] in page.content.decode()
    said = {"once": page.context["form"]["once"].value()}
    assert client.post(f"/outbox/{some[0].pk}/", said).status_code == 302 and state(some[0]) == "waiting"
    said["once"] = "0" * 32
    assert client.post(f"/outbox/{some[0].pk}/", said).status_code == 409


@pytest.mark.parametrize("name", sorted({seat["role"]: name for name, seat in SEATS.items()}.values()))
def test_everybody_chooses_when_they_get_mail(people: SimpleNamespace, name: str) -> None:
    one = getattr(people, name)
    client = browser(one)
    once = client.get("/account/mail/").context["form"]["once"].value()
    assert client.post("/account/mail/", {"once": once, "when": "weekly"}).status_code == 422
    for _again in range(2):
        assert client.post("/account/mail/", {"once": once, "when": "daily"}).status_code == 302
    one.refresh_from_db()
    assert one.mail_when == "daily" and Act.objects.filter(name="mail_chosen").count() == 1
    assert 'href="/account/mail/"' in client.get("/account/").content.decode()


# Killed


FORKING = """
import os, signal, sys
from dijk_web.opening import open_tower
open_tower()
from dijk_web import worker
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for _line in sys.stdin:
    if not (number := os.fork()):
        worker.work()
        os._exit(0)
    print(number, flush=True)
"""
"""A process that loads the tower once, and then begins a worker for each line that it reads: each is a process of its
own, without the seconds that loading takes.
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no processes that fork")
@pytest.mark.parametrize("times", [3, pytest.param(50, marks=pytest.mark.long)])
def test_whatever_moment_the_worker_is_killed_at_mail_is_sent_at_most_twice_and_none_is_lost(
    times: int, surroundings: dict[str, str]
) -> None:
    drawn, to = random.Random(times), person("ravi", role="coordinator", region="north")
    some = [a_mail(to) for _one in range(8 * times)]
    DigestDay.objects.create(day=clock.now().astimezone(CLOCK).date())  # Polars does not outlive a fork
    at = set(drawn.sample(range(1, 6 * times), times))
    killed: list[int] = []

    def dies(office: PostOffice) -> str:
        """Kill the worker that hands over some of the mails: before it has its answer, or a moment after."""
        if len(office.mails) in at:
            moment = drawn.choice([0, 0.005, 0.05]) if killed else 0
            threading.Timer(moment, kill, [running[-1], killed]).start()
            time.sleep(0.02 if moment == 0 else 0)
        return OK

    with post_office() as office, forking(surroundings, office) as begin:
        office.accepts = dies
        running = [begin()]
        while left().exists():
            until(lambda: running[-1] in killed or not left().exists())
            if running[-1] in killed:
                running.append(begin())
        kill(running[-1], killed)
    names = {f"<{one.mark}@dijk.example>" for one in some}
    given_up = {f"<{one.mark}@dijk.example>" for one in Mail.objects.filter(state="given_up")}
    assert len(killed) > times // 2 and set(office.marks) == names, "none is lost"
    assert max(office.marks.values()) == 2, "a kill came between, or this shows nothing"
    assert all(office.marks[name] == 2 for name in given_up)


def left() -> Any:
    return Mail.objects.exclude(state__in=["sent", "given_up"])


@contextlib.contextmanager
def forking(surroundings: dict[str, str], office: PostOffice) -> Iterator[Callable[[], int]]:
    """Begins workers that send to a mail server."""
    told = surroundings | {"DIJK_DEMO": "", "DIJK_SECRET": "s", "DIJK_HOSTS": "dijk.example"}
    told |= {"DIJK_MAIL_URL": f"smtp+plain://127.0.0.1:{office.port}", "DIJK_MAIL_FROM": "tower@dijk.example"}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "bufsize": 1}
    with subprocess.Popen([sys.executable, "-c", FORKING], env=told, **pipes) as parent:

        def begin() -> int:
            parent.stdin.write("go\n")
            return int(parent.stdout.readline())

        yield begin
        parent.kill()


def kill(number: int, killed: list[int]) -> None:
    """As when the machine loses power to it."""
    if number not in killed:
        os.kill(number, signal.SIGKILL)
        killed.append(number)
