"""Chapter 1: for someone who has two minutes."""

import datetime as dt
from typing import Any

import polars as pl

from dijk.report.chapters.changed import Item, changed
from dijk.report.chapters.cover import cell
from dijk.report.chapters.flows import drift, met_in
from dijk.report.chapters.inbound import open_lines
from dijk.report.chapters.lead import lead
from dijk.report.chapters.purchase import left_out, total
from dijk.report.chapters.quality import silent_sites
from dijk.report.chapters.regimes import alarms, disagreements, ending, unsaid
from dijk.report.chapters.situation import judged
from dijk.report.pages import Cell, Chapter, Column, Heading, Points, Say, Table, say
from dijk.report.story import Story
from dijk.tables import ALL

SHOWN = 15


def headline(story: Story) -> Chapter:
    """What is scarce and until when, what is asked, what changed, alarms, cure against care, what we do not know."""
    return Chapter(
        1,
        "headline",
        (
            *lead(story),
            Heading(Say("headline.asked.heading")),
            Points(tuple(_asked(story)), Say("headline.asked.none")),
            _short(story),
            Heading(Say("headline.changed.heading")),
            *changed(story, _pressing(story)),
            Heading(Say("headline.alarms.heading")),
            Points(tuple(_alarms(story)), _reassurance(story, "headline.alarms.none")),
            Heading(Say("headline.equity.heading")),
            Points(tuple(_equity(story)), _no_drift(story)),
            Heading(Say("headline.unknown.heading")),
            Points(tuple(_unknown(story)), _all_answered(story)),
        ),
    )


def _reassurance(story: Story, key: str) -> Say:
    """A sentence that all is well, which is said of what is known only."""
    return Say(key if story.needs else "headline.nothing_known")


def _no_drift(story: Story) -> Say:
    known = drift(story)["gap"].drop_nulls().len()
    return say("headline.equity.none", known=Cell("whole", known)) if known else Say("headline.equity.none_known")


def _all_answered(story: Story) -> Say:
    asked = story.world.asked.filter(pl.col("topic") == "stock").height
    return Say("headline.unknown.none" if asked else "headline.unknown.nobody_asked")


def _pressing(story: Story) -> list[str]:
    """Needs that are scarce, may be so for all that is known, or are near it."""
    return [need for regime in ("scarce", "unknown", "early_warning") for need in story.regimes(regime)]


def _short(story: Story) -> Table:
    """The pressing needs, with what there is, what comes and what would have to be bought."""
    pressing = _pressing(story)
    nation = judged(story).filter((pl.col("sector") == ALL) & (pl.col("region") == ALL))
    picture = {row["need"]: row for row in nation.iter_rows(named=True)}
    regime = {row["need"]: row for row in story.plan.regime.iter_rows(named=True)}
    edge = story.world.today + dt.timedelta(days=14)
    due = open_lines(story).filter(pl.col("expected").is_between(story.world.today, edge))
    coming = dict(due.group_by("need").agg(pl.col("pieces").sum()).iter_rows())
    net = {
        (need, str(curve)): Cell("pieces", pieces, why=f"missing_{missing}")
        for need, curve, pieces, missing in story.plan.purchase_need.select(
            "need", "curve", "net_pieces", "missing"
        ).iter_rows()
    }
    columns = (
        Column(Say("col.need")),
        Column(Say("col.effective")),
        Column(Say("col.cover"), "days"),
        Column(Say("col.unknown_share"), "share"),
        Column(Say("col.most_4w"), "share"),
        Column(Say("col.action")),
        Column(Say("col.coming"), "pieces"),
        Column(Say("col.net_base"), "pieces"),
        Column(Say("col.net_max"), "pieces"),
    )
    rows = tuple(
        (
            story.name("need", need),
            Cell("regime", regime[need]["effective"]),
            cell(picture[need], total=False) if need in picture else Cell("days", None),
            *(Cell("share", picture.get(need, {}).get(name)) for name in ("unknown_share", "p_out_most_4w")),
            Cell("action", regime[need]["action"]),
            Cell("pieces", coming.get(need, 0)),
            *(net[need, curve] for curve in ("base", "max")),
        )
        for need in pressing[:SHOWN]
    )
    hidden = len(pressing) - len(rows)
    notes = (
        Say("headline.short.note"),
        *((say("headline.short.more", count=Cell("whole", hidden)),) if hidden > 0 else ()),
    )
    return Table(
        "T1.1",
        Say("headline.short.title"),
        columns,
        rows,
        notes=notes,
        empty=_reassurance(story, "headline.short.none"),
    )


def _alarms(story: Story) -> list[Item]:
    found: list[Item] = [(words, "T6.1") for words in alarms(story)]
    late = open_lines(story).filter(pl.col("expected") < story.world.today)
    if late.height:
        found.append((say("headline.alarms.late", **_lines_and_needs(late)), "T4.3"))
    held = story.plan.central_stock.filter(pl.col("status") == "blocked")
    if held.height:
        found.append((say("headline.alarms.blocked", needs=Cell("whole", held["need"].n_unique())), "T12.5"))
    return found


def _lines_and_needs(lines: pl.DataFrame) -> dict[str, Cell]:
    """How many order lines for how many needs: pieces of different goods make no sum."""
    return {"count": Cell("whole", lines.height), "needs": Cell("whole", lines["need"].drop_nulls().n_unique())}


def _equity(story: Story) -> list[Item]:
    """Needs for which cure and care drift apart, the widest first."""
    loud = drift(story).filter("alarm").sort(pl.col("gap").abs(), "need", descending=[True, False])
    found: list[Item] = [
        (
            say(
                "headline.equity.care_behind" if row["gap"] > 0 else "headline.equity.cure_behind",
                need=story.name("need", row["need"]),
                cure=_share_of(story, row, "cure"),
                care=_share_of(story, row, "care"),
            ),
            "F3.1",
        )
        for row in loud.head(5).iter_rows(named=True)
    ]
    if loud.height > 5:
        found.append((say("headline.equity.more", count=Cell("whole", loud.height - 5)), "F3.1t"))
    return found


def _share_of(story: Story, row: dict[str, Any], group: str) -> Cell:
    """A share met with the pieces that it is of."""
    words = say("headline.equity.of", share=Cell("share", row[group]), **met_in(story, row["need"], group))
    return Cell("text", words)


def _unknown(story: Story) -> list[Item]:
    nation = story.plan.situation.filter((pl.col("sector") == ALL) & (pl.col("region") == ALL))
    shares = nation.filter(pl.col("unknown_share").is_not_null()).sort(
        "unknown_share", "need", descending=[True, False]
    )
    found: list[Item] = []
    if shares.height:
        worst = shares.row(0, named=True)
        found.append(
            (
                say(
                    "headline.unknown.share",
                    most=Cell("share", worst["unknown_share"]),
                    need=story.name("need", worst["need"]),
                    part=Cell("rounded", worst["unknown_share"] * worst["norm_use_per_day"]),
                    whole=Cell("rounded", worst["norm_use_per_day"]),
                ),
                "T2.1",
            )
        )
    silent = silent_sites(story)["site"].n_unique()
    asked = story.world.asked.filter(pl.col("topic") == "stock")["site"].n_unique()
    if silent:
        found.append(
            (say("headline.unknown.silent", silent=Cell("whole", silent), asked=Cell("whole", asked)), "T12.2")
        )
    undated = open_lines(story).filter(pl.col("expected").is_null())
    if undated.height:
        found.append((say("headline.unknown.undated", **_lines_and_needs(undated)), "T4.4"))
    cold = story.plan.driver_forecast.filter("cold_start")["indicator"].n_unique()
    if cold:
        found.append((say("headline.unknown.cold", count=Cell("whole", cold)), "T5.1"))
    return found


def _asked(story: Story) -> list[Item]:
    """Decisions that only people can take, each with the table it rests on."""
    found: list[Item] = []
    idle = story.ordered(story.plan.regime.filter(pl.col("alarm") & (pl.col("effective") != "unknown")))
    found += [(say("headline.asked.action", need=story.name("need", need)), "T6.1") for need in idle["need"]]
    found += [(say("headline.asked.find_out", **words), "T6.1") for words in unsaid(story)]
    found += [
        (
            say(
                "headline.asked.verdict",
                need=story.name("need", row["need"]),
                verdict=Cell("verdict", row["verdict"]),
                computed=Cell("regime", row["computed"]),
            ),
            "T6.1",
        )
        for row in disagreements(story).iter_rows(named=True)
    ]
    over = ending(story)
    for what in ("verdict", "acceptance"):
        count = over.filter(pl.col("what") == what).height
        if count:
            found.append((say(f"headline.asked.{what}_ends", count=Cell("whole", count)), "T6.4"))
    waiting = (
        story.rules.in_force("scope", story.world.today).filter(~pl.col("state").is_in(["listed", "closed"])).height
    )
    if waiting:
        found.append((say("headline.asked.scope", count=Cell("whole", waiting)), "T6.2"))
    most = total(story, "max", "net_cents")
    base = total(story, "base", "net_cents")
    if most:
        found.append(
            (say("headline.asked.buy", base=Cell("euros", base, why="no_price"), most=Cell("euros", most)), "T8.1")
        )
        found += [(words, "T8.1") for words in left_out(story)]
    return found
