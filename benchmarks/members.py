"""What members beside our own model bring, and what they take: European admissions as known on each Monday.

    python benchmarks/members.py [--quick] [--json FILE]

Own model, each member alone, the median of all three, and the median where a member was better of late (what
``forecast_members`` set to all does), each scored where all of them and the hub's baseline and ensemble have a
forecast. Takes about two minutes; ``--quick`` takes a month.
"""

import argparse
import datetime as dt
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
from figures import Figure, publish, require
from forecast import DATA, LEAD

from dijk.forecast.backtest import Known, _from_monday, _made, _mondays, ensemble_quantiles, own_quantiles
from dijk.forecast.members import MEMBERS, member_quantiles, with_members
from dijk.forecast.score import covered, log_score, relative_score

FIRST, LAST = dt.date(2021, 11, 8), dt.date(2022, 6, 27)
ONE = ["forecast_date", "location", "horizon", "week_end"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    require("forecast", "statsforecast")
    if not (DATA / "README.md").is_file():
        print(f"no real series at {DATA}: nothing to measure", file=sys.stderr)
        return
    log = pl.read_parquet(DATA / "eu_hub_truth_vintages.parquet").with_columns(
        pl.col("week_end", "known_from").str.to_date(), pl.col("value").cast(pl.Float64)
    )
    made, seconds = {}, {}
    for name, quantiles in ways().items():
        begun = time.perf_counter()
        days = _mondays(FIRST, FIRST + dt.timedelta(weeks=4) if given.quick else LAST)
        made[name] = _made(_from_monday(log, day, quantiles) for day in days)
        seconds[name] = time.perf_counter() - begun
    publish(figures(made, seconds), given.json)


def ways() -> dict[str, Callable[[Known], np.ndarray]]:
    def all_three(known: Known) -> np.ndarray:
        every = np.ones((len(MEMBERS), len(known.counts)), dtype=bool)
        return with_members(own_quantiles(known, LEAD), known.counts, every)

    alone = {
        name: lambda known, place=place: member_quantiles(known.counts, LEAD)[place]
        for place, name in enumerate(MEMBERS)
    }
    return {
        "own": lambda known: own_quantiles(known, LEAD),
        **alone,
        "median": all_three,
        "gated": lambda k: ensemble_quantiles(k, LEAD),
    }


def figures(made: dict[str, pl.DataFrame], seconds: dict[str, float]) -> list[Figure]:
    published = pl.read_parquet(DATA / "eu_hub_forecasts.parquet").with_columns(
        pl.col("forecast_date", "week_end").str.to_date(),
        pl.col("value", "quantile").cast(pl.Float64),
        pl.col("horizon").cast(pl.Int64),
    )
    models = {name: published.filter(pl.col("model") == name).drop("model") for name in ("baseline", "ensemble")} | made
    truth = (
        pl.read_csv(DATA / "eu_hub_truth_final.csv", try_parse_dates=True)
        .filter(~pl.col("provisional"))
        .drop_nulls("value")
    )
    cells = truth.select("location", "week_end", observed=pl.col("value").cast(pl.Float64))
    for name, rows in models.items():
        wide = (
            rows.sort(*ONE, "quantile")
            .group_by(ONE)
            .agg(pl.col("value").alias(name))
            .filter(pl.col(name).list.len() == 23)
        )
        cells = wide.join(cells, on=[column for column in ONE if column in cells.columns])
    cells = cells.sort(ONE)
    observed, dates = cells["observed"].to_numpy(), cells["forecast_date"].cast(pl.Int32).to_numpy()
    quantiles = {name: np.sort(np.array(cells[name].to_list()), axis=1) for name in models}
    log = {name: log_score(observed, rows) for name, rows in quantiles.items()}
    found = [Figure("members: forecasts scored", len(cells), "forecasts")]
    for name in made:
        ratio, low, high = relative_score(log[name], log["own"], dates)
        found += [
            Figure(
                f"{name}: log-WIS / hub baseline", round(float(log[name].mean() / log["baseline"].mean()), 4), "ratio"
            ),
            Figure(f"{name}: log-WIS / own, bounds by dates {low:.3f} to {high:.3f}", round(float(ratio), 4), "ratio"),
            Figure(
                f"{name}: truth inside the 95 % interval",
                round(100 * float(covered(observed, quantiles[name], 0.95).mean()), 1),
                "%",
            ),
            Figure(f"{name}: time / own", round(seconds[name] / seconds["own"], 1), "ratio"),
        ]
    return found


if __name__ == "__main__":
    main()
