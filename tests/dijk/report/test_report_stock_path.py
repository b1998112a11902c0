"""How the stock of a scarce need goes: bands, what comes in, and a title that says when it is out."""

import datetime as dt
from dataclasses import replace

import polars as pl

from dijk.report import About, Text, report
from dijk.report.charts import svg
from dijk.report.pages import Figure, figures
from dijk.report.shown import said, shown
from report_country import AS_OF, TODAY, framed, inputs, plan, policy

ABOUT = About(title=Text("Report", "Rapport"), as_of=AS_OF, seed=7, version="-", digest="-", run="-")
LEVELS = (0.1, 0.25, 0.5, 0.75, 0.9)


def drawn(out: float | None) -> list[Figure]:
    rows = [
        {"need": need, "days_ahead": day, "quantile_level": level, "pieces": max(1000 * (0.5 + level) - 60 * day, 0.0)}
        for need in ("gown", "apron")
        for day in range(29)
        for level in LEVELS
    ]
    made = plan()
    situation = made.situation.with_columns(out_day_50=pl.lit(out, pl.Float64))
    pages = report(
        inputs(), policy(), replace(made, stock_path=framed("stock_path", rows), situation=situation), about=ABOUT
    )
    every = [each for chapter in pages.chapters for block in chapter.blocks for each in figures(block)]
    return [each for each in every if each.chart.shape == "fan" and each.ref.startswith("F2.")]


def test_a_path_is_drawn_for_what_is_scarce_alone_and_after_the_maps() -> None:
    assert [each.ref for each in drawn(9.0)] == ["F2.3"]


def test_the_title_says_when_it_is_out_or_how_likely_that_is() -> None:
    assert said(drawn(9.7)[0].title, "nl") == "Schort: de voorraad raakt naar verwachting rond 6\u00a0mei\u00a02020 op"
    assert said(drawn(None)[0].title, "en") == "Gown: chance of 80% that stock is out within four weeks"
    assert said(drawn(40.0)[0].title, "en") == "Gown: chance of 80% that stock is out within four weeks"


def test_the_path_goes_four_weeks_ahead_with_its_bands_and_what_comes_in() -> None:
    rows = drawn(9.0)[0].chart.rows
    days = sorted({row["x"] for row in rows})
    assert (days[0], days[-1]) == (str(TODAY), str(TODAY + dt.timedelta(days=28)))
    assert {row["part"] for row in rows} == {"outer", "inner", "median", "coming"}
    outer = next(row for row in rows if row["part"] == "outer")
    assert (outer["low"], outer["high"]) == (600.0, 1400.0)
    assert "Verwacht inkomend" in svg(drawn(9.0)[0], "nl")


def test_its_figures_stand_in_the_table_behind_it() -> None:
    table = drawn(9.0)[0].table
    assert [shown(cell, "en") for cell in table.rows[0]][1:6] == ["600", "750", "1,000", "1,250", "1,400"]
    assert len(table.rows) == 29
