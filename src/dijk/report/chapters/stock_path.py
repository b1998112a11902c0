"""In chapter 2: how the stock of each scarce need goes over four weeks, with what comes in and its bands."""

import datetime as dt
from typing import Any

import polars as pl

from dijk.report.chapters.fans import BANDS
from dijk.report.chapters.inbound import open_lines
from dijk.report.pages import Cell, Chart, Column, Figure, Figures, Say, Table, say
from dijk.report.story import Story
from dijk.tables import ALL

DRAWN = 6
"""Scarce needs that get a path of their own, the most pressing first."""
MARKS = tuple(Say(f"path.{mark}") for mark in ("past", "median", "outer", "inner", "late", "coming", "low", "max"))


def stock_paths(story: Story, first: int) -> tuple[Figures, ...]:
    """A path per scarce need; the references count on from ``first``."""
    seen = set(story.plan.stock_path["need"])
    needs = [need for need in story.regimes("scarce") if need in seen][:DRAWN]
    drawn = tuple(_path(story, need, f"F2.{place}") for place, need in enumerate(needs, first))
    return (Figures(drawn),) if drawn else ()


def _path(story: Story, need: str, ref: str) -> Figure:
    wide = _wide(story, need)
    title = _title(story, need)
    columns = (
        Column(Say("col.day"), "day", "day"),
        *(Column(Say(f"fan.{name}"), "pieces", name) for name in BANDS),
        Column(Say("path.coming"), "pieces", "coming", "not_applicable"),
    )
    whole = wide.with_columns(pl.col(*BANDS).round().cast(pl.Int64))
    top = float(wide["outer_high"].max() or 1) * 1.05  # type: ignore[arg-type]
    chart = Chart("fan", _drawn(wide), Say("col.pieces"), MARKS, top)
    table = Table(f"{ref}t", title, columns, story.rows(whole, columns))
    return Figure(ref, title, chart, _alt(wide), table, notes=(Say("path.note"),))


def _wide(story: Story, need: str) -> pl.DataFrame:
    """A row per day: day, the bands, and the pieces that are expected to come in."""
    rows = story.plan.stock_path.filter(pl.col("need") == need)
    wide = rows.select("days_ahead").unique().sort("days_ahead")
    for name, level in BANDS.items():
        part = rows.filter((pl.col("quantile_level") - level).abs() < 1e-9)
        wide = wide.join(part.select("days_ahead", pl.col("pieces").alias(name)), on="days_ahead", how="left")
    wide = wide.with_columns(day=pl.lit(story.world.today) + pl.duration(days="days_ahead"))
    due = open_lines(story).filter(pl.col("need") == need).group_by(day="expected").agg(coming=pl.col("pieces").sum())
    return wide.join(due, on="day", how="left", maintain_order="left").sort("day")


def _title(story: Story, need: str) -> Say:
    """The message: around which day it is out, or how likely that is; the figures of T2.4."""
    nation = (pl.col("need") == need) & (pl.col("sector") == ALL) & (pl.col("region") == ALL)
    whole = story.plan.situation.filter(nation)
    out = whole["out_day_50"].drop_nulls()
    last = story.plan.stock_path["days_ahead"].max()
    if out.len() and out[0] <= last:
        day = story.world.today + dt.timedelta(days=int(out[0]))
        return say("path.out", need=story.name("need", need), day=Cell("date", day))
    chance = Cell("share", next(iter(whole["p_out_4w"]), None), why="no_forecast")
    return say("path.lasts", need=story.name("need", need), chance=chance)


def _drawn(wide: pl.DataFrame) -> tuple[dict[str, Any], ...]:
    drawn: list[dict[str, Any]] = []
    for row in wide.iter_rows(named=True):
        x = str(row["day"])
        drawn += [
            {"x": x, "part": band, "low": row[f"{band}_low"], "high": row[f"{band}_high"]}
            for band in ("outer", "inner")
        ]
        drawn.append({"x": x, "part": "median", "value": row["median"]})
        if row["coming"]:
            drawn.append({"x": x, "part": "coming", "value": row["coming"]})
    return tuple(drawn)


def _alt(wide: pl.DataFrame) -> Say:
    last = wide.row(-1, named=True)
    return say(
        "path.alt",
        now=Cell("rounded", wide["median"][0]),
        day=Cell("date", last["day"]),
        end=Cell("rounded", last["median"]),
        low=Cell("rounded", last["outer_low"]),
        high=Cell("rounded", last["outer_high"]),
        coming=Cell("rounded", int(wide["coming"].sum())),
    )
