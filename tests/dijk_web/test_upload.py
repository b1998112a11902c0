"""Upload: a file is read beside what is known, all findings are on one page, and what is good is told in one act."""

import datetime as dt
import hashlib
import io
import os
import zipfile
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

import openpyxl
import polars as pl
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from dijk_web import read_upload, store
from dijk_web.actions import uploading
from dijk_web.actions.telling import Sent
from dijk_web.actions.uploading import DAYS, MOST, forget_old, take_in_upload
from dijk_web.actions.writing import TooLate, writing
from dijk_web.models import Act, Delivery, RequestRow, Stock, Upload, Use
from dijk_web.people import Permission, Role, may
from dijk_web.read_upload import MOST_ROWS
from dijk_web.upload_handler import MOST_BYTES
from dijk_web.upload_rules import UPLOADS
from four_people import browser
from ground import NOON, OTHER, SITE, TODAY, product
from telling_forms import hidden, sent
from uploads import COUNTS, GOWNS, MASKS, book, kept_rows, look, read_file, sent_file

BAD = (SITE, "gown-box", "blocked", TODAY, -6)


def test_a_good_file_is_shown_before_it_is_sent_and_told_in_one_act(ground: SimpleNamespace) -> None:
    client, acts = browser(ground.mila), Act.objects.count()
    address, page = read_file(client, book(GOWNS, MASKS))
    assert "9 boxes of 50 = 450 pieces" in page and "3 boxes of 20 = 60 pieces" in page and "stock: 2 rows" in page
    assert (Stock.objects.count(), Act.objects.count()) == (1, acts)
    assert kept_rows(client, address).headers["location"] == address
    told = Stock.objects.order_by("id")[1:]
    assert [(row.product_id, row.pieces, row.source, row.how) for row in told] == [
        ("gown-box", 450, "site", "counted"),
        ("mask-box", 60, "site", "counted"),
    ]
    act = Act.objects.order_by("number").last()
    assert act.number == acts + 1 and act.added["stock"][0] == 2
    assert f"Taken in as number {act.number}" in client.get(address).content.decode()


def test_boxes_are_read_by_the_packs_that_the_tower_knows(ground: SimpleNamespace) -> None:
    _address, page = read_file(browser(ground.mila), book((*GOWNS[:4], "12 boxes")))
    assert "12 boxes of 50 = 600 pieces" in page


def test_every_finding_is_on_one_page_with_file_sheet_row_column_found_and_wanted(ground: SimpleNamespace) -> None:
    rows = (BAD, (SITE, "P9", "approved", TODAY, 5), (SITE, "gown-box", "approved", "later", 5))
    client = browser(ground.mila)
    address, page = read_file(client, book(*rows))
    for words in ("-6", "Whole number of 0 or more"[1:], "P9", "later", "No date"[3:]):
        assert words in page, words
    assert (
        page.count('<tr><th scope="row" data-label="File">stock.xlsx</th>') >= 3
        and ">2</td>" in page
        and ">3</td>" in page
        and ">4</td>" in page
    )
    assert "cannot be taken in" in page and Stock.objects.count() == 1
    assert kept_rows(client, address).status_code == 422
    dutch = client.get(address, headers={"accept-language": "nl"}).content.decode()
    assert "van 0 of meer" in dutch and "0 or more" not in dutch


def test_only_a_person_who_says_so_keeps_the_good_rows_of_a_partly_good_file(ground: SimpleNamespace) -> None:
    client = browser(ground.mila)
    address, page = read_file(client, book(GOWNS, BAD))
    assert "Keep the 1 good row" in page and "1 row was rejected" in page and Stock.objects.count() == 1
    kept_rows(client, address)
    assert [row.pieces for row in Stock.objects.order_by("id")[1:]] == [450]
    assert Act.objects.order_by("number").last().after["refused"] == 1


def test_rejected_rows_come_back_in_a_file_that_can_be_sent_in_again(ground: SimpleNamespace) -> None:
    """Demand 6: msupply-foundation/open-msupply#9402, openboxes/openboxes#69."""
    client = browser(ground.mila)
    address, _page = read_file(client, book(GOWNS, BAD, (SITE, "P9", "approved", TODAY, 5)))
    kept_rows(client, address)
    again = openpyxl.load_workbook(io.BytesIO(client.get(f"{address}refused/").content))
    rows = list(again["stock"].values)
    assert rows[0] == (*COUNTS, "why not taken in") and [row[:3] for row in rows[1:]] == [
        BAD[:3],
        (SITE, "P9", "approved"),
    ]
    assert "-6" in rows[1][5] and "P9" in rows[2][5]
    again["stock"]["E2"], again["stock"]["B3"] = 6, "mask-box"
    out = io.BytesIO()
    again.save(out)
    address, page = read_file(client, out.getvalue(), "rejected stock.xlsx")
    assert "cannot be taken in" not in page and "why not taken in" not in page
    kept_rows(client, address)
    assert sorted(row.pieces for row in Stock.objects.order_by("id")[1:]) == [5, 6, 450]


def test_a_file_that_is_sent_twice_is_one_and_its_rows_are_one_act(ground: SimpleNamespace) -> None:
    """Demand 1."""
    client = browser(ground.mila)
    form = hidden(client.get("/upload/").content.decode())
    first, second = (
        client.post("/upload/", {**form, "file": SimpleUploadedFile("stock.xlsx", book(GOWNS))}).headers["location"]
        for _again in range(2)
    )
    assert first == second and Upload.objects.count() == 1
    shown = look(client, first)
    answers = [client.post(first, shown) for _again in range(2)]
    assert [answer.headers["location"] for answer in answers] == [first, first]
    assert Stock.objects.filter(pieces=450).count() == 1


def test_two_windows_of_one_file_are_one_act(ground: SimpleNamespace) -> None:
    client = browser(ground.mila)
    address, _page = read_file(client, book(GOWNS))
    one, other = look(client, address), look(client, address)
    assert one["once"] != other["once"]
    assert [client.post(address, shown).headers["location"] for shown in (one, other)] == [address, address]
    assert Stock.objects.filter(pieces=450).count() == 1


def test_rows_of_one_file_are_taken_in_once_whoever_is_first(ground: SimpleNamespace) -> None:
    read_file(browser(ground.mila), book(GOWNS))
    one = Upload.objects.get()
    tables = read_upload.read_upload(one, ground.mila).told.tables
    for key in ("first", "second"):
        with pytest.raises(TooLate) if key == "second" else nullcontext():
            take_in_upload(one, by=ground.mila, tables=tables, refused=0, sent=Sent(key, 10**9))
    assert Stock.objects.filter(pieces=450).count() == 1


def test_what_is_known_already_is_not_told_again(ground: SimpleNamespace) -> None:
    client = browser(ground.mila)
    address, _page = read_file(client, book(GOWNS))
    kept_rows(client, address)
    address, page = read_file(client, book(GOWNS))
    assert "known already" in page and kept_rows(client, address).status_code == 422
    _address, page = read_file(client, book(GOWNS, MASKS))
    assert "1 more row says what is known already" in page and "stock: 1 row" in page


def test_who_was_first_is_shown_and_nothing_is_overwritten(ground: SimpleNamespace) -> None:
    client = browser(ground.mila)
    address, _page = read_file(client, book(GOWNS))
    shown = look(client, address)
    sent(browser(ground.ben), **{"amount:mask-box|-|approved": "40", "unit:mask-box|-|approved": "pieces"})
    answer = client.post(address, shown)
    page = answer.content.decode()
    assert answer.status_code == 409 and "40 pieces" in page.replace("2 boxes of 20 = ", "")
    assert not Stock.objects.filter(pieces=450).exists()
    assert client.post(address, hidden(page)).status_code == 302
    assert Stock.objects.filter(pieces=450).count() == 1


def test_rows_that_became_other_than_was_seen_are_shown_again(ground: SimpleNamespace) -> None:
    client = browser(ground.mila)
    address, _page = read_file(client, book((*GOWNS[:4], "9 boxes"), MASKS))
    shown = look(client, address)
    with writing("registers_told", by=ground.pim, about="registers") as act:
        act.tell("product", [{**product("gown-box"[:4]), "pieces_per_pack": 40}])
    answer = client.post(address, shown)
    page = answer.content.decode()
    assert answer.status_code == 409 and "other rows" in page and "9 boxes of 40 = 360 pieces" in page
    assert Stock.objects.count() == 1


@pytest.mark.parametrize("site", [OTHER, "site-home-north", "nowhere"])
def test_a_row_of_a_site_that_is_not_theirs_is_found_and_never_saved(ground: SimpleNamespace, site: str) -> None:
    client = browser(ground.mila)
    address, page = read_file(client, book(GOWNS, (site, *MASKS[1:])))
    assert "Not one of your sites" in page and site in page and "Hospital-South" not in page
    kept_rows(client, address)
    assert [row.site_id for row in Stock.objects.order_by("id")[1:]] == [SITE]


def test_a_region_tells_on_behalf_and_says_how_it_knows(ground: SimpleNamespace) -> None:
    client = browser(ground.ravi)
    address, _page = read_file(client, book(GOWNS))
    assert kept_rows(client, address).status_code == 422
    assert kept_rows(client, address, on_behalf="e-mail").status_code == 302
    assert Stock.objects.last().source == "region by e-mail"
    assert Act.objects.order_by("number").last().reason == "region by e-mail"


def test_a_number_that_does_not_fit_the_past_is_asked_about_and_may_be_sent(ground: SimpleNamespace) -> None:
    client = browser(ground.mila)
    address, page = read_file(client, book((*GOWNS[:4], 500_000)))
    assert "Is this what you meant?" in page and "500000" in page
    assert kept_rows(client, address).status_code == 302 and Stock.objects.filter(pieces=500_000).exists()


USED = ("site", "need", "day", "days", "pieces")
CAME = ("delivery", "site", "need", "product", "day", "channel", "pieces")
ASKED = ("request", "site", "need", "day", "pieces")


def csv(headings: tuple[str, ...], *rows: tuple[object, ...]) -> bytes:
    return "\n".join(",".join(str(cell) for cell in row) for row in (headings, *rows)).encode()


def test_a_csv_and_a_parquet_file_of_one_table_are_read(ground: SimpleNamespace) -> None:
    client = browser(ground.mila)
    address, _page = read_file(client, csv(USED, (SITE, "gown", TODAY, 7, 140)), "verbruik.csv")
    kept_rows(client, address)
    out = io.BytesIO()
    pl.DataFrame([dict(zip(USED, (SITE, "mask", TODAY, 7, 21), strict=True))]).write_parquet(out)
    address, _page = read_file(client, out.getvalue(), "monday.parquet", table="use")
    kept_rows(client, address)
    assert sorted(Use.objects.values_list("need", "pieces")) == [("gown", 140), ("mask", 21)]


def test_what_is_in_a_file_without_sheets_is_said_by_its_name_or_by_its_owner(ground: SimpleNamespace) -> None:
    answer = sent_file(browser(ground.mila), csv(USED, (SITE, "gown", TODAY, 7, 140)), "monday.csv")
    assert answer.status_code == 422 and "Say what is in it" in answer.content.decode() and not Upload.objects.exists()


def test_own_purchases_are_told_and_what_others_send_is_not(ground: SimpleNamespace) -> None:
    client, before = browser(ground.mila), Delivery.objects.count()
    rows = [
        (f"D{at}", SITE, "gown", "gown-box", TODAY, way, 50) for at, way in enumerate(("own_purchase", "consortium"))
    ]
    address, page = read_file(client, csv(CAME, *rows), "delivery.csv")
    assert "A delivery that its sender tells of" in page
    kept_rows(client, address)
    assert list(Delivery.objects.order_by("id")[before:].values_list("delivery", "channel")) == [
        (f"{SITE}-D0", "own_purchase")
    ]


def test_numbers_of_one_site_never_meet_those_of_another(ground: SimpleNamespace) -> None:
    for person, site in ((ground.mila, SITE), (ground.otto, OTHER)):
        client = browser(person)
        address, _page = read_file(client, csv(ASKED, ("A001", site, "gown", TODAY, 50)), "request.csv")
        kept_rows(client, address)
    told = sorted(RequestRow.objects.values_list("request", "site"))
    assert told == [(f"{SITE}-A001", SITE), (f"{OTHER}-A001", OTHER)]
    client = browser(ground.otto)
    _address, page = read_file(client, csv(ASKED, (f"{OTHER}-A001", OTHER, "gown", TODAY, 50)), "request.csv")
    assert "known already" in page
    _address, page = read_file(client, csv(ASKED, ("x" * 79, OTHER, "gown", TODAY, 50)), "request.csv")
    assert "A number that cannot be used" in page
    _address, page = read_file(client, csv(ASKED, ("2020/15", OTHER, "gown", TODAY, 50)), "request.csv")
    assert "without a slash" in page


def test_below_headings_that_are_wrong_no_row_is_taken_in_and_all_come_back(ground: SimpleNamespace) -> None:
    client = browser(ground.mila)
    twice = book((*GOWNS, 7), headings=(*COUNTS, "stuks"))
    address, page = read_file(client, twice)
    assert "Below headings that are wrong" in page and kept_rows(client, address).status_code == 422
    back = openpyxl.load_workbook(io.BytesIO(client.get(f"{address}refused/").content))
    assert len(list(back["stock"].values)) == 2 and Stock.objects.count() == 1


@pytest.mark.slow
def test_of_one_person_so_many_files_are_kept_and_no_more(ground: SimpleNamespace) -> None:
    with mock.patch.object(uploading, "MOST", 2):
        for pieces in range(4):
            read_file(browser(ground.mila), book((*GOWNS[:4], pieces)))
    assert Upload.objects.count() == 2 < MOST


def test_nobody_confirms_their_own_figure(ground: SimpleNamespace) -> None:
    headings = (*COUNTS, "checked_by")
    for name, found in (("mila", True), ("ravi", False)):
        _address, page = read_file(browser(getattr(ground, name)), book((*GOWNS, "region desk"), headings=headings))
        assert ("A check that others tell of" in page) == found


def test_a_day_that_has_not_begun_and_two_counts_of_one_thing_are_refused(ground: SimpleNamespace) -> None:
    tomorrow, moments = TODAY + dt.timedelta(days=1), (NOON, NOON - dt.timedelta(hours=1))
    _address, page = read_file(browser(ground.mila), book((*GOWNS[:3], tomorrow, 5)))
    assert "A day that has not begun" in page
    rows = [(*GOWNS[:4], at, moment.replace(tzinfo=None)) for at, moment in enumerate(moments)]
    _address, page = read_file(browser(ground.mila), book(*rows, headings=(*COUNTS, "known_at")))
    assert "contradict each other" in page and "2 rows were rejected" in page


def test_a_table_that_is_not_told_here_is_left_aside_and_said(ground: SimpleNamespace) -> None:
    need = csv(("need", "name_en", "name_nl", "family", "specification", "piece"), ("x", "x", "x", "x", "x", "each"))
    address, page = read_file(browser(ground.mila), need, "need.csv")
    assert "not told by upload" in page and kept_rows(browser(ground.mila), address).status_code == 422


UNREADABLE = {
    "old": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "stock.xlsx", "save it as .xlsx"),
    "locked": (b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "stock.xlsx", "password"),
    "damaged": (book(GOWNS)[:-400], "stock.xlsx", "damaged"),
    "a page": (b"<html><body>login</body></html>", "stock.xlsx", "web page"),
    "no parquet": (b"PAR1 but not really", "stock.parquet", "damaged"),
    "blank": (b"  \n \n", "stock.csv", "Empty file"),
    "headings alone": (book(), "stock.xlsx", "nothing in this file that can be told"),
    "no table": (book(GOWNS, sheet="Sheet1"), "monday.xlsx", "nothing in this file that can be told"),
    "zeros": (
        b"site,product,status,day,pieces\nsite-\0,gown-box,approved,2020-04-27,5\n",
        "stock.csv",
        "not text",
    ),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_a_file_that_cannot_be_read_gets_a_sentence(ground: SimpleNamespace, kind: str) -> None:
    content, name, said = UNREADABLE[kind]
    client = browser(ground.mila)
    address, page = read_file(client, content, name)
    assert said in page and kept_rows(client, address).status_code == 422
    assert client.get(f"{address}refused/").status_code == 200


@pytest.mark.parametrize("name", ["stock.xls", "stock.ods", "stock.pdf", "stock", "macro.xlsb"])
def test_a_file_of_another_kind_gets_a_sentence(ground: SimpleNamespace, name: str) -> None:
    answer = sent_file(browser(ground.mila), b"anything", name)
    assert answer.status_code == 422 and "save it as .xlsx" in answer.content.decode() and not Upload.objects.exists()


def test_no_file_and_an_empty_one_get_a_sentence(ground: SimpleNamespace) -> None:
    client = browser(ground.mila)
    form = hidden(client.get("/upload/").content.decode())
    assert "Choose a file" in client.post("/upload/", form).content.decode()
    assert "This file is empty" in sent_file(client, b"").content.decode()


def test_a_file_that_is_too_large_is_not_kept_and_the_limit_is_said(ground: SimpleNamespace) -> None:
    """Demand 9."""
    page = sent_file(browser(ground.mila), b"x" * (MOST_BYTES + 1), "stock.csv").content.decode()
    assert "larger than 10 MB" in page and "20,000 rows" in page and not Upload.objects.exists()


@pytest.mark.slow
def test_too_many_rows_and_a_bomb_get_the_limit_in_words(ground: SimpleNamespace) -> None:
    client = browser(ground.mila)
    rows = csv(COUNTS, *[(SITE, f"P{at}", "approved", TODAY, at) for at in range(MOST_ROWS + 1)])
    for content, name in ((rows, "stock.csv"), (parquet_of(MOST_ROWS + 1), "stock.parquet"), (bomb(), "stock.xlsx")):
        address, page = read_file(client, content, name)
        assert "At most 20,000 rows" in page and kept_rows(client, address).status_code == 422


def parquet_of(rows: int) -> bytes:
    out = io.BytesIO()
    pl.select(site=pl.repeat(SITE, rows)).write_parquet(out)
    return out.getvalue()


def bomb() -> bytes:
    """A workbook that unpacks to much more than rows would take, yet not to more than the reader of files allows."""

    out = io.BytesIO(book(GOWNS))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/media/noise.bin", bytes(range(256)) * (49 * 2**20 // 256))
        package.writestr("xl/media/more.bin", hashlib.shake_256(b"x").digest(2**20))
    return out.getvalue()


def test_the_file_is_kept_under_its_digest_before_its_row_and_the_log_names_it(ground: SimpleNamespace) -> None:
    client, content = browser(ground.mila), book(GOWNS)
    address, _page = read_file(client, content)
    digest = hashlib.sha256(content).hexdigest()
    assert (Path(settings.DATA) / "uploads" / digest).read_bytes() == content
    kept_rows(client, address)
    one, act = Upload.objects.get(), Act.objects.order_by("number").last()
    assert (one.digest, one.act, one.sites, one.size) == (digest, act.number, [SITE], len(content))
    assert act.about == f"site:{SITE}" and act.after["sha256"] == digest and act.after["upload"] == one.pk
    log = client.get(f"/log/site:{SITE}/").content.decode()
    assert f'href="{address}file/"' in log and "stock.xlsx" not in log
    assert b"".join(client.get(f"{address}file/").streaming_content) == content


def test_a_file_is_seen_by_who_sees_all_its_sites_once_it_was_taken_in(ground: SimpleNamespace) -> None:
    client = browser(ground.ravi)
    address, _page = read_file(client, book(GOWNS, ("site-home-north", *MASKS[1:])))
    sees = ("ravi", "pim", "noor", "anna")
    assert {name: browser(getattr(ground, name)).get(f"{address}file/").status_code for name in sees} == {
        "ravi": 200, "pim": 404, "noor": 404, "anna": 404
    }  # fmt: skip
    kept_rows(client, address, on_behalf="telephone")
    for name, status in (("ravi", 200), ("pim", 200), ("noor", 200), ("anna", 200), ("mila", 404), ("otto", 404)):
        assert browser(getattr(ground, name)).get(f"{address}file/").status_code == status, name
    number = Upload.objects.get().pk
    assert browser(ground.noor).get(f"/log/upload:{number}/").status_code == 200
    assert browser(ground.mila).get(f"/log/upload:{number}/").status_code == 404
    for person, site, seen in (
        (ground.mila, SITE, True),
        (ground.cara, "site-home-north", True),
        (ground.otto, OTHER, False),
    ):
        assert ("file taken in" in browser(person).get(f"/log/site:{site}/").content.decode()) is seen


def test_the_page_of_a_file_is_its_senders_alone(ground: SimpleNamespace) -> None:
    address, _page = read_file(browser(ground.mila), book(GOWNS))
    for name in ("ben", "ravi", "pim"):
        for part in ("", "refused/"):
            assert browser(getattr(ground, name)).get(address + part).status_code == 404
        assert browser(getattr(ground, name)).post(address, {}).status_code == 404


def test_what_nothing_came_of_goes_after_some_days_and_what_was_taken_in_stays(ground: SimpleNamespace) -> None:
    client = browser(ground.mila)
    taken, _page = read_file(client, book(GOWNS))
    kept_rows(client, taken)
    read_file(client, book(MASKS))
    read_file(client, book(GOWNS))
    digests = {one.digest for one in Upload.objects.all()}
    for digest in digests:
        os.utime(store.upload(digest), (0, 0))
    forget_old(NOON + dt.timedelta(days=DAYS - 1))
    assert Upload.objects.count() == 3
    forget_old(NOON + dt.timedelta(days=DAYS + 1))
    assert [one.act is not None for one in Upload.objects.all()] == [True]
    assert {digest for digest in digests if store.upload(digest).exists()} == {Upload.objects.get().digest}


def test_the_table_of_who_uploads_what_agrees_with_what_each_may_tell() -> None:
    assert set(UPLOADS) == {role for role in Role if may(role, Permission.TELL)}
    holds = {role for role, tables in UPLOADS.items() if "regional_hub" in tables["stock"]}
    assert holds == {role for role in Role if may(role, Permission.TELL_HELD)}


def test_a_sign_that_no_database_holds_is_refused(ground: SimpleNamespace) -> None:
    headings = (*COUNTS, "lot")
    _address, page = read_file(browser(ground.mila), book((*GOWNS, "a_x0000_b"), (*MASKS, "ab"), headings=headings))
    assert "A sign that is no text" in page and "stock: 1 row" in page


def test_rows_of_very_many_sites_are_not_held_against_the_past_and_it_says_so(ground: SimpleNamespace) -> None:
    with mock.patch.object(read_upload, "MOST_ASKED", 0):
        _address, page = read_file(browser(ground.mila), book((*GOWNS[:4], 500_000)))
    assert "so many sites" in page and "Is this what you meant?" not in page and "stock: 1 row" in page


@pytest.mark.slow
def test_a_receipt_of_many_rows_has_pages(ground: SimpleNamespace) -> None:
    client = browser(ground.mila)
    days = [TODAY - dt.timedelta(days=at) for at in range(220)]
    address, page = read_file(client, book(*[(*GOWNS[:3], day, 5) for day in days]))
    assert "the first 50 of 220 rows" in page
    kept_rows(client, address)
    receipt = f"/acts/{Act.objects.order_by('number').last().number}/"
    first, last = (client.get(f"{receipt}?page={number}").content.decode() for number in (1, 2))
    assert (first.count("Gown in a box"), last.count("Gown in a box")) == (200, 20)


def test_a_name_that_a_system_would_pass_over_is_read(ground: SimpleNamespace) -> None:
    _address, page = read_file(browser(ground.mila), book(GOWNS), "~$stock.xlsx")
    assert "stock: 1 row" in page
