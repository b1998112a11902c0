"""The tower of a demo: ``python -m dijk_web.demo DATASET FOLDER`` takes in the example, lets people in, has the first
plan made by the worker, publishes it, and serves all of it on this machine alone.

Its clock starts at the moment of the example, since today everything in it would be stale. One password, made at each
start, is that of every account; in a demo nobody is asked for a second factor.
"""

import argparse
import contextlib
import datetime as dt
import http.client
import os
import re
import secrets
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import polars as pl

from dijk_web import serving
from dijk_web.demo_people import others, seat

if TYPE_CHECKING:
    from dijk_web.models import IssuedReport, Person, Run, Site

PAGES = ("", "situation/", "runs/")
"""What ``--once`` asks for as the planner, who may read all three."""

PATIENCE = 1800
"""Seconds that the first plan may take: a whole country on a busy machine takes minutes."""


def main(words: list[str]) -> int:
    """Make the tower and serve it until Ctrl-C; with ``--once`` ask for a few pages instead. The exit code."""
    parser = argparse.ArgumentParser(prog="python -m dijk_web.demo")
    parser.add_argument("dataset", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--once", action="store_true")
    asked = parser.parse_args(words)
    surround(asked.folder)
    serving.end_with_parent()
    from dijk_web.opening import open_tower

    open_tower()
    web = next(web for web in (serving.Web(), serving.Web(port=serving.free_port())) if serving.is_free(web))
    with serving.stopping_gently():
        try:
            return show(web, asked.dataset, once=asked.once, draws=not asked.once)
        except KeyboardInterrupt:
            print()
            return 0


def surround(folder: Path) -> None:
    """The environment of a demo, for this process and those that it starts: no setting of a real tower is felt."""
    from dijk.example import AS_OF

    mail = ("DIJK_MAIL_URL", "DIJK_MAIL_FROM", "DIJK_SITE")
    for name in ("DIJK_DATABASE_URL", "DIJK_SECRET", "DIJK_HOSTS", "DIJK_PROXIES", "DJANGO_SETTINGS_MODULE", *mail):
        os.environ.pop(name, None)
    moment = AS_OF.strftime("%Y-%m-%dT%H:%M:%SZ")
    os.environ |= {"DIJK_DEMO": "1", "DIJK_DATA": str(folder.resolve()), "DIJK_CLOCK": moment}


def show(web: serving.Web, dataset: Path, *, once: bool, draws: bool = False) -> int:
    """From an empty folder to pages that are served; the exit code. Reports are drawn meanwhile where that is wanted:
    the worker needs some minutes for them.
    """
    serving.prepare()
    planner, password = fill(dataset)
    os.environ["DIJK_SITE"] = web.address  # what links in a mail begin with, for the processes that are started now
    with serving.processes(web) as started:
        run = first_plan(planner, started)
        if run is None or not serving.answers(web, started):
            print("The tower could not be shown; what it said stands above.", file=sys.stderr)
            return 1
        tell(web, password)
        if once:
            return look(web, planner, password)
        if draws:
            threading.Thread(target=draw_reports, args=(run, planner), daemon=True).start()
        gone = serving.until_stopped(started)
    if gone:
        print(f"The {gone.name} ended by itself, with code {gone.code}; all has been stopped.", file=sys.stderr)
    return int(gone is not None)


# What is in it


def fill(dataset: Path) -> tuple["Person", str]:
    """Take in the example and let people in; the planner, and the password of all."""
    from dijk.files import read_folder
    from dijk_web.actions.take_in import take_in
    from dijk_web.actions.writing import writing
    from dijk_web.models import Person
    from dijk_web.models.person import LETTERS

    planner = Person(**seat("planner", "Planner"))
    began = time.monotonic()
    tables = read_folder(dataset).tables
    take_in(tables, by=planner, reason="the example country")
    rows = sum(table.height for table in tables.values())
    print(f"\nTaken into the web application: {rows:,} rows, {time.monotonic() - began:.0f} seconds", flush=True)

    password = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))
    planner.set_password(password)
    people = [planner, *(Person(**one, password=planner.password) for one in others())]
    with writing("demo_people_let_in", by=planner, about="people", reason="a demo"):
        for one in people:
            one.save()
    keep_desks(planner)
    write_some_mail()
    propose_some()
    talk_some(planner)
    return planner, password


def write_some_mail() -> None:
    """Somebody who wants mail once a day, somebody invited by mail, and an address from which mail came back: all
    fictional, and none of it is sent.
    """
    from dijk_web.actions.mailing import choose_when, say_unreached
    from dijk_web.actions.people import invite
    from dijk_web.models import Invitation, MailWhen, Person
    from dijk_web.people import Role

    coordinator, home, second = (
        Person.objects.get(code=f"p-{one}") for one in ("coordinator", "care-home", "second-official")
    )
    choose_when(MailWhen.DAILY, by=second)
    night = Invitation(name="Night nurse", email="night@demo.example", role=Role.INSTITUTION)
    night.organisation, night.sites = home.organisation, home.sites
    invite(night, by=coordinator, reason="a demo")
    say_unreached(home, by=coordinator, reason="The mail says that there is no such mailbox (a demo).")


def propose_some() -> None:
    """A rule that waits for a second person, and a need that may come on the list; both fictional."""
    from dijk_web.actions.proposing import propose
    from dijk_web.actions.telling import Sent
    from dijk_web.models import Act, Need, Person
    from dijk_web.of_site import moment, policy_now

    today, policy = moment().date(), policy_now()
    said = {"valid_from": today, "basis": "a demo", "source": "a demo", "how": "assumed"}
    cap = {"rule": "cap_days", "need": "all", "sector": "all", "region": "all", "value": 7.0}
    known = policy.in_force("scope", today)["need"]
    new = Need.objects.exclude(need__in=known).order_by("need").first()
    rows = [("second-official", "policy_rule", cap | {"valid_to": today + dt.timedelta(days=30)})]
    if new is not None:
        rows.append(("expert", "scope", {"need": new.need, "state": "proposed", "action": "none"}))
    for name, table, row in rows:
        by = Person.objects.get(code=f"p-{name}")
        propose(
            by=by, table=table, row=said | row, reason="a demo", sent=Sent(None, Act.objects.latest("number").number)
        )


def talk_some(planner: "Person") -> None:
    """A question with its answer, something that is not listed, and a meeting that left it; all fictional."""
    from dijk_web.actions.reviewing import close_meeting
    from dijk_web.actions.talking import answer, ask
    from dijk_web.actions.telling import Sent
    from dijk_web.models import Act, Need, Person, Question

    home, buyer = (Person.objects.get(code=f"p-{name}") for name in ("care-home", "buyer"))
    first = ask(by=home, need=Need.objects.earliest("need").need, text="Does it come in sizes?", sent=Sent(None, 0))
    answer(Question.objects.get(act=first), by=buyer, text="In two sizes.", sent=Sent(None, first))
    ask(by=home, need="", text="Hoods with a battery, for residents with a tube.", sent=Sent(None, 0))
    close_meeting(by=planner, note="", sent=Sent(None, Act.objects.latest("number").number))


def keep_desks(planner: "Person") -> None:
    """A desk for each subject at the centre, in every region and at each directorate, and a contact for every site: all
    of them with numbers that nobody has.
    """
    from dijk_web.actions.writing import writing
    from dijk_web.models import Contact, Desk, Site, Subject
    from dijk_web.people import Directorate

    regions = Site.objects.order_by("region").values_list("region", flat=True).distinct()
    places = [{}, *({"region": code} for code in regions), *({"directorate": one.value} for one in Directorate)]
    sites = Site.objects.filter(kind__in=["care", "outlet"]).order_by("site").values_list("organisation", "site")
    with writing("demo_desks_kept", by=planner, about="desk", reason="a demo") as act:
        Desk.objects.bulk_create(
            Desk(
                **place,
                subject=subject,
                phone=no_number(at * 10 + line),
                hours="08:00 - 20:00" if subject != Subject.URGENT else "00:00 - 24:00",
                deputy="" if not place else no_number(line),
                act=act.number,
            )
            for at, place in enumerate(places)
            for line, subject in enumerate(Subject.values)
        )
        Contact.objects.bulk_create(
            (
                Contact(organisation=legal, site=site, function="Duty manager", phone=no_number(at), act=act.number)
                for at, (legal, site) in enumerate(sites, 10_000)
            ),
            batch_size=1000,
        )


def no_number(number: int) -> str:
    """A telephone number that is nobody's: none begins with 000."""
    return f"000 {number:07}"


def first_plan(planner: "Person", started: serving.Processes) -> "Run | None":
    """Ask for a plan, wait for the worker to make it, and publish it; nothing where none came of it."""
    from dijk_web.actions.planning import ask_for_plan, publish
    from dijk_web.models import Run, State

    number, began = ask_for_plan(by=planner, reason="the first plan"), time.monotonic()
    while (run := Run.objects.get(act=number)).state == State.ASKED:
        if serving.ended(started) or time.monotonic() > began + PATIENCE:
            return None
        time.sleep(serving.LOOK)
    if run.state != State.MADE:
        print(f"The first plan failed: {run.fault or run.findings}", file=sys.stderr)
        return None
    publish(run, by=planner, reason="the first plan")
    release_first(run, planner)
    signal_some(run, planner)
    print(f"First plan made by the worker: {time.monotonic() - began:.0f} seconds, run {run.code}", flush=True)
    return run


def release_first(run: "Run", planner: "Person") -> None:
    """Have the first plan checked by every region and released by the second planner, and send an article of it: else
    nobody who receives could read anything, since the clock of a demo waits for no deadline.
    """
    from dijk_web import dividing
    from dijk_web.actions import deciding, sending
    from dijk_web.actions.dividing import answer, propose_division
    from dijk_web.actions.telling import Sent
    from dijk_web.models import Answer, Division, Person, Proposal
    from dijk_web.people import Role

    unbound = Sent(None, 2**40)
    number = propose_division(run, by=planner, reason="a demo", sent=unbound)
    division = Division.objects.get(act=number)
    for one in dividing.checks_of(division):
        by = Person(**seat("coordinator", "Coordinator", role=Role.COORDINATOR, region=one.region))
        answer(division, one.region, Answer.ACCEPTED, by=by, why="a demo", sent=unbound)
    second = Person.objects.get(code="p-second-planner")
    deciding.approve(Proposal.objects.get(act=number), by=second, why="a demo", sent=unbound)
    tomorrow = run.as_of.date() + dt.timedelta(days=1)
    for place, product, sites in to_send(second):
        gone = sending.send(place, product, sites, expected=tomorrow, by=second, sent=unbound)
        receive_short(gone.act)
        recall_some(product, second)
        break
    lend_some(run.as_of.date())


def receive_short(sent: int) -> None:
    """Of what an act sent, the last parcel comes with a box less, which is work for who sent it."""
    from dijk_web.actions.sending import Receipt, receive
    from dijk_web.actions.telling import Sent
    from dijk_web.models import Dispatch, Person, Site
    from dijk_web.people import Role

    one = Dispatch.objects.filter(act=sent).order_by("line").last()
    assert one is not None
    of = Site.objects.get(site=one.site).organisation_id
    by = Person(**seat("receiver", "Receiver", role=Role.INSTITUTION, organisation=of))
    came = Receipt(one.packs - 1, 0, "a box less than on the note")
    receive(one, came, by=by, sent=Sent(None, 2**40))


def lend_some(today: dt.date) -> None:
    """A loan between the two regions that is on its way and one that waits for an answer, as far as their hubs hold
    something; both fictional.
    """
    from dijk_web.actions import deciding
    from dijk_web.actions.lending import Offer, offer, send_loan
    from dijk_web.actions.telling import Sent
    from dijk_web.lending import need_of
    from dijk_web.models import Loan, Person, Product, Proposal, Site
    from dijk_web.sending import lots_of
    from dijk_web.visible import HUB

    unbound, due = Sent(None, 2**40), today + dt.timedelta(days=14)
    here, there = (Person.objects.get(code=f"p-{name}") for name in ("coordinator", "other-coordinator"))
    for by, other in ((here, there), (there, here)):
        places = [Site.objects.filter(kind=HUB, region=one.region).first() for one in (by, other)]
        sizes = dict(Product.objects.values_list("product", "pieces_per_pack"))
        for lot in lots_of(places[0]).to_dicts() if all(places) else []:
            need, packs = need_of(lot["product"], today), min(lot["pieces"] // sizes[lot["product"]], 5)
            if need is None or not packs:
                continue
            article = Product.objects.get(product=lot["product"])
            one = Offer(places[0], places[1], article, need, {lot["lot"]: packs}, due)
            number = offer(one, by=by, reason="They have none left (a demo).", sent=unbound)
            if by is here:
                deciding.approve(Proposal.objects.get(act=number), by=other, why="Thank you.", sent=unbound)
                send_loan(Loan.objects.get(act=number), expected=today, by=by, sent=unbound)
            break


def signal_some(run: "Run", planner: "Person") -> None:
    """What other sectors may expect of the first need that is short, laid down by two, and of the next a text that
    waits for another person; all fictional.
    """
    from dijk_web import store
    from dijk_web.actions import deciding
    from dijk_web.actions.proposing import propose
    from dijk_web.actions.telling import Sent
    from dijk_web.models import Person, Proposal

    unbound, today = Sent(None, 2**40), run.as_of.date()
    short = store.table(str(run.code), "regime").filter(pl.col("effective") == "scarce")["need"].sort().head(2)
    said = {
        "subject": "signal",
        "english": "Count on none of it before June. Use what can be washed, and ask your own supplier first.",
        "dutch": "Reken er voor juni niet op. Gebruik wat gewassen kan worden, en vraag eerst uw eigen leverancier.",
        "valid_from": today,
        "valid_to": today + dt.timedelta(days=28),
    }
    said |= {"basis": "a demo", "source": "a demo", "how": "assumed"}
    second = Person.objects.get(code="p-second-official")
    for at, need in enumerate(short):
        number = propose(by=planner, table="policy_text", row=said | {"need": need}, reason="a demo", sent=unbound)
        if at == 0:
            deciding.approve(Proposal.objects.get(act=number), by=second, why="a demo", sent=unbound)


def draw_reports(run: "Run", planner: "Person") -> None:
    """Have a report drawn for the day of the run and freeze it, then a draft for the next day; somebody wants one
    earlier.
    """
    from dijk_web import report_days
    from dijk_web.actions import deciding
    from dijk_web.actions.reporting import Asked, ask_for_report, propose_to_freeze, want_report
    from dijk_web.actions.telling import Sent
    from dijk_web.models import Person, Proposal

    unbound = Sent(None, 2**40)
    today = report_days.after(run.as_of.date() - dt.timedelta(days=1)).day
    number = ask_for_report(run, Asked(today), by=planner, reason="a demo", sent=unbound)
    if (report := drawn(number)) is not None:
        number = propose_to_freeze(report, by=planner, reason="a demo", sent=unbound)
        second = Person.objects.get(code="p-second-official")
        deciding.approve(Proposal.objects.get(act=number), by=second, why="a demo", sent=unbound)
    coming = Asked(report_days.after(today).day)
    drawn(ask_for_report(run, coming, by=planner, reason="a demo", sent=unbound))
    official = Person.objects.get(code="p-official-lz")
    needed = run.as_of + dt.timedelta(days=1)
    want_report(needed, by=official, reason="A letter to parliament (a demo).", sent=unbound)


def drawn(number: int) -> "IssuedReport | None":
    """Wait for the worker to draw a report; nothing where none came of it."""
    from dijk_web.models import IssuedReport, Made

    until = time.monotonic() + PATIENCE
    while (report := IssuedReport.objects.get(act=number)).state == Made.ASKED and time.monotonic() < until:
        time.sleep(serving.LOOK)
    return report if report.state == Made.MADE else None


def recall_some(product: str, planner: "Person") -> None:
    """A lot that is blocked at a warehouse, and an open recall of what was just sent, read and answered by its first
    receiver with what goes back; all fictional.
    """
    from dijk_web import lots
    from dijk_web.actions.lots import block_lot
    from dijk_web.actions.recalling import Said, Words, answer_recall, open_recall
    from dijk_web.actions.telling import Sent
    from dijk_web.models import Dispatch, Person, RecallPart, Site, Todo
    from dijk_web.people import Role

    unbound = Sent(None, 2**40)
    lot = Dispatch.objects.filter(product=product).latest("act").lot
    said = Words(
        "The cuffs of this lot tear. Use none of it, and send back what you have.",
        "De manchetten van deze partij scheuren. Gebruik er niets van, en stuur terug wat u hebt.",
        Todo.SEND_BACK,
    )
    number = open_recall(product, [lot], said, by=planner, sent=unbound)
    part = RecallPart.objects.filter(recall=number, site__in=Site.objects.filter(kind="care").values("site")).first()
    if part is not None:
        home = Site.objects.get(site=part.site)
        by = Person(**seat("care", "Care", role=Role.INSTITUTION, organisation=home.organisation_id))
        answer_recall(part, Said(dict.fromkeys(part.lots, 40), Todo.SEND_BACK), by=by, sent=unbound)
    held = lots.held_by_lot(list(Site.objects.filter(kind="warehouse"))).filter(
        pl.col("product") != product, pl.col("status") == "quarantine"
    )
    if held.height:
        waits = held.row(0, named=True)
        block_lot(waits["product"], waits["lot"], by=planner, reason="The seals of the boxes are broken.", sent=unbound)


def to_send(planner: "Person") -> "Iterator[tuple[Site, str, list[str]]]":
    """The articles that a warehouse has in approved lots, with the sites that wait for them."""
    from dijk_web import sending
    from dijk_web.of_site import moment

    left = sending.to_send(moment())
    for place in sending.sent_by(planner).filter(kind="warehouse"):
        lots = sending.lots_of(place).filter(pl.col("pieces") > 0)
        for product in lots["product"].unique(maintain_order=True):
            lines = sending.lines_from(place, left).filter(pl.col("product") == product)
            if lines.height:
                yield place, product, lines["site"].unique(maintain_order=True).to_list()


# What is told, and asked


def tell(web: serving.Web, password: str) -> None:
    """Who may log in, and where."""
    from dijk_web.models import Person

    print(f"\nLog in as one of these, each with the password {password}\n")
    for one in Person.objects.order_by("id"):
        print(f"  {one.email:<34} {one.name}")
    print(f"\nOpen {web.address} in a browser. Ctrl-C ends.", flush=True)


def look(web: serving.Web, planner: "Person", password: str) -> int:
    """Ask for ``/health/`` and, logged in, for three pages; 0 where all are there."""
    calling = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    with contextlib.ExitStack() as open_ones:

        def asked(path: str, **form: str) -> http.client.HTTPResponse:
            data = urlencode(form).encode() if form else None
            answer = calling.open(web.address + path, data=data, timeout=60)
            return open_ones.enter_context(answer)

        print(f"/health/ answers {asked('health/').status}")
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', asked("account/login/").read().decode())
        token = found.group(1) if found else ""
        asked("account/login/", login=planner.email, password=password, csrfmiddlewaretoken=token)
        for path in PAGES:
            answer = asked(path)
            print(f"/{path} answers {answer.status}, {len(answer.read()):,} bytes", flush=True)
            if answer.url != web.address + path:
                print(f"/{path} led to {answer.url}", file=sys.stderr)
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
