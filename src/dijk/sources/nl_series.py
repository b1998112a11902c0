"""The Dutch daily series of 2020 and 2021: admissions, beds taken, infected residents, by nation and safety region.

Source: open government data of RIVM, Stichting NICE and LCPS, as collected in ``../shared/data`` (see the README
there). They are final extractions, not what was known on the day; each row says so.
"""

import datetime as dt
from importlib import resources
from pathlib import Path

import polars as pl

from dijk.check.findings import Row, as_table
from dijk.forecast.odd_series import catch_up_days, missing_days, unreported_zeros
from dijk.sources.defects import finding
from dijk.tables import FACTS, REGISTERS, UNKNOWN

NATION = "NL"
NATIONAL, REGIONAL = "nl_national_daily.csv", "nl_region_daily.csv"
LONG_TERM, REGIONS = "nl_region_longterm_care_daily.csv", "nl_regions.csv"
SERIES = {
    NATIONAL: {
        "hosp_admissions": "hosp_admissions",
        "hosp_reported": "hosp_reported",
        "icu_admissions": "icu_admissions",
        "icu_reported": "icu_reported",
        "ward_beds_covid": "ward_beds",
        "icu_beds_covid": "icu_beds",
    },
    REGIONAL: {"hosp_admissions": "hosp_admissions", "hosp_reported": "hosp_reported", "cases": "cases"},
    LONG_TERM: {
        "nh_new_infected": "nh_new_infected",
        "nh_new_locations": "nh_new_locations",
        "dc_new_infected": "dc_new_infected",
    },
}
"""Per file: column and the indicator it becomes."""

STATES = ("ward_beds", "icu_beds")
"""Indicators that say how many there were that day; the others count what happened that day."""

BY_REPORT_DAY = {"hosp_reported": "hosp_admissions", "icu_reported": "icu_admissions", "cases": None}
"""Series by the day of reporting, and the same events by their own day."""

LAG_DAYS = {"ward_beds": 1, "icu_beds": 1}
LAG_ELSE = 2
"""Days from the day itself until the figure is known; assumed, as a final extraction cannot tell."""

PUBLISHER = {
    NATIONAL: "Stichting NICE and LCPS, open government data",
    REGIONAL: "Stichting NICE and RIVM, open government data",
    LONG_TERM: "RIVM, open government data",
}
LEAST_GAP = 0.001
"""Share of the nation below which a gap between it and its regions is not told."""

TESTED_FROM = dt.date(2020, 7, 1)
"""From about this day residents were tested as a rule; before it the count of infected residents is a strong
undercount.
"""

FINAL = "final extraction, not what was known then"
ROAZ = pl.read_csv(resources.files("dijk.files").joinpath("ready/region.csv").read_bytes()).sort("region")
"""The eleven regions as they stand ready in the first workbook: code, name, and place on a map of tiles."""

ROAZ_NAMES = ROAZ["name"].to_list()
CROSSWALK_SOURCE = (
    "assumed grouping; borders cut through Drenthe, Noord- en Oost-Gelderland, Flevoland and Noord-Limburg"
)
LONG_KNOWN = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def read(folder: Path, *, until: dt.date) -> dict[str, pl.DataFrame]:
    """The series that may be known by the end of a day, with regions, crosswalk and findings.

    Parameters
    ----------
    folder
        Where the four files lie.
    until
        Last day that may be known; a row of day d is known at d plus its reporting lag, 8:00 UTC.

    Returns
    -------
    Tables ``indicator``, ``region``, ``region_share`` and ``finding``. An empty cell within a series is a row with the
    reason ``not_counted``; before a series starts there is no row. What no region knows is a series of its own under
    ``unknown``.

    Raises
    ------
    FileNotFoundError
        A file is absent; the message names it.
    """
    rows = pl.concat([_long(Path(folder), file) for file in SERIES]).filter(pl.col("known_at").dt.date() <= until)
    indicator = pl.concat([rows, _unplaced(rows)]).sort("indicator", "region", "day")
    notes = [
        *_unreadable_findings(rows),
        *_residual_findings(indicator, rows),
        *_reporting_findings(rows),
        *_gap_findings(rows),
        *_standing_notes(rows),
    ]
    return {
        "indicator": FACTS["indicator"].cast(indicator.select(FACTS["indicator"].column_names())),
        "region": _regions(Path(folder)),
        "region_share": _crosswalk(),
        "finding": as_table(notes),
    }


def _long(folder: Path, file: str) -> pl.DataFrame:
    """One file as rows of facts, with the file's name beside each; empty cells before a series' first value are left
    out.
    """
    columns = SERIES[file]
    wide = pl.read_csv(folder / file, try_parse_dates=True, infer_schema_length=None).rename({"date": "day"})
    wide = wide if "region" in wide.columns else wide.with_columns(region=pl.lit(NATION))
    long = wide.rename(columns).unpivot(
        list(columns.values()), index=["region", "day"], variable_name="indicator", value_name="value"
    )
    number = pl.col("value").cast(pl.Float64, strict=False)
    value = pl.when(number.is_finite() & (number >= 0)).then(number)
    known = pl.col("day").filter(pl.col("value").is_not_null())
    lag = pl.col("indicator").replace_strict(LAG_DAYS, default=LAG_ELSE, return_dtype=pl.Int64)
    return long.filter(pl.col("day") >= known.min().over("indicator", "region")).select(
        "indicator",
        "region",
        "day",
        value=value,
        reason=pl.when(pl.col("value").is_null())
        .then(pl.lit("not_counted"))
        .when(value.is_null())
        .then(pl.lit("unreadable")),
        known_at=(
            (pl.col("day") + pl.duration(days=lag)).cast(pl.Datetime("us")) + dt.timedelta(hours=8)
        ).dt.replace_time_zone("UTC"),
        source=pl.lit(f"{PUBLISHER[file]}; {FINAL}"),
        how=pl.lit("counted"),
        measure=pl.when(pl.col("indicator").is_in(STATES)).then(pl.lit("state")).otherwise(pl.lit("flow")),
        file=pl.lit(file),
    )


def _unplaced(rows: pl.DataFrame) -> pl.DataFrame:
    """The nation less its regions, on the days that all of them are known; below zero it is left empty."""
    of_regions = rows.filter(pl.col("region") != NATION)
    places = pl.col("region").n_unique().over("indicator")
    sums = (
        of_regions.with_columns(places=places)
        .filter(pl.col("value").is_not_null())
        .group_by("indicator", "day", "places")
        .agg(known=pl.col("region").n_unique(), placed=pl.col("value").sum())
        .filter(pl.col("known") == pl.col("places"))
    )
    nation = rows.filter((pl.col("region") == NATION) & pl.col("value").is_not_null())
    rest = pl.col("value") - pl.col("placed")
    return (
        nation.join(sums, on=["indicator", "day"])
        .with_columns(
            region=pl.lit(UNKNOWN),
            value=pl.when(rest >= 0).then(rest),
            reason=pl.when(rest < 0).then(pl.lit("unreadable")),
            source=pl.format("{}; nation less its regions", "source"),
        )
        .select(rows.columns)
    )


def _regions(folder: Path) -> pl.DataFrame:
    safety = pl.read_csv(folder / REGIONS).select("region", "name", population=pl.col("population_est").cast(pl.Int64))
    share = pl.col("share").cast(pl.Float64)
    roaz = (
        _shares()
        .join(safety, left_on="from_region", right_on="region")
        .group_by("to_region")
        .agg(population=(share * pl.col("population")).sum().round().cast(pl.Int64))
        .sort("to_region")
        .select(
            region="to_region",
            name=ROAZ["name"],
            tile_row=ROAZ["tile_row"],
            tile_column=ROAZ["tile_column"],
            population="population",
            scheme=pl.lit("roaz"),
            source=pl.lit(CROSSWALK_SOURCE),
        )
    )
    whole = pl.DataFrame(
        {
            "region": [NATION],
            "name": ["Nederland"],
            "population": [int(safety["population"].sum())],
            "scheme": ["nation"],
        }
    )
    rest = pl.DataFrame(
        {"region": [UNKNOWN], "name": ["Onbekend"], "scheme": ["roaz"], "source": ["for what cannot be placed"]}
    )
    table = pl.concat([roaz, safety.with_columns(scheme=pl.lit("safety_region")), whole, rest], how="diagonal_relaxed")
    return REGISTERS["region"].cast(
        table.select(
            known_at=pl.lit(LONG_KNOWN),
            source=pl.col("source").fill_null("derived from published rates per 100,000; approximate"),
            region="region",
            scheme="scheme",
            name="name",
            population="population",
            tile_row="tile_row",
            tile_column="tile_column",
            valid_from=pl.lit(None),
            valid_to=pl.lit(None),
        )
    )


def _shares() -> pl.DataFrame:
    text = resources.files("dijk.sources").joinpath("nl_crosswalk.csv").read_bytes()
    return pl.read_csv(text).rename({"safety_region": "from_region", "roaz": "to_region"})


def _crosswalk() -> pl.DataFrame:
    own = pl.DataFrame({"from_region": [UNKNOWN], "to_region": [UNKNOWN], "share": [1.0]})
    table = pl.concat([_shares().with_columns(pl.col("share").cast(pl.Float64)), own])
    stamped = table.with_columns(known_at=pl.lit(LONG_KNOWN), source=pl.lit(CROSSWALK_SOURCE), how=pl.lit("assumed"))
    return REGISTERS["region_share"].cast(stamped.select(REGISTERS["region_share"].column_names()))


def _unreadable_findings(rows: pl.DataFrame) -> list[Row]:
    cells = rows.filter(pl.col("reason") == "unreadable").group_by("file", "indicator", maintain_order=True).agg("day")
    return [
        finding("SERIES-11", file=file, column=name, found=_days(pl.Series(days)), rows=len(days))
        for file, name, days in cells.iter_rows()
    ]


def _residual_findings(indicator: pl.DataFrame, rows: pl.DataFrame) -> list[Row]:
    notes: list[Row] = []
    unplaced = indicator.filter(pl.col("region") == UNKNOWN)
    for (name,), part in unplaced.group_by("indicator", maintain_order=True):
        whole = (
            rows.filter((pl.col("region") == NATION) & (pl.col("indicator") == name))
            .join(part.select("day"), on="day")["value"]
            .sum()
        )
        whole = float(whole)
        rest, below = float(part["value"].sum()), part.filter(pl.col("value").is_null())
        if rest > LEAST_GAP * whole:
            found = f"{1 - rest / whole:.1%}"
            notes.append(
                finding(
                    "SERIES-01",
                    file=REGIONAL if "hosp" in str(name) else LONG_TERM,
                    column=str(name),
                    found=found,
                    rows=part.height,
                )
            )
        if below.height:
            notes.append(
                finding("SERIES-09", file=REGIONAL, column=str(name), found=_days(below["day"]), rows=below.height)
            )
    return notes


def _reporting_findings(rows: pl.DataFrame) -> list[Row]:
    """Catch-up days and zeros that mean silence, of the nation's series by day of reporting and of each region's."""
    notes: list[Row] = []
    for name, own in BY_REPORT_DAY.items():
        for file in (NATIONAL, REGIONAL):
            arrears, silent = [], []
            for _, part in rows.filter((pl.col("indicator") == name) & (pl.col("file") == file)).group_by(
                "region", maintain_order=True
            ):
                part = part.sort("day")
                arrears.append(part.filter(pl.Series(catch_up_days(part["value"].fill_null(float("nan")).to_numpy()))))
                silent.append(
                    _silent(part, rows.filter((pl.col("indicator") == own) & (pl.col("file") == file)))
                ) if own else None
            for code, found in (("SERIES-02", arrears), ("SERIES-10", silent)):
                table = pl.concat(found) if found else pl.DataFrame()
                if table.height:
                    notes.append(finding(code, file=file, column=name, found=_days(table["day"]), rows=table.height))
    return notes


def _silent(reported: pl.DataFrame, by_day: pl.DataFrame) -> pl.DataFrame:
    both = reported.join(
        by_day.select("region", "day", own="value"), on=["region", "day"], how="left", maintain_order="left"
    )
    zero = unreported_zeros(
        both["value"].fill_null(float("nan")).to_numpy(), both["own"].fill_null(float("nan")).to_numpy()
    )
    return reported.filter(pl.Series(zero))


def _gap_findings(rows: pl.DataFrame) -> list[Row]:
    notes: list[Row] = []
    lost = missing_days(rows)
    files = rows.select("indicator", "file").unique(maintain_order=True)
    for (name,), part in lost.group_by("indicator", maintain_order=True):
        weekend = part.filter(pl.col("day").dt.weekday() > 5).height
        code = "SERIES-04" if weekend > 0.8 * part.height and weekend > 8 else "SERIES-03"
        file = files.filter(pl.col("indicator") == name)["file"][0]
        notes.append(finding(code, file=file, column=str(name), found=_days(part["day"]), rows=part.height))
    return notes


def _standing_notes(rows: pl.DataFrame) -> list[Row]:
    """What holds for the files as a whole and no rule can see in the figures."""
    notes = [_note("SERIES-05", rows.filter(pl.col("file") == file), file, None) for file in SERIES]
    notes.append(_note("SERIES-08", rows.filter(pl.col("file") == REGIONAL), REGIONAL, "region"))
    spring = rows.filter((pl.col("indicator") == "nh_new_infected") & (pl.col("day") < TESTED_FROM))
    if spring.height:
        notes.append(_note("SERIES-06", spring, LONG_TERM, "nh_new_infected"))
    cut_through = _shares().filter(pl.col("share") < 1)["from_region"].unique().sort()
    notes.append(
        finding("SERIES-07", file=REGIONS, column="region", found=", ".join(cut_through), rows=_shares().height)
    )
    return notes


def _note(code: str, rows: pl.DataFrame, file: str, column: str | None) -> Row:
    """A finding that holds for all rows of a span of days."""
    span = " ... ".join(str(day) for day in (rows["day"].min(), rows["day"].max())) if rows.height else "-"
    return finding(code, file=file, column=column, found=span, rows=rows.height)


def _days(days: pl.Series) -> str:
    """The first days of a list, in words of the spreadsheet."""
    shown = days.unique().sort()
    more = shown.len() - 8
    return ", ".join(str(day) for day in shown.head(8)) + (f" (+{more})" if more > 0 else "")
