"""Contacts by file: read with every finding at its row, taken in with one act, and nothing of the file or of a person
kept anywhere else.
"""

import datetime as dt
import io
import json
import re
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import polars as pl
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from dijk_web.actions.writing import writing
from dijk_web.contact_columns import MOST_ROWS, is_phone
from dijk_web.models import Act, Contact, Invitation, Person
from four_people import browser, everybody, site
from telling_forms import hidden

PAGE = "/contacts/file/"
EN = "organisation,site,function,name,phone,email"
NL = "organisatie;locatie;functie;naam;telefoon;e-mailadres"
NIGHT = ",site-hospital-north,Night manager,Wil de Wit,000 7654321,wil@home.example"
DAY = "hospital-north,,Purchasing,,+31 (0)20-1234567,"


def handed_in(client: Any, content: bytes | str, name: str = "contacts.csv", **typed: str) -> Any:
    """Choose a file on the page and send it."""
    form = hidden(client.get(PAGE).content.decode()) | {"step": "keep"} | typed
    file = SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())
    return client.post(PAGE, form | {"file": file})


def lines(*rows: str, heading: str = EN) -> str:
    return "\n".join([heading, *rows])


def book(*rows: tuple[Any, ...], sheet: str = "contacten") -> bytes:
    made, out = openpyxl.Workbook(), io.BytesIO()
    made.active.title = sheet
    for row in rows:
        made.active.append(row)
    made.save(out)
    return out.getvalue()


def looked_at(page: str) -> dict[str, str]:
    """The tick that somebody sets after looking, with what they looked at."""
    assert 'name="anyway"' in page
    return {"anyway": "on", "seen": re.search(r'name="seen" value="(\w+)"', page).group(1)}


def found_in(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.split("<main")[1]))


def there() -> set[tuple[str, str, str, str, str, str]]:
    return set(Contact.objects.values_list("organisation", "site", "function", "name", "phone", "email"))


TWO = {
    ("hospital-north", "site-hospital-north", "Night manager", "Wil de Wit", "000 7654321", "wil@home.example"),
    ("hospital-north", "", "Purchasing", "", "+31 (0)20-1234567", ""),
}


def test_contacts_of_sites_and_organisations_come_in_with_one_act(people: SimpleNamespace) -> None:
    answer = handed_in(browser(people.mila), lines(NIGHT, DAY))
    assert answer.status_code == 302 and answer.headers["location"] == "/contacts/"
    assert there() == TWO
    act = Act.objects.latest("number")
    assert (act.name, act.by, act.about) == ("contacts_taken_in", "p-mila", "contacts")
    assert act.after == {"new": 2, "changed": 0, "same": 0, "refused": 0}
    assert set(Contact.objects.values_list("act", flat=True)) == {act.number}


def test_headings_are_read_in_dutch_and_english_and_in_a_workbook_below_a_title(people: SimpleNamespace) -> None:
    client = browser(people.mila)
    row = NIGHT.replace(",", ";")
    assert handed_in(client, lines(row, heading=NL), "contacten.csv").status_code == 302
    assert {contact.name for contact in Contact.objects.all()} == {"Wil de Wit"}
    Contact.objects.all().delete()
    heads = ("Locatiecode", "Functie", "Contactpersoon", "Telefoonnummer", "E-mail")
    told = ("site-hospital-north", "Night manager", "Wil de Wit", "000 7654321", "wil@home.example")
    assert handed_in(client, book(("Contacten mei",), heads, told), "c.xlsx").status_code == 302
    assert there() == {one for one in TWO if one[1]}


def test_no_name_number_or_address_of_a_person_is_in_the_log_or_in_a_kept_file(people: SimpleNamespace) -> None:
    before = {path for path in Path(settings.DATA).rglob("*") if path.is_file()}
    handed_in(browser(people.mila), lines(NIGHT, DAY))
    told = json.dumps(list(Act.objects.filter(name="contacts_taken_in").values("about", "reason", "before", "after")))
    assert not [word for word in ("Wil", "7654321", "wil@", "Night manager", "Purchasing") if word in told]
    new = {path for path in Path(settings.DATA).rglob("*") if path.is_file()} - before
    assert not [path for path in new if b"wil@home" in path.read_bytes() and "sqlite" not in path.name]


def test_the_same_rows_again_change_nothing_and_another_number_changes_that_contact(people: SimpleNamespace) -> None:
    client = browser(people.mila)
    handed_in(client, lines(NIGHT, DAY))
    codes, acts = set(Contact.objects.values_list("code", flat=True)), Act.objects.count()
    again = handed_in(client, lines(NIGHT, DAY))
    assert again.status_code == 302 and Act.objects.count() == acts
    assert "stands among the contacts already" in client.get("/contacts/").content.decode()
    other = NIGHT.replace("7654321", "1111111").replace("Night manager", "night MANAGER").replace(",Wil de Wit", ",")
    handed_in(client, lines(other, DAY, DAY.replace("Purchasing", "Stores")))
    assert Act.objects.latest("number").after == {"new": 1, "changed": 1, "same": 1, "refused": 0}
    one = Contact.objects.get(site="site-hospital-north")
    assert (one.phone, one.function, one.name) == ("000 1111111", "night MANAGER", "Wil de Wit")
    assert codes < set(Contact.objects.values_list("code", flat=True))


def test_a_file_that_is_sent_twice_at_once_is_one_act(people: SimpleNamespace) -> None:
    client = browser(people.mila)
    form = hidden(client.get(PAGE).content.decode()) | {"step": "keep"}
    for _ in range(2):
        answer = client.post(PAGE, form | {"file": SimpleUploadedFile("c.csv", lines(NIGHT).encode())})
        assert answer.status_code == 302
    assert Act.objects.filter(name="contacts_taken_in").count() == 1 and Contact.objects.count() == 1
    assert client.get("/contacts/").content.decode().count("1 contact added") == 2  # said of the same act


DIRTY = {
    "an unknown code": (",nowhere,Porter,,000 1234567,", "site", "nowhere", "you look after"),
    "a place of another": (",site-hospital-south,Porter,,000 1234567,", "site", "site-hospital-south", "look after"),
    "an organisation of another": ("hospital-south,,Porter,,000 1234567,", "organisation", "hospital-south", "look"),
    "a site of another organisation": (
        "home-north,site-hospital-north,Porter,,000 1234567,",
        "organisation",
        "home-north",
        "The organisation that this site is of",
    ),
    "no place": (",,Porter,,000 1234567,", "site", "", "The code of a site, or that of an organisation"),
    "no function": (",site-hospital-north,,Jo,000 1234567,", "function", "", "What they do"),
    "no phone": (",site-hospital-north,Porter,,n.v.t.,jo@home.example", "phone", "", "With the 0 or +"),
    "a phone with letters": (",site-hospital-north,Porter,,020 CALL ME,", "phone", "020 CALL ME", "No phone number"),
    "a phone that lost its zero": (",site-hospital-north,Porter,,201234567,", "phone", "201234567", "No phone number"),
    "a bad address": (",site-hospital-north,Porter,,000 1234567,jo at home", "email", "jo at home", "No e-mail"),
    "two addresses": (
        ",site-hospital-north,Porter,,000 1234567,a@b.example;c@d.example",
        "email",
        "a@b.example;c@d.example",
        "No e-mail",
    ),
    "a long name": (f",site-hospital-north,Porter,{'x' * 201},000 1234567,", "name", "x" * 197, "At most 200"),
}


@pytest.mark.parametrize("what", DIRTY)
def test_what_is_wrong_stands_at_its_row_and_nothing_is_taken_in(people: SimpleNamespace, what: str) -> None:
    row, column, found, wanted = DIRTY[what]
    answer = handed_in(browser(people.mila), lines(DAY, row))
    page = answer.content.decode()
    said = page.split("<tbody>")[1].split("</tr>")[0]
    assert answer.status_code == 422 and not Contact.objects.exists()
    assert '<td class="num" data-label="Row">3</td>' in said and f'data-label="Column">{column}</td>' in said
    assert f'data-label="Found">{found}' in said and wanted in said
    assert "1 row can be taken in." in page and "1 row is rejected." in page


def test_all_findings_are_on_one_page_in_the_language_of_its_reader(people: SimpleNamespace) -> None:
    rows = [row for row, *_rest in DIRTY.values()]
    client = browser(people.mila)
    text = found_in(handed_in(client, lines(*rows)).content.decode())
    assert all(found in text for _row, _column, found, _wanted in DIRTY.values())
    file = SimpleUploadedFile("c.csv", lines(*rows).encode())
    given = {"once": "a" * 32, "step": "keep", "file": file}
    page = client.post(PAGE, given, headers={"accept-language": "nl"}).content.decode()
    assert "Geen telefoonnummer" in page and "waar u over gaat" in page and "Geen e-mailadres" in page
    assert "No phone" not in page and "look after" not in page


def test_of_two_rows_of_one_place_and_function_neither_is_taken_in_unless_they_are_the_same(
    people: SimpleNamespace,
) -> None:
    client = browser(people.mila)
    other = NIGHT.replace("7654321", "1111111").replace("Night", "NIGHT")
    answer = handed_in(client, lines(NIGHT, DAY, other))
    page = answer.content.decode()
    assert answer.status_code == 422 and "Rows that contradict each other" in page and "2 rows are rejected." in page
    assert handed_in(client, lines(NIGHT, NIGHT, DAY)).status_code == 302
    assert there() == TWO


def test_the_good_rows_are_taken_in_once_somebody_looked_at_this_very_file(people: SimpleNamespace) -> None:
    client, wrong = browser(people.mila), ",nowhere,Porter,,000 1234567,"
    first = handed_in(client, lines(NIGHT, wrong))
    assert first.status_code == 422 and not Contact.objects.exists()
    tick = looked_at(first.content.decode())
    other = handed_in(client, lines(NIGHT, wrong, wrong.replace("Porter", "Cook")), **tick)
    assert other.status_code == 422 and not Contact.objects.exists()
    done = handed_in(client, lines(NIGHT, wrong), **tick)
    assert done.status_code == 200 and "1 contact added" in done.content.decode() and "nowhere" in done.content.decode()
    assert Act.objects.latest("number").after == {"new": 1, "changed": 0, "same": 0, "refused": 1}
    assert {one[2] for one in there()} == {"Night manager"}


def test_there_is_no_tick_where_no_row_is_good(people: SimpleNamespace) -> None:
    answer = handed_in(browser(people.mila), lines(",nowhere,Porter,,000 1234567,"))
    page = answer.content.decode()
    assert answer.status_code == 422 and "Nothing of this file can be taken in." in page and "anyway" not in page


def test_the_rejected_rows_come_back_with_why_and_can_be_mended_and_sent(people: SimpleNamespace) -> None:
    client = browser(people.mila)
    wrong = ",nowhere,=Porter(),'-Jo,000 1234567,"
    page = handed_in(client, lines(NIGHT, wrong)).content.decode()
    assert 'value="rejected"' in page
    answer = handed_in(client, lines(NIGHT, wrong), step="rejected")
    assert answer.headers["content-type"].startswith("application/vnd.openxml") and not Contact.objects.exists()
    made = openpyxl.load_workbook(io.BytesIO(answer.content))
    heads, row = (list(cells) for cells in made.active.iter_rows())
    assert [cell.value for cell in heads] == [*EN.split(","), "why not taken in"]
    assert [cell.value for cell in row[:5]] == [None, "nowhere", "=Porter()", "-Jo", "000 1234567"]
    assert row[2].data_type == "s" and row[6].value.startswith("site: found nowhere; wanted: The code of a site")
    row[1].value, row[2].value = "site-hospital-north", "Porter"
    out = io.BytesIO()
    made.save(out)
    assert handed_in(client, out.getvalue(), "rejected.xlsx").status_code == 302
    assert ("hospital-north", "site-hospital-north", "Porter", "-Jo", "000 1234567", "") in there()


def test_a_file_without_rejected_rows_gives_none_back(people: SimpleNamespace) -> None:
    answer = handed_in(browser(people.mila), lines(NIGHT), step="rejected")
    assert answer.status_code == 422 and "no rejected rows" in answer.content.decode()
    assert not Contact.objects.exists()


def test_formula_text_stays_text_on_its_way_in_and_out(people: SimpleNamespace) -> None:
    client = browser(people.mila)
    assert handed_in(client, lines(NIGHT.replace("Wil de Wit", "=1+1"))).status_code == 302
    assert Contact.objects.get().name == "=1+1"
    out = b"".join(client.get("/contacts/?as=csv").streaming_content).decode()
    assert "'=1+1" in out
    acts = Act.objects.count()
    assert handed_in(client, out).status_code == 302  # what was downloaded is what stands there
    assert Act.objects.count() == acts and Contact.objects.get().name == "=1+1"


def test_a_number_that_a_spreadsheet_stored_as_a_number_or_a_day_is_no_phone_number(people: SimpleNamespace) -> None:
    heads = ("site", "function", "phone")
    some = [
        ("site-hospital-north", f"Porter {at}", phone) for at, phone in enumerate([201234567, dt.date(2020, 4, 27)])
    ]
    answer = handed_in(browser(people.mila), book(heads, *some, ("site-hospital-north", "Desk", 112)), "c.xlsx")
    page = answer.content.decode()
    assert answer.status_code == 422 and page.count("<strong>No phone number.</strong>") == 2
    assert "201234567" in page and "2020-04-27" in page and "1 row can be taken in." in page


@pytest.mark.parametrize(
    ("phone", "is_one"),
    [
        *((one, True) for one in ("000 1234567", "+31 20 1234567", "(020) 123 45 67", "112", "14020", "020-123.45/67")),
        *(
            (one, False)
            for one in ("", "12", "020 1234567 or 8", "201234567", "31201234567", "++31 20", "wil@home", "-")
        ),
    ],
)
def test_a_phone_number_is_known_by_its_signs_and_its_beginning(phone: str, is_one: bool) -> None:
    assert is_phone(phone) is is_one


def test_the_page_for_one_contact_holds_phone_numbers_to_the_same_rule(people: SimpleNamespace) -> None:
    client = browser(people.mila)
    form = hidden(client.get("/contacts/new/").content.decode())
    told = {"place": "hospital-north", "function": "Porter", "phone": "call me"}
    answer = client.post("/contacts/new/", form | told)
    assert answer.status_code == 422 and "the 0 or + that the number begins with" in answer.content.decode()


EMPTY = {
    "no file": (None, "Choose a file."),
    "no bytes": (b"", "This file is empty."),
    "blanks": (b" \n \n", "Empty file"),
    "a heading alone": (EN.encode(), "Table without rows"),
    "other headings": (b"a,b,c\n1,2,3\n", "No heading found"),
    "a missing column": (b"site,function\nsite-hospital-north,Porter\n", "Column that is missing"),
    "a damaged workbook": (b"PK\x03\x04nothing", "Damaged or incomplete file"),
}


@pytest.mark.parametrize("what", EMPTY)
def test_a_file_with_nothing_in_it_says_so(people: SimpleNamespace, what: str) -> None:
    content, said = EMPTY[what]
    client = browser(people.mila)
    name = "c.xlsx" if what == "a damaged workbook" else "c.csv"
    given = {"once": "a" * 32, "step": "keep"}
    file = {} if content is None else {"file": SimpleUploadedFile(name, content)}
    answer = client.post(PAGE, given | file)
    assert answer.status_code == 422 and said in answer.content.decode()


def test_a_file_of_another_kind_is_refused_by_name(people: SimpleNamespace) -> None:
    answer = handed_in(browser(people.mila), b"%PDF", "contacts.pdf")
    assert answer.status_code == 422 and "A workbook (.xlsx) or CSV is wanted." in answer.content.decode()


def test_a_file_with_too_many_rows_is_not_read(people: SimpleNamespace) -> None:
    rows = [NIGHT.replace("Night manager", f"Porter {at}") for at in range(MOST_ROWS + 1)]
    answer = handed_in(browser(people.mila), lines(*rows))
    assert answer.status_code == 422 and "Too many rows" in answer.content.decode()


def test_a_function_that_two_contacts_have_cannot_be_changed_by_file(people: SimpleNamespace) -> None:
    for phone in ("000 1", "000 2"):
        place = {"organisation": "hospital-north", "site": "site-hospital-north"}
        Contact.objects.create(**place, function="Night Manager", phone=phone, act=1)
    answer = handed_in(browser(people.mila), lines(NIGHT))
    assert answer.status_code == 422 and "Several contacts of this function" in answer.content.decode()


def test_a_sheet_that_holds_no_contacts_is_left_aside_and_said(people: SimpleNamespace) -> None:
    made, out = openpyxl.load_workbook(io.BytesIO(book(EN.split(","), NIGHT.split(",")))), io.BytesIO()
    made.create_sheet("Birthdays").append(("Wil", "3 May"))
    made.save(out)
    page = handed_in(browser(people.mila), out.getvalue(), "c.xlsx").content.decode()
    assert "Sheet that was not read" in page and "1 row can be taken in." in page
    assert handed_in(browser(people.mila), out.getvalue(), "c.xlsx", **looked_at(page)).status_code == 302


def test_a_text_with_a_sign_that_no_database_takes_is_a_finding(people: SimpleNamespace) -> None:
    answer = handed_in(
        browser(people.mila), book(EN.split(","), NIGHT.replace("Wil", "Wi_x0000_l").split(",")), "c.xlsx"
    )
    assert answer.status_code == 422 and "A sign that is no text" in answer.content.decode()


# Who keeps the contacts of whom


@pytest.mark.parametrize(
    ("name", "keeps"),
    [
        ("mila", {"hospital-north"}),
        ("cara", {"home-north"}),
        ("ravi", {"hospital-north", "home-north"}),
        ("sita", {"hospital-south"}),
        ("pim", {"hospital-north", "home-north", "hospital-south"}),
        ("ada", {"hospital-north", "home-north", "hospital-south"}),
    ],
)
def test_one_takes_in_contacts_of_the_places_that_one_looks_after_and_of_no_other(
    people: SimpleNamespace, name: str, keeps: set[str]
) -> None:
    client = browser(getattr(people, name))
    places = ("hospital-north", "home-north", "hospital-south")
    rows = [
        *(f"{place},,Purchasing,,000 1234567," for place in places),
        *(f",site-{place},Porter,,000 1234567," for place in places),
    ]
    answer = handed_in(client, lines(*rows))
    if answer.status_code == 422:
        answer = handed_in(client, lines(*rows), **looked_at(answer.content.decode()))
    assert {one.organisation for one in Contact.objects.all()} == keeps
    assert Contact.objects.count() == 2 * len(keeps)


def test_who_speaks_for_some_sites_takes_in_those_alone(people: SimpleNamespace) -> None:
    with writing("site_told", by=people.pim, about="site:annex") as act:
        act.tell("site", [{**site("hospital-north"), "site": "annex"}])
    Person.objects.filter(code="p-ben").update(sites=["site-hospital-north"])
    rows = lines(",annex,Porter,,000 1234567,", NIGHT)
    client = browser(Person.objects.get(code="p-ben"))
    page = handed_in(client, rows).content.decode()
    handed_in(client, rows, **looked_at(page))
    assert {one.site for one in Contact.objects.all()} == {"site-hospital-north"}


# The workbook to fill in


def workbook(client: Any, lang: str = "en") -> Any:
    answer = client.get("/contacts/file/workbook/", headers={"accept-language": lang})
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def test_the_workbook_has_a_row_for_each_site_without_anybody_to_call(people: SimpleNamespace) -> None:
    client = browser(people.ravi)
    made = workbook(client, "nl")
    assert made.sheetnames == ["contacten", "Uitleg"]
    heads, *rows = made.active.iter_rows(values_only=True)
    assert heads == ("organisatie", "locatie", "hoe het heet", "functie", "naam", "telefoon", "e-mailadres")
    assert [row[:3] for row in rows] == [
        ("home-north", "site-home-north", "Home-North"),
        ("hospital-north", "site-hospital-north", "Hospital-North"),
    ]
    Contact.objects.create(organisation="home-north", function="Porter", phone="0", act=1)
    heads, *rows = workbook(client).active.iter_rows(values_only=True)
    assert heads[:3] == ("organisation", "site", "what it is called") and [row[1] for row in rows] == [
        "site-hospital-north"
    ]


def test_a_workbook_that_is_filled_in_comes_back_and_rows_that_were_left_say_nothing(people: SimpleNamespace) -> None:
    client = browser(people.ravi)
    made, out = workbook(client, "nl"), io.BytesIO()
    made.active["D2"], made.active["F2"] = "Nachthoofd", "000 7654321"
    made.save(out)
    answer = handed_in(client, out.getvalue(), "contacten.xlsx")
    assert answer.status_code == 302
    assert there() == {("home-north", "site-home-north", "Nachthoofd", "", "000 7654321", "")}


def test_the_page_says_what_it_does_in_dutch_and_needs_no_script(people: SimpleNamespace) -> None:
    page = browser(people.mila).get(PAGE, headers={"accept-language": "nl"}).content.decode()
    main = page.split("<main")[1].split("</main>")[0]
    assert (
        "Contacten per bestand" in main
        and "Werkmap downloaden" in main
        and "Het bestand zelf wordt niet bewaard" in main
    )
    assert 'enctype="multipart/form-data"' in main and "<script" not in main and "hx-" not in main
    assert "/contacts/file/" in browser(people.mila).get("/contacts/").content.decode()
    assert "/contacts/file/" not in browser(people.anna).get("/contacts/").content.decode()


# A nation


def institutions(people: SimpleNamespace, count: int) -> None:
    """So many institutions with a site each, in two regions."""
    codes = [f"o{at:05}" for at in range(count)]
    told = {"kind": "care", "sector": "home", "source": "test"}
    with writing("registers_told", by=people.ada, about="registers") as act:
        act.tell("organisation", [{"organisation": one, "name": f"Home {one}", "source": "test"} for one in codes])
        rows = [
            {**told, "site": f"s-{one}", "organisation": one, "name": one, "region": ("north", "south")[at % 2]}
            for at, one in enumerate(codes)
        ]
        act.tell("site", pl.DataFrame(rows))


@pytest.mark.slow
@pytest.mark.parametrize("count", [2_000, pytest.param(20_000, marks=pytest.mark.long)])
def test_the_contacts_of_a_nation_are_taken_in_and_invited_while_one_waits(
    tower: dict[str, Any], capsys: Any, count: int
) -> None:
    people = everybody()
    institutions(people, count)
    client, took = browser(people.ada), {}
    rows = [f"o{at:05},s-o{at:05},Purchasing,Jo {at},000 {at:07},jo{at}@home.example" for at in range(count)]

    def timed(what: str, done: Any) -> Any:
        began = time.monotonic()
        answer = done()
        took[what] = time.monotonic() - began
        return answer

    made = timed("workbook", lambda: workbook(client))
    assert made.active.max_row == count + 4  # with the heading, and the three sites that everybody is of
    assert timed("taken in", lambda: handed_in(client, lines(*rows))).status_code == 302
    assert Contact.objects.count() == count
    other = lines(*(row.replace("000 ", "001 ") for row in rows))
    assert timed("changed", lambda: handed_in(client, other)).status_code == 302
    assert Act.objects.latest("number").after == {"new": 0, "changed": count, "same": 0, "refused": 0}
    assert Contact.objects.filter(phone__startswith="001 ").count() == Contact.objects.count() == count
    page = timed("shown", lambda: client.get("/contacts/invite/")).content.decode()
    form = hidden(page) | {"reason": "The list of the branch organisation."}
    assert timed("invited", lambda: client.post("/contacts/invite/", form)).status_code == 302
    assert Invitation.objects.open().count() == count
    assert len(set(Invitation.objects.values_list("digest", flat=True))) == count
    assert timed("letters", lambda: client.get("/people/letters/?page=40")).status_code == 200
    merge = timed("links", lambda: b"".join(client.get("/people/letters/?as=csv").streaming_content))
    assert merge.count(b"\r\n") == count + 1
    with capsys.disabled():
        print(f"\n{count:,} contacts:", ", ".join(f"{what} {seconds:.1f} s" for what, seconds in took.items()))
