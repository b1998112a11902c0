"""The commands of the division: how what is scarce is shared, why a site gets what it gets, its packs once more, and
a region's changes.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import polars as pl
import typer
from rich.table import Table

from dijk import runs
from dijk.allocate import adjust as adjusted
from dijk.allocate.claims import CLAIM
from dijk.allocate.recompute import beside_awards
from dijk.allocate.sentence import Explained
from dijk.allocate.sentence import explain as explained
from dijk.check.codes import CODES
from dijk.check.findings import Place, as_table, finding
from dijk.desk.ending import DIFFERS, FINE, NOTHING, Stop
from dijk.desk.findings import findings_table, refuse
from dijk.desk.load import make_plan
from dijk.desk.options import AsOf, DataFolder, Json, Lang, Replace, RunFolder, Seed, Tables
from dijk.desk.screen import console, decimal, give, named, table, whole, working
from dijk.desk.words import say
from dijk.desk.write import keep_run, keep_tables, refuse_run
from dijk.files import read_changes
from dijk.tables import ALL
from dijk.tables.languages import LANGS

REFUSED = {"no_such_claim": "CHANGE-01", "no_reason": "CHANGE-02", "below_zero": "CHANGE-03", "total": "CHANGE-04"}
"""The finding that tells why a change is not made."""

Region = Annotated[str | None, typer.Option(help="Code of a region: only its sites.")]
Site = Annotated[str | None, typer.Option(help="Code of a site: only its own lines.")]


# parameters: the options of the command
def allocate(
    folder: DataFolder, as_of: AsOf = None, seed: Seed = 1, out: Tables = None, lang: Lang = "en", as_json: Json = False
) -> None:
    """Show how what is scarce is shared.

    The published level per need and tier, and what was awarded.
    """
    run = make_plan(folder, as_of, seed, lang)
    keep_tables(run.plan, ("claim", "award", "award_line", "level"), out)
    give(
        {"level": run.plan.level.to_dicts()},
        levels_table(run.plan.level, run.inputs.need, lang),
        as_json=as_json,
    )


def explain(
    run: RunFolder,
    site: Annotated[str, typer.Argument(metavar="SITE", help="Code of the site.")],
    need: Annotated[str, typer.Argument(metavar="NEED", help="Code of the need.")],
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """Explain what a site gets of a need.

    From what it asked to what is sent, line by line and in a sentence, with what would have changed it.
    """
    plan = runs.read_run(run).plan
    found = explained(plan.claim, plan.award_line, plan.level, site=site, need=need)
    if as_json:
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
    for one in () if as_json else found:
        for line in told(one, lang):
            console().print(line, markup=False)
    if not found:
        raise Stop(NOTHING, "no_claim", site, need)


def recompute(
    run: RunFolder, region: Region = None, site: Site = None, lang: Lang = "en", as_json: Json = False
) -> None:
    """Deal the packs of a run again, from the published levels alone.

    Each claim beside what was awarded. Without a region or a site only the lines that differ are shown. Ends with code
    4 if any does.
    """
    plan = runs.read_run(run).plan
    own = plan.claim.filter(*(pl.col(name) == code for name, code in (("region", region), ("site", site)) if code))
    if own.is_empty():
        raise Stop(NOTHING, "nobody_here", site or region or run)
    beside = beside_awards(own, plan.award, plan.level)
    differ = beside.filter("differs")
    shown = beside if region or site else differ
    give(
        {"claims": beside.height, "differ": differ.height, "lines": shown.to_dicts()},
        *([dealt_table(shown, lang)] if shown.height else []),
        say(
            "dealt_otherwise" if differ.height else "dealt_the_same",
            lang,
            whole(beside.height, lang),
            whole(differ.height, lang),
        ),
        as_json=as_json,
    )
    raise typer.Exit(DIFFERS if differ.height else FINE)


def adjust(
    run: RunFolder,
    changes: Annotated[
        Path,
        typer.Argument(
            metavar="CHANGES",
            help="The region's workbook, filled in; or CSV or Excel: site, need, risk_class, packs, reason (holder).",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="RUN", help="Folder of the run with the changes in it.")],
    replace_run: Replace = False,
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """Put a region's changes into a run.

    A row gives the packs that a claim shall get instead, and why, in the region's own workbook or in a file of such
    rows. The total of each article in a region stands; what may not be is refused row by row, and then nothing is
    written. Laid in a later dataset as past_award, the awards of the new run are left as they are.
    """
    if out.resolve() == run.resolve():
        raise Stop(NOTHING, "not_empty", out)
    refuse_run(out, replace=replace_run)
    kept, read = runs.read_run(run), read_changes(changes)
    refuse(read.findings)
    if read.rows.is_empty():
        raise Stop(NOTHING, "no_changes", changes)
    made = adjusted(kept.plan.award, read.rows, claim=kept.plan.claim, award_line=kept.plan.award_line)
    at = read.rows.select(*CLAIM, "row")
    refuse(refusals(made.refused.join(at, on=CLAIM, how="left"), changes.name))
    doubted = doubts(made.effect.join(at, on=CLAIM, how="left"), changes.name)
    with working(say("writing", lang, out)):
        plan = replace(kept.plan, award=made.award, award_line=made.award_line)
        keep_run(out, replace(kept, plan=plan), runs.origin(run))
    said = runs.read_manifest(out)["run"]
    give(
        {"run": said, "folder": str(out), "effect": made.effect.to_dicts(), "findings": doubted.to_dicts()},
        effect_table(made.effect, lang),
        *([findings_table(doubted, lang)] if doubted.height else []),
        say("adjusted", lang, whole(made.effect.height, lang), said, out),
        as_json=as_json,
    )


def refusals(refused: pl.DataFrame, file: str) -> pl.DataFrame:
    """A finding for each change that is not made."""
    rows = []
    for row in refused.sort("row").iter_rows(named=True):
        code = CODES[REFUSED[row["why"]]]
        place = Place("award", file=file, row=row["row"], column="reason" if code.code == "CHANGE-02" else "packs")
        found = f"{row['site']} {row['need']} {row['risk_class']} {row['holder']}: {row['packs']}"
        rows.append(finding(code, place, found, words={"off": row["off"] or "–"}))
    return as_table(rows)


DOUBTED = {"over_packs": "CHANGE-05", "short_packs": "CHANGE-06", "other_product": "CHANGE-07"}
"""The finding that doubts a change that is made, by the column of its effect that holds something."""


def doubts(effect: pl.DataFrame, file: str) -> pl.DataFrame:
    """A warning for each change that goes beyond a bound of its claim, or names another article."""
    rows = []
    for column, code in DOUBTED.items():
        for row in effect.filter(pl.col(column).is_not_null()).sort("row").iter_rows(named=True):
            days = tuple(decimal(row["cover_after_days"], lang) for lang in LANGS)
            words = {"packs": row[column], "days": days, "product": row["product"]}
            found = f"{row['site']} {row['need']} {row['risk_class']} {row['holder']}: {row['packs_after']}"
            found += f" {row['other_product']}" if column == "other_product" else ""
            place = Place(
                "award", file=file, row=row["row"], column="product" if column == "other_product" else "packs"
            )
            rows.append(finding(CODES[code], place, found, words=words))
    return as_table(rows)


def levels_table(levels: pl.DataFrame, needs: pl.DataFrame, lang: str) -> Table:
    """The published levels, and what was divided."""
    whose = ("need", "tier", "holder", "region", "fence", "product")
    headings = [say(key, lang) for key in (*whose, "supply", "awarded", "level_days", "reach", "claims")]
    name = named(levels["need"], needs, lang)
    rows = [
        [
            name.get(row["need"], row["need"]),
            whole(row["tier"], lang),
            say(row["holder"], lang),
            *(say("all", lang) if row[column] == ALL else row[column] for column in ("region", "fence")),
            row["product"],
            whole(row["supply_pieces"], lang),
            whole(row["awarded_pieces"], lang),
            decimal(row["level_days"], lang),
            say(f"reach_{row['reach']}", lang),
            whole(row["claims"], lang),
        ]
        for row in levels.sort(whose).iter_rows(named=True)
    ]
    return table(headings, rows, right=(1, 6, 7, 8, 10))


def dealt_table(lines: pl.DataFrame, lang: str) -> Table:
    """Packs dealt again beside packs awarded, a row per claim."""
    headings = ["site", "need", "risk_class", "holder", "dealt", "awarded", "by_region", "difference"]
    rows = [
        [
            *place(row, lang),
            whole(row["dealt"], lang),
            whole(row["awarded"], lang),
            whole(row["changed"], lang) if row["changed"] else "",
            whole(row["awarded"] - row["changed"] - row["dealt"], lang) if row["differs"] else "",
        ]
        for row in lines.iter_rows(named=True)
    ]
    return table([say(key, lang) for key in headings], rows, right=range(4, 8), whole_words=2)


def effect_table(effect: pl.DataFrame, lang: str) -> Table:
    """What each change does to packs and cover."""
    headings = [
        "site",
        "need",
        "risk_class",
        "holder",
        "packs_before",
        "packs_after",
        "cover_before",
        "cover_after",
        "why",
    ]
    rows = [
        [
            *place(row, lang),
            whole(row["packs_before"], lang),
            whole(row["packs_after"], lang),
            decimal(row["cover_before_days"], lang),
            decimal(row["cover_after_days"], lang),
            row["reason"],
        ]
        for row in effect.iter_rows(named=True)
    ]
    return table([say(key, lang) for key in headings], rows, right=range(4, 8), whole_words=2)


def place(row: dict[str, str], lang: str) -> list[str]:
    """Whose claim it is, of what, and on whose goods."""
    return [row["site"], row["need"], row["risk_class"], say(f"from.{row['holder']}", lang)]


def told(explained: Explained, lang: str) -> Iterator[str]:
    """The lines of one claim with their pieces, and the sentence under them."""
    yield f"{explained.site}  {explained.need}  {explained.risk_class}  {say(f'from.{explained.holder}', lang)}"
    for line, pieces in explained.lines:
        figure = f"{pieces:,}" if lang == "en" else f"{pieces:,}".replace(",", ".")
        yield f"  {say(f'line.{line}', lang):<22}{figure:>14}"
    yield explained.nl if lang == "nl" else explained.en
