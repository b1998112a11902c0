"""In chapter 5: what each scenario costs beyond base."""

import polars as pl

from dijk.report.pages import Cell, Column, Say, Table, say
from dijk.report.story import LIST_LIMIT, Story, more
from dijk.tables import ALL

CURVES = ("low", "base", "max")


def scenario_costs(story: Story) -> Table:
    """Extra pieces and money per scenario, and need and sector that it touches, after low, base and max of the need."""
    place = pl.col("curve").replace_strict(CURVES, range(len(CURVES)), default=len(CURVES), return_dtype=pl.Int64)
    table = story.plan.scenario_cost
    touched = table.filter(~pl.col("curve").is_in(CURVES)).select("need").unique()
    frame = table.join(touched, on="need", how="semi")
    frame = frame.sort("need", place, "curve", pl.col("sector") == ALL, "sector").pipe(story.ordered)
    shown = frame.head(LIST_LIMIT)
    columns = (
        Column(Say("col.need"), "need", "need"),
        Column(Say("col.curve"), "curve", "curve"),
        Column(Say("col.sector"), "sector", "sector"),
        Column(Say("cost.persons"), "whole", "persons", "not_applicable"),
        Column(Say("cost.uptake"), "share", "uptake", "not_applicable"),
        Column(Say("col.demand"), "pieces", "demand_pieces"),
        Column(Say("cost.extra"), "signed", "extra_mid"),
        Column(Say("cost.cents_low"), "money", "cents_low", "reason"),
        Column(Say("cost.cents_mid"), "money", "cents_mid", "reason"),
        Column(Say("cost.cents_high"), "money", "cents_high", "reason"),
        Column(Say("col.price_source"), "text", "price_source", "reason", guarded="money"),
    )
    handling = Cell("cents", story.rule("handling_cents_per_pack"))
    notes = (say("cost.note", handling=handling), *more(frame.height - shown.height))
    return Table(
        "T5.7", Say("cost.title"), columns, story.rows(shown, columns), notes=notes, wide=True, empty=Say("cost.none")
    )
