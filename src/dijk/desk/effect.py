"""The command ``effect``: what judgements that somebody proposes would do to the plan, before anyone approves them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer
from rich.table import Table

from dijk.desk.ending import USAGE, Stop
from dijk.desk.fairness import prices_table
from dijk.desk.findings import lang_of
from dijk.desk.load import load, planned
from dijk.desk.options import AsOf, DataFolder, Json, Lang, Seed
from dijk.desk.proposed import proposals
from dijk.desk.screen import decimal, euros, give, named, table, whole, working
from dijk.desk.words import say
from dijk.effect import PROPOSABLE, Effect
from dijk.effect import effect as effect_of
from dijk.files import name_of
from dijk.files.words import table_named
from dijk.tables import ALL
from dijk.tables.effect import most_changed

MOST_SHOWN = 20
"""Rows of a table on the screen; those that change most."""


# parameters: the options of the command
def effect(
    folder: DataFolder,
    change: Annotated[
        list[str],
        typer.Option(
            "--change",
            metavar="TABLE=FILE",
            help="A table of judgements, and CSV or Excel with rows to try; may be given several times.",
        ),
    ],
    as_of: AsOf = None,
    seed: Seed = 1,
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """Show what other judgements would do, before anyone approves them.

    The plan with proposed norms, rules, fences, scenarios, articles or needs on the list beside the plan without them:
    regimes, published levels, unmet need and what to buy. Nothing is written.
    """
    files = changes(change)
    loaded = load(folder, as_of, lang)
    rows = proposals(loaded, files)
    before = planned(loaded, seed, lang).plan
    with working(say("planning_again", lang)):
        found = effect_of(before, loaded.inputs, loaded.policy, rows, seed=seed)
    needs = loaded.inputs.known().need
    give({name: part.to_dicts() for name, part in found.tables().items()}, *shown(found, needs, lang), as_json=as_json)


def changes(given: Sequence[str]) -> dict[str, list[Path]]:
    """The files of each table, from what a person typed.

    Raises
    ------
    Stop
        No file is named, or a table that is no judgement of which the effect can be asked.
    """
    files: dict[str, list[Path]] = {}
    for words in given:
        name, _, path = words.partition("=")
        found = table_named(name)
        if not path or found not in PROPOSABLE:
            raise Stop(USAGE, "bad_change", words, ", ".join(PROPOSABLE))
        files.setdefault(found, []).append(Path(path))
    return files


def shown(found: Effect, needs: pl.DataFrame, lang: str) -> list[Any]:
    """The effect as a person reads it: how the rows were taken, and a table for each part in which anything changes."""
    lines: list[Any] = [
        say(f"taken.{row['taken']}", lang, name_of(row["table"], lang_of(lang)), row["key"], row["valid_from"])
        for row in found.proposed_row.filter(pl.col("taken") != "as_said").iter_rows(named=True)
    ]
    tables = {
        "regime_change": regimes_table,
        "unmet_change": unmet_table,
        "level_change": levels_table,
        "purchase_change": purchases_table,
    }
    counted = {row["part"]: row for row in found.compared.iter_rows(named=True)}
    for part, draw in tables.items():
        rows, of = getattr(found, part), counted[part]
        lines.append(say("part_changes", lang, say(f"part.{part}", lang), *map(str, (of["changed"], of["compared"]))))
        lines += _drawn(rows, draw, needs, lang) if rows.height else []
    if found.fence_price.height:
        lines += [prices_table(found.fence_price, lang), say("priced", lang)]
    return [*lines, say("before_after", lang)]


def _drawn(rows: pl.DataFrame, draw: Callable[..., Table], needs: pl.DataFrame, lang: str) -> list[Any]:
    """The rows that change most, and how many more there are."""
    name = named(rows["need"], needs, lang)
    drawn = draw(most_changed(rows, MOST_SHOWN), name, lang)
    more = rows.height - MOST_SHOWN
    return [drawn, *([say("more_rows", lang, whole(more, lang))] if more > 0 else []), ""]


def regimes_table(rows: pl.DataFrame, name: dict[str, str], lang: str) -> Table:
    """How each need is routed, before and after."""
    cells = [
        [name.get(row["need"], row["need"]), _arrow(*_two(row, "effective"), lambda one: say(one, lang))]
        for row in rows.iter_rows(named=True)
    ]
    return table([say(key, lang) for key in ("need", "regime")], cells)


def unmet_table(rows: pl.DataFrame, name: dict[str, str], lang: str) -> Table:
    """Unmet need and packs of each need for all, then per sector and per region, before and after."""
    rows = rows.sort("need", pl.col("region") != ALL, pl.col("sector") != ALL, "sector", "region")
    cells = [
        [
            name.get(row["need"], row["need"]),
            *(say("all", lang) if row[axis] == ALL else row[axis] for axis in ("sector", "region")),
            _arrow(*_two(row, "unmet"), lambda share: f"{decimal(share * 100, lang)}%"),
            *(_arrow(*_two(row, column), lambda number: whole(number, lang)) for column in ("packs", "pieces")),
        ]
        for row in rows.iter_rows(named=True)
    ]
    headings = ("need", "sector", "region", "unmet", "packs_awarded", "pieces_awarded")
    return table([say(key, lang) for key in headings], cells, right=(3, 4, 5), whole_words=3)


def levels_table(rows: pl.DataFrame, name: dict[str, str], lang: str) -> Table:
    """Published levels in days, before and after; how far supply reaches where there is no level."""

    def level(row: dict[str, Any], when: str) -> str | None:
        reach, days = row[f"reach_{when}"], row[f"level_days_{when}"]
        return decimal(days, lang) if days is not None else None if reach is None else say(f"reach_{reach}", lang)

    cells = [
        [
            name.get(row["need"], row["need"]),
            str(row["tier"]),
            say(row["holder"], lang),
            *(say("all", lang) if row[part] == ALL else row[part] for part in ("region", "fence")),
            row["product"],
            _arrow(level(row, "before"), level(row, "after"), str),
        ]
        for row in rows.iter_rows(named=True)
    ]
    headings = ("need", "tier", "holder", "region", "fence", "product", "level_days")
    return table([say(key, lang) for key in headings], cells, right=(6,), whole_words=6)


def purchases_table(rows: pl.DataFrame, name: dict[str, str], lang: str) -> Table:
    """What to buy net, in pieces and money, before and after; why where there is no money."""

    def money(row: dict[str, Any], when: str) -> str:
        reason = row[f"reason_{when}"]
        return euros(row[f"cents_{when}"], lang) if reason is None else say(f"no_money.{reason}", lang)

    cells = [
        [
            name.get(row["need"], row["need"]),
            say(row["curve"], lang),
            _arrow(*_two(row, "pieces"), lambda number: whole(number, lang)),
            _arrow(money(row, "before"), money(row, "after"), str),
        ]
        for row in rows.iter_rows(named=True)
    ]
    headings = ("need", "curve", "to_buy", "costs")
    return table([say(key, lang) for key in headings], cells, right=(2, 3), whole_words=2)


def _two(row: dict[str, Any], column: str) -> tuple[Any, Any]:
    return row[f"{column}_before"], row[f"{column}_after"]


def _arrow(before: Any, after: Any, show: Callable[[Any], str]) -> str:
    """What was → what would be, once where they are alike; a dash where there is none."""
    was, would_be = ("–" if one is None else show(one) for one in (before, after))
    return was if before == after else f"{was} → {would_be}"
