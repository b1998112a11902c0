"""Chapter 5: one last week, states as a mean per day, what is not complete is dotted, and who told their use."""

import datetime as dt
from dataclasses import replace

import polars as pl
import pytest

from dijk.report import About, Report, Text, report
from dijk.report.charts import svg
from dijk.report.pages import Figure, figures
from dijk.report.shown import said, shown
from dijk.tables.facts import MEASURES
from report_country import AS_OF, TODAY, inputs, plan, policy

LAST = TODAY - dt.timedelta(days=2)
ABOUT = About(title=Text("Report", "Rapport"), as_of=AS_OF, seed=7, version="-", digest="-", run="-")


def told(measure: str | None) -> Report:
    made = plan()
    kind = pl.Enum(list(MEASURES))
    seen = made.indicator_seen.with_columns(measure=pl.lit(measure, kind))
    return report(inputs(), policy(), replace(made, indicator_seen=seen), about=ABOUT)


def figure(pages: Report, ref: str) -> Figure:
    drawn = [each for chapter in pages.chapters for block in chapter.blocks for each in figures(block)]
    return next(each for each in drawn if each.ref == ref)


def median(pages: Report) -> float:
    return next(row["value"] for row in figure(pages, "F5.1").chart.rows if row["part"] == "median")


@pytest.mark.parametrize(("measure", "days"), [("flow", 7), ("state", 1), (None, 1)])
def test_a_fan_shows_a_flow_per_week_and_anything_else_as_a_mean_per_day(measure: str | None, days: int) -> None:
    pages = told(measure)
    assert median(pages) == pytest.approx(1000 / 7 * days)
    past = [row["value"] for row in figure(pages, "F5.1").chart.rows if row["part"] == "past"]
    day = inputs().indicator.filter(pl.col("day") <= LAST).sort("day")["value"].tail(7).mean()
    assert past[-1] == pytest.approx(day * days)  # type: ignore[operator]
    heading = said(figure(pages, "F5.1").title, "nl")
    assert (" per dag in de week tot en met 25" in heading) == (days == 1)
    assert " verwacht in de week vanaf " in heading


def test_the_last_week_is_one_and_the_same_in_the_table_and_below_the_fan() -> None:
    pages = told("flow")
    fan = figure(pages, "F5.1")
    assert "In the week up to 25\u00a0April\u00a02020" in said(fan.alt, "en")
    last = [row for row in fan.chart.rows if row["part"] == "past"][-1]
    assert last["x"] == str(LAST - dt.timedelta(days=6))


def test_days_that_are_not_complete_are_dotted_and_named() -> None:
    fan = figure(told("flow"), "F5.1")
    late = [row for row in fan.chart.rows if row["part"] == "late"]
    assert [row["x"] for row in late] == [str(LAST - dt.timedelta(days=6)), str(LAST - dt.timedelta(days=5))]
    assert 'stroke-dasharray="1.5,3"' in svg(fan, "nl")
    assert "nog niet compleet" in svg(fan, "nl")
    assert any("25\u00a0april\u00a02020" in said(note, "nl") for note in fan.notes)


def test_the_outer_band_holds_the_paths_that_its_name_says() -> None:
    """From 10 to 90 in 100: a band of 95 was once called one of 90."""
    rows = figure(told("flow"), "F5.1").chart.rows
    band = next(row for row in rows if row["part"] == "outer")
    assert (band["low"], band["high"]) == (pytest.approx(600.0), pytest.approx(1400.0))
    assert "80 in 100" in said(figure(told("flow"), "F5.1").alt, "en")


def test_the_table_behind_a_fan_has_what_was_observed_too() -> None:
    rows = figure(told("flow"), "F5.1").table.rows
    assert shown(rows[0][1], "en") != "–"
    assert shown(rows[-1][1], "en") == "–"


def test_use_far_below_demand_is_explained_by_who_told_it() -> None:
    gown = figure(told("flow"), "F5.2")
    words = said(gown.notes[-1], "en")
    assert "by 1 of 12 sites" in words
    assert "10 of 120 pieces" in words
    assert "(8%)" in words
    visor = next(
        each
        for chapter in told("flow").chapters
        for block in chapter.blocks
        for each in figures(block)
        if "Apron" in said(each.title, "en")
    )
    assert said(visor.notes[-1], "en") == "No use was recorded for this need."
