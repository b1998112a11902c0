"""How good the forecast is and how fast, on the real series and on made ones.

    python benchmarks/forecast.py [--quick] [--json FILE]

Quality: European admissions as known on each Monday, Dutch regions, patient-days, and running out. Where the real
series are absent (``DIJK_SERIES`` names their folder) these figures are left out. Speed: the engine against AutoETS,
and the kernel of running out against its plain twin. ``--quick`` takes fewer series for the speed figures. Ratios are
of mean scores; a ratio below 1 is better than what it is compared with.
"""

import argparse
import datetime as dt
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import polars as pl
from figures import Figure, publish, require

from dijk.assess._run_out_kernel import simulate
from dijk.assess.run_out import Inbound, arrival_days, run_out, simulate_plainly
from dijk.forecast.backtest import backtest
from dijk.forecast.drivers import RANDOM_WALK, Growth, look_ahead, quantile_forecast, sample_paths
from dijk.forecast.occupancy import ICU_STAY, WARD_STAY, Stay, occupancy_paths
from dijk.forecast.score import QUANTILE_LEVELS, covered, log_score, relative_score, weighted_interval_score
from dijk.forecast.spread import Map, on_dask

Array = np.ndarray
Result = TypeVar("Result")
DATA = Path(os.environ.get("DIJK_SERIES", Path(__file__).resolve().parent.parent.parent / "shared" / "data"))
LEAD = 4
HUB_FIRST, HUB_LAST = dt.date(2021, 11, 8), dt.date(2022, 6, 27)
HALF_YEAR = 26  # weeks of own past, from when on the prior has no say


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--memory-of-100000", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.memory_of_100000:
        print(peak_of_many())
        return
    require("forecast", "statsforecast")
    require("cluster", "dask", "distributed")
    require("test", "scoringrules")
    figures = []
    if (DATA / "README.md").is_file():
        figures += hub_figures() + region_figures() + other_figures() + bed_figures() + stock_figures()
        figures += cluster_figures(given.quick)
    else:
        print(f"no real series at {DATA}: quality is not measured", file=sys.stderr)
    publish(figures + speed_figures(given.quick), given.json)


def figure(name: str, value: float, unit: str, aim: str | None = None) -> Figure:
    """A figure whose aim reads "<= 0.8", ">= 85" or "43-57"."""
    value = round(float(value), 4)
    if aim is None:
        return Figure(name, value, unit)
    if aim.startswith(("<=", ">=")):
        bound = float(aim[2:])
        return Figure(name, value, unit, aim, value <= bound if aim[0] == "<" else value >= bound)
    low, high = map(float, aim.split("-"))
    return Figure(name, value, unit, aim, low <= value <= high)


# European admissions, as known on each Monday


def hub_figures() -> list[Figure]:
    """Against the hub's own models, on what all of them forecast and what is final by now."""
    ours, floor = (hub_forecasts(model) for model in (Growth(), RANDOM_WALK))
    published = pl.read_parquet(DATA / "eu_hub_forecasts.parquet").with_columns(
        pl.col("forecast_date", "week_end").str.to_date(),
        pl.col("value", "quantile").cast(pl.Float64),
        pl.col("horizon").cast(pl.Int64),
    )
    truth = (
        pl.read_csv(DATA / "eu_hub_truth_final.csv", try_parse_dates=True)
        .filter(~pl.col("provisional"))
        .drop_nulls("value")
    )
    one = ["forecast_date", "location", "horizon", "week_end"]
    models = {name: published.filter(pl.col("model") == name).drop("model") for name in ("baseline", "ensemble")}
    models |= {"ours": ours, "floor": floor}
    cells = truth.select("location", "week_end", observed=pl.col("value").cast(pl.Float64))
    for name, rows in models.items():
        wide = (
            rows.sort(*one, "quantile")
            .group_by(one)
            .agg(pl.col("value").alias(name))
            .filter(pl.col(name).list.len() == 23)
        )
        cells = wide.join(cells, on=[c for c in one if c in cells.columns])
    cells = cells.sort(one)
    observed = cells["observed"].to_numpy()
    quantiles = {name: np.sort(np.array(cells[name].to_list()), axis=1) for name in models}
    log = {name: log_score(observed, q) for name, q in quantiles.items()}
    natural = {name: weighted_interval_score(observed, q) for name, q in quantiles.items()}
    place = cells["location"].to_numpy()
    by_place = {
        p: natural["ours"][place == p].mean() / natural["baseline"][place == p].mean() for p in np.unique(place)
    }
    worst = max(by_place, key=by_place.__getitem__)
    dates = cells["forecast_date"].cast(pl.Int32).to_numpy()
    against_floor = relative_score(log["ours"], log["floor"], dates)
    return [
        figure("hub: forecasts scored", len(cells), "forecasts"),
        figure("hub: log-WIS / hub baseline", log["ours"].mean() / log["baseline"].mean(), "ratio", "<= 0.80"),
        figure(
            "hub: log-WIS of the hub ensemble / hub baseline", log["ensemble"].mean() / log["baseline"].mean(), "ratio"
        ),
        figure("hub: log-WIS / hub ensemble", log["ours"].mean() / log["ensemble"].mean(), "ratio"),
        figure("hub: log-WIS / log random walk", against_floor[0], "ratio"),
        figure("hub: the same, upper bound by dates", against_floor[2], "ratio", "<= 1.00"),
        *(
            figure(
                f"hub: horizon {h}, log-WIS / hub baseline (n {(at := cells['horizon'].to_numpy() == h).sum()})",
                log["ours"][at].mean() / log["baseline"][at].mean(),
                "ratio",
            )
            for h in range(1, LEAD + 1)
        ),
        figure(
            "hub: WIS / hub baseline, geometric mean of countries",
            np.exp(np.mean(np.log(list(by_place.values())))),
            "ratio",
        ),
        figure(
            f"hub: WIS / hub baseline, worst country ({worst}, n {(place == worst).sum()})", by_place[worst], "ratio"
        ),
        figure(
            "hub: truth inside the 50 % interval", 100 * covered(observed, quantiles["ours"], 0.5).mean(), "%", "43-57"
        ),
        figure(
            "hub: truth inside the 95 % interval", 100 * covered(observed, quantiles["ours"], 0.95).mean(), "%", "91-98"
        ),
        figure(
            "hub: largest difference with scoringrules",
            largest_difference(observed, quantiles["ours"]),
            "WIS",
            "<= 1e-6",
        ),
    ]


def hub_forecasts(model: Growth, *, last: dt.date = HUB_LAST, mapped: Map = map) -> pl.DataFrame:
    log = pl.read_parquet(DATA / "eu_hub_truth_vintages.parquet").with_columns(
        pl.col("week_end", "known_from").str.to_date(), pl.col("value").cast(pl.Float64)
    )
    return backtest(log, first=HUB_FIRST, last=last, lead=LEAD, model=model, mapped=mapped)


def largest_difference(observed: Array, quantiles: Array) -> float:
    import scoringrules

    theirs = scoringrules.weighted_interval_score(
        observed, quantiles[:, 11], quantiles[:, :11], quantiles[:, :11:-1], 2 * QUANTILE_LEVELS[:11]
    )
    return float(np.abs(weighted_interval_score(observed, quantiles) - theirs).max())


# Dutch regions, final data, training only on the past


@dataclass(frozen=True)
class Country:
    regions: tuple[str, ...]  # the last is what no region explains
    daily: Array  # (regions, days)
    national: dict[str, Array]  # (days,)


def netherlands() -> Country:
    wide = (
        pl.read_csv(DATA / "nl_region_daily.csv", try_parse_dates=True)
        .pivot("region", index="date", values="hosp_admissions")
        .sort("date")
    )
    names = sorted(c for c in wide.columns if c != "date")
    nation = pl.read_csv(DATA / "nl_national_daily.csv", try_parse_dates=True).sort("date")
    columns = {c: nation[c].cast(pl.Float64).to_numpy() for c in nation.columns if c != "date"}
    regional = wide.select(names).cast(pl.Float64).to_numpy().T
    rest = np.maximum(columns["hosp_admissions"] - regional.sum(axis=0), 0)
    return Country((*names, "unknown"), np.vstack([regional, rest]), columns)


def weeks_until(daily: Array, day: int) -> Array:
    """Whole weeks that end on a day, shape (series, weeks)."""
    return daily[:, :day][:, day % 7 :].reshape(len(daily), -1, 7).sum(axis=2)


def region_figures() -> list[Figure]:
    country = netherlands()
    weekly = weeks_from_monday(country.daily)
    mature, young = (region_scores(country.regions, weekly, span) for span in (range(HALF_YEAR, 78), range(1, 9)))
    region = relative_score(mature["region"], mature["region floor"], mature["region date"])
    nation = relative_score(mature["nation"], mature["nation floor"], mature["nation date"])
    return [
        figure("regions: forecasts scored", len(mature["region"]), "forecasts"),
        figure("regions: log-WIS / regional random walk", region[0], "ratio"),
        figure("regions: the same, upper bound by dates", region[2], "ratio", "<= 1.00"),
        figure("regions: truth inside the 95 % interval", 100 * mature["region in 95"].mean(), "%", "91-98"),
        figure("nation from joint regions: forecasts scored", len(mature["nation"]), "forecasts"),
        figure("nation from joint regions: log-WIS / national random walk", nation[0], "ratio"),
        figure("nation from joint regions: the same, upper bound by dates", nation[2], "ratio", "<= 0.92"),
        figure(
            "nation from joint regions: truth inside the 95 % interval",
            100 * mature["nation in 95"].mean(),
            "%",
            ">= 90",
        ),
        figure("cold start, March and April 2020: forecasts scored", len(young["region in 95"]), "forecasts"),
        figure("cold start: regions inside the 95 % interval", 100 * young["region in 95"].mean(), "%", ">= 85"),
        figure("cold start: nation inside the 95 % interval", 100 * young["nation in 95"].mean(), "%", ">= 85"),
    ]


def region_scores(names: tuple[str, ...], weekly: Array, origins: range) -> dict[str, Array]:
    found: dict[str, list[Array]] = {}
    nation = weekly.sum(axis=0)
    for week in origins:
        past = weekly[:, :week]
        outlook = look_ahead(past, names, LEAD)
        total = np.quantile(sample_paths(outlook, 1000, seed=1).sum(axis=1), QUANTILE_LEVELS, axis=0).T
        floor = quantile_forecast(look_ahead(past, names, LEAD, model=RANDOM_WALK))
        total_floor = quantile_forecast(look_ahead(nation[None, :week], ("nation",), LEAD, model=RANDOM_WALK))[0]
        truth = weekly[:-1, week : week + LEAD]
        ahead = truth.shape[1]
        regional = quantile_forecast(outlook)[:-1, :ahead]
        whole = nation[week : week + LEAD]
        for name, values in {
            "region": log_score(truth, regional),
            "region floor": log_score(truth, floor[:-1, :ahead]),
            "region in 95": covered(truth, regional, 0.95),
            "region date": np.full(truth.shape, week),
            "nation": log_score(whole, total[:ahead]),
            "nation floor": log_score(whole, total_floor[:ahead]),
            "nation in 95": covered(whole, total[:ahead], 0.95),
            "nation date": np.full(ahead, week),
        }.items():
            found.setdefault(name, []).append(values.ravel())
    return {name: np.concatenate(parts) for name, parts in found.items()}


# Other Dutch series, as a check on the constants: no aim


def other_figures() -> list[Figure]:
    figures = []
    for name, file, column in (
        ("positive tests", "nl_region_daily", "cases"),
        ("infected residents", "nl_region_longterm_care_daily", "nh_new_infected"),
    ):
        rows = pl.read_csv(DATA / f"{file}.csv", try_parse_dates=True).filter(pl.col("region") != "NL")
        wide = rows.pivot("region", index="date", values=column).sort("date").drop("date").cast(pl.Float64)
        figures += against_walk(f"{name}, regions", tuple(wide.columns), weeks_from_monday(wide.to_numpy().T))
    icu = netherlands().national["icu_admissions"][None]
    return figures + against_walk("intensive-care admissions, nation", ("nation",), weeks_from_monday(icu))


def weeks_from_monday(daily: Array) -> Array:
    """Whole weeks from the first Monday on, shape (series, weeks)."""
    weeks = (daily.shape[1] - 4) // 7  # 27 February 2020 was a Thursday
    return daily[:, 4 : 4 + 7 * weeks].reshape(len(daily), weeks, 7).sum(axis=2)


def against_walk(name: str, series: tuple[str, ...], weekly: Array) -> list[Figure]:
    """From the 16th week on, log-WIS over that of the random walk."""
    ours, floor = [], []
    for week in range(16, weekly.shape[1] - LEAD):
        truth = weekly[:, week : week + LEAD]
        for scores, model in ((ours, Growth()), (floor, RANDOM_WALK)):
            scores.append(
                log_score(truth, quantile_forecast(look_ahead(weekly[:, :week], series, LEAD, model=model))).ravel()
            )
    mine, theirs = np.concatenate(ours), np.concatenate(floor)
    both = ~np.isnan(mine) & ~np.isnan(theirs)
    return [figure(f"{name}: log-WIS / random walk (n {both.sum()})", mine[both].mean() / theirs[both].mean(), "ratio")]


# Patient-days: from admissions to beds


def bed_figures() -> list[Figure]:
    country = netherlands()
    icu = country.national["icu_admissions"][None]
    figures = []
    for name, admitted, names, stay, aims in (
        ("intensive care", icu, ("nation",), ICU_STAY, {2: "<= 0.65", 4: "<= 0.78"}),
        ("wards", country.daily, country.regions, WARD_STAY, {2: "<= 0.65", 4: "<= 0.78"}),
    ):
        beds = country.national["icu_beds_covid" if name == "intensive care" else "ward_beds_covid"]
        error, persistence, inside = bed_errors(admitted, names, beds, stay)
        for weeks, aim in aims.items():
            ratio = error[weeks].mean() / persistence[weeks].mean()
            figures.append(
                figure(
                    f"patient-days, {name}: error / persistence at {weeks} weeks (n {len(error[weeks])})",
                    ratio,
                    "ratio",
                    aim,
                )
            )
        figures.append(figure(f"patient-days, {name}: truth inside the 95 % interval", 100 * inside.mean(), "%"))
    return figures


def bed_errors(
    admitted: Array, names: tuple[str, ...], beds: Array, stay: Stay
) -> tuple[dict[int, Array], dict[int, Array], Array]:
    """Absolute errors of the median and of persistence from June 2020 on, by weeks ahead; and what the 95 % interval
    held.
    """
    error: dict[int, list[float]] = {2: [], 4: []}
    persistence: dict[int, list[float]] = {2: [], 4: []}
    inside = []
    total = admitted.sum(axis=0)
    for day in range(96, len(total) - 7 * LEAD, 7):
        ahead = sample_paths(look_ahead(weeks_until(admitted, day), names, LEAD), 400, seed=1).sum(axis=1)
        paths = occupancy_paths(total[:day], beds[:day], ahead, stay, seed=1)
        for weeks in error:
            then = beds[day + 7 * (weeks - 1) : day + 7 * weeks]
            if np.isnan(then).any() or np.isnan(beds[day - 7 : day]).any():
                continue
            error[weeks].append(abs(float(np.median(paths[:, weeks - 1])) - then.sum()))
            persistence[weeks].append(abs(beds[day - 7 : day].sum() - then.sum()))
            low, high = np.quantile(paths[:, weeks - 1], [0.025, 0.975])
            inside.append(low <= then.sum() <= high)
    return (
        {w: np.array(v) for w, v in error.items()},
        {w: np.array(v) for w, v in persistence.items()},
        np.array(inside),
    )


# Running out


def stock_figures() -> list[Figure]:
    """One piece an admission, Dutch regions; the stock is 1.5 to 5 weeks of last week's use, and nothing comes in."""
    country = netherlands()
    weekly = weeks_from_monday(country.daily)
    chance, burn, happened = {2: [], 4: []}, {2: [], 4: []}, {2: [], 4: []}
    for week in range(HALF_YEAR, 78 - LEAD):
        paths = sample_paths(look_ahead(weekly[:, :week], country.regions, LEAD), 1000, seed=1)
        used = np.flatnonzero(weekly[:-1, week - 1] > 0)
        for weeks_of_stock in np.arange(1.5, 5.01, 0.5):
            stock = weeks_of_stock * weekly[used, week - 1]
            out = run_out(stock, np.moveaxis(paths[:, used], 0, 1), marks=(2, 4))
            for place, mark in enumerate((2, 4)):
                chance[mark].append(out.chance[:, place])
                burn[mark].append(np.full(len(used), float(weeks_of_stock < mark)))
                happened[mark].append((weekly[used, week : week + mark].sum(axis=1) > stock).astype(float))
    figures = []
    for mark in (2, 4):
        p, b, y = (np.concatenate(x[mark]) for x in (chance, burn, happened))
        brier = ((p - y) ** 2).mean() / ((b - y) ** 2).mean()
        figures.append(
            figure(
                f"running out within {mark} weeks: Brier / burn-rate calculator (n {len(y)})", brier, "ratio", "<= 0.50"
            )
        )
        figures += reliability(mark, p, y)
    return figures


def reliability(mark: int, chance: Array, happened: Array) -> list[Figure]:
    """The reliability diagram as figures: per tenth of chance, what was said and what happened; and the largest gap."""
    tenth = np.minimum((chance * 10).astype(int), 9)
    rows, gaps = [], []
    for t in range(10):
        at = tenth == t
        if at.sum() >= 100:
            gaps.append(abs(chance[at].mean() - happened[at].mean()))
            said = f"running out within {mark} weeks: said {chance[at].mean():.2f} (n {at.sum()}), happened"
            rows.append(figure(said, happened[at].mean(), "share"))
    return [
        *rows,
        figure(f"running out within {mark} weeks: largest gap of the diagram", max(gaps), "share", "<= 0.10"),
    ]


# Speed


def speed_figures(quick: bool) -> list[Figure]:
    series, share = (500, 100) if quick else (10_000, 1_000)
    counts, names = made_series(series)
    quantile_forecast(look_ahead(counts[:50], names[:50], LEAD))
    own = min(timed(lambda: quantile_forecast(look_ahead(counts, names, LEAD)))[0] for _ in range(3))
    ets = ets_seconds(counts[:share]) * series / share
    kernel, plain, cells = kernel_seconds(40 if quick else 1_000)
    peak = float(
        subprocess.run(
            [sys.executable, __file__, "--memory-of-100000"], capture_output=True, text=True, check=True
        ).stdout
    )
    return [
        figure(f"own model, {series} series, 23 quantiles", own, "s"),
        figure(f"AutoETS, {series} series, one process (measured on {share})", ets, "s"),
        figure("AutoETS / own model", ets / own, "times", ">= 50"),
        figure("own model, 100000 series: peak memory", peak, "GiB", "<= 2"),
        figure(
            f"running out, {cells} cells x 1000 paths x 8 weeks x 3 lines: kernel, for 10000 cells",
            kernel * 10_000 / cells,
            "s",
            "<= 15",
        ),
        figure("running out: plain twin / kernel", plain / kernel, "times", ">= 5"),
    ]


def made_series(series: int) -> tuple[Array, tuple[str, ...]]:
    rng = np.random.default_rng(1)
    logs = rng.uniform(1, 8, (series, 1)) + np.cumsum(0.2 * rng.standard_normal((series, 104)), axis=1)
    return rng.poisson(np.exp(np.minimum(logs, 12))).astype(float), tuple(map(str, range(series)))


def ets_seconds(counts: Array) -> float:
    import pandas as pd
    from statsforecast import StatsForecast
    from statsforecast.models import AutoETS

    weeks = pd.date_range("2020-01-05", periods=counts.shape[1], freq="W-SUN")
    frame = pd.DataFrame(
        {
            "unique_id": np.repeat(np.arange(len(counts)), counts.shape[1]),
            "ds": np.tile(weeks, len(counts)),
            "y": np.log1p(counts).ravel(),
        }
    )
    levels = [float(round(100 * (1 - 2 * level))) for level in QUANTILE_LEVELS[:11]]
    engine = StatsForecast(models=[AutoETS(season_length=1)], freq="W-SUN", n_jobs=1)
    engine.forecast(df=frame[frame["unique_id"] < 3], h=LEAD, level=levels)  # compiles
    return timed(lambda: engine.forecast(df=frame, h=LEAD, level=levels))[0]


def kernel_seconds(cells: int) -> tuple[float, float, int]:
    rng = np.random.default_rng(1)
    demand = rng.gamma(5, 100, (cells, 1000, 8))
    late = np.concatenate([np.zeros(70), rng.integers(1, 60, 30)])
    arrival = arrival_days(
        rng.integers(-10, 60, 3 * cells), late, rng.random((3 * cells, 1000, 2)), cancel=0.05, reject=0.1
    )
    inbound = Inbound(np.repeat(np.arange(cells), 3), arrival, rng.uniform(0, 3000, 3 * cells))
    first, ends = np.arange(cells + 1) * 3, np.array([14, 28, 56])
    stock = np.repeat(rng.uniform(500, 5000, cells)[:, None], 1000, axis=1)
    given = (stock, demand, first, inbound.arrival_day, inbound.pieces, ends)
    simulate(*given)
    fast = min(timed(lambda: simulate(*given))[0] for _ in range(3))
    return fast, min(timed(lambda: simulate_plainly(*given))[0] for _ in range(2)), cells


def peak_of_many() -> float:
    """Peak memory of this process after 100,000 series in groups of 10,000, GiB."""
    import resource

    counts, names = made_series(10_000)
    for _ in range(10):
        quantile_forecast(look_ahead(counts, names, LEAD))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def cluster_figures(quick: bool) -> list[Figure]:
    """A Dask cluster of two workers on this machine: same rows, and what it costs."""
    from dask.distributed import Client, LocalCluster

    weeks = dt.timedelta(weeks=3 if quick else 33)
    serial, alone = timed(lambda: hub_forecasts(Growth(), last=HUB_FIRST + weeks))
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        hub_forecasts(Growth(), last=HUB_FIRST + dt.timedelta(weeks=2), mapped=on_dask(client))
        spread, together = timed(lambda: hub_forecasts(Growth(), last=HUB_FIRST + weeks, mapped=on_dask(client)))
    return [
        figure(
            "Dask, two workers, hub backtest: rows that differ from serial",
            (alone != together).sum_horizontal().sum(),
            "rows",
            "<= 0",
        ),
        figure("Dask, two workers, hub backtest: time / serial", spread / serial, "times"),
    ]


def timed(job: Callable[[], Result]) -> tuple[float, Result]:
    start = time.perf_counter()
    result = job()
    return time.perf_counter() - start, result


if __name__ == "__main__":
    main()
