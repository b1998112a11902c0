"""An outside monitor is read in (S17): all of a file or nothing, each problem at its row, and known from then on."""

import io
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dijk_web.models import Act, ExternalFigure
from four_people import browser
from ground import NOON

HEADING = "figure,publisher,need,region,day,value,unit,definition,source,how"
GOOD = "gor-1,GGD,gown,north,2020-04-20,57960,pieces,stock of who answered,monitor 16,estimated"


def handed_in(client: Any, *lines: str, name: str = "ggd week 16.csv", once: str = "a" * 32, **more: str) -> Any:
    file = SimpleUploadedFile(name, "\n".join([HEADING, *lines]).encode())
    return client.post("/figures/", {"file": file, "reason": "Week 16", "once": once, **more})


def test_figures_of_others_are_known_from_the_moment_they_are_handed_in(ground: SimpleNamespace) -> None:
    pim = browser(ground.pim)
    done = handed_in(pim, GOOD, "gor-2,GGD,,,2020-04-20,unknown,share,who answered,monitor 16,estimated")
    assert done.status_code == 200  # what was read of the unknown value is told
    row = ExternalFigure.objects.get(figure="gor-1")
    assert (row.publisher, row.need_id, row.value, row.known_at) == ("GGD", "gown", 57960, NOON)
    page = pim.get("/figures/").content.decode()
    assert "figures of others told" in page and "Week 16" in page
    assert ExternalFigure.objects.get(figure="gor-2").value is None  # unknown, and not 0


def test_a_problem_stands_at_its_row_and_nothing_is_taken_in(ground: SimpleNamespace) -> None:
    answer = handed_in(browser(ground.pim), GOOD, GOOD.replace("gor-1", "gor-2").replace("2020-04-20", "someday"))
    page = answer.content.decode()
    assert answer.status_code == 422 and "someday" in page and '<td class="num" data-label="Row">3</td>' in page
    assert "Week 16" in page and not ExternalFigure.objects.exists()


def test_a_warning_is_looked_at_before_the_file_is_taken_in(ground: SimpleNamespace) -> None:
    pim, odd = browser(ground.pim), GOOD.replace("57960", "many")
    answer = handed_in(pim, odd)
    assert answer.status_code == 422 and "I looked at the warnings" in answer.content.decode()
    assert "I looked at" not in pim.get("/figures/").content.decode() and not ExternalFigure.objects.exists()
    assert handed_in(pim, odd, anyway="on").status_code == 200
    assert (ExternalFigure.objects.get().value, ExternalFigure.objects.get().reason) == (None, "unreadable")


def test_a_need_that_nobody_knows_is_a_finding(ground: SimpleNamespace) -> None:
    answer = handed_in(browser(ground.pim), GOOD.replace("gown", "gwon"))
    assert answer.status_code == 422 and "gwon" in answer.content.decode()
    assert not ExternalFigure.objects.exists()


def test_a_file_handed_in_twice_adds_nothing_and_a_changed_row_is_told_anew(
    ground: SimpleNamespace, hands: Any
) -> None:
    pim = browser(ground.pim)
    assert [handed_in(pim, GOOD).headers["location"] for _ in range(2)] == ["/figures/", "/figures/"]  # a double click
    said = f"1 figure taken in as number {Act.objects.latest('number').number}."
    assert pim.get("/figures/").content.decode().count(said) == 2 and ExternalFigure.objects.count() == 1
    again = handed_in(pim, GOOD, once="b" * 32)
    assert again.status_code == 422 and "told before" in again.content.decode()
    handed_in(pim, GOOD, GOOD.replace("gor-1", "gor-9"), once="c" * 32)
    assert Act.objects.latest("number").after == {"rows": 1, "told_before": 1}
    handed_in(pim, GOOD.replace("57960", "60000"), once="d" * 32)
    assert [row.value for row in ExternalFigure.objects.filter(figure="gor-1").order_by("known_at")] == [57960, 60000]


def test_a_workbook_is_read_as_a_csv_is(ground: SimpleNamespace) -> None:
    import polars as pl

    out = io.BytesIO()
    pl.read_csv(io.StringIO(f"{HEADING}\n{GOOD}")).write_excel(out, worksheet="external_figure")
    file = SimpleUploadedFile("ggd.xlsx", out.getvalue())
    done = browser(ground.pim).post("/figures/", {"file": file, "reason": "Week 16", "once": "a" * 32})
    assert done.status_code == 302 and ExternalFigure.objects.get().value == 57960


@pytest.mark.parametrize("name", ["ggd.pdf", "ggd"])
def test_another_kind_of_file_is_refused_by_name(ground: SimpleNamespace, name: str) -> None:
    answer = handed_in(browser(ground.pim), GOOD, name=name)
    assert answer.status_code == 422 and "CSV, Excel (.xlsx) or Parquet." in answer.content.decode()
