"""The importers: what is missing stays missing, what is odd is told, and what is made up says so."""

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from dijk.check import check
from dijk.check.codes import SERIES
from dijk.inputs import Inputs
from dijk.policy import Policy
from dijk.sources import read, real_dataset, requests, vintages
from dijk.sources.nl_series import NATION
from dijk.tables import FACTS, ON_DISK, PUBLISHED, RESULTS, UNKNOWN

CUT = dt.date(2020, 4, 27)
FIRST = dt.date(2020, 3, 1)
SAFETY = [f"VR{i:02d}" for i in range(1, 26)]


# A folder of our own in the shape of the real one: a smooth wave, 25 regions that hold 24 of every 25 patients.


def smooth_wave(days: int) -> np.ndarray:
    """A wave with its top at 40 days, shape (days,)."""
    ahead = np.arange(days) - 40.0
    return np.round(400 / (np.exp(-ahead / 5) + np.exp(ahead / 18)) * 2)


def write_series(folder: Path, **changes: dict[int, float | None]) -> Path:
    """Write the four files; ``changes`` sets days (by number) of a national column, None leaves the cell empty."""
    days = 70
    wave = smooth_wave(days)
    dates = [FIRST + dt.timedelta(days=i) for i in range(days)]
    columns = [
        "hosp_admissions",
        "hosp_reported",
        "icu_admissions",
        "icu_reported",
        "ward_beds_covid",
        "icu_beds_covid",
    ]
    national: dict[str, list[float | None]] = {name: list(wave) for name in columns}
    for name, cells in changes.items():
        for day, value in cells.items():
            national[name][day] = value
    pl.DataFrame({"date": dates, **national}, strict=False).write_csv(folder / "nl_national_daily.csv")
    share = np.floor(wave / 26)
    parts = [
        pl.DataFrame({"region": code, "date": dates, "hosp_admissions": share, "hosp_reported": share, "cases": share})
        for code in SAFETY
    ]
    pl.concat(parts).write_csv(folder / "nl_region_daily.csv")
    homes = [
        pl.DataFrame(
            {
                "region": code,
                "date": dates,
                "nh_new_infected": share,
                "nh_new_locations": share,
                "dc_new_infected": [None] * days,
            }
        )
        for code in SAFETY
    ]
    homes.append(
        homes[0].with_columns(
            region=pl.lit("NL"), nh_new_infected=pl.Series(share * 25), nh_new_locations=pl.Series(share * 25)
        )
    )
    pl.concat(homes).write_csv(folder / "nl_region_longterm_care_daily.csv")
    pl.DataFrame({"region": SAFETY, "name": SAFETY, "population_est": [700_000] * 25}).write_csv(
        folder / "nl_regions.csv"
    )
    return folder


def told(tables: dict[str, pl.DataFrame], code: str) -> list[tuple[str | None, str, int]]:
    """Column, what was found and rows, of each finding with a code."""
    return tables["finding"].filter(pl.col("code") == code).select("column", "found", "rows").rows()


END = dt.date(2020, 12, 31)


def test_an_empty_cell_is_missing_with_a_reason_and_never_zero(tmp_path: Path) -> None:
    tables = read(write_series(tmp_path, ward_beds_covid={20: None, 21: None}), until=END)
    beds = tables["indicator"].filter(pl.col("indicator") == "ward_beds").sort("day")
    assert beds["value"].null_count() == 2
    assert set(beds.filter(pl.col("value").is_null())["reason"]) == {"not_counted"}
    assert told(tables, "SERIES-03") == [("ward_beds", "2020-03-21, 2020-03-22", 2)]


@pytest.mark.parametrize("cell", ["n.b.", "-4", "inf", "NaN"])
def test_a_cell_that_is_no_number_is_left_empty_and_told(tmp_path: Path, cell: str) -> None:
    file = write_series(tmp_path) / "nl_national_daily.csv"
    lines = file.read_text().splitlines()
    cells = lines[21].split(",")
    lines[21] = ",".join([cells[0], cell, *cells[2:]])
    file.write_text("\n".join(lines))
    tables = read(tmp_path, until=END)
    row = tables["indicator"].filter(
        (pl.col("indicator") == "hosp_admissions") & (pl.col("day") == FIRST + dt.timedelta(days=20))
    )
    assert row.filter(pl.col("region") == NATION).select("value", "reason").rows() == [(None, "unreadable")]
    assert told(tables, "SERIES-11") == [("hosp_admissions", "2020-03-21", 1)]
    assert len(ON_DISK["indicator"].filter(tables["indicator"])[1]) == 0


def test_before_a_series_starts_there_is_no_row_and_no_finding(tmp_path: Path) -> None:
    tables = read(write_series(tmp_path, icu_beds_covid=dict.fromkeys(range(10))), until=END)
    beds = tables["indicator"].filter(pl.col("indicator") == "icu_beds")
    assert beds["day"].min() == FIRST + dt.timedelta(days=10)
    assert told(tables, "SERIES-03") == []
    assert tables["indicator"].filter(pl.col("indicator") == "dc_new_infected").is_empty()


def test_weekends_without_values_are_told_as_weekends(tmp_path: Path) -> None:
    weekend: dict[int, float | None] = {i: None for i in range(70) if (FIRST + dt.timedelta(days=i)).weekday() >= 5}
    tables = read(write_series(tmp_path, icu_beds_covid=weekend), until=END)
    assert [row[0] for row in told(tables, "SERIES-04")] == ["icu_beds"]
    assert told(tables, "SERIES-03") == []


def test_what_no_region_knows_is_the_nation_less_its_regions(tmp_path: Path) -> None:
    tables = read(write_series(tmp_path), until=END)
    rows = tables["indicator"].filter(pl.col("indicator") == "hosp_admissions")
    nation = rows.filter(pl.col("region") == NATION).sort("day")["value"]
    rest = rows.filter(pl.col("region") == UNKNOWN).sort("day")["value"]
    regions = (
        rows.filter(~pl.col("region").is_in([NATION, UNKNOWN]))
        .group_by("day")
        .agg(pl.col("value").sum())
        .sort("day")["value"]
    )
    assert rest.len() == 70
    assert (rest + regions == nation).all()
    assert {column for column, _, _ in told(tables, "SERIES-01")} == {"hosp_admissions", "hosp_reported"}


def test_the_rest_is_not_reckoned_where_the_nation_is_missing_and_never_below_zero(tmp_path: Path) -> None:
    tables = read(write_series(tmp_path, hosp_admissions={30: None, 31: 0.0}), until=END)
    rest = tables["indicator"].filter((pl.col("indicator") == "hosp_admissions") & (pl.col("region") == UNKNOWN))
    assert rest.filter(pl.col("day") == FIRST + dt.timedelta(days=30)).is_empty()
    below = rest.filter(pl.col("day") == FIRST + dt.timedelta(days=31))
    assert below.select("value", "reason").rows() == [(None, "unreadable")]
    assert [(column, rows) for column, _, rows in told(tables, "SERIES-09")] == [("hosp_admissions", 1)]


def test_the_rest_is_not_reckoned_where_a_region_is_missing(tmp_path: Path) -> None:
    folder = write_series(tmp_path)
    gone = (pl.col("region") == "VR07") & (pl.col("date") == str(FIRST + dt.timedelta(days=30)))
    regions = pl.read_csv(folder / "nl_region_daily.csv")
    regions.with_columns(hosp_admissions=pl.when(~gone).then("hosp_admissions")).write_csv(
        folder / "nl_region_daily.csv"
    )
    rest = read(folder, until=END)["indicator"].filter(
        (pl.col("indicator") == "hosp_admissions") & (pl.col("region") == UNKNOWN)
    )
    assert rest.height == 69
    assert FIRST + dt.timedelta(days=30) not in rest["day"]


def test_arrears_and_the_silence_before_them_are_told(tmp_path: Path) -> None:
    silent: dict[int, float | None] = dict.fromkeys(range(28, 34), 0.0)
    tables = read(write_series(tmp_path, hosp_reported=silent | {34: 1_500.0}), until=END)
    assert told(tables, "SERIES-02")[0][:2] == ("hosp_reported", "2020-04-04")
    assert told(tables, "SERIES-10") == [
        ("hosp_reported", ", ".join(f"{FIRST + dt.timedelta(days=i)}" for i in range(28, 34)), 6)
    ]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    (write_series(tmp_path) / "nl_region_daily.csv").unlink()
    with pytest.raises(FileNotFoundError, match="nl_region_daily"):
        read(tmp_path, until=END)


def test_nothing_is_read_that_was_not_known_by_the_last_day(tmp_path: Path) -> None:
    folder = write_series(tmp_path)
    early, late = (read(folder, until=day)["indicator"] for day in (dt.date(2020, 4, 10), dt.date(2020, 4, 20)))
    assert early["known_at"].dt.date().max() == dt.date(2020, 4, 10)
    assert early["day"].max() < dt.date(2020, 4, 10)  # type: ignore[operator]
    assert early.equals(late.filter(pl.col("known_at").dt.date() <= dt.date(2020, 4, 10)))


def test_every_defect_is_told_in_both_languages() -> None:
    for what in SERIES:
        assert what.severity in {"warning", "note"}, what.code  # a source that can be read never stops a plan
        assert len(what.en) > 20, what.code
        assert len(what.nl) > 20, what.code
        assert what.en != what.nl, what.code


# Requests and vintages from abroad.


def write_requests(folder: Path, quantities: list[float]) -> Path:
    rows = {"rec_id": "rec1", "date": "2020-04-02", "ppe": "gowns", "qty": quantities}
    pl.DataFrame(rows).write_parquet(folder / "us_getusppe_requests_2020.parquet")
    return folder


def test_a_fantasy_quantity_is_kept_and_told(tmp_path: Path) -> None:
    tables = requests(write_requests(tmp_path, [100.0] * 9 + [1e10]))
    assert tables["request"]["pieces"].max() == 10**10
    assert tables["finding"].select("code", "rows").rows() == [("REQUEST-11", 1)]
    assert "10000000000 gowns" in tables["finding"]["found"][0]


@pytest.mark.parametrize("quantity", [0.5, -3.0, 0.0, float("inf"), float("nan"), 1e13])
def test_what_is_no_number_of_pieces_is_unreadable_and_not_zero(tmp_path: Path, quantity: float) -> None:
    tables = requests(write_requests(tmp_path, [100.0, quantity]))
    assert tables["request"].select("pieces", "reason").rows() == [(100, None), (None, "unreadable")]
    assert tables["finding"]["code"].to_list() == ["REQUEST-12"]


def write_vintages(folder: Path, rows: list[tuple[str, str, int, str]]) -> Path:
    schema = ["location", "week_end", "value", "known_from"]
    pl.DataFrame(rows, schema=schema, orient="row").write_parquet(folder / "eu_hub_truth_vintages.parquet")
    return folder


def test_a_foreign_week_is_named_by_the_monday_in_it(tmp_path: Path) -> None:
    table = vintages(
        write_vintages(tmp_path, [("BE", "2021-11-20", 5, "2021-11-29"), ("BE", "2021-11-20", 4, "2021-11-22")])
    )
    assert table["week"].to_list() == [dt.date(2021, 11, 15)] * 2
    assert (table["week"].dt.weekday() == 1).all()
    assert table["value"].to_list() == [4, 5]  # the state that was known first comes first


def test_two_states_of_one_week_on_one_day_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="two states"):
        vintages(
            write_vintages(tmp_path, [("BE", "2021-11-20", 5, "2021-11-29"), ("BE", "2021-11-20", 4, "2021-11-29")])
        )


def test_a_week_that_ends_on_another_day_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Saturday"):
        vintages(write_vintages(tmp_path, [("BE", "2021-11-21", 5, "2021-11-29")]))


# The real series.


def test_the_real_series_are_valid_and_say_that_they_are_final(real_data: Path) -> None:
    tables = read(real_data, until=CUT)
    for name in ("indicator", "region", "region_share"):
        _, failed = ON_DISK[name].filter(tables[name])
        assert len(failed) == 0, f"{name}: {failed.counts()}"
    _, failed = RESULTS["finding"].filter(tables["finding"])
    assert len(failed) == 0
    assert tables["indicator"]["source"].str.contains("final extraction, not what was known then").all()
    assert {"SERIES-01", "SERIES-02", "SERIES-05", "SERIES-06", "SERIES-07", "SERIES-08", "SERIES-10"} <= set(
        tables["finding"]["code"]
    )


def test_the_day_on_which_a_thousand_arrears_came_in_is_found_by_the_rule(real_data: Path) -> None:
    findings = read(real_data, until=CUT)["finding"]
    found = findings.filter((pl.col("code") == "SERIES-02") & (pl.col("file") == "nl_national_daily.csv"))
    assert found["column"].to_list() == ["hosp_reported", "icu_reported"]
    assert found["found"].str.contains("2020-03-24").all()


def test_the_two_days_without_bed_figures_are_found(real_data: Path) -> None:
    found = told(read(real_data, until=dt.date(2021, 8, 31)), "SERIES-03")
    assert ("ward_beds", "2021-06-19, 2021-06-20", 2) in found
    assert ("icu_beds", "2021-06-19, 2021-06-20", 2) in found


def test_the_real_regions_hold_ninety_eight_percent_of_the_nation(real_data: Path) -> None:
    rows = read(real_data, until=dt.date(2021, 8, 31))["indicator"].filter(pl.col("indicator") == "hosp_admissions")
    whole = dict(rows.group_by("region").agg(pl.col("value").sum()).iter_rows())
    assert 0.015 < whole[UNKNOWN] / whole[NATION] < 0.025
    assert sum(value for region, value in whole.items() if region != NATION) == whole[NATION]


def test_the_crosswalk_covers_each_safety_region_once_and_is_marked_assumed(real_data: Path) -> None:
    tables = read(real_data, until=CUT)
    shares = tables["region_share"].group_by("from_region").agg(pl.col("share").sum())
    assert set(shares["from_region"]) == {*SAFETY, UNKNOWN}
    assert (shares["share"] - 1).abs().max() < 1e-9  # type: ignore[operator]
    assert set(tables["region_share"]["how"]) == {"assumed"}
    people = dict(
        tables["region"]
        .filter(pl.col("population").is_not_null())
        .group_by("scheme")
        .agg(pl.col("population").sum())
        .iter_rows()
    )
    assert people["roaz"] == pytest.approx(people["nation"], abs=11)
    assert people["safety_region"] == people["nation"]


def test_american_requests_are_read_whole_with_their_fantasies(real_data: Path) -> None:
    tables = requests(real_data)
    _, failed = FACTS["request"].filter(tables["request"])
    assert len(failed) == 0
    assert tables["request"].height == 31_202
    assert tables["request"]["pieces"].max() == 10**10
    assert tables["finding"]["code"].to_list() == ["REQUEST-11"]


def test_the_state_of_a_day_is_the_last_known_by_then(real_data: Path) -> None:
    table = vintages(real_data)
    day = dt.date(2022, 1, 10)
    state = table.filter(pl.col("known_from") <= day).group_by("location", "week", maintain_order=True).last()
    assert state["known_from"].max() <= day  # type: ignore[operator]
    assert state.select("location", "week").is_duplicated().sum() == 0
    assert (table["week"] < table["week_end"]).all()


@pytest.mark.slow
def test_a_dataset_on_real_series_is_valid_without_errors_and_marks_what_is_made_up(real_data: Path) -> None:
    tables = real_dataset(real_data, cut=CUT)
    assert set(tables) == set(ON_DISK) - set(PUBLISHED)
    for name, table in tables.items():
        _, failed = ON_DISK[name].filter(table)
        assert len(failed) == 0, f"{name}: {failed.counts()}"
    as_of = dt.datetime(2020, 4, 27, 10, tzinfo=dt.UTC)
    found = check(Inputs.of(tables, as_of=as_of).known(), Policy.of(tables).known(as_of))
    assert found.filter(pl.col("severity") == "error").is_empty()
    for name in set(FACTS) - {"indicator"}:
        assert set(tables[name]["source"]) == {"fictional example"}, name
        if "how" in tables[name].columns:
            assert set(tables[name]["how"]) == {"assumed"}, name
    assert tables["indicator"]["known_at"].max() <= as_of  # type: ignore[operator]


@pytest.mark.slow
def test_made_up_care_follows_the_real_beds(real_data: Path) -> None:
    tables = real_dataset(real_data, cut=CUT)
    beds = tables["indicator"].filter((pl.col("indicator") == "icu_beds") & pl.col("value").is_not_null())
    care = tables["activity"].filter(pl.col("driver") == "icu_patient_day")
    weekly = care.group_by("day").agg(units=pl.col("units").sum()).sort("day")
    week = [
        beds.filter(pl.col("day").is_between(day - dt.timedelta(days=6), day))["value"].mean() for day in weekly["day"]
    ]
    ratio = weekly["units"] / pl.Series(week)
    assert ratio.max() / ratio.min() < 1.2  # type: ignore[operator]


@pytest.mark.slow
def test_another_cut_moves_the_made_up_days_along(real_data: Path) -> None:
    early, late = (real_dataset(real_data, cut=day) for day in (CUT, CUT + dt.timedelta(days=182)))
    assert early["request"]["day"].max() + dt.timedelta(days=182) == late["request"]["day"].max()  # type: ignore[operator]
    assert early["site"].drop("known_at").equals(late["site"].drop("known_at"))


def test_a_cut_outside_the_series_is_refused(real_data: Path) -> None:
    with pytest.raises(ValueError, match="within the series"):
        real_dataset(real_data, cut=dt.date(2022, 1, 3))
