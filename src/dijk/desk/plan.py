"""The commands on a whole plan: ``plan`` makes and keeps one, ``replay`` makes it again."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import polars as pl
import typer
from rich.table import Table

from dijk import __version__, runs
from dijk.desk.assess import picture_table
from dijk.desk.ending import DIFFERS, FINE, NOTHING, Stop
from dijk.desk.findings import counts, refuse
from dijk.desk.load import load, make_plan
from dijk.desk.options import AsOf, DataFolder, Json, Lang, Replace, RunFolder, Seed
from dijk.desk.screen import decimal, euros, give, moment, percent, table, tell, whole, working
from dijk.desk.words import say
from dijk.desk.write import keep_run, refuse_run
from dijk.plan import plan
from dijk.runs import Difference, versions

if TYPE_CHECKING:
    from dijk.report.summary import Summary


# parameters: the options of the command
def plan_command(
    folder: DataFolder,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="RUN", help="Folder of the run.")],
    as_of: AsOf = None,
    seed: Seed = 1,
    replace: Replace = False,
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """Make a plan and keep it in a run's folder.

    Ends with what the plan says in a dozen lines.
    """
    from dijk.report.summary import summary  # the report is slow to load

    refuse_run(out, replace=replace)
    run = make_plan(folder, as_of, seed, lang)
    with working(say("writing", lang, out)):
        keep_run(out, run, folder)
    said, what = runs.read_manifest(out), summary(run.inputs, run.plan)
    give(
        {"run": said, "folder": str(out), "summary": asdict(what) | {"need": what.need.to_dicts()}},
        picture_table(what.need, lang),
        "",
        action_table(what.need, lang),
        "",
        *summary_lines(what, lang),
        counts(run.finding, lang),
        say("run_line", lang, said["run"], moment(run.inputs.as_of, lang), seed, out),
        as_json=as_json,
    )


def replay(
    run: RunFolder,
    data: Annotated[Path | None, typer.Option(metavar="DIR", help="Where the dataset is now, if it was moved.")] = None,
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """Make a kept plan again and compare every byte.

    From the dataset, with the policy, seed and moment that were kept.
    """
    kept, said = runs.read_run(run), runs.read_manifest(run)
    folder = data or runs.origin(run)
    if folder is None or not folder.exists():
        raise Stop(NOTHING, "no_origin", folder or run)
    loaded = load(folder, said["as_of"], lang)
    refuse(loaded.received)
    if loaded.digest != kept.digest:
        tell(say("digest_differs", lang, moment(kept.inputs.as_of, lang)))
    with working(say("planning", lang)):
        made = plan(loaded.inputs, kept.policy, seed=kept.seed)
    again = runs.Run(loaded.inputs, kept.policy, made, seed=kept.seed, digest=loaded.digest, received=loaded.received)
    found = runs.differences(run, again)
    what = {"identical": not found, "differences": [asdict(one) for one in found]}
    give(
        what,
        *(replay_parts(said, found, lang) if found else [say("identical", lang, len(said["files"]))]),
        as_json=as_json,
    )
    raise typer.Exit(DIFFERS if found else FINE)


def action_table(needs: pl.DataFrame, lang: str) -> Table:
    """Up to which cover each need is shared, how far need was met, and what to buy, a row per need."""
    rows = [
        [
            row[f"name_{lang}"] or row["need"],
            shared_to(row, lang),
            percent(row["met_cure"], lang),
            percent(row["met_care"], lang),
            whole(row["net_base"], lang),
            whole(row["net_max"], lang),
        ]
        for row in needs.iter_rows(named=True)
    ]
    headings = [say(key, lang) for key in ("need", "level_days", "met_cure", "met_care", "net_base", "net_max")]
    return table(headings, rows, right=range(1, 6))


def shared_to(row: Mapping[str, Any], lang: str) -> str:
    """How far what there is goes: every claim met, else the published levels from the lowest to the highest."""
    if row["in_full"] is None:
        return "–"
    if row["in_full"]:
        return say("reach_all", lang)
    if row["level_least"] is None:
        return say("reach_nothing" if row["nothing"] else "reach_floor", lang)
    least, most = (
        decimal(0.0 if row["nothing"] and key == "level_least" else row[key], lang)
        for key in ("level_least", "level_most")
    )
    return least if least == most else f"{least}–{most}"


def buy_lines(what: "Summary", lang: str) -> list[str]:
    """What there is to buy, and what these sums leave out."""
    sums = what.base_cents, what.max_cents
    if None in sums:
        return [say("buy_unknown", lang)]
    lines = [say("buy_line", lang, *(euros(one, lang) for one in sums))]
    out = {"unpriced_line": pl.col("need").is_in(what.unpriced), "unsaid_buy": pl.col("missing").is_not_null()}
    left = {line: names(what.need.filter(rows), lang) for line, rows in out.items()}
    return lines + [say(line, lang, needs) for line, needs in left.items() if needs]


def summary_lines(what: "Summary", lang: str) -> list[str]:
    """The summary of a plan in sentences."""
    needs = what.need
    number = dict(needs.group_by("effective").len().rows())
    scarce = needs.filter(pl.col("effective") == "scarce")
    held = (number.get("scarce", 0), needs.height, number.get("early_warning", 0), number.get("direct", 0))
    unsaid = number.get("unknown", 0)
    lines = [
        say("unknown_too", lang, *held, unsaid) if unsaid else say("scarce_line", lang, *held),
        *([say("unknown_line", lang, whole(what.silent, lang), whole(what.asked, lang))] if what.asked else []),
    ]
    if scarce["unknown_share"].count():
        ends = (scarce["unknown_share"].min(), scarce["unknown_share"].max())
        shares = dict.fromkeys(percent(one, lang) for one in ends)  # type: ignore[arg-type]
        lines.append(say("unknown_same" if len(shares) == 1 else "unknown_range", lang, *shares))
    if what.served:
        lines.append(say("share_line", lang, whole(what.served, lang)))
    apart = names(needs.filter("drifts"), lang)
    met = needs.filter(pl.col("met_cure").is_not_null() & pl.col("met_care").is_not_null()).height
    lines.append(say("drift_line", lang, apart) if apart else say("no_drift_line" if met else "drift_unknown", lang))
    lines += buy_lines(what, lang)
    nobody = pl.col("effective") == "unknown"
    for line, rows in {"unsaid_line": nobody, "alarm_line": pl.col("alarm") & ~nobody}.items():
        if alarms := names(needs.filter(rows), lang):
            lines.append(say(line, lang, alarms))
    return lines


def names(needs: pl.DataFrame, lang: str) -> str:
    """Names of needs in a row."""
    return ", ".join(needs.select(pl.coalesce(f"name_{lang}", "need")).to_series())


def replay_parts(said: Mapping[str, Any], found: Sequence[Difference], lang: str) -> list[Any]:
    """What a replay made otherwise, and which versions differ."""
    here, made_with = versions() | {"dijk": __version__}, said["made_with"] | {"dijk": said["dijk"]}
    moved = [name for name in sorted(here) if here[name] != made_with.get(name)]
    return [
        say("differs", lang, len(found), len(said["files"])),
        differences_table(found, lang),
        *(say("versions", lang, f"{name} {made_with.get(name)}", here[name]) for name in moved),
    ]


def differences_table(found: Sequence[Difference], lang: str) -> Table:
    """What a replay made otherwise, a row per file."""
    return table(
        [say("file", lang), say("difference", lang)], [[one.file, said_difference(one, lang)] for one in found]
    )


def said_difference(one: Difference, lang: str) -> str:
    """One difference in words."""
    if one.made_rows is None:
        return say("only_kept", lang)
    if one.kept_rows is None:
        return say("only_made", lang)
    if one.kept_rows != one.made_rows:
        return say("rows_differ", lang, whole(one.kept_rows, lang), whole(one.made_rows, lang))
    return say("columns_differ", lang, ", ".join(one.columns)) if one.columns else say("bytes_differ", lang)
