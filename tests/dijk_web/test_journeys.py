"""What people come to do, in a real browser on a tower that is served as in the demo: in both languages, with scripts
and without, by hand and by the keyboard alone.
"""

import datetime as dt
import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urljoin, urlsplit

import openpyxl
import polars as pl
import psycopg
import pytest
from allauth.mfa.totp.internal import auth as totp
from django.db import connection
from django.urls import resolve
from playwright.sync_api import sync_playwright

import country_once
from dijk_web import serving
from dijk_web.demo_people import two_regions
from visitors import CHROMIUM, WIDTHS, Visitor, open_browser

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="missing tool: chromium")]
ROOT = Path(__file__).parents[2]

NL, EN = {"lang": "nl"}, {"lang": "en"}
NL_KEYS, EN_KEYS = NL | {"keyboard": True}, EN | {"keyboard": True}
NL_BARE, EN_BARE = NL | {"script": False}, EN | {"script": False}
"""How people come: by hand, by the keyboard alone, without scripts."""
ALL_WAYS = {"nl": NL, "en": EN, "nl_bare": NL_BARE, "en_bare": EN_BARE}


def by(**ways: dict[str, Any]) -> Any:
    """A journey in one of these ways, and among the long ones in all the others, in both languages with scripts and
    without.
    """
    (often, way), *seldom = (ways | {name: one for name, one in ALL_WAYS.items() if name not in ways}).items()
    long = [pytest.param(one, id=name, marks=pytest.mark.long) for name, one in seldom]
    return pytest.mark.parametrize("way", [pytest.param(way, id=often), *long])


@pytest.fixture(scope="module")
def shown(tmp_path_factory: Any, django_db_setup: None) -> Iterator[SimpleNamespace]:
    """A tower on show: where it is, and the password of all. On SQLite its empty database is one of the tests."""
    folder = tmp_path_factory.mktemp("shown")
    (folder / "tower").mkdir()
    if connection.vendor == "sqlite":
        shutil.copy(connection.settings_dict["NAME"], folder / "tower" / "dijk.sqlite3")
    shutil.copytree(country_once.commanded() / "country", folder / "data")
    give_a_minute(folder / "data" / "policy_rule.csv")
    port = serving.free_port()
    told = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    if url := told.get("DIJK_DATABASE_URL"):
        told["DIJK_DATABASE_URL"] = database_of_its_own(url)
    told |= {"DIJK_DEMO": "1", "DIJK_DATA": str(folder / "tower"), "DIJK_CLOCK": "2020-04-27T10:00:00Z"}
    command = [sys.executable, str(ROOT / "tests/tower_on_show.py"), "data", str(port)]
    one = subprocess.Popen(
        command, cwd=folder, env=told | {"PYTHONPATH": str(ROOT / "src")}, stdout=subprocess.PIPE, text=True
    )
    said = ""
    while "Ctrl-C ends" not in said:
        line = one.stdout.readline()
        assert line, said
        said += line
    password = re.search(r"password (\S+)", said)
    yield SimpleNamespace(where=f"http://127.0.0.1:{port}", password=password.group(1), homes=homes(folder / "data"))
    one.terminate()
    assert one.wait(timeout=60) == 0


def database_of_its_own(url: str) -> str:
    """An empty database on the server of the tests; where it is."""
    name = f"shown_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def give_a_minute(rules: Path) -> None:
    """Let the policy give regions one minute to answer an urgent order."""
    table = pl.read_csv(rules, infer_schema=False)
    minute = pl.when(rule="urgent_answer_minutes").then(pl.lit("1.0")).otherwise("value")
    table.with_columns(value=minute).write_csv(rules)


def homes(dataset: Path) -> list[dict[str, Any]]:
    """The care homes of the region of the demo, but for the one that has an account."""
    site = pl.read_csv(dataset / "site.csv", infer_schema=False)
    region = two_regions(site)[0]
    here = site.filter(pl.col("region") == region, pl.col("sector").is_in(["nursing_home", "home_care", "disability"]))
    largest = (
        here.filter(pl.col("sector") == "nursing_home").sort(pl.col("size").cast(pl.Int64), descending=True).head(1)
    )
    return here.join(largest, on="site", how="anti").sort("site").to_dicts()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_playwright() as playwright:
        yield open_browser(playwright)


@pytest.fixture
def visit(browser: Any, shown: SimpleNamespace) -> Iterator[Callable[..., Visitor]]:
    """Opens a window for somebody, logged in if a name is given; when all are closed nothing went wrong in any."""
    opened = []

    def open_for(name: str = "", **way: Any) -> Visitor:
        opened.append(Visitor(browser, shown.where, **way))
        if name:
            opened[-1].log_in(name, shown.password)
        return opened[-1]

    yield open_for
    for one in opened:
        one.leave()


@pytest.fixture(scope="module")
def left_alone(browser: Any, shown: SimpleNamespace) -> dict[str, int]:
    """Urgent orders of a region that answers none, where the policy gives it a minute: asked at once, looked at last."""
    numbers = {}
    for lang in ("nl", "en"):
        nurse = Visitor(browser, shown.where, lang)
        nurse.log_in("other-hospital", shown.password)
        numbers[lang] = order_urgently(nurse)
        nurse.leave()
    return numbers


@pytest.fixture(autouse=True)
def left_alone_from_the_beginning(left_alone: dict[str, int]) -> None:
    """So that its minute runs while others are on their way."""


def number_taken_in(visitor: Visitor) -> int:
    """The number by which something was taken in."""
    found = re.search(r"/acts/(\d+)/$", visitor.page.url)
    assert found, visitor.page.url + visitor.said()[:600]
    return int(found.group(1))


HOMES = iter(range(99))
SECRET = "a dike of sand and clay"
SUM = "{packs} boxes of {each} = {pieces} pieces"


@by(nl=NL, en_keys=EN_KEYS)
def test_a_care_home_is_invited_tells_its_stock_orders_and_repeats_the_order(
    visit: Any, shown: SimpleNamespace, way: dict[str, Any]
) -> None:
    home = shown.homes[next(HOMES)]
    link = invited(visit("coordinator", lang=way["lang"]), home)
    nurse = visit(**way)
    come_in(nurse, link, f"nurse-{link[-5:-1].lower()}@home.example")
    tell_stock(nurse)
    order(nurse)
    repeat(nurse)
    nurse.go(f"/log/site:{home['site']}/")
    nurse.sees("Every change, the newest first")


def invited(by: Visitor, home: dict[str, Any]) -> str:
    """Invite somebody of a site; the link in the letter."""
    by.follow("People")
    by.follow("Invite somebody")
    by.type_in(by.page.locator("#id_name"), "Nel Nachtdienst")
    by.type_in(by.page.locator("#id_organisation"), home["organisation"])
    by.type_in(by.page.locator("#id_sites"), home["site"])
    by.type_in(by.page.locator("#id_reason"), "called the number in the register")
    by.press("Invite")
    return by.page.locator("p.code").first.inner_text().strip()


def come_in(nurse: Visitor, link: str, email: str) -> None:
    """Follow the link, set a password, log in."""
    nurse.go(link.removeprefix(nurse.where))
    for name, text in (("email", email), ("password", SECRET), ("again", SECRET)):
        nurse.type_in(nurse.page.locator(f"#id_{name}"), text)
    nurse.press("Come in")
    nurse.type_in(nurse.page.locator("#id_login"), email)
    nurse.type_in(nurse.page.locator("#id_password"), SECRET)
    nurse.press("Log in")
    nurse.sees("Start")


def tell_stock(nurse: Visitor) -> None:
    """Three boxes of the one, nothing known of the other."""
    nurse.follow("My stock")
    first = nurse.page.locator("tbody tr").nth(0)
    each = first.locator("input[name^=each]").get_attribute("value")
    nurse.type_in(first.locator("input.amount"), "3")
    nurse.choose_in(first.locator("select"), "packs")
    told = in_words(nurse, 3, int(each))
    if nurse.script:
        assert told in first.inner_text()
    nurse.tick(nurse.page.locator("tbody tr").nth(1).locator("input[type=checkbox]"))
    nurse.press("Look at it before sending")
    assert told in nurse.said()
    nurse.press("Send")
    assert number_taken_in(nurse) > 0
    nurse.sees("Taken in as number %(number)s", number=number_taken_in(nurse))


def in_words(visitor: Visitor, packs: int, each: int) -> str:
    """Packs and pieces as the screens write them."""
    point = "." if visitor.lang == "nl" else ","
    numbers = {"packs": packs, "each": each, "pieces": packs * each}
    return visitor.words(SUM).format(**{name: f"{number:,}".replace(",", point) for name, number in numbers.items()})


def order(nurse: Visitor) -> None:
    """Two boxes of the first need."""
    nurse.follow("Orders")
    nurse.follow("Order")
    first = nurse.page.locator("tbody tr").nth(0)
    nurse.type_in(first.locator("input.amount"), "2")
    nurse.choose_in(first.locator("select"), "packs")
    nurse.press("Look at it before sending")
    nurse.press("Send")
    assert number_taken_in(nurse) > 0


def repeat(nurse: Visitor) -> None:
    """The same again, which fills what is empty and sends nothing by itself; pressed twice, taken in once."""
    nurse.follow("Orders")
    before = nurse.page.locator("tbody tr").count()
    nurse.follow("Order")
    nurse.press("Fill what is empty with the last order")
    first = nurse.page.locator("tbody tr").nth(0)
    packs = int(first.locator("input.amount").input_value())
    assert (packs, first.locator("select").input_value()) in ((2, "packs"), (2 * pack_of(first), "pieces"))
    nurse.press("Look at it before sending")
    nurse.press_twice("Send")
    assert number_taken_in(nurse) > 0
    nurse.follow("Orders")
    assert nurse.page.locator("tbody tr").count() == before + 1


def pack_of(line: Any) -> int:
    """Pieces in a pack of a line."""
    return int(line.locator("input[name^=each]").get_attribute("value"))


@by(en=EN)
def test_a_planner_makes_a_plan_and_a_hospital_reads_why_it_gets_this_number(visit: Any, way: dict[str, Any]) -> None:
    planner = visit("planner", **way)
    planner.follow("Runs")
    planner.type("Why", "Monday's plan")
    planner.press("Ask for a plan")
    until(planner, "Publish")
    planner.type("Why", "Monday's levels")
    planner.press("Publish")
    planner.follow("Divisions")
    planner.type("Why", "Monday's division")
    planner.press("Propose this division")
    planner.sees("You proposed it, so another planner releases it.")
    nurse = visit("other-hospital", **way)
    nurse.follow("What you get, and why")
    nurse.sees("Being divided, expected on %(day)s.", day="28 April 2020")
    nurse.sees("Released: this is what you get.")  # by the division of before
    served = nurse.page.locator("tbody tr").filter(has_not=nurse.page.locator("td:nth-child(3):text-is('0')"))
    nurse.use(served.first.locator("a"))
    nurse.sees("From what was asked to what is sent, in pieces")
    nurse.sees("Dealt again from the published levels alone")
    table = nurse.page.get_by_role("table", name=nurse.words("Packs by the rule beside packs awarded"))
    same = table.locator("tbody tr td:last-child").all_inner_texts()
    assert same == [nurse.words("yes")] * len(same) != []
    region = visit("coordinator", **way)
    region.follow("Divisions")
    region.use(region.page.locator("tbody th a").last)  # the one that the regions checked; a later one has little left
    region.use(region.page.locator("tbody th a").first)
    region.sees("accepted")
    region.use(region.page.locator("tbody th a").first)
    region.sees("Totals of the region, which cannot be exceeded")
    planner.follow("Take it back")
    planner.type("Why", "Made by mistake")
    planner.press("Take it back")
    planner.sees("taken back")


@by(en_keys=EN_KEYS, nl_keys=NL_KEYS)
def test_an_official_proposes_a_rule_sees_what_it_would_do_and_another_approves(
    visit: Any, way: dict[str, Any]
) -> None:
    value = str(next(VALUES))
    official = visit("official-gmt", **way)
    official.go("/policy/policy_rule/request_open_days|all|all|all/")
    official.follow("Propose a change")
    official.type_in(official.page.locator("#id_value"), value)
    for name in ("basis", "source", "reason"):
        official.type_in(official.page.locator(f"#id_{name}"), "Minutes of Monday")
    official.choose_in(official.page.locator("#id_how"), "assumed")
    official.press("Propose it")
    official.sees("You proposed this: another person decides")
    proposal = official.page.url
    official.follow("What it would do to the plan")
    official.press("Work out the effect")
    until(official, "Work out the effect")
    official.sees("worked out")
    second = visit("second-official", **way)
    second.go(urlsplit(proposal).path)
    second.type("Why", "Agreed on Monday")
    second.press("Approve")
    second.sees("approved")
    official.go("/policy/policy_rule/request_open_days|all|all|all/")
    holds = official.page.locator("dl").nth(1).inner_text()
    assert value in holds and "official GMT; proposed by official" in holds


VALUES = iter(range(9, 14))


@by(nl=NL)
def test_an_expert_signs_a_planner_objects_an_institution_asks_and_an_official_answers(
    visit: Any, way: dict[str, Any]
) -> None:
    need = "/needs/gown/"
    expert = visit("expert", **way)
    expert.go(need)
    expert.follow("Sign a verdict")
    expert.choose_in(expert.page.locator("#id_verdict"), "absolute_shortage")
    expert.choose_in(expert.page.locator("#id_how"), "estimated")
    for name, text in {
        "evidence": "A plane is late",
        "valid_to": "2020-06-01",
        "basis": "7",
        "source": "panel",
    }.items():
        expert.type_in(expert.page.locator(f"#id_{name}"), text)
    expert.press("Sign it")
    expert.sees("The verdict that holds")
    expert.sound()
    planner = visit("planner", **way)
    planner.go(need)
    planner.follow("Object to the verdict")
    planner.type_in(planner.page.locator("#id_text"), "It lands tomorrow")
    planner.press("Object")
    nurse = visit("care-home", **way)
    nurse.follow("Product list")
    nurse.use(nurse.page.locator(f"a[href='{need}']"))
    assert "A plane is late" not in nurse.said() and "It lands" not in nurse.said()
    nurse.follow("Ask a question")
    nurse.type_in(nurse.page.locator("#id_text"), "Is one a day enough?")
    nurse.press("Ask")
    official = visit("official-gmt", **way)
    official.go("/needs/")
    official.sound()
    official.go(need)
    assert "It lands tomorrow" in official.said()
    official.use(official.page.locator("section").filter(has_text="Is one a day enough?").locator("a"))
    official.type_in(official.page.locator("#id_text"), "For most it is.")
    official.press("Send the answer")
    official.sees("a care institution")
    nurse.go(need)
    assert "For most it is." in nurse.said()


def until(visitor: Visitor, english: str) -> None:
    """Look again until a button is there."""
    end = time.monotonic() + 120
    while not visitor.page.get_by_role("button", name=visitor.words(english), exact=True).count():
        assert time.monotonic() < end, visitor.said()
        time.sleep(0.5)
        visitor.page.reload()


def test_an_official_sets_up_a_second_factor_and_comes_in_with_it_and_without_the_phone(
    visit: Any, shown: SimpleNamespace
) -> None:
    one = visit("official-cz", lang="nl")
    one.go("/account/")
    one.follow("Set up the app")
    if "reauthenticate" in one.page.url:
        one.type_in(one.page.locator("#id_password"), shown.password)
        one.page.locator("main button").click()
    secret = one.page.locator(".code").first.inner_text().strip()
    one.type_in(one.page.locator("#id_code"), code_now(secret))
    one.press("Switch the app on")
    (recovery, *_others) = re.findall(r"\b\d{8,}\b", one.said())
    again = visit(lang="nl")
    again.go("/account/login/")
    again.type_in(again.page.locator("#id_login"), "official-cz@demo.example")
    again.type_in(again.page.locator("#id_password"), shown.password)
    again.press("Log in")
    assert "/account/2fa/" in again.page.url or "authenticate" in again.page.url
    again.type_in(again.page.locator("#id_code"), recovery)
    again.use(again.page.locator("main button").first)
    again.sees("Start")


def code_now(secret: str) -> str:
    """What the app of a phone shows."""
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


# Urgent


@by(nl_keys=NL_KEYS)
def test_an_urgent_order_is_answered_by_the_region(visit: Any, way: dict[str, Any]) -> None:
    nurse = visit("care-home", **way)
    number = order_urgently(nurse)
    nurse.sees("Call at once, day and night")
    coordinator = visit("coordinator", **way)
    coordinator.follow("Urgent")
    coordinator.use(coordinator.page.locator(f"a[href$='/urgent/{number}/']"))
    said = {"what": "4 × 50", "whence": "depot", "when": "19:00"}
    for name, text in said.items():
        coordinator.type_in(coordinator.page.locator(f"#id_yes_{name}"), text)
    coordinator.press("Answer yes")
    coordinator.sees("answered: yes")
    nurse.go("/")
    nurse.sees("Your urgent order was answered: yes")
    nurse.go(f"/urgent/{number}/")
    assert all(text in nurse.said() for text in said.values())


def order_urgently(nurse: Visitor) -> int:
    """We run out tonight; the number of the order."""
    nurse.follow("Urgent")
    nurse.follow("Order urgently")
    nurse.sees("Call at once, day and night")
    for name, text in (("hours_left", "6"), ("call_back_name", "Nel"), ("call_back_phone", "000 000 01 23")):
        nurse.type_in(nurse.page.locator(f"#id_{name}"), text)
    first = nurse.page.locator("tbody tr").first
    nurse.type_in(first.locator("input.amount"), "1")
    nurse.choose_in(first.locator("select"), "packs")
    nurse.sound()
    nurse.press("Look at it before sending")
    nurse.press("Send")
    found = re.search(r"/urgent/(\d+)/$", nurse.page.url)
    assert found, nurse.said()
    nurse.sound()
    return int(found.group(1))


@pytest.mark.parametrize("lang", ["nl", pytest.param("en", marks=pytest.mark.long)])
def test_an_urgent_order_that_the_region_leaves_goes_to_the_planners(
    visit: Any, left_alone: dict[str, int], lang: str
) -> None:
    planner = visit("planner", lang=lang)
    path = f"/urgent/{left_alone[lang]}/"
    planner.go(path)
    until(planner, "Answer no")
    planner.go("/urgent/")
    planner.sound()
    row = planner.page.locator(f"tr:has(a[href='{path}'])")
    assert row.locator(".late .sign").count() == 1, "its age stands in red, with a sign"
    planner.use(row.locator("a").first)
    planner.type_in(planner.page.locator("#id_no_why_not"), "niets meer op voorraad")
    planner.press("Answer no")
    nurse = visit("other-hospital", lang=lang)
    nurse.sees("Your urgent order was answered: no")
    nurse.go(path)
    assert "niets meer op voorraad" in nurse.said()


@by(nl_keys=NL_KEYS)
def test_a_planner_releases_at_once_and_another_confirms_it(visit: Any, way: dict[str, Any]) -> None:
    number = order_urgently(visit("care-home", **way))
    planner = visit("planner", **way)
    planner.go(f"/urgent/{number}/")
    planner.follow("Release at once, alone")
    planner.sound()
    planner.tick(planner.page.locator("input[name=choice]").first)
    planner.type("Boxes", "1")
    planner.type("Why it cannot wait for a second person", "It is night")
    planner.press("Release")
    planner.sees("You released it yourself: another person looks at it.")
    assert planner.page.locator("main p.short").count() == 1, "it stands in red"
    planner.sound()
    path = urlsplit(planner.page.url).path
    second = visit("second-planner", **way)
    second.follow("Open work")
    second.use(second.page.locator("a[href^='/urgent/released/']").first)
    second.use(second.page.locator(f"a[href='{path}']"))
    second.type("Why", "I called them")
    second.press("Confirm")
    second.sees("confirmed by another person")
    second.sound()


@by(en_bare=EN_BARE)
def test_a_region_offers_a_loan_and_the_other_accepts_it(visit: Any, way: dict[str, Any]) -> None:
    lender, borrower = visit("coordinator", **way), visit("other-coordinator", **way)
    lender.follow("Loans")
    lender.follow("Lend to another region")
    lender.use(lender.page.locator("tbody th a").first)
    lender.sound()
    lender.type_in(lender.page.locator("#id_lot_0"), "1")
    other = lender.page.locator("#id_to option").nth(1).get_attribute("value")
    lender.choose_in(lender.page.locator("#id_to"), str(other))
    lender.type("Why", "They run out on Friday")
    lender.press("Offer it")
    lender.sees("You offered this: the other region answers")
    lender.sound()
    borrower.go(urlsplit(lender.page.url).path)
    borrower.type("Why", "Thank you")
    borrower.press("Accept the loan")
    lender.go(urlsplit(lender.page.url).path)
    lender.follow("Send it")
    lender.press("Send what can go")
    lender.sees("on its way")
    lender.sound()


# Silent


@by(en_bare=EN_BARE)
def test_a_coordinator_calls_a_silent_site_and_answers_for_it(visit: Any, way: dict[str, Any]) -> None:
    coordinator = visit("coordinator", **way)
    coordinator.follow("Silent sites")
    coordinator.sound()
    asked = coordinator.page.locator("tbody tr").filter(has_text=coordinator.words("stock"))
    site = asked.first.locator("th a")
    page = site.get_attribute("href")
    coordinator.use(site)
    coordinator.use(coordinator.page.locator("a.button[href*='/stock/']"))
    assert coordinator.page.locator("#id_on_behalf").input_value() == "telephone"
    coordinator.type_in(coordinator.page.locator("tbody tr").first.locator("input.amount"), "7")
    coordinator.press("Look at it before sending")
    coordinator.press("Send")
    number_taken_in(coordinator)
    coordinator.go(page)
    coordinator.tick(coordinator.page.locator("input[name=outcome]").nth(3))
    coordinator.press("Write it down")
    coordinator.page.locator(".messages").wait_for()
    coordinator.sound()
    coordinator.go(page)
    coordinator.sees("they told it on the phone")
    coordinator.sound()
    coordinator.go("/silent/")
    still = coordinator.page.locator(f"tr:has(a[href='{page}'])")
    assert not still.count() or coordinator.words("stock") not in still.locator("td").nth(2).inner_text()


# A workbook


@by(nl_bare=NL_BARE)
def test_a_wrong_workbook_comes_back_is_corrected_and_taken_in(visit: Any, tmp_path: Path, way: dict[str, Any]) -> None:
    nurse = visit("care-home", **way)
    nurse.follow("Upload")
    own = downloaded(nurse, "a[href*='/upload/workbook/']", tmp_path / "own.xlsx")
    fill(own, {2: TODAY, 3: "morgen"})
    send(nurse, own)
    nurse.sees("A part of this file cannot be taken in")
    nurse.sound()
    rejected = downloaded(nurse, "a[href$='/refused/']", tmp_path / "rejected.xlsx")
    nurse.use(nurse.page.locator("main form button").first)
    assert (said := nurse.words("Taken in as number %(number)s").split("%")[0].strip()) in nurse.said(), said
    fill(rejected, {2: TODAY})
    send(nurse, rejected)
    nurse.press("Send")
    assert said in nurse.said()
    nurse.sound()


def downloaded(nurse: Visitor, link: str, path: Path) -> Path:
    """A file that a link gives."""
    with nurse.page.expect_download() as coming:
        nurse.page.locator(link).first.click()
    coming.value.save_as(path)
    return path


def fill(path: Path, days: dict[int, Any]) -> None:
    """Write counts in rows of the first sheet, and their days, as a person at a spreadsheet does."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    headings = [str(cell.value) for cell in sheet[1]]
    day, pieces = (next(at for at, one in enumerate(headings, 1) if one in names) for names in (DAY, PIECES))
    for row, when in days.items():
        sheet.cell(row, day).value = when
        sheet.cell(row, pieces).value = next(COUNTS)
    book.save(path)


COUNTS = iter(range(40, 999, 7))  # another number each time: what is known already is not told again
TODAY = dt.date(2020, 4, 27)
DAY, PIECES = {"day", "dag"}, {"pieces", "stuks"}


def send(nurse: Visitor, path: Path) -> None:
    """Send a file in."""
    nurse.go("/upload/")
    nurse.page.locator("input[type=file]").set_input_files(path)
    nurse.press("Read it")


# A recall


@by(nl=NL, en_keys=EN_KEYS)
def test_a_recalled_lot_is_read_answered_and_taken_back(visit: Any, way: dict[str, Any]) -> None:
    nurse = visit("hospital", **way)
    nurse.follow("Recalls")
    for _page in ("the recall", "its part"):
        nurse.use(nurse.page.locator("tbody th a").first)
    if nurse.page.get_by_role("button", name=nurse.words("I have read it"), exact=True).count():
        nurse.press("I have read it")
        nurse.sees("read, not answered")
    nurse.sound()
    nurse.type_in(nurse.page.locator("#id_left_0"), "30")
    nurse.tick(nurse.page.locator("input[name=did]").nth(1))
    nurse.press("Send the answer")
    nurse.sees("Thank you: it is written down.")
    planner = visit("planner", **way)
    planner.go("/back/")
    planner.use(planner.page.locator("tbody th a").first)
    planner.press("Confirm")
    planner.sees("came back")
    planner.sound()


# Every page as it looks


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without"])
def test_on_a_phone_the_pages_fold_behind_one_word_and_without_scripts_they_stay(visit: Any, script: bool) -> None:
    nurse = visit("care-home", lang="nl", script=script)
    page = nurse.page.locator("nav a[href='/stock/']")
    assert page.is_visible()
    nurse.page.set_viewport_size({"width": 320, "height": 900})
    nurse.go("/")
    assert page.is_visible() is not script
    if script:
        nurse.page.locator("nav summary").press("Enter")
        assert page.is_visible()
    nurse.page.set_viewport_size({"width": 1280, "height": 900})
    page.wait_for()


@pytest.mark.long
@pytest.mark.parametrize("way", [NL, EN_KEYS], ids=["nl", "en_keys"])
def test_a_report_is_frozen_its_day_moved_it_is_corrected_and_a_desk_makes_the_same_bytes(
    visit: Any, way: dict[str, Any], tmp_path: Path
) -> None:
    planner, official, home = (visit(name, **way) for name in ("planner", "official-gmt", "care-home"))
    planner.go("/reports/")
    made = drawn(planner, "Make the report", "Why", "Monday")
    frozen(planner, official)
    official.go("/reports/days/2020-04-30/")
    official.type_in(official.page.locator("#id_comes"), "2020-04-29T21:00" if way is NL else "04292020\t0900PM")
    official.type("Why, such as the debate it is for", "The debate is on Wednesday")
    official.press("Move it")
    for visitor in (official, home):
        visitor.go("/reports/")
        assert "The debate is on Wednesday" in visitor.said() and "21:00" in visitor.said()
        visitor.sound()
    planner.go(made)
    planner.follow("Correct it")
    planner.sound()
    corrected = drawn(planner, "Make the correction", "What was wrong, and why", "A lot was counted twice")
    frozen(planner, official)
    home.go(made)
    home.sees("This report was corrected.")
    home.sound()
    home.go(corrected)
    assert "A lot was counted twice" in home.said()
    assert made_at_a_desk(planner, corrected, tmp_path) > 0


def drawn(planner: Visitor, button: str, label: str, why: str) -> str:
    """Have a report drawn, and wait for it; its address."""
    planner.type(label, why)
    planner.press(button)
    planner.sound()
    while planner.page.get_by_role("link", name=planner.words("Look again"), exact=True).count():
        time.sleep(1)
        planner.page.reload()
    planner.sound()
    return urlsplit(planner.page.url).path


def frozen(planner: Visitor, official: Visitor) -> None:
    """Propose the report that is open to be frozen, and let another person do it."""
    planner.type("Why", "Read")
    planner.press("Propose to freeze it")
    official.go(urlsplit(planner.page.url).path)
    official.sound()
    official.type("Why", "Read too")
    official.press("Approve")
    official.sees("approved")


def made_at_a_desk(planner: Visitor, report: str, folder: Path) -> int:
    """Make the web page of a report of what its page lets take along; how many bytes are the same."""
    planner.go(report)
    links = planner.page.locator("main a[href]").evaluate_all("links => links.map(link => link.href)")
    told = next(link for link in links if link.endswith("report.json"))
    page = next(link for link in links if link.endswith(".nl.html"))
    for link, name in ((told, "report.json"), (page, "there.html")):
        (folder / name).write_bytes(planner.page.request.get(link).body())
    run = next(link for link in links if link.endswith("run.zip"))
    with zipfile.ZipFile(io.BytesIO(planner.page.request.get(run).body())) as bundle:
        bundle.extractall(folder / "run")
    words = ["report", "run", "-o", "out", "--lang", "nl", "--form", "html", "--issued", "report.json"]
    previous = json.loads((folder / "report.json").read_bytes())["previous"]
    words += ["--previous", "run"] if previous else []
    subprocess.run(
        [sys.executable, "-m", "dijk", *words],
        cwd=folder,
        check=True,
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
    )
    (made,) = (folder / "out").glob("*.html")
    assert made.read_bytes() == (folder / "there.html").read_bytes()
    return len(made.read_bytes())


CRAWLERS = (
    "care-home",
    "outlet",
    "coordinator",
    "planner",
    "official-gmt",
    "buyer",
    "expert",
    "auditor",
    "administrator",
    "",
)
"""Who goes about, each to the pages that nobody saw before; the last is not logged in."""
LEADS_ON = {
    "start",
    "person",
    "needs",
    "need",
    "dispatches",
    "recalls",
    "recall",
    "ways_back",
    "reports",
    "arrivals",
    "bought",
}
"""Pages with other links for other people, so that each goes through them."""
FILES = re.compile(r"\.(zip|xlsx)$|as=(csv|sums)|/account/logout|/(upload|file)/workbook/|/\d+/file/$|/refused/$")


@pytest.mark.parametrize("lang", ["nl", pytest.param("en", marks=pytest.mark.long)])
def test_every_page_is_without_a_fault_that_axe_knows_and_never_wider_than_its_window(visit: Any, lang: str) -> None:
    seen: set[str] = set()
    wrong = []
    for name in CRAWLERS:
        visitor = visit(name, lang=lang)
        for place, path in crawled(visitor, seen):
            wrong += [(path, fault) for fault in visitor.axe()]
            wrong += [(path, width, wider) for width in WIDTHS if (wider := visitor.too_wide(width))]
            if folder := os.environ.get("DIJK_PICTURES"):
                visitor.picture(folder, f"{place}-{name}" if place == "start" else place)
    assert wrong == []
    wanted = {"why", "request", "run", "cell", "person", "contacts_by_file", "to_call", "letters"}
    assert wanted | {"policy", "judgement", "propose", "proposals", "proposal", "effect", "needs", "need"} <= seen
    assert {"sign_verdict", "object_to_verdict", "ask_about", "ask_unlisted", "questions", "question"} <= seen
    assert {"review", "review_item", "meeting"} <= seen
    assert {"divisions", "division", "dispatches", "dispatch", "to_send", "reports", "report_day", "work"} <= seen

    assert {"lots", "lot", "new_recall", "recalls", "recall", "recall_at", "end_recall"} <= seen
    assert {"ways_back", "way_back", "delivered", "signal", "signing", "outlet", "hand_out"} <= seen
    assert {"inbound", "order_line", "arrivals", "bought", "money"} <= seen
    assert {"loans", "loan", "to_lend", "offer_loan"} <= seen
    assert "urgent_releases" in seen
    assert {"outbox", "mail", "mail_when", "addresses", "person_address", "mail_came_back"} <= seen


def of_a_kind(seen: set[str]) -> set[str]:
    """Pages of which only some kinds lead on to a page that nobody saw yet: of proposals those of a rule."""
    return set() if "effect" in seen else {"proposal"}


def crawled(visitor: Visitor, seen: set[str]) -> Iterator[tuple[str, str]]:
    """Name and address of each page that can be reached by links and that nobody saw before; the page is open."""
    waiting, asked, been = ["/", "/account/login/", "/invitation/"], set(), set()
    while waiting:
        path = waiting.pop(0)
        name = resolve(urlsplit(path).path).url_name
        if FILES.search(path) or path in been or name in (asked | seen - LEADS_ON) - of_a_kind(seen):
            continue
        asked.add(name)
        been.add(path)
        visitor.go(path)
        here = urlsplit(visitor.page.url).path  # where the address led to
        if (name := resolve(here).url_name) not in seen or name == "start":
            seen.add(name)
            yield name, here
        links = visitor.page.locator("a[href]").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        found = [
            urlsplit(urljoin(visitor.page.url, link)) for link in links if not link.startswith(("#", "mailto:", "tel:"))
        ]
        waiting += [f"{one.path}?{one.query}".removesuffix("?") for one in found if one.path != "/"]
