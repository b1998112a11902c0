"""The backtest sees only what was known, and says how it did."""

import datetime as dt

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from dijk.desk.app import app
from dijk.forecast.backtest import HubForecast, backtest, past_revisions, score_forecasts, unit_changes, weekly_matrix
from dijk.forecast.score import QUANTILE_LEVELS

MONDAY = dt.date(2021, 3, 1)
SATURDAY = dt.date(2021, 2, 27)


def change_log(weeks: int = 40, first_share: float = 1.0) -> pl.DataFrame:
    """Two places; each week is known the Monday after, at a share of its final value, which follows two weeks later."""
    rng = np.random.default_rng(1)
    rows = []
    for place, size in (("AA", 900.0), ("BB", 60.0)):
        level = np.exp(np.log(size) + np.cumsum(0.15 * rng.standard_normal(weeks)))
        for age in range(weeks):
            end = SATURDAY - dt.timedelta(weeks=age)
            value = float(round(level[weeks - 1 - age]))
            rows.append((place, end, float(round(value * first_share)), end + dt.timedelta(days=2)))
            if first_share != 1.0:
                rows.append((place, end, value, end + dt.timedelta(days=16)))
    return pl.DataFrame(rows, schema=["location", "week_end", "value", "known_from"], orient="row")


def test_what_became_known_later_changes_nothing():
    log = change_log()
    later = pl.DataFrame(
        [("AA", SATURDAY, 1e6, MONDAY + dt.timedelta(days=1)), ("CC", SATURDAY, 5.0, MONDAY + dt.timedelta(days=1))],
        schema=log.schema,
        orient="row",
    )
    assert backtest(log, first=MONDAY, last=MONDAY).equals(backtest(pl.concat([log, later]), first=MONDAY, last=MONDAY))
    assert not backtest(log, first=MONDAY, last=MONDAY).equals(
        backtest(pl.concat([log, later.with_columns(known_from=MONDAY)]), first=MONDAY, last=MONDAY)
    )


def test_no_forecast_speaks_of_a_week_that_was_over():
    made = backtest(change_log(), first=dt.date(2021, 2, 9), last=MONDAY, lead=3)
    assert made["forecast_date"].unique().sort().to_list() == [dt.date(2021, 2, 15), dt.date(2021, 2, 22), MONDAY]
    days = (made["week_end"] - made["forecast_date"]).dt.total_days()
    assert (days == 5 + 7 * (made["horizon"] - 1)).all()
    HubForecast.validate(made)
    assert made.group_by("forecast_date", "location", "horizon").len()["len"].unique().to_list() == [
        len(QUANTILE_LEVELS)
    ]


def test_a_week_that_is_missing_altogether_makes_the_step_longer():
    log = change_log()
    late = log.filter((pl.col("location") != "AA") | (pl.col("week_end") < SATURDAY))
    full, less = (backtest(x, first=MONDAY, last=MONDAY).filter(pl.col("location") == "AA") for x in (log, late))
    assert less.height == full.height
    assert less["week_end"].equals(full["week_end"])


def test_negative_corrections_and_doubled_rows_do_not_crash():
    log = change_log()
    odd = pl.concat(
        [
            log,
            log.head(3),
            pl.DataFrame(
                [("AA", SATURDAY, -40.0, MONDAY), ("BB", SATURDAY, None, MONDAY)], schema=log.schema, orient="row"
            ),
        ]
    )
    names, saturday, counts = weekly_matrix(odd, MONDAY)
    assert names == ("AA", "BB")
    assert saturday == SATURDAY
    assert np.isnan(counts[:, -1]).all()  # missing, not zero
    assert backtest(odd, first=MONDAY, last=MONDAY).height == 2 * 4 * 23


def test_a_place_that_appears_has_a_forecast_and_one_that_falls_silent_has_none():
    log = change_log()
    new = pl.DataFrame([("NEW", SATURDAY, 30.0, MONDAY)], schema=log.schema, orient="row")
    gone = log.filter(pl.col("location") == "AA", pl.col("week_end") < SATURDAY - dt.timedelta(weeks=20)).with_columns(
        location=pl.lit("GONE")
    )
    made = backtest(pl.concat([log, new, gone]), first=MONDAY, last=MONDAY)
    assert set(made["location"]) == {"AA", "BB", "NEW"}


def test_a_source_that_starts_low_is_raised():
    learnt = past_revisions(change_log(first_share=0.5), ("AA", "BB"), MONDAY)
    assert learnt[0].factor[:2] == pytest.approx([2.0, 2.0], rel=0.05)
    assert learnt[0].factor[2] == 1.0


def test_a_change_of_unit_is_told_and_teaches_nothing_about_revisions():
    log = change_log()
    changed = log.with_columns(value=pl.col("value") * 7, known_from=pl.lit(MONDAY - dt.timedelta(weeks=9)))
    late = pl.col("known_from") > MONDAY - dt.timedelta(weeks=9)
    both = pl.concat(
        [
            log.filter(~late),
            changed.filter(pl.col("week_end") < MONDAY - dt.timedelta(weeks=9)),
            log.filter(late).with_columns(pl.col("value") * 7),
        ]
    )
    told = unit_changes(both)
    assert told["known_from"].unique().to_list() == [MONDAY - dt.timedelta(weeks=9)]
    assert told["factor"].to_list() == pytest.approx([7.0, 7.0])
    assert unit_changes(log).height == 0
    assert [one.factor.tolist() for one in past_revisions(both, ("AA", "BB"), MONDAY)] == [[1.0] * 3] * 2


def test_weeks_that_end_on_a_sunday_are_forecast_to_sundays():
    made = backtest(change_log().with_columns(pl.col("week_end") + dt.timedelta(days=1)), first=MONDAY, last=MONDAY)
    assert made["week_end"].min() == SATURDAY + dt.timedelta(days=8)


def test_the_commands_write_and_score_what_the_functions_make(tmp_path):
    log = change_log()
    log.write_csv(tmp_path / "log.csv")
    log.filter(pl.col("week_end") > MONDAY - dt.timedelta(weeks=9)).write_csv(tmp_path / "truth.csv")
    run, out = CliRunner(), tmp_path / "made.parquet"
    days = ["--from", "2021-02-01", "--to", "2021-03-01"]
    made = run.invoke(app, ["backtest", "--vintages", str(tmp_path / "log.csv"), *days, "-o", str(out)])
    assert made.exit_code == 0, made.output
    assert pl.read_parquet(out).equals(backtest(log, first=dt.date(2021, 2, 1), last=MONDAY))
    scored = run.invoke(app, ["score", str(out), str(tmp_path / "truth.csv"), "-o", str(tmp_path / "score.csv")])
    assert scored.exit_code == 0
    assert pl.read_csv(tmp_path / "score.csv")["forecasts"][0] == 2 * (4 + 3 + 2 + 1)
    (tmp_path / "odd.csv").write_text("location,when\nAA,2021-01-01\n")
    odd = run.invoke(app, ["backtest", "--vintages", str(tmp_path / "odd.csv"), *days, "-o", str(out)])
    assert odd.exit_code == 3
    assert "wanted week_end, value, known_from too" in odd.output


def test_the_score_counts_what_could_be_scored():
    log = change_log()
    made = backtest(log, first=MONDAY - dt.timedelta(weeks=6), last=MONDAY)
    table = score_forecasts(made, log.select("location", "week_end", "value"))
    everything = table.filter((pl.col("location") == "all") & (pl.col("horizon") == 0)).to_dicts()[0]
    assert everything["forecasts"] == 2 * (4 + 4 + 4 + 3 + 2 + 1)
    assert 0 < everything["log_wis"] < 0.5


def test_real_forecasts_beat_the_hub_baseline(real_data):
    log = pl.read_parquet(real_data / "eu_hub_truth_vintages.parquet").with_columns(
        pl.col("week_end", "known_from").str.to_date(), pl.col("value").cast(pl.Float64)
    )
    truth = pl.read_csv(real_data / "eu_hub_truth_final.csv", try_parse_dates=True).filter(~pl.col("provisional"))
    theirs = (
        pl.read_parquet(real_data / "eu_hub_forecasts.parquet")
        .filter(pl.col("model") == "baseline")
        .with_columns(
            pl.col("forecast_date", "week_end").str.to_date(),
            pl.col("value", "quantile").cast(pl.Float64),
            pl.col("horizon").cast(pl.Int64),
        )
        .filter(pl.col("forecast_date").is_between(dt.date(2022, 2, 7), dt.date(2022, 3, 7)))
    )
    ours = backtest(log, first=dt.date(2022, 2, 7), last=dt.date(2022, 3, 7)).join(
        theirs.select("forecast_date", "location", "horizon").unique(), on=["forecast_date", "location", "horizon"]
    )
    first = pl.col("location").eq("all") & pl.col("horizon").eq(0)
    our_score, their_score = (score_forecasts(f, truth).filter(first).to_dicts()[0] for f in (ours, theirs))
    assert our_score["forecasts"] == their_score["forecasts"]
    assert our_score["log_wis"] < 0.9 * their_score["log_wis"]
