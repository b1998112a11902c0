"""Page one: what is scarce, by name and until when, what is asked, what changed, and when the next report comes."""

import datetime as dt
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from dijk.report import About, Report, Text, report
from dijk.report.pages import Heading, Points, Prose
from dijk.report.shown import said
from dijk.tables import ALL
from report_country import AS_OF, inputs, plan, policy


def about(**more: Any) -> About:
    return About(title=Text("Report", "Rapport"), as_of=AS_OF, seed=7, version="-", digest="-", run="-", **more)


def words(pages: Report, lang: str = "en") -> str:
    """All prose and points of chapter 1, a line each."""
    told = []
    for block in pages.chapters[0].blocks:
        if isinstance(block, Prose | Heading):
            told.append(block.words)
        elif isinstance(block, Points):
            told += [item for item, _ in block.items] or [block.empty]
    return "\n".join(said(each, lang) for each in told).replace("\u00a0", " ")  # type: ignore[arg-type]


def regimes(**effective: str) -> Any:
    made = plan()
    kind = made.regime.schema["effective"]
    now = pl.col("need").replace_strict(effective, default="direct", return_dtype=pl.String).cast(kind)
    missing = pl.when(now == "unknown").then(pl.lit("norm")).cast(made.regime.schema["missing"])
    return replace(made, regime=made.regime.with_columns(effective=now, computed=now, missing=missing))


def test_one_scarce_need_stands_in_the_singular() -> None:
    assert "Schaars is: Schort (dekking 3 dagen)." in words(
        report(inputs(), policy(), regimes(gown="scarce"), about=about()), "nl"
    )


def test_three_scarce_needs_are_listed_with_commas_and_an_and() -> None:
    made = regimes(gown="scarce", ffp2="scarce", glove="scarce")
    told = words(report(inputs(), policy(), made, about=about()))
    assert "Scarce are: Gown (cover 3 days), FFP2 mask (cover 6 days) and Glove (cover 20 days)." in told


def test_nothing_scarce_is_said_only_of_what_is_known() -> None:
    told = words(report(inputs(), policy(), regimes(), about=about()))
    assert told.startswith("Nothing is scarce.")
    told = words(report(inputs(), policy(), regimes(visor="unknown"), about=about()))
    assert told.startswith("Of what is known nothing is scarce; of some needs it cannot be said.")


def test_the_region_and_the_sector_that_are_out_first_are_named_with_the_day() -> None:
    made = plan()
    west = (pl.col("region") == "west") & (pl.col("sector") == ALL)
    nursing = (pl.col("sector") == "nursing") & (pl.col("region") == ALL)
    nation = (pl.col("region") == ALL) & (pl.col("sector") == ALL)
    day = pl.when(west).then(2.9).when(nursing).then(4.0).when(nation).then(7.5).otherwise(30.0)
    drawn = replace(made, situation=made.situation.with_columns(out_day_50=day))
    told = words(report(inputs(), policy(), drawn, about=about()))
    assert (
        "Gown: expected to be out on 4 May 2020, beyond what sites go on buying themselves; "
        "first in West (29 April 2020) and in Nursing homes (1 May 2020)."
    ) in told


def test_the_decisions_stand_above_the_rest() -> None:
    headings = [
        said(block.words, "en")
        for block in report(inputs(), policy(), plan(), about=about()).chapters[0].blocks
        if isinstance(block, Heading)
    ]
    assert headings[:2] == ["Decisions asked for", "What changed since the last report"]


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (27, "on Thursday 30 April 2020."),  # a Monday
        (30, "on Monday 4 May 2020 at 17:00."),
        (28, "on Thursday 30 April 2020."),
    ],
)
def test_the_next_report_comes_on_the_next_monday_at_five_or_thursday(day: int, told: str) -> None:
    world = replace(inputs(), as_of=AS_OF.replace(day=day))
    assert f"The next report comes {told}" in words(report(world, policy(), plan(), about=about()))


def test_the_next_report_comes_when_somebody_said_so() -> None:
    moment = dt.datetime(2020, 5, 1, 9, 30)
    pages = report(inputs(), policy(), plan(), about=about(next_report=moment))
    assert "Het volgende rapport komt op vrijdag 1 mei 2020 om 09.30 uur." in words(pages, "nl")


def test_what_changed_is_told_from_the_last_published_results_where_no_run_is_given() -> None:
    then = plan(cover=2.0)
    past = AS_OF - dt.timedelta(days=4)
    moment = pl.lit(past).cast(then.regime.schema["known_at"])
    kind = then.regime.schema["effective"]
    world = replace(
        inputs(),
        past_regime=then.regime.with_columns(known_at=moment, effective=pl.lit("direct", kind), alarm=pl.lit(False)),
        past_situation=then.situation.with_columns(known_at=moment),
    )
    told = words(report(world, policy(), plan(), about=about()))
    assert "Compared with the report as known on 23 April 2020 10:00 UTC." in told
    assert "Gown: from direct to scarce." in told
    assert "Glove: new alarm." in told
    assert "No earlier report" in words(report(inputs(), policy(), plan(), about=about()))


def test_care_stands_before_cure_in_the_matrix() -> None:
    pages = report(inputs(), policy(), plan(), about=about())
    matrix = next(table for _, table in pages.tables() if table.ref == "T2.1")
    across = [said(column.heading, "en") for column in matrix.columns]
    assert across[:4] == ["Need", "All", "Care", "Cure"]
    assert across.index("Nursing homes") < across.index("Hospitals")
