"""The commands of the forecast: what care will need, forecasts as they would have been made, and how they did."""

import datetime as dt
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import dataframely as dy
import polars as pl
import typer
from rich.table import Table

from dijk.desk.ending import INPUT_ERRORS
from dijk.desk.load import make_plan
from dijk.desk.options import AsOf, DataFolder, Json, Lang, Seed, Tables
from dijk.desk.screen import decimal, give, named, table, whole
from dijk.desk.words import say
from dijk.desk.write import keep_tables
from dijk.files.forecast_hub import Unreadable, read_hub, write_hub
from dijk.forecast.backtest import HubForecast, Vintage, backtest_with_members, score_forecasts, unit_changes
from dijk.forecast.backtest import backtest as backtest_alone
from dijk.forecast.members import NoMembers
from dijk.forecast.spread import on_processes
from dijk.tables import ALL

Members = Literal["own", "all"]
MADE_BY = {"own": backtest_alone, "all": backtest_with_members}


# parameters: the options of the command
def forecast(
    folder: DataFolder, as_of: AsOf = None, seed: Seed = 1, out: Tables = None, lang: Lang = "en", as_json: Json = False
) -> None:
    """Show what care will need.

    Per need for the whole country, with the indicators behind it.
    """
    run = make_plan(folder, as_of, seed, lang)
    keep_tables(run.plan, ("indicator_seen", "driver_forecast", "demand"), out)
    nation = run.plan.demand.filter((pl.col("sector") == ALL) & (pl.col("region") == ALL))
    give(
        {"indicator_seen": run.plan.indicator_seen.to_dicts(), "demand": nation.to_dicts()},
        indicators_table(run.plan.indicator_seen, lang),
        demand_table(nation, run.inputs.need, lang),
        as_json=as_json,
    )


def backtest(
    vintages: Annotated[Path, typer.Option(help="Change log: location, week_end, value, known_from (CSV or Parquet).")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Where the forecasts go (.parquet or .csv).")],
    first: Annotated[dt.datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")],
    last: Annotated[
        dt.datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day; each Monday between them is forecast.")
    ],
    lead: Annotated[int, typer.Option(min=1, max=26, help="Weeks ahead.")] = 4,
    members: Annotated[
        Members, typer.Option(help="Our own model alone, or also the members that were better of late.")
    ] = "own",
    seed: Annotated[int, typer.Option(min=0, help="Seed.")] = 1,
    workers: Annotated[int, typer.Option(min=1, help="Processes that share the Mondays; the result is the same.")] = 1,
) -> None:
    """Forecast from each Monday, from only what was known that Monday."""
    log = _read(vintages, Vintage)
    if log["week_end"].dt.weekday().n_unique() > 1:
        _stop(f"{vintages}, column week_end: found weeks that end on several weekdays, wanted one weekday.")
    for location, day, factor in unit_changes(log).iter_rows():
        typer.echo(
            f"{location}: from {day} the whole past is {factor:.2g} times what it was; has the unit changed?", err=True
        )
    try:
        days, mapped = {"first": first.date(), "last": last.date()}, on_processes(workers)
        made = MADE_BY[members](log, **days, lead=lead, seed=seed, mapped=mapped)
    except NoMembers as missing:
        _stop(f"{str(missing)[0].upper()}{str(missing)[1:]}.")
    write_hub(made, out)
    typer.echo(f"{made.select('forecast_date', 'location', 'horizon').n_unique()} forecasts in {out}")


def score(
    forecasts: Annotated[
        Path, typer.Argument(metavar="FORECASTS", help="forecast_date, location, horizon, week_end, quantile, value.")
    ],
    truth: Annotated[
        Path, typer.Argument(metavar="TRUTH", help="location, week_end, value; rows marked provisional are not used.")
    ],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Also write the scores here.")] = None,
) -> None:
    """Score forecasts against what came true: weighted interval score, coverage, bias."""
    true = _read(truth, Truth)
    table = score_forecasts(_read(forecasts, HubForecast), true)
    if out:
        write_hub(table, out)
    typer.echo("location horizon forecasts      wis  log-wis   50 %   95 %   bias")
    for row in table.iter_rows(named=True):
        if not row["forecasts"]:
            continue
        horizon = row["horizon"] or "all"
        numbers = (
            f"{row['wis']:>8.4g} {row['log_wis']:>8.3f} {row['coverage_50']:>6.2f} "
            f"{row['coverage_95']:>6.2f} {row['bias']:>6.2f}"
        )
        typer.echo(f"{row['location']:<8} {horizon:>7} {row['forecasts']:>9} {numbers}")


def indicators_table(seen: pl.DataFrame, lang: str) -> Table:
    """The indicators behind a forecast, with the last value of each and its day."""
    headings = [say(key, lang) for key in ("indicator", "last_day", "value", "growth", "missing_days")]
    rows = [
        [
            row["indicator"],
            "–" if row["day"] is None else f"{row['day']}",
            decimal(row["value"], lang),
            decimal(row["growth"], lang),
            whole(row["missing_days"], lang),
        ]
        for row in seen.filter(pl.col("region") == ALL).sort("indicator").iter_rows(named=True)
    ]
    return table(headings, rows, right=(2, 3, 4))


def demand_table(nation: pl.DataFrame, needs: pl.DataFrame, lang: str) -> Table:
    """What the country needs next week and three weeks on: per need, in pieces a week."""
    weeks = nation["week"].unique().sort()
    first, last = weeks[0], weeks[min(3, len(weeks) - 1)]
    shown = [(first, "base", 0.5), (last, "low", 0.5), (last, "base", 0.5), (last, "max", 0.5), (last, "base", 0.9)]
    rows = [
        [name, *(whole(pieces(nation.filter(pl.col("need") == need), *cell), lang) for cell in shown)]
        for need, name in named(nation["need"].unique(), needs, lang).items()
    ]
    headings = [f"{say(curve, lang)} {level:.0%}, {week}" for week, curve, level in shown]
    return table([say("need", lang), *headings], rows, right=range(1, 6))


def pieces(rows: pl.DataFrame, week: dt.date, curve: str, level: float) -> float | None:
    """One quantile of one curve in one week; none where there is none."""
    found = rows.filter(
        (pl.col("curve") == curve) & (pl.col("week") == week) & ((pl.col("quantile_level") - level).abs() < 1e-9)
    )
    return found["pieces"].item() if found.height == 1 else None


class Truth(dy.Schema):
    """What came true, per location and week."""

    location = dy.String(primary_key=True, description="Code of the series.")
    week_end = dy.Date(primary_key=True, description="Last day of the week.")
    value = dy.Float64(nullable=True, description="Count of the week; empty is missing.")


def _read(path: Path, schema: type[dy.Schema]) -> pl.DataFrame:
    try:
        return read_hub(path, schema)
    except Unreadable as trouble:
        _stop(str(trouble))


def _stop(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(INPUT_ERRORS)
