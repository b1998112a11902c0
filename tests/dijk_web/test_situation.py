"""The picture on pages is the picture of the report, and ends at what the reader may see."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest

import country_once
from dijk.example import AS_OF
from dijk.report.pages import Cell
from dijk.report.shown import shown
from dijk_web import clock, store
from dijk_web.actions.planning import ask_for_plan, publish
from dijk_web.actions.take_in import take_in
from dijk_web.jobs import make_plan
from dijk_web.models import Run, Site
from four_people import browser, person


@pytest.fixture
def planned(tower: Any, settings: Any, tmp_path: Path) -> Iterator[SimpleNamespace]:
    """A tower with the example country, a made run, and people of it."""
    settings.DATA = tmp_path
    pim = person("pim", role="planner")
    with mock.patch.object(clock, "now", return_value=AS_OF), mock.patch("dijk.runs.plan", return_value=made()):
        take_in(country_once.tables(), by=pim, reason="the example")
        number = ask_for_plan(by=pim, reason="Monday")
        make_plan.call(number)
        home = Site.objects.get(site=claimed(number))
        yield SimpleNamespace(
            pim=pim,
            run=Run.objects.get(act=number),
            home=home,
            mila=person("mila", role="institution", organisation=home.organisation_id),
            ravi=person("ravi", role="coordinator", region=home.region),
            eva=person("eva", role="expert"),
        )


def made() -> Any:
    return country_once.plan()


def claimed(number: int) -> str:
    claims = store.table(str(Run.objects.get(act=number).code), "claim", need="gown")
    return str(claims.sort("site")["site"][0])


def text(client: Any, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


@pytest.mark.slow
def test_a_figure_of_the_picture_is_that_of_the_plan_and_leads_to_the_sites_behind_it(planned: Any) -> None:
    pim = browser(planned.pim)
    row = made().situation.filter(need="gown", sector="all", region="all").row(0, named=True)
    assert shown(Cell("days", row["cover_days"]), "en") in text(pim, "/situation/")
    page = text(pim, "/situation/cell/?need=gown&sector=all")
    assert f"The {row['sites']} sites behind it" in page and str(row["sites_known"]) in page
    assert "text/csv" in pim.get("/situation/cell/?need=gown&sector=all&form=csv").headers["content-type"]
    for address in ("/situation/flows/", "/situation/routing/", "/runs/", f"/runs/{planned.run.act}/"):
        text(pim, address)
    assert pim.get("/situation/cell/?need=nothing").status_code == 404
    assert pim.get("/situation/?run=999").status_code == 404


@pytest.mark.slow
def test_a_figure_of_others_stands_beside_ours_with_its_definition(planned: Any) -> None:
    page = text(browser(planned.eva), "/situation/others/")
    figure = country_once.tables()["external_figure"].row(0, named=True)
    assert figure["publisher"] in page and figure["definition"] in page
    assert shown(Cell("number", figure["value"]), "en") in page


@pytest.mark.slow
def test_who_reads_totals_or_one_region_sees_no_other_sites(planned: Any) -> None:
    sites = {row.site: row for row in Site.objects.filter(kind="care")}
    rows = browser(planned.ravi).get("/situation/cell/?need=gown&form=csv").content.decode().splitlines()[1:]
    seen = {line.split(",")[0] for line in rows}
    assert seen and {sites[code].region for code in seen} == {planned.home.region}
    assert browser(planned.eva).get("/situation/cell/?need=gown&form=csv").content.decode().count("\n") == 1


@pytest.mark.slow
def test_an_institution_reads_why_only_once_the_run_is_published(planned: Any) -> None:
    mila, home = browser(planned.mila), planned.home.site
    assert "No division has been published" in text(mila, f"/sites/{home}/why/?need=gown")
    assert mila.get(f"/sites/{home}/why/?run={planned.run.act}").status_code == 404
    assert "Dealt again" in text(browser(planned.ravi), f"/sites/{home}/why/?need=gown")
    publish(planned.run, by=planned.pim, reason="Monday")
    page = text(mila, f"/sites/{home}/why/?need=gown")
    assert "Calculated, not yet promised" in page and "Dealt again" in page and "▼" not in page
    assert "run_published" in text(browser(planned.pim), f"/log/run:{planned.run.act}/")


@pytest.mark.slow
def test_findings_that_name_sites_are_for_who_sees_all_sites(planned: Any) -> None:
    page = f"/runs/{planned.run.act}/"
    assert "STOCK-01" in text(browser(planned.pim), page)
    for other in (planned.ravi, planned.eva):
        assert "STOCK-01" not in text(browser(other), page)


@pytest.mark.slow
def test_a_planner_asks_once_however_often_the_form_is_sent(planned: Any) -> None:
    pim, before = browser(planned.pim), Run.objects.count()
    form = {"reason": "Thursday", "once": "a" * 32}
    first, again = (pim.post("/runs/", form) for _ in range(2))
    assert first.status_code == again.status_code == 302 and first["location"] == again["location"]
    assert Run.objects.count() == before + 1
    assert pim.post("/runs/", {"once": "b" * 32}).status_code == 422
    assert browser(planned.ravi).post("/runs/", form).status_code == 403


@pytest.mark.slow
def test_a_run_and_its_dataset_are_taken_along_whole(planned: Any) -> None:
    for what, holds in (("run", "manifest.json"), ("dataset", "site.parquet")):
        answer = browser(planned.pim).get(f"/runs/{planned.run.act}/{what}.zip")
        names = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).namelist()
        assert holds in names
    assert browser(planned.ravi).get(f"/runs/{planned.run.act}/run.zip").status_code == 404
