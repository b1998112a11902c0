"""The commands that set a division beside others: by the classic rules, under wrong norms, with and without fences."""

from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer
from rich.table import Table

from dijk import runs
from dijk.desk.findings import refuse
from dijk.desk.load import all_checked, load
from dijk.desk.options import AsOf, DataFolder, Json, Lang, RunFolder, Seed
from dijk.desk.proposed import proposals
from dijk.desk.screen import decimal, give, named, percent, table, whole, working
from dijk.desk.words import say
from dijk.fairness.measures import beside_classic_rules
from dijk.fairness.price_of_fences import price_of_fences
from dijk.fairness.sensitivity import CASES, OFF, division_shares
from dijk.present import present
from dijk.tables import ALL

RULES = ("proportional", "constrained_equal_awards", "constrained_equal_losses", "talmud")
"""The classic rules that people name; those that look at every subset of claimants cannot divide a country."""


def rules(run: RunFolder, lang: Lang = "en", as_json: Json = False) -> None:
    """Set the division of a run beside classic rules.

    Who would go without if the same goods were shared by what was asked alone: in proportion, equally, by equal losses,
    or by the rule of the Talmud. These rules know neither stock nor norms.
    """
    kept = runs.read_run(run)
    world, policy = kept.inputs.known(), kept.policy.known(kept.inputs.as_of)
    caps, floors = (policy.numbers(rule, world.today, kept.plan.claim) for rule in ("cap_days", "floor_days"))
    found = beside_classic_rules(kept.plan.claim, kept.plan.award, cap_days=caps, floor_days=floors, rules=RULES)
    grid = (
        [rules_table(found, world.need, lang), say("beside_rules", lang)]
        if found.height
        else [say("nothing_divided", lang)]
    )
    give({"rules": found.fill_nan(None).to_dicts()}, *grid, as_json=as_json)


# parameters: the options of the command
def sensitivity(
    folder: DataFolder, as_of: AsOf = None, seed: Seed = 1, lang: Lang = "en", as_json: Json = False
) -> None:
    """Show how far the division hangs on the norms.

    The share of each sector and region in what is divided, and what it would be were its norms a fifth lower or higher,
    or at the low or high end of their range.
    """
    loaded = load(folder, as_of, lang)
    refuse(all_checked(loaded))
    now = present(loaded.inputs.known(), loaded.policy.known(loaded.inputs.as_of))
    with working(say("dividing_again", lang)):
        shares = division_shares(now, routed_scarce(now.world.need), seed=seed)
    grid = [shares_table(shares, now.world.need, lang), say("wrong_norms", lang, percent(OFF, lang))]
    give({"shares": shares.to_dicts()}, *(grid if shares.height else [say("nothing_divided", lang)]), as_json=as_json)


def fences(
    folder: DataFolder,
    proposal: Annotated[
        Path | None, typer.Option("--try", metavar="FENCES", help="CSV or Excel: fences to price as if set.")
    ] = None,
    as_of: AsOf = None,
    seed: Seed = 1,
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """Show what each fence costs, before it is set.

    Unmet need, and the days of cover of its group and of the others, without it and with it; and what it promises that
    is not there.
    """
    loaded = load(folder, as_of, lang)
    refuse(all_checked(loaded))
    rows = {} if proposal is None else proposals(loaded, {"fence": [proposal]})
    policy = loaded.policy.with_proposed(rows, loaded.inputs.as_of)
    now = present(loaded.inputs.known(), policy.known(loaded.inputs.as_of))
    only = rows["fence"]["fence"] if rows else None
    routes = routed_scarce(now.world.need)
    with working(say("pricing", lang)):
        prices = price_of_fences(now, routes, seed=seed, only=only)
    prices = prices.fill_nan(None)
    grid = [prices_table(prices, lang), say("priced", lang)] if prices.height else [say("no_fences", lang)]
    give({"prices": prices.to_dicts()}, *grid, as_json=as_json)


def routed_scarce(need: pl.DataFrame) -> pl.DataFrame:
    """Every need as if it were scarce: how a need is routed does not change who gets what."""
    return need.select("need", effective=pl.lit("scarce"))


def rules_table(found: pl.DataFrame, needs: pl.DataFrame, lang: str) -> Table:
    """Measures of each rule, a row per need and rule, ours first."""
    name = named(found["need"], needs, lang)
    rows = [
        [
            name.get(row["need"], row["need"]),
            say(f"rule.{row['rule']}", lang),
            *(percent(row[column], lang) for column in ("unmet_need", "below_floor")),
            *(decimal(row[column], lang) for column in ("p5_days", "p95_days", "envy_days")),
        ]
        for row in found.fill_nan(None).iter_rows(named=True)
    ]
    headings = ["need", "rule_used", "unmet", "below_floor", "p5_days", "p95_days", "envy_days"]
    return table([say(key, lang) for key in headings], rows, right=range(2, 7), whole_words=2)


def shares_table(shares: pl.DataFrame, needs: pl.DataFrame, lang: str) -> Table:
    """The share of each part, a row per need and sector or region."""
    name = named(shares["need"], needs, lang)
    rows = [
        [
            name.get(row["need"], row["need"]),
            *(say("all", lang) if row[axis] == ALL else row[axis] for axis in ("sector", "region")),
            *(percent(row[column], lang) for column in ("share", *CASES)),
        ]
        for row in shares.iter_rows(named=True)
    ]
    headings = ["need", "sector", "region", "share", *(f"norms_{case}" for case in CASES)]
    return table([say(key, lang) for key in headings], rows, right=range(3, 8), whole_words=3)


def prices_table(prices: pl.DataFrame, lang: str) -> Table:
    """The price of each fence, a row per need it touches; days without it and with it."""

    def days(row: dict[str, Any], who: str) -> str:
        without, with_it = row[f"{who}_days_without"], row[f"{who}_days_with"]
        return "–" if without is None else f"{decimal(without, lang)} → {decimal(with_it, lang)}"

    headings = ["fence", "need", "unmet", "group_days", "others_days", "missing", "missing_together"]
    rows = [
        [
            row["fence"],
            row["need"],
            f"{percent(row['unmet_without'], lang)} → {percent(row['unmet_with'], lang)}",
            days(row, "group"),
            days(row, "others"),
            whole(row["missing_pieces"], lang) if row["missing_pieces"] else "",
            whole(row["missing_together"], lang) if row["missing_together"] else "",
        ]
        for row in prices.iter_rows(named=True)
    ]
    return table([say(key, lang) for key in headings], rows, right=range(2, 7), whole_words=2)
