"""Chapter 7: how scarce goods are divided: the published level, the totals, one sum by hand, and what the rule buys."""

import datetime as dt

import polars as pl

from dijk.allocate.levels import of_nation
from dijk.fairness.measures import beside_classic_rules
from dijk.report.pages import Block, Cell, Chapter, Column, Heading, Points, Prose, Row, Say, Table, say
from dijk.report.story import Story
from dijk.tables import ALL
from dijk.tables.division import AWARD_LINES

Claimed = dict[str, int | float | str | dt.date | None]


def division(story: Story) -> Chapter:
    """Levels, totals per region and sector, a worked example, how a region does the sum again, and a simple rule beside
    ours.
    """
    return Chapter(
        7,
        "division",
        (
            Prose(Say("division.intro")),
            _levels(story),
            _totals(story, "T7.2", "region"),
            _totals(story, "T7.3", "sector"),
            Heading(Say("division.example.heading"), guarded="site"),
            *_example(story),
            Heading(Say("division.again.heading")),
            Points(
                tuple((Say(f"division.again.{step}"), None) for step in range(1, 6)), Say("table.empty"), ordered=True
            ),
            Heading(Say("division.beside.heading")),
            Prose(Say("division.beside.intro")),
            _beside(story),
        ),
    )


def awarded(story: Story) -> pl.DataFrame:
    """Awards of scarce needs, in pieces."""
    scarce = pl.Series(story.regimes("scarce"), dtype=pl.String)
    return story.plan.award.filter(pl.col("need").is_in(scarce.implode())).with_columns(
        pieces=pl.col("packs") * pl.col("pieces_per_pack")
    )


def _levels(story: Story) -> Table:
    shared = pl.Series(story.regimes("scarce"), dtype=pl.String).implode()
    nation = story.plan.level.filter(pl.col("holder") == "warehouse")
    frame = nation.filter(pl.col("need").is_in(shared) | pl.col("level_days").is_not_null())
    frame = story.ordered(frame.sort("need", "tier", pl.col("region") != ALL, "region", "fence", "product"))
    others = len(set(nation["need"]) - set(frame["need"]))
    columns = (
        Column(Say("col.need"), "need", "need"),
        Column(Say("col.tier"), "code", "tier"),
        Column(Say("col.region"), "region", "region"),
        Column(Say("col.fence"), "fence", "fence"),
        Column(Say("col.product"), "product", "product"),
        Column(Say("col.reach"), "reach", "reach"),
        Column(Say("col.supply"), "pieces", "supply_pieces"),
        Column(Say("col.awarded"), "pieces", "awarded_pieces"),
        Column(Say("col.claims"), "whole", "claims"),
        Column(Say("col.level_days"), "days", "level_days", "why"),
        Column(Say("col.level_exact"), "code", "level_exact", "why"),
        Column(Say("col.marginal"), "days", "marginal_cover_days", "why"),
        Column(Say("col.tie_seed"), "code", "tie_seed"),
    )
    frame = frame.with_columns(
        pl.col("tie_seed").cast(pl.String), why=pl.format("reach_{}", pl.col("reach").cast(pl.String))
    )
    rows = tuple(tuple(_fence(cell) for cell in row) for row in story.rows(frame, columns))
    notes = (
        Say("division.levels.note"),
        Say("division.levels.hubs"),
        say("division.levels.others", count=Cell("whole", others)),
    )
    return Table("T7.1", Say("division.levels.title"), columns, rows, notes=notes, empty=Say("division.none"))


def _fence(cell: Cell) -> Cell:
    """The fence all is a word; another is what its makers called it."""
    if cell.kind != "fence":
        return cell
    return Cell("total", "all") if cell.value == "all" else Cell("text", cell.value)


def _totals(story: Story, ref: str, axis: str) -> Table:
    frame = awarded(story)
    across = list(story.regions) if axis == "region" else list(story.sectors)
    used, shared = set(frame[axis].unique()), set(frame["need"].unique())
    across = [code for code in across if code in used]
    sums = {
        (need, code): pieces
        for need, code, pieces in frame.group_by("need", axis).agg(pl.col("pieces").sum()).iter_rows()
    }
    needs = [need for need in story.needs if need in shared]
    columns = (
        Column(Say("col.need")),
        Column(Say("col.total"), "pieces"),
        *(Column(story.text(axis, code), "pieces") for code in across),
    )
    rows = tuple(
        (
            story.name("need", need),
            Cell("pieces", sum(sums.get((need, code), 0) for code in across)),
            *(Cell("pieces", sums.get((need, code), 0)) for code in across),
        )
        for need in needs
    )
    return Table(ref, Say(f"division.{axis}.title"), columns, rows, wide=True, empty=Say("division.none"))


def _example(story: Story) -> list[Block]:
    claim = _typical(story)
    if claim is None:
        return [Prose(Say("division.none"), guarded="site")]
    site, need, risk = (str(claim[name]) for name in ("site", "need", "risk_class"))
    here = (
        (pl.col("site") == site)
        & (pl.col("need") == need)
        & (pl.col("risk_class") == risk)
        & (pl.col("holder") == "warehouse")
    )
    given = dict(story.plan.award_line.filter(here).select(pl.col("line").cast(pl.String), "pieces").iter_rows())
    columns = (Column(Say("col.step")), Column(Say("col.pieces"), "pieces"), Column(Say("col.explained")))
    lines = [line for line in AWARD_LINES if line in given and (given[line] != 0 or line in ("requested", "shipped"))]
    rows: tuple[Row, ...] = tuple(
        (
            Cell("line", line),
            Cell("pieces" if line in ("requested", "shipped") else "signed", given[line]),
            Cell("line_why", line),
        )
        for line in lines
    )
    title = say("division.example.title", need=story.name("need", need), site=story.name("site", site))
    notes = (Say("division.example.note"),)
    return [
        Prose(_formula(story, claim), guarded="site"),
        Table("T7.4", title, columns, rows, notes=notes, guarded="site"),
    ]


def _typical(story: Story) -> Claimed | None:
    """A claim that shows the rule: of the most pressing need, below its ceiling, with stock of its own, of middling
    size.
    """
    level = of_nation(story.plan.level).filter(pl.col("level_days").is_not_null() & (pl.col("fence") == ALL))
    shared = (
        awarded(story)
        .group_by("site", "need", "risk_class", "holder")
        .agg(pl.col("pieces").sum(), pl.col("pieces_per_pack").first())
    )
    fits = (
        story.plan.claim.filter(pl.col("holder") == "warehouse")
        .join(level.select("need", "tier", "level_days", "level_exact"), on=["need", "tier"])
        .join(shared.filter(pl.col("pieces") > 0), on=["site", "need", "risk_class", "holder"])
        .with_columns(
            share=pl.col("norm_use_per_day") * pl.col("level_days") - pl.col("position"),
            first=pl.col("need").replace_strict(
                list(story.needs), range(len(story.needs)), default=999, return_dtype=pl.Int64
            ),
        )
        .filter((pl.col("share") > pl.col("floor")) & (pl.col("share") < pl.col("ceiling")))
        .with_columns(plain=(pl.col("position") > 0) & pl.col("position_reason").is_null())
        .sort("first", "plain", "norm_use_per_day", "site", "risk_class", descending=[False, True, False, False, False])
    )
    if fits.is_empty():
        return None
    best = fits.filter((pl.col("first") == pl.col("first").first()) & (pl.col("plain") == pl.col("plain").first()))
    return best.row(best.height // 2, named=True)


def _formula(story: Story, claim: Claimed) -> Say:
    use, level, position = (float(claim[name] or 0) for name in ("norm_use_per_day", "level_days", "position"))  # type: ignore[arg-type]
    return say(
        "division.example.formula",
        site=story.name("site", str(claim["site"])),
        need=story.name("need", str(claim["need"])),
        w=Cell("fine", use),
        level=Cell("fine", level),
        stock=Cell("pieces", position),
        share=Cell("number", use * level - position),
        least=Cell("pieces", claim["floor"]),
        most=Cell("pieces", claim["ceiling"]),
        pack=Cell("pieces", claim["pieces_per_pack"]),
        shipped=Cell("pieces", claim["pieces"]),
    )


def _beside(story: Story) -> Table:
    """Per scarce need our division and the simple rule, each claim with its own cap and floor."""
    claim = story.plan.claim.filter(pl.col("need").is_in(story.regimes("scarce")))
    caps, floors = (story.rules.numbers(rule, story.world.today, claim) for rule in ("cap_days", "floor_days"))
    found = beside_classic_rules(claim, story.plan.award, cap_days=caps, floor_days=floors)
    columns = (
        Column(Say("col.need"), "need", "need"),
        Column(Say("col.rule"), "beside", "rule"),
        Column(Say("col.unmet_need"), "share", "unmet_need", "not_applicable"),
        Column(Say("col.gini"), "fine", "gini", "not_applicable"),
        Column(Say("col.p5_days"), "days", "p5_days", "not_applicable"),
        Column(Say("col.below_floor"), "share", "below_floor", "not_applicable"),
        Column(Say("col.envy_days"), "days", "envy_days", "not_applicable"),
    )
    rows = story.rows(story.ordered(found).fill_nan(None), columns)
    return Table(
        "T7.5",
        Say("division.beside.title"),
        columns,
        rows,
        notes=(Say("division.beside.note"),),
        empty=Say("division.none"),
    )
