"""The picture on pages is the picture of the report, and ends at what the reader may see."""

import io
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.db import IntegrityError, transaction

import country_once
from dijk.allocate.recompute import recompute
from dijk.desk.app import run_command
from dijk.files import read_folder
from dijk.report.pages import Cell
from dijk.report.shown import shown
from dijk.runs import read_run
from dijk.tables.columns import HOLDERS
from dijk_web import store
from dijk_web.actions import deciding
from dijk_web.actions.planning import ask_for_plan, publish
from dijk_web.actions.telling import Sent
from dijk_web.actions.writing import TooLate
from dijk_web.jobs import make_plan
from dijk_web.models import Run, Site, State
from four_people import browser, person


def made() -> Any:
    return country_once.plan()


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
def test_a_region_reads_why_before_the_release_and_an_institution_nothing(planned: Any) -> None:
    mila, home = browser(planned.mila), planned.home.site
    for _state in ("made", "published"):
        assert "No division has been released" in text(mila, f"/sites/{home}/why/?need=gown")
        assert mila.get(f"/sites/{home}/why/?run={planned.run.act}").status_code == 404
        page = text(browser(planned.ravi), f"/sites/{home}/why/?need=gown")
        assert "Calculated, not yet promised" in page and "Dealt again" in page and "▼" not in page
        if planned.run.state == State.MADE:
            publish(planned.run, by=planned.pim, reason="Monday")
            planned.run.refresh_from_db()
    assert "levels published" in text(browser(planned.pim), f"/log/run:{planned.run.act}/")


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


def taken_along(client: Any, run: Run, what: str, folder: Path) -> Path:
    """What a person takes along of a run, unpacked."""
    answer = client.get(f"/runs/{run.act}/{what}.zip")
    assert answer.status_code == 200, answer.status_code
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as bundle:
        bundle.extractall(folder)
    return folder


@pytest.mark.slow
def test_a_run_and_its_dataset_are_taken_along_whole_by_who_sees_all(planned: Any, tmp_path: Path) -> None:
    run = read_run(taken_along(browser(planned.pim), planned.run, "run", tmp_path / "run"))
    assert run.plan.claim.equals(made().claim)
    assert (taken_along(browser(planned.pim), planned.run, "dataset", tmp_path / "all") / "site.parquet").exists()
    assert browser(planned.eva).get(f"/runs/{planned.run.act}/run.zip").status_code == 403


@pytest.mark.slow
def test_an_institution_takes_its_part_of_a_released_run_home_and_gets_the_same_number(
    divided: Any, tmp_path: Path
) -> None:
    planned, mila, home = divided, browser(divided.mila), divided.home.site
    for what in ("run", "dataset"):
        assert mila.get(f"/runs/{planned.run.act}/{what}.zip").status_code == 404
    planned.now.return_value = planned.division.check_by
    deciding.approve(planned.proposal, by=planned.pia, why="in time", sent=Sent(None, 0))
    assert "Your part of this run" in text(mila, f"/sites/{home}/why/")
    folder = taken_along(mila, planned.run, "run", tmp_path / "part")
    plan, mine = (
        read_run(folder).plan,
        set(Site.objects.filter(organisation=planned.home.organisation_id).values_list("site", flat=True)),
    )
    assert set(plan.claim["site"]) <= mine and set(plan.award["site"]) <= mine and plan.finding.is_empty()
    packs = recompute(plan.claim, plan.level).group_by("site", "need", "risk_class").agg(pl.col("packs").sum())
    awarded = made().award.filter(pl.col("site").is_in(list(mine))).group_by("site", "need", "risk_class")
    both = packs.join(awarded.agg(awarded=pl.col("packs").sum()), on=["site", "need", "risk_class"], how="left")
    assert both.height and both["packs"].equals(both["awarded"].fill_null(0), check_names=False)
    for words in (["recompute", str(folder), "--site", home], ["explain", str(folder), home, "gown"]):
        assert run_command(words) == 0

    data = read_folder(taken_along(mila, planned.run, "dataset", tmp_path / "data")).tables
    care = data["site"].filter(~pl.col("kind").is_in(list(HOLDERS)))["site"]
    assert set(care) <= mine and set(data["stock"]["site"]) <= mine and set(data["request"]["site"]) <= mine
    assert data["norm"].height == country_once.tables()["norm"].height and "asked" in data


@pytest.mark.slow
def test_a_region_takes_the_lines_of_its_own_sites_along(planned: Any, tmp_path: Path) -> None:
    hall = Site.objects.filter(kind="warehouse").first()
    region = set(Site.objects.filter(region=hall.region).values_list("site", flat=True))
    wim = browser(person("wim", role="coordinator", region=hall.region))
    part = read_run(taken_along(wim, planned.run, "run", tmp_path / "part"))
    assert hall.site not in {*part.inputs.inbound["to_site"], *part.inputs.stock["site"]}
    assert set(part.inputs.stock["site"]) <= region
    plan = part.plan
    whole = made().claim
    assert plan.claim.equals(whole.filter(pl.col("site").is_in(list(region)))) and plan.level.equals(made().level)
    assert plan.claim.height < whole.height


def previewed(planned: Any, once: str, **more: str) -> Run:
    """A preview that the planner asked for, made by the worker."""
    form = {"reason": "What if", "once": once * 32, **more}
    address = browser(planned.pim).post("/runs/preview/", form).headers["location"]
    make_plan.call(int(address.split("/")[2]))
    return Run.objects.get(act=int(address.split("/")[2]))


@pytest.mark.slow
def test_a_preview_sees_the_world_of_its_own_moment_and_is_never_published(planned: Any) -> None:
    early = previewed(planned, "a", as_of="2020-04-13T00:00")
    assert (early.state, early.preview, str(early.as_of)) == (State.MADE, True, "2020-04-13 00:00:00+00:00")
    rows = {run.act: store.known(str(run.code), "stock")["known_at"].max() for run in (early, planned.run)}
    assert rows[early.act] <= early.as_of < rows[planned.run.act]

    pim = browser(planned.pim)
    assert "a preview that is never published" in text(pim, f"/runs/{early.act}/")
    form = {"reason": "Let it be", "once": "b" * 32}
    assert pim.post(f"/runs/{early.act}/publish/", form).status_code == 409
    with pytest.raises(TooLate):
        publish(early, by=planned.pim, reason="Let it be")
    with pytest.raises(IntegrityError), transaction.atomic():
        Run.objects.filter(act=early.act).update(state=State.PUBLISHED, published_by=early.act)
    assert f"Run {planned.run.act} (" in text(pim, "/situation/")  # nobody reads a preview who did not ask for it
    assert f"Run {early.act} (" in text(pim, f"/situation/?run={early.act}")


@pytest.mark.slow
def test_two_previews_of_one_moment_are_both_made_and_none_is_of_tomorrow(planned: Any) -> None:
    first, second = (previewed(planned, once, as_of="2020-04-13T00:00") for once in "ab")
    assert first.act != second.act and first.code == second.code and second.state == State.MADE
    late = browser(planned.pim).post("/runs/preview/", {"reason": "-", "once": "c" * 32, "as_of": "2031-01-01T00:00"})
    assert late.status_code == 422 and "still to come" in late.content.decode()


@pytest.mark.slow
def test_a_run_that_failed_says_so_in_the_language_of_the_reader(planned: Any) -> None:
    fault = "dijk_web.worker.WorkerDied: its worker ended 2 times without a word"
    number = ask_for_plan(by=planned.pim, reason="Thursday")
    Run.objects.filter(act=number).update(state=State.FAILED, fault=fault)
    answer = browser(planned.pim).get(f"/runs/{number}/", headers={"accept-language": "nl"}).content.decode()
    assert "omdat het geheugen vol was" in answer and f'<p class="hush" lang="en">{fault}</p>' in answer
