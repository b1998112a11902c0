"""The commands ``backtest`` and ``score``: forecasts as they would have been made, and how they did."""

import datetime as dt
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import dataframely as dy
import polars as pl
import typer

from dijk.files.forecast_hub import Unreadable, read_hub, write_hub
from dijk.forecast.backtest import HubForecast, Vintage, backtest_with_members, score_forecasts, unit_changes
from dijk.forecast.backtest import backtest as backtest_alone
from dijk.forecast.members import NoMembers
from dijk.forecast.spread import on_processes

INPUT_ERRORS = 3
Members = Literal["own", "all"]
MADE_BY = {"own": backtest_alone, "all": backtest_with_members}


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
