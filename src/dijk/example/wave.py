"""A wave like that of spring 2020: daily indicators per region, with what is missing and what was corrected."""

import datetime as dt

import numpy as np
import polars as pl

from dijk.example.country import (
    ABROAD_SHARE,
    LOST_SHARE,
    MILLIONS,
    NATION,
    OVERSEAS,
    REGION_CODES,
    district_codes,
    district_shares,
)
from dijk.example.start import AS_OF, FICTIONAL, TODAY, Size, moment, shaped, stream
from dijk.tables import FACTS, UNKNOWN

FIRST_DAY = dt.date(2020, 2, 24)
DAYS = (TODAY - FIRST_DAY).days
PEAK_ADMISSIONS = 520.0
"""Admissions a day at the top of the wave in the whole country; the real one had some 500 to 600."""

UNPLACED = 0.02
"""Share of the nation that no region knows: patients without a known home."""

STAY_WARD, STAY_ICU, ICU_SHARE = 8.0, 17.0, 0.21
LAG = {"hosp_admissions": 1, "icu_admissions": 1, "ward_beds": 1, "icu_beds": 1, "nh_new_infected": 2}
"""Days between the day itself and the day on which the figure is known."""


def paths(size: Size, *, seed: int) -> dict[str, np.ndarray]:
    """The true course of each indicator, shape (places, days), places in the order of ``place_codes``; units a day,
    unrounded.
    """
    rng = stream(seed, "wave")
    weight, peak = _weights(size, rng), 31 + rng.normal(0, 2.5, len(place_codes(size)))
    days = np.arange(DAYS, dtype=np.float64)
    ahead = days[None, :] - peak[:, None]
    shape = 1.0 / (np.exp(-ahead / 4.2) + np.exp(ahead / 19.0))
    admissions = PEAK_ADMISSIONS * size.scale * shape / shape.max() * weight[:, None]
    return {
        "hosp_admissions": admissions,
        "icu_admissions": ICU_SHARE * _later(admissions, 2),
        "ward_beds": _present(admissions * (1 - 0.5 * ICU_SHARE), STAY_WARD),
        "icu_beds": _present(ICU_SHARE * _later(admissions, 2), STAY_ICU),
        "nh_new_infected": 0.68 * _later(admissions, 5),
    }


def place_codes(size: Size) -> list[str]:
    """Places with indicators of their own: eleven regions, or 25 districts; then ``unknown``."""
    return [*(district_codes()["district"].to_list() if size.districts else REGION_CODES), UNKNOWN]


def _weights(size: Size, rng: np.random.Generator) -> np.ndarray:
    """Share of the wave per place, shape (places,): by inhabitants, harder in the south, with chance; adds up to 1."""
    people = district_codes()["persons"].to_numpy() if size.districts else np.array(MILLIONS)
    home = district_codes()["region"].to_list() if size.districts else REGION_CODES
    south = np.array([{"R10": 2.2, "R11": 2.0, "R01": 0.3}.get(code, 0.9) for code in home])
    raw = people * south * np.exp(rng.normal(0, 0.15, len(people)))
    return np.append(raw / raw.sum() * (1 - UNPLACED), UNPLACED)


def _later(series: np.ndarray, days: int) -> np.ndarray:
    return np.hstack([np.zeros((len(series), days)), series[:, :-days]])


def _present(arrivals: np.ndarray, mean_stay: float) -> np.ndarray:
    """How many are there each day when a constant share leaves, so that the stay has this mean in days."""
    present = np.zeros_like(arrivals)
    stays = 1 - 1 / mean_stay
    for day in range(arrivals.shape[1]):
        present[:, day] = (present[:, day - 1] * stays if day else 0) + arrivals[:, day]
    return present


def observed(size: Size, *, seed: int) -> pl.DataFrame:
    """Table ``indicator``: whole numbers with chance, the nation as the sum, and the dirt of daily figures."""
    rng = stream(seed, "indicator")
    rows = pl.concat([_counted(name, path, size, rng) for name, path in paths(size, seed=seed).items()])
    lag = pl.col("indicator").replace_strict(LAG, return_dtype=pl.Int64)
    known = moment(pl.col("day") + pl.duration(days=lag), hour=8)
    rows = rows.with_columns(
        known_at=known,
        source=pl.lit(FICTIONAL),
        how=pl.lit("counted"),
        reason=pl.lit(None, dtype=pl.String),
        measure=pl.when(pl.col("indicator").str.ends_with("beds")).then(pl.lit("state")).otherwise(pl.lit("flow")),
    )
    rows = rows.filter(pl.col("known_at") <= AS_OF).pipe(_with_gaps, rng).pipe(_with_corrections)
    return shaped(rows.sort("indicator", "region", "day", "known_at"), FACTS["indicator"])


def _counted(name: str, path: np.ndarray, size: Size, rng: np.random.Generator) -> pl.DataFrame:
    if name.endswith("beds"):
        values = np.round(path * np.exp(rng.normal(0, 0.03, path.shape)))
    else:
        weekday = (np.arange(DAYS) + FIRST_DAY.weekday()) % 7
        rhythm = np.where(weekday >= 5, 0.88, 1.048)
        values = rng.poisson(path * rhythm * rng.gamma(20, 1 / 20, path.shape)).astype(np.float64)
    whole = np.vstack([values, values.sum(axis=0)])
    days = [FIRST_DAY + dt.timedelta(days=i) for i in range(DAYS)]
    places = [*place_codes(size), NATION]
    return pl.DataFrame(
        {
            "indicator": pl.Series([name] * whole.size),
            "region": np.repeat(np.array(places), DAYS),
            "day": pl.Series(days * len(places)),
            "value": whole.ravel(),
        }
    )


def _with_gaps(rows: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Nursing homes report nothing at weekends; one day in sixty is not sent, and one in sixty is said to be
    missing.
    """
    weekend = (pl.col("indicator") == "nh_new_infected") & (pl.col("day").dt.weekday() > 5)
    chance = pl.Series("chance", rng.random(rows.height))
    rows = rows.with_columns(chance).filter(~weekend)
    spared = (pl.col("region") == NATION) & (pl.col("indicator") != "icu_beds")
    rows = rows.filter(spared | (pl.col("chance") > 1 / 60))
    empty = ~spared & (pl.col("chance") > 1 - 1 / 60)
    return rows.with_columns(
        value=pl.when(~empty).then(pl.col("value")),
        reason=pl.when(empty).then(pl.lit("not_counted")).otherwise(pl.col("reason")),
    ).drop("chance")


def _with_corrections(rows: pl.DataFrame) -> pl.DataFrame:
    """The first report of an admission day is a fifth too low and is completed four days later."""
    late = pl.col("indicator").is_in(["hosp_admissions", "icu_admissions"]) & (
        pl.col("day") >= TODAY - dt.timedelta(days=28)
    )
    whole = rows.filter(late & pl.col("value").is_not_null()).with_columns(
        known_at=pl.col("known_at") + dt.timedelta(days=4)
    )
    first = rows.with_columns(value=pl.when(late).then((pl.col("value") * 0.8).floor()).otherwise(pl.col("value")))
    return pl.concat([first, whole.filter(pl.col("known_at") <= AS_OF)])


def levels(size: Size, days: list[dt.date], *, seed: int) -> pl.DataFrame:
    """An indicator on a day as a share of the nation's top: region, indicator, day, level.

    Sites overseas and sites of unknown region follow the nation by their share of its sites.
    """
    places = place_codes(size)
    into = (
        district_shares()
        if size.districts
        else pl.DataFrame({"from_region": REGION_CODES, "to_region": REGION_CODES, "share": 1.0})
    )
    share = np.zeros((len(REGION_CODES), len(places)))
    for place, region, part in into.iter_rows():
        share[REGION_CODES.index(region), places.index(place)] = part
    rows: list[tuple[str, str, dt.date, float]] = []
    for name, path in paths(size, seed=seed).items():
        smooth = path / path.sum(axis=0).max()
        for day in days:
            now = smooth[:, min((day - FIRST_DAY).days, DAYS - 1)]
            rows += [
                (code, name, day, float(value))
                for code, value in zip(REGION_CODES, (share * now).sum(axis=1), strict=True)
            ]
            rows += [
                (OVERSEAS, name, day, float(now.sum()) * ABROAD_SHARE),
                (UNKNOWN, name, day, float(now.sum()) * LOST_SHARE),
            ]
    return pl.DataFrame(rows, schema=["region", "indicator", "day", "level"], orient="row")
