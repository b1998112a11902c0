"""The command ``assess``: what is short and what nobody knows."""

import polars as pl
from rich.table import Table

from dijk.desk.load import make_plan
from dijk.desk.options import AsOf, DataFolder, Json, Lang, Seed, Tables
from dijk.desk.screen import decimal, give, percent, table
from dijk.desk.words import say
from dijk.desk.write import keep_tables


# parameters: the options of the command
def assess(
    folder: DataFolder, as_of: AsOf = None, seed: Seed = 1, out: Tables = None, lang: Lang = "en", as_json: Json = False
) -> None:
    """Show what is short and what nobody knows.

    Cover, chance to run out, unknown share, and how each need is routed.
    """
    from dijk.report.summary import summary  # the report is slow to load

    run = make_plan(folder, as_of, seed, lang)
    keep_tables(run.plan, ("norm_use", "position", "central_stock", "situation", "regime", "flow", "not_answered"), out)
    needs = summary(run.inputs, run.plan).need
    give({"needs": needs.to_dicts()}, picture_table(needs, lang), as_json=as_json)


def picture_table(needs: pl.DataFrame, lang: str) -> Table:
    """What is short and what nobody knows, a row per need."""
    rows = [
        [
            row[f"name_{lang}"] or row["need"],
            say(row["effective"], lang)
            + (f", {say('verdict', lang)}" if row["by_verdict"] else "")
            + (" !" if row["alarm"] else ""),
            decimal(row["cover_days"], lang),
            percent(row["p_out_2w"], lang),
            percent(row["unknown_share"], lang),
        ]
        for row in needs.iter_rows(named=True)
    ]
    return table(
        [say(key, lang) for key in ("need", "regime", "cover_days", "p_out_2w", "unknown_share")],
        rows,
        right=(2, 3, 4),
        whole_words=2,
    )
