"""What dijk would have said in the spring of 2020 about protective goods on intensive care and in nursing homes.

    python benchmarks/worked_example_2020.py

Prints the tables of docs/explanation/worked-example-2020.md. Needs the real series (``DIJK_SERIES`` names their
folder): final extractions, cut at each day less the reporting lag, so not what was known then.
"""

import datetime as dt
import os
from pathlib import Path

import numpy as np
import polars as pl

from dijk.example.start import catalogue
from dijk.forecast.indicators import WeeklySeries, weekly_series
from dijk.forecast.occupancy import ISOLATION_DAYS, patients_present
from dijk.forecast.paths import in_care, indicator_paths, on_calendar
from dijk.inputs import Inputs
from dijk.sources import read

DATA = Path(os.environ.get("DIJK_SERIES", Path(__file__).resolve().parent.parent.parent / "shared" / "data"))
CUTS = (dt.date(2020, 3, 16), dt.date(2020, 3, 30), dt.date(2020, 4, 13), dt.date(2020, 4, 27))
LAG = dt.timedelta(days=2)
WEEKS = 4
SAMPLES = 2000
ITEMS = ("gown", "ffp2", "iir", "glove")
PLACES = {
    "intensive care": ("icu_patient_day", "aerosol", "hospital"),
    "nursing homes": ("infected_resident_day", "splash", "nursing_home"),
}


def main() -> None:
    norms = {place: place_norms(*which) for place, which in PLACES.items()}
    for cut in CUTS:
        mondays = [cut + dt.timedelta(weeks=w) for w in range(WEEKS)]
        days = patient_days(cut, mondays)
        print(f"\n## {cut:%-d %B %Y} (final data)\n")
        print(
            "| | week of | patient-days or resident-days: median (95 % interval) | came true |\n| --- | --- | "
            "---: | ---: |"
        )
        for place, (paths, truth) in days.items():
            for week, monday in enumerate(mondays):
                low, middle, high = np.quantile(paths[:, week], [0.025, 0.5, 0.975])
                print(f"| {place} | {monday:%-d %B} | {middle:,.0f} ({low:,.0f} – {high:,.0f}) | {truth[week]:,.0f} |")
        print(
            "\n| pieces in the second week | "
            + " | ".join(f"{item}" for item in ITEMS)
            + " |\n| --- |"
            + " ---: |" * len(ITEMS)
        )
        for place, (paths, truth) in days.items():
            low, middle, high = np.quantile(paths[:, 1], [0.1, 0.5, 0.9])
            cells = [f"{round_up(middle * m)} ({round_up(low * a)} – {round_up(high * b)})" for a, m, b in norms[place]]
            print(f"| {place}: base (low – max) | " + " | ".join(cells) + " |")
            print(
                f"| {place}: at what came true, norm | "
                + " | ".join(round_up(truth[1] * m) for _, m, _ in norms[place])
                + " |"
            )


def patient_days(cut: dt.date, mondays: list[dt.date]) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Per place: sample paths of the week's days of care, shape (samples, weeks), and what came true by the same
    reckoning.
    """
    past, later = known(cut), known(cut + dt.timedelta(weeks=WEEKS + 1))
    paths = {one.series.indicator: one for one in indicator_paths(past, WEEKS + 2, SAMPLES, seed=1)}
    ahead = {"intensive care": paths["icu_beds"], "nursing homes": in_care(paths["nh_new_infected"])}
    truth = {series.indicator: series for series in later}
    beds = truth["icu_beds"].daily.sum(axis=0)
    residents = patients_present(
        gaps_filled(truth["nh_new_infected"].daily), np.ones(ISOLATION_DAYS["nh_new_infected"])
    )
    came = {
        "intensive care": (truth["icu_beds"].last_day, beds),
        "nursing homes": (truth["nh_new_infected"].last_day, residents),
    }
    return {
        place: (on_calendar(ahead[place], mondays).sum(axis=1), week_sums(*came[place], mondays)) for place in ahead
    }


def known(cut: dt.date) -> list[WeeklySeries]:
    """The series of the nation and its regions as a run at the morning of a day would read them."""
    tables = read(DATA, until=cut)
    world = Inputs.of(
        {"indicator": tables["indicator"], "region": tables["region"]},
        as_of=dt.datetime(cut.year, cut.month, cut.day, 10, tzinfo=dt.UTC),
    )
    return weekly_series(world.known(), cut - LAG)


def gaps_filled(daily: np.ndarray) -> np.ndarray:
    return np.nan_to_num(daily).sum(axis=0)


def week_sums(last_day: dt.date, daily: np.ndarray, mondays: list[dt.date]) -> np.ndarray:
    first = last_day - dt.timedelta(days=len(daily) - 1)
    return np.array([daily[(monday - first).days : (monday - first).days + 7].sum() for monday in mondays])


def place_norms(driver: str, risk_class: str, sector: str) -> list[tuple[float, float, float]]:
    """Low, mid and high pieces a day of care for each item, from the norms of the example country (their sources stand
    there).
    """
    rows = catalogue("norms").filter(
        (pl.col("driver") == driver)
        & (pl.col("risk_class") == risk_class)
        & pl.col("sectors").str.split("|").list.contains(sector)
    )
    return [
        tuple(rows.filter(pl.col("norm_family") == item).select("low", "mid", "high").cast(pl.Float64).row(0))
        for item in ITEMS
    ]


def round_up(pieces: float) -> str:
    """Two figures are as many as such a number bears."""
    return f"{float(f'{pieces:.2g}'):,.0f}"


if __name__ == "__main__":
    main()
