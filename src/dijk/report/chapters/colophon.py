"""Chapters 13 and 14: what the words mean, which policy is in force, and where this report comes from."""

from collections.abc import Iterator

import polars as pl

from dijk.policy import RULES
from dijk.report.issued import Issued
from dijk.report.pages import About, Cell, Chapter, Column, Heading, Prose, Row, Say, Table, Text, say
from dijk.report.story import Story
from dijk.tables import ALL
from dijk.tables.columns import UNITS

DEFINED = (
    "need",
    "norm_use",
    "cover_days",
    "chance",
    "unknown_share",
    "regime",
    "requested_counted",
    "need_met",
    "level_days",
    "marginal",
    "envelope",
    "net",
    "left_over",
    "interim",
)


def definitions(story: Story) -> Chapter:
    """What each word counts, and each rule with its value, basis and source."""
    return Chapter(
        13,
        "definitions",
        (
            Table(
                "T13.1",
                Say("definitions.title"),
                (Column(Say("col.word")), Column(Say("col.meaning"))),
                tuple(
                    (Cell("text", Say(f"def.{key}.word")), Cell("text", Say(f"def.{key}.meaning"))) for key in DEFINED
                ),
            ),
            Heading(Say("definitions.policy.heading")),
            Prose(_assumed(story)),
            _policy(story),
        ),
    )


def colophon(story: Story) -> Chapter:
    """Run, digest, seed, version, and how to make the same bytes again."""
    about = story.about
    facts: tuple[tuple[str, Cell], ...] = (
        ("as_of", Cell("moment", about.as_of)),
        ("run", Cell("code", about.run)),
        ("digest", Cell("code", about.digest)),
        ("seed", Cell("code", str(about.seed))),
        ("version", Cell("code", about.version)),
        ("status", Cell("text", Say(_status(about)))),
        ("previous", Cell("moment", about.previous_as_of, why="no_previous")),
    )
    rows: tuple[Row, ...] = tuple((Cell("text", Say(f"colophon.{key}")), cell) for key, cell in facts)
    rows = (*rows, *_issued(about.issued))
    table = Table("T14.1", Say("colophon.title"), (Column(Say("col.fact")), Column(Say("col.value"))), rows)
    replay = say("colophon.replay", run=Cell("code", about.run))
    kept = (Prose(Say("colophon.kept")),) if about.issued else ()
    told = (Prose(replay), *kept, Prose(Say("colophon.quote")), Prose(Say("colophon.access")))
    return Chapter(14, "colophon", (table, *told))


def _issued(told: Issued | None) -> Iterator[tuple[Cell, Cell]]:
    """The number of a report, and the log behind it."""
    if told is None:
        return
    yield Cell("text", Say("colophon.number")), Cell("code", str(told.number))
    yield Cell("text", Say("colophon.act")), Cell("code", str(told.act))
    yield Cell("text", Say("colophon.seal")), Cell("code", told.seal)
    if told.corrects:
        yield Cell("text", Say("colophon.corrects")), Cell("code", str(told.corrects.number))


def _status(about: About) -> str:
    """Interim, or final; one that is issued is so once it is frozen, for its bytes do not change then."""
    if about.interim:
        return "interim.yes"
    return "interim.once_frozen" if about.issued else "interim.no"


def _in_force(story: Story) -> pl.DataFrame:
    order = {name: place for place, name in enumerate(RULES)}
    rules = story.rules.in_force("policy_rule", story.world.today).filter(pl.col("rule").is_in(list(RULES)))
    place = pl.col("rule").replace_strict(list(order), list(order.values()), return_dtype=pl.Int64)
    general = (pl.col("need") == ALL) & (pl.col("sector") == ALL) & (pl.col("region") == ALL)
    return rules.sort(place, ~general, "need", "sector", "region")


def _assumed(story: Story) -> Say:
    rows = _in_force(story)
    assumed = rows.filter(pl.col("how") == "assumed").height
    return say("definitions.policy.assumed", assumed=Cell("whole", assumed), rules=Cell("whole", rows.height))


def _policy(story: Story) -> Table:
    columns = (
        Column(Say("col.rule")),
        Column(Say("col.value")),
        Column(Say("col.unit")),
        Column(Say("col.holds_for")),
        Column(Say("col.how"), "how"),
        Column(Say("col.source")),
        Column(Say("col.basis")),
        Column(Say("col.set_by")),
        Column(Say("col.from"), "day"),
        Column(Say("col.until"), "day"),
    )
    rows = tuple(_policy_row(story, row) for row in _in_force(story).iter_rows(named=True))
    return Table("T13.2", Say("definitions.policy.title"), columns, rows, wide=True)


def _policy_row(story: Story, row: dict[str, str | float | None]) -> Row:
    rule = RULES[str(row["rule"])]
    value = Cell(str(row["rule"]), row["word"]) if rule.is_word else Cell("fine", row["value"])
    places = [story.text(axis, str(row[axis])) for axis in ("need", "sector", "region") if row[axis] != ALL]
    holds = Text(", ".join(p.en for p in places), ", ".join(p.nl for p in places)) if places else Say("total.all")
    return (
        Cell("text", Text(rule.en, rule.nl), below=say("definitions.policy.code", code=Cell("code", row["rule"]))),
        value,
        Cell("text", Text(rule.unit, UNITS[rule.unit])),
        Cell("text", holds),
        Cell("how", row["how"]),
        Cell("text", row["source"]),
        Cell("text", row["basis"]),
        Cell("text", row["set_by"]),
        Cell("day", row["valid_from"]),
        Cell("day", row["valid_to"], why="open_ended"),
    )
