"""Reports as acts: made by a job, frozen by two persons, never drawn again, corrected by another one; their calendar."""

import datetime as dt
import hashlib
import json
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import polars as pl
import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from dijk.desk.app import run_command
from dijk.report import Edition, Issued, Report, Text
from dijk.report.edition import file_name
from dijk.report.pages import Cell, Chapter, Column, Say, Table
from dijk_web import jobs, report_days, reporting, store
from dijk_web.actions import deciding
from dijk_web.actions import reporting as act
from dijk_web.actions.planning import ask_for_plan, publish
from dijk_web.actions.reporting import Asked
from dijk_web.actions.telling import Sent
from dijk_web.actions.writing import TooLate
from dijk_web.models import Act, IssuedReport, Made, Proposal, ReportWish, Run
from dijk_web.report_days import after, regular, report_day
from four_people import browser, person
from telling_forms import hidden

pytestmark = pytest.mark.slow

ALL_FILES = reporting.FILES + 2 * 2 + 1
"""Two lists per region in each language beside the others, and what it was told."""

MONDAY, THURSDAY = dt.date(2020, 4, 27), dt.date(2020, 4, 30)


# What the tests stand on


def few_pages(folder: Path, *, issued: Issued, previous: Path | None = None) -> Report:
    """A report of two tables, of which one tells of sites."""

    def table(ref: str, guarded: Any) -> Table:
        return Table(
            ref, Say("quality.lots.title"), (Column(Say("col.need")),), ((Cell("text", "gown"),),), guarded=guarded
        )

    nothing = pl.DataFrame()
    chapter = Chapter(1, "headline", (table("T1.1", None), table("T1.2", "site")))
    return Report(
        Text("a", "b"), dt.datetime(2020, 4, 27, 10), False, (), (chapter,), nothing, nothing, nothing, issued.number
    )


def few_files(made: Report, run: str, form: str, lang: str, edition: Edition) -> Iterator[tuple[str, bytes]]:
    """As the real ones are called, and quickly made."""
    yield file_name(run, edition, lang, form), f"{made.number} {form} {lang} {edition}".encode()
    if form == "xlsx" and edition == "full":
        for region in ("R01", "R02"):
            yield f"regions.{run}.{lang}/{region}.xlsx", region.encode()


@pytest.fixture
def quickly() -> Iterator[None]:
    with mock.patch("dijk.desk.report.pages", few_pages), mock.patch("dijk.desk.report.drawn", few_files):
        yield


@pytest.fixture
def desk(planned: SimpleNamespace, quickly: None) -> SimpleNamespace:
    """The run is published; Pia is a second planner, Noor of GMT, Kees of CZ."""
    publish(planned.run, by=planned.pim, reason="Monday")
    planned.run.refresh_from_db()
    more = {
        "pia": person("pia", role="planner"),
        "noor": person("noor", role="official", directorate="GMT"),
        "kees": person("kees", role="official", directorate="CZ"),
        "anna": person("anna", role="auditor"),
        "bo": person("bo", role="buyer"),
    }
    return SimpleNamespace(**vars(planned), **more)


def since(day: dt.date = MONDAY) -> Sent:
    return Sent(None, reporting.last_act_of(day))


def asked(desk: Any, what: Asked | None = None, reason: str = "Monday") -> IssuedReport:
    """A report that is asked for and not made yet."""
    what = what or Asked(MONDAY)
    number = act.ask_for_report(Run.objects.first(), what, by=desk.pim, reason=reason, sent=since(what.day))
    return IssuedReport.objects.get(act=number)


def made(desk: Any, what: Asked | None = None, reason: str = "Monday") -> IssuedReport:
    report = asked(desk, what, reason)
    jobs.make_report.call(report.act)
    report.refresh_from_db()
    return report


def proposed(desk: Any, report: IssuedReport, by: Any = None) -> Proposal:
    number = act.propose_to_freeze(report, by=by or desk.pim, reason="read", sent=Sent(None, 0))
    return Proposal.objects.get(act=number)


def frozen(desk: Any, report: IssuedReport) -> IssuedReport:
    deciding.approve(proposed(desk, report), by=desk.pia, why="read too", sent=Sent(None, 0))
    report.refresh_from_db()
    return report


def another_run(desk: Any) -> Run:
    """A later run, published; its tables are those of the first."""
    desk.now.return_value += dt.timedelta(hours=1)
    number = ask_for_plan(by=desk.pim, reason="anew")
    shutil.copytree(store.folder(str(desk.run.code)), store.folder("0123456789ab"))
    Run.objects.filter(act=number).update(state="published", published_by=number, code="0123456789ab")
    return Run.objects.get(act=number)


def page_of(who: Any, address: str, status: int = 200) -> str:
    answer = browser(who).get(address)
    assert answer.status_code == status, answer.status_code
    return str(answer.content.decode())


# Making and freezing


def test_a_report_is_drawn_by_a_job_in_every_language_form_and_edition(desk: Any) -> None:
    report = asked(desk)
    assert (report.state, report.files) == (Made.ASKED, {})
    jobs.make_report.call(report.act)
    report.refresh_from_db()
    assert (report.state, report.done) == (Made.MADE, reporting.FILES)
    assert len(report.files) == ALL_FILES
    for name, sha in report.files.items():
        assert hashlib.sha256((store.report_folder(report.act) / name).read_bytes()).hexdigest() == sha
    before = Act.objects.get(number=report.act - 1)
    assert (report.last_act, report.seal) == (before.number, before.seal)
    told = json.loads((store.report_folder(report.act) / reporting.TOLD).read_bytes())
    assert (told["number"], told["act"], told["seal"]) == (report.act, before.number, before.seal)
    assert [(ref, held) for ref, _en, _nl, held in report.contents] == [
        ("T1.1", ["full", "money", "general"]),
        ("T1.2", ["full"]),
    ]


def test_two_persons_freeze_a_report_and_its_bytes_stay(desk: Any) -> None:
    report = frozen(desk, made(desk))
    assert report.state == Made.FROZEN
    line = Act.objects.get(number=report.frozen_by)
    assert line.name == "proposal_approved" and line.after["sha256"] == reporting.digest(report.files)
    before = {name: (store.report_folder(report.act) / name).read_bytes() for name in report.files}
    with mock.patch("dijk.desk.report.drawn", side_effect=AssertionError("drawn again")):
        jobs.make_report.call(report.act)  # a job may be done twice
    report.refresh_from_db()
    assert report.state == Made.FROZEN
    assert {name: (store.report_folder(report.act) / name).read_bytes() for name in report.files} == before


def test_nobody_freezes_what_they_proposed_in_whatever_role(desk: Any) -> None:
    report = made(desk)
    proposal = proposed(desk, report)
    for role in ("coordinator", "expert", "buyer", "auditor", "institution", "security", "disclosure"):
        desk.pim.role, desk.pim.region = role, desk.home.region
        with pytest.raises(PermissionDenied):
            deciding.approve(proposal, by=desk.pim, why="x", sent=Sent(None, 0))
    for role, directorate in (("planner", None), ("official", "GMT")):
        desk.pim.role, desk.pim.directorate = role, directorate
        number = deciding.approve(proposal, by=desk.pim, why="x", sent=Sent(None, 0))
        assert Act.objects.get(number=number).name == deciding.OWN_TRIED
    report.refresh_from_db()
    assert report.state == Made.MADE


def test_who_freezes_is_a_planner_or_of_the_directorate_and_nobody_else(desk: Any) -> None:
    report = made(desk)
    for who in (desk.kees, desk.ravi, desk.eva, desk.anna, desk.bo, desk.mila):
        with pytest.raises(PermissionDenied):
            proposed(desk, report, by=who)
    proposal = proposed(desk, report)
    for who in (desk.kees, desk.ravi, desk.eva, desk.anna, desk.bo, desk.mila):
        with pytest.raises(PermissionDenied):
            deciding.approve(proposal, by=who, why="x", sent=Sent(None, 0))
    deciding.approve(proposal, by=desk.noor, why="seen", sent=Sent(None, 0))
    report.refresh_from_db()
    assert report.state == Made.FROZEN


def test_who_makes_reports_is_a_planner(desk: Any) -> None:
    for who in (desk.noor, desk.kees, desk.ravi, desk.eva, desk.anna, desk.bo, desk.mila):
        with pytest.raises(PermissionDenied):
            act.ask_for_report(desk.run, Asked(MONDAY), by=who, reason="x", sent=since())


def test_a_report_whose_bytes_changed_is_not_frozen(desk: Any) -> None:
    report = made(desk)
    proposal = proposed(desk, report)
    name = next(name for name in report.files if name.endswith(".html"))
    (store.report_folder(report.act) / name).write_bytes(b"other figures")
    with pytest.raises(act.NotWhole):
        deciding.approve(proposal, by=desk.pia, why="x", sent=Sent(None, 0))
    report.refresh_from_db()
    assert report.state == Made.MADE and Proposal.objects.get(act=proposal.act).is_open
    form = hidden(page_of(desk.pia, f"/proposals/{proposal.act}/"))
    answer = browser(desk.pia).post(f"/proposals/{proposal.act}/", {**form, "why": "x", "step": "approve"})
    assert answer.status_code == 422 and "not as they were made" in answer.content.decode()


def test_a_drawing_that_breaks_off_leaves_no_bytes_and_is_done_once_more(desk: Any) -> None:
    report = asked(desk)

    def broken(*told: Any) -> Iterator[tuple[str, bytes]]:
        yield from few_files(*told)
        if told[2] == "pdf":
            raise MemoryError

    with mock.patch("dijk.desk.report.drawn", broken), pytest.raises(MemoryError):
        jobs.make_report.call(report.act)
    report.refresh_from_db()
    assert report.state == Made.ASKED and not store.report_folder(report.act).exists()
    jobs.make_report.call(report.act)
    report.refresh_from_db()
    assert report.state == Made.MADE and reporting.differing(report) == []


def test_the_database_holds_no_report_without_bytes_and_none_that_nobody_froze(desk: Any) -> None:
    report = asked(desk)
    rows = IssuedReport.objects.filter(act=report.act)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(state=Made.MADE)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(state=Made.FROZEN, files={"a": "b"})
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(state=Made.FROZEN, files={"a": "b"}, frozen_by=1, is_interim=True)


def test_only_what_is_made_of_a_published_run_can_be_frozen(desk: Any) -> None:
    report = asked(desk)
    with pytest.raises(TooLate):
        proposed(desk, report)
    interim = made(desk, Asked(MONDAY, is_interim=True, missing="The South."))
    with pytest.raises(TooLate):
        proposed(desk, interim)
    Run.objects.filter(act=desk.run.act).update(state="made", published_by=None)
    jobs.make_report.call(report.act)
    with pytest.raises(TooLate):
        proposed(desk, report)


def test_one_report_holds_a_day(desk: Any) -> None:
    first, second = made(desk), made(desk)
    frozen(desk, first)
    with pytest.raises(TooLate):
        proposed(desk, second)
    with pytest.raises(TooLate):
        asked(desk)
    with pytest.raises(IntegrityError), transaction.atomic():
        IssuedReport.objects.filter(act=second.act).update(state=Made.FROZEN, frozen_by=1)


# A correction


def test_a_correction_names_what_it_corrects_and_the_old_one_stays(desk: Any) -> None:
    old = frozen(desk, made(desk))
    bytes_before = {name: (store.report_folder(old.act) / name).read_bytes() for name in old.files}
    another_run(desk)
    new = frozen(desk, made(desk, Asked(MONDAY, corrects=old), "A lot was counted twice."))
    told = reporting.issued(new)
    assert told.corrects is not None and (told.corrects.number, told.corrects.why) == (
        old.act,
        "A lot was counted twice.",
    )
    assert told.previous == desk.run.code  # what changed is told against the report that it corrects
    assert {name: (store.report_folder(old.act) / name).read_bytes() for name in old.files} == bytes_before
    assert f"Read report {new.act} in its place" in page_of(desk.ravi, f"/reports/{old.act}/")
    assert "A lot was counted twice." in page_of(desk.ravi, f"/reports/{new.act}/")
    with pytest.raises(TooLate):  # it is corrected already; its correction can be
        asked(desk, Asked(MONDAY, corrects=old), "again")
    assert asked(desk, Asked(MONDAY, corrects=new), "again").corrects == new.act


def test_a_correction_is_of_a_frozen_report_of_the_same_day(desk: Any) -> None:
    draft = made(desk)
    with pytest.raises(TooLate):
        asked(desk, Asked(MONDAY, corrects=draft), "wrong")
    old = frozen(desk, draft)
    with pytest.raises(TooLate):
        asked(desk, Asked(THURSDAY, corrects=old), "wrong")


# The calendar


def test_reports_come_on_monday_and_thursday_at_five_in_the_netherlands() -> None:
    assert regular(dt.date(2020, 4, 27)) == dt.datetime(2020, 4, 27, 15, tzinfo=dt.UTC)  # summer time
    assert regular(dt.date(2020, 3, 26)) == dt.datetime(2020, 3, 26, 16, tzinfo=dt.UTC)
    assert [dt.date(2020, 4, day) for day in range(20, 31) if report_days.is_report_day(dt.date(2020, 4, day))] == [
        dt.date(2020, 4, 20),
        dt.date(2020, 4, 23),
        dt.date(2020, 4, 27),
        dt.date(2020, 4, 30),
    ]


def test_what_hangs_on_a_day_moves_along_with_it(desk: Any) -> None:
    draft = made(desk)
    assert draft.next_at == regular(THURSDAY)
    waits = proposed(desk, draft)
    debate = dt.datetime(2020, 4, 29, 19, tzinfo=dt.UTC)
    act.move_day(THURSDAY, debate, by=desk.noor, reason="The debate is on Wednesday.", sent=since(THURSDAY))
    assert (after(MONDAY).at, report_day(THURSDAY).move.why) == (debate, "The debate is on Wednesday.")
    deciding.approve(waits, by=desk.pia, why="x", sent=Sent(None, 0))
    assert Proposal.objects.get(act=waits.act).state == "overtaken"
    with pytest.raises(TooLate):  # it tells the old moment
        proposed(desk, draft)
    new = frozen(desk, made(desk))
    assert reporting.issued(new).next_report == dt.datetime(2020, 4, 29, 21)
    page = page_of(desk.mila, "/reports/")
    assert "Wednesday 29 April 2020, 21:00" in page and "The debate is on Wednesday." in page


def test_a_day_is_moved_by_who_may_from_what_they_saw_and_not_once_it_is_frozen(desk: Any) -> None:
    later = dt.datetime(2020, 4, 28, 12, tzinfo=dt.UTC)
    for who in (desk.kees, desk.ravi, desk.eva, desk.anna, desk.bo, desk.mila):
        with pytest.raises(PermissionDenied):
            act.move_day(MONDAY, later, by=who, reason="x", sent=since())
    act.move_day(MONDAY, later, by=desk.pim, reason="The briefing is on Tuesday.", sent=Sent(None, 0))
    with pytest.raises(TooLate):
        act.move_day(MONDAY, later, by=desk.noor, reason="x", sent=Sent(None, 0))
    frozen(desk, made(desk))
    with pytest.raises(TooLate):
        act.move_day(MONDAY, later, by=desk.noor, reason="x", sent=since())


def test_a_move_is_typed_in_dutch_time_and_checked_at_the_field(desk: Any) -> None:
    address = f"/reports/days/{THURSDAY}/"
    for comes, words in (
        ("2020-04-26T12:00", "That moment has passed."),
        ("2020-05-20T12:00", "At most two weeks from its own day."),
    ):
        form = hidden(page_of(desk.noor, address))
        answer = browser(desk.noor).post(address, {**form, "comes": comes, "reason": "x"})
        assert answer.status_code == 422 and words in answer.content.decode()
    form = hidden(page_of(desk.noor, address))
    assert (
        browser(desk.noor).post(address, {**form, "comes": "2020-04-29T21:00", "reason": "debate"}).status_code == 302
    )
    assert report_day(THURSDAY).at == dt.datetime(2020, 4, 29, 19, tzinfo=dt.UTC)
    for code in ("2020-04-28", "2021-04-26", "monday"):
        page_of(desk.noor, f"/reports/days/{code}/", 404)


# Who reads what


def test_nobody_but_who_works_on_it_reads_a_report_before_it_is_frozen(desk: Any) -> None:
    report = made(desk)
    names = list(report.files)
    for who in (desk.mila, desk.ravi, desk.eva, desk.bo):
        page_of(who, f"/reports/{report.act}/", 404)
        assert f"/reports/{report.act}/" not in page_of(who, "/reports/")
        for name in names:
            page_of(who, f"/reports/{report.act}/files/{name}", 404)
        page_of(who, f"/reports/{report.act}/at/T1.1/", 404)
    for who in (desk.pim, desk.noor, desk.kees, desk.anna):
        assert "draft: may still change" in page_of(who, f"/reports/{report.act}/")


def test_each_reads_a_frozen_report_in_the_edition_of_what_else_they_read(desk: Any) -> None:
    report = frozen(desk, made(desk))
    regions = {name for name in report.files if name.startswith("regions.")}
    of_ravi = {name for name in regions if name.endswith(f"/{desk.ravi.region}.xlsx")}
    narrow = {name for name in report.files if ".general." in name}
    money = {name for name in report.files if ".money." in name}
    reads = {
        "mila": narrow,
        "ravi": narrow | of_ravi,
        "eva": narrow,
        "kees": narrow | regions | {"report.json"},
        "bo": narrow | money,
        "pim": set(report.files),
        "noor": set(report.files),
        "anna": set(report.files),
    }
    for name, wanted in reads.items():
        client = browser(getattr(desk, name))
        opened = {file for file in report.files if client.get(f"/reports/{report.act}/files/{file}").status_code == 200}
        assert opened == wanted, name
    page_of(desk.mila, f"/reports/{report.act}/at/T1.2/", 404)
    assert browser(desk.mila).get(f"/reports/{report.act}/at/T1.1/").status_code == 302


def test_an_institution_reads_no_report_of_a_run_that_is_being_divided(desk: Any) -> None:
    from dijk_web.actions.dividing import propose_division

    report = frozen(desk, made(desk))
    page_of(desk.mila, f"/reports/{report.act}/")
    number = propose_division(desk.run, by=desk.pim, reason="x", sent=Sent(None, 0))
    page_of(desk.mila, f"/reports/{report.act}/", 404)
    page_of(desk.ravi, f"/reports/{report.act}/")
    deciding.withdraw(Proposal.objects.get(act=number), by=desk.pim, why="x", sent=Sent(None, 0))
    page_of(desk.mila, f"/reports/{report.act}/")


def test_the_web_page_of_a_report_comes_under_a_policy_of_its_own(desk: Any) -> None:
    report = frozen(desk, made(desk))
    name = reporting.name_of(report, "en", "html", "general")
    answer = browser(desk.mila).get(f"/reports/{report.act}/files/{name}")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "sandbox" in policy and "script" not in policy
    assert answer.headers["Content-Type"].startswith("text/html")
    assert b"".join(answer.streaming_content) == (store.report_folder(report.act) / name).read_bytes()


def test_a_figure_that_a_letter_quotes_is_found_by_its_reference(desk: Any) -> None:
    report = frozen(desk, made(desk))
    client = browser(desk.ravi)
    for quote in (f"dijk 2020-04-27/{report.act} T1.1", "see DIJK 2020-04-27 t1.1."):
        answer = client.get("/reports/", {"quote": quote})
        assert answer["Location"] == f"/reports/{report.act}/at/T1.1/"
        name = reporting.name_of(report, "en", "html", "general")
        assert client.get(answer["Location"])["Location"] == f"/reports/{report.act}/files/{name}#t1-1"
    assert client.get("/reports/", {"quote": "dijk 2020-04-20 T1.1"}).status_code == 404
    assert "is not how a report is quoted" in page_of(desk.ravi, "/reports/?quote=T1.1")


# What is wanted before its day


def test_an_official_asks_for_an_interim_report_and_a_planner_makes_it(desk: Any) -> None:
    for who in (desk.pim, desk.ravi, desk.eva, desk.bo, desk.anna, desk.mila):
        with pytest.raises(PermissionDenied):
            act.want_report(dt.datetime(2020, 4, 28, tzinfo=dt.UTC), by=who, reason="x", sent=Sent(None, 0))
    form = hidden(page_of(desk.kees, "/reports/"))
    typed = {**form, "needed_at": "2020-04-28T09:00", "reason": "The letter to parliament."}
    assert browser(desk.kees).post("/reports/", typed).status_code == 302
    assert ReportWish.objects.get().needed_at == dt.datetime(2020, 4, 28, 7, tzinfo=dt.UTC)  # typed in Dutch time
    assert "The letter to parliament." in page_of(desk.pim, "/reports/")
    assert "The letter to parliament." not in page_of(desk.ravi, "/reports/")
    assert "1 interim report is asked for" in page_of(desk.pim, "/")
    form = hidden(page_of(desk.pim, "/reports/"))
    typed = {**form, "day": MONDAY.isoformat(), "is_interim": "on", "reason": "For the letter."}
    assert browser(desk.pim).post("/reports/", typed).status_code == 422  # it says what it lacks
    answer = browser(desk.pim).post("/reports/", {**typed, "missing": "The South has not answered."})
    report = IssuedReport.objects.first()
    assert answer["Location"] == f"/reports/{report.act}/"
    assert ReportWish.objects.get().answered_by == report.act
    assert reporting.issued(report).missing == "The South has not answered."


def test_a_form_of_before_the_calendar_changed_is_refused(desk: Any) -> None:
    form = hidden(page_of(desk.pim, "/reports/"))
    act.move_day(THURSDAY, regular(THURSDAY), by=desk.noor, reason="x", sent=since(THURSDAY))
    typed = {**form, "day": MONDAY.isoformat(), "reason": "Monday"}
    assert browser(desk.pim).post("/reports/", typed).status_code == 409
    assert not IssuedReport.objects.exists()


# The same bytes at a desk


def test_a_desk_makes_the_same_bytes_of_the_run_and_what_was_told(planned: Any, tmp_path: Path) -> None:
    """The real pages, of which one form is enough: all forms are drawn of the same pages."""
    with mock.patch.object(reporting, "FORMS", ("html",)), mock.patch.object(jobs, "LANGS", ("nl",)):
        report = made(planned, Asked(MONDAY, is_interim=True, missing="Het zuiden."))
    folder, out = store.report_folder(report.act), tmp_path / "desk"
    names = sorted(name for name in report.files if name.endswith(".html"))
    assert len(names) == 3
    run = str(store.folder(str(planned.run.code)))
    for edition in ("full", "money", "general"):
        words = ["report", run, "-o", str(out), "--lang", "nl", "--form", "html", "--edition", edition]
        words += ["--issued", str(folder / reporting.TOLD)]
        assert run_command(words) == 0
    assert sorted(path.name for path in out.iterdir()) == names
    assert [name for name in names if (out / name).read_bytes() != (folder / name).read_bytes()] == []
    narrow = (folder / next(name for name in names if ".general." in name)).read_text("utf-8")
    sites = store.known(str(planned.run.code), "site")
    assert [name for name in sites["name"] if name in narrow] == []
    assert "€" not in narrow and "Het zuiden." in narrow


# Killed


FREEZING = """
import sys, time
from dijk_web.opening import open_tower
open_tower()
sys.path.insert(0, sys.argv[1])
from unittest import mock
import test_reports as tests
from dijk_web import jobs
from dijk_web.actions import deciding, reporting
from dijk_web.models import IssuedReport, Person, Proposal

def slowly(*told):
    for one in tests.few_files(*told):
        time.sleep(0.005)
        yield one

mock.patch("dijk.desk.report.pages", tests.few_pages).start()
mock.patch("dijk.desk.report.drawn", slowly).start()
pim, pia = (Person.objects.get(code=code) for code in ("p-pim", "p-pia"))
print("ready", flush=True)
jobs.make_report.call(int(sys.argv[2]))
report = IssuedReport.objects.get(act=int(sys.argv[2]))
number = reporting.propose_to_freeze(report, by=pim, reason="-", sent=tests.Sent(None, 0))
deciding.approve(Proposal.objects.get(act=number), by=pia, why="-", sent=tests.Sent(None, 0))
print("frozen", flush=True)
"""


@pytest.mark.parametrize("times", [2, pytest.param(10, marks=pytest.mark.long)])
def test_a_report_that_is_killed_while_it_is_drawn_or_frozen_is_whole_or_waits(
    desk: Any, surroundings: dict[str, str], times: int
) -> None:
    """No report without its bytes, none frozen without its line in the log, and a job that is done once more ends it."""
    chance, env = (
        random.Random(times),
        surroundings | {"DIJK_CLOCK": desk.now.return_value.strftime("%Y-%m-%dT%H:%M:%SZ")},
    )
    for turn in range(times):
        report = asked(desk, Asked(MONDAY + dt.timedelta(weeks=turn)))
        command = [sys.executable, "-c", FREEZING, str(Path(__file__).parent), str(report.act)]
        one = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
        assert one.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0, 0.3))
        one.kill()
        was_frozen = one.communicate()[0] == "frozen\n"
        report.refresh_from_db()
        assert (report.state == Made.FROZEN) or not was_frozen  # what was acknowledged is there
        assert report.state == Made.ASKED or (report.files and reporting.differing(report) == [])
        decided = Proposal.objects.filter(kind="report", content__report=report.act, state="approved")
        assert decided.exists() == (report.state == Made.FROZEN)
        assert report.frozen_by is None or Act.objects.get(number=report.frozen_by).after["report"] == report.act
        jobs.make_report.call(report.act)
        report.refresh_from_db()
        assert report.state in (Made.MADE, Made.FROZEN) and reporting.differing(report) == []
        assert len(report.files) == ALL_FILES
