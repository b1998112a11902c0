"""What the pages say: chapters, references, key sentences, and that unknown stays unknown."""

import dataclasses
import datetime as dt
import re
from pathlib import Path

import polars as pl
import pytest

from dijk.assess.regime import regimes
from dijk.present import present
from dijk.report import About, Report, Text, report
from dijk.report.chapters.regimes import disagreements
from dijk.report.chapters.situation import judged
from dijk.report.pages import Points, Say, Table, figures
from dijk.report.shown import said, shown
from dijk.report.story import story
from dijk.report.theme import REGIME_TONES
from dijk.report.words import word
from dijk.tables import ALL
from report_country import AS_OF, REGIONS, SECTORS, inputs, plan, policy

ROOT = Path(__file__).resolve().parents[3]
ORDER = [
    "headline",
    "situation",
    "flows",
    "inbound",
    "outlook",
    "regimes",
    "division",
    "purchase",
    "bought",
    "sensitivity",
    "external",
    "quality",
    "definitions",
    "colophon",
]


def table(pages: Report, ref: str) -> Table:
    return next(table for _, table in pages.tables() if table.ref == ref)


def lines(pages: Report, ref: str, lang: str = "en") -> list[list[str]]:
    return [[shown(cell, lang).replace("\u00a0", " ") for cell in row] for row in table(pages, ref).rows]  # type: ignore[arg-type]


def points(pages: Report, chapter: str, lang: str = "en") -> list[str]:
    found = [
        block for each in pages.chapters if each.key == chapter for block in each.blocks if isinstance(block, Points)
    ]
    return [said(words, lang).replace("\u00a0", " ") for block in found for words, _ in block.items]  # type: ignore[arg-type]


def test_chapters_stand_in_the_agreed_order(pages: Report) -> None:
    assert [chapter.key for chapter in pages.chapters] == ORDER
    assert [chapter.number for chapter in pages.chapters] == list(range(1, len(ORDER) + 1))


def test_every_table_and_figure_has_a_reference_of_its_own(pages: Report) -> None:
    drawn = [figure.ref for chapter in pages.chapters for block in chapter.blocks for figure in figures(block)]
    refs = [table.ref for _, table in pages.tables()] + drawn
    assert len(refs) == len(set(refs))
    assert all(re.fullmatch(r"T\d+\.\d+|F\d+\.\d+t?", ref) for ref in refs)
    assert pages.reference("T3.2") == "dijk 2020-04-27 T3.2"


def test_a_reference_begins_with_the_number_of_its_chapter(pages: Report) -> None:
    assert [t.ref for chapter, t in pages.tables() if not t.ref[1:].startswith(f"{chapter.number}.")] == []


def test_every_sentence_of_the_headline_points_at_a_table_that_exists(pages: Report) -> None:
    known = {table.ref for _, table in pages.tables()} | {
        figure.ref for chapter in pages.chapters for block in chapter.blocks for figure in figures(block)
    }
    named = [ref for block in pages.chapters[0].blocks if isinstance(block, Points) for _, ref in block.items]
    assert named
    assert set(named) <= known


def test_rows_have_a_cell_for_each_column(pages: Report) -> None:
    assert [t.ref for _, t in pages.tables() if any(len(row) != len(t.columns) for row in (*t.rows, *t.foot))] == []


def test_a_missing_value_has_a_reason_in_every_table(pages: Report) -> None:
    silent = [
        t.ref for _, t in pages.tables() for row in (*t.rows, *t.foot) for cell in row if cell.unknown and not cell.why
    ]
    assert silent == []


def test_the_headline_says_what_is_scarce(pages: Report) -> None:
    opening, counts = (said(block.words, "nl") for block in pages.chapters[0].blocks[:2])  # type: ignore[union-attr]
    assert opening == (
        "Schaars zijn: Schort (volgens het oordeel van de experts; dekking 3 dagen) en FFP2-masker (dekking 6 dagen)."
    )
    assert counts == "Behoeften op de lijst: 5. Schaars: 2; vroege waarschuwing: 1; direct geleverd: 2."
    assert [row[0] for row in lines(pages, "T1.1")] == ["Gown", "FFP2 mask", "Glove"]


def test_a_listed_need_without_an_action_raises_an_alarm(pages: Report) -> None:
    assert "Glove (early warning): no action runs. Nobody can say whether sourcing or buying will solve it." in points(
        pages, "headline"
    )


def test_care_behind_cure_is_told_with_both_shares(pages: Report) -> None:
    assert (
        "Gown: care lags behind. Met in cure 80% (650 of 812 pieces), in care 10% (650 of 6,500 pieces)."
    ) in points(pages, "headline")


def test_no_drift_is_told_where_a_share_is_unknown(pages: Report) -> None:
    visor = next(row for row in lines(pages, "F3.1t") if row[0] == "Visor")
    assert visor == ["Visor", "no norm", "no norm", "no norm", "no norm"]


def test_what_changed_is_set_beside_the_report_before(pages: Report, final: Report) -> None:
    assert "Gown: cover went from 6.0 to 3.0 days." in points(pages, "headline")
    assert not any("cover went" in point for point in points(final, "headline"))


def test_a_new_regime_and_an_alarm_that_ended_are_told() -> None:
    before = plan()
    calm = before.regime.with_columns(
        effective=pl.lit("direct").cast(before.regime["effective"].dtype), alarm=pl.col("need") == "apron"
    )
    earlier = AS_OF.replace(day=20)
    title = Text("t", "t")
    made = About(
        title, AS_OF, 1, "v", "d", "r", previous=dataclasses.replace(before, regime=calm), previous_as_of=earlier
    )
    told = points(report(inputs(), policy(), plan(), about=made), "headline")
    assert "Gown: from direct to scarce." in told
    assert "Glove: new alarm." in told
    assert "Apron: the alarm is over." in told


def test_decisions_are_asked_where_only_people_can_take_them(pages: Report) -> None:
    asked = points(pages, "headline")
    assert "Name an action and a lead for Glove." in asked
    assert "Confirm or end the verdict “specific shortage” on Gown: the figures say early warning." in asked
    assert "Renew or let go the verdicts of the experts that ended or end soon: 2." in asked
    assert "Renew or let go the accepted products whose acceptance ended or ends soon: 1." in asked
    assert "Settle the needs that are proposed but not yet listed: 1." in asked


def test_a_cell_without_a_figure_says_why(pages: Report) -> None:
    by_sector = table(pages, "T2.1")
    place = [said(column.heading, "en") for column in by_sector.columns].index("Home care")
    gown = next(row for row in by_sector.rows if shown(row[0], "en") == "Gown")
    assert (gown[place].value, gown[place].why) == (None, "no_answer")
    assert shown(gown[place], "nl") == "geen antwoord"


def test_totals_carry_their_unknown_share(pages: Report) -> None:
    gown = table(pages, "T2.1").rows[0]
    assert said(gown[1].below, "en") == "60·80·90\n? 25%"  # type: ignore[arg-type]
    assert gown[5].below is None  # a sector may hold ten days: no chance within fourteen is asked of it


def test_the_matrix_has_every_sector_and_every_region(pages: Report) -> None:
    across = [said(column.heading, "en") for column in table(pages, "T2.1").columns]
    assert {name for _, name, _ in SECTORS.values()} < set(across)
    regions = [said(column.heading, "nl") for column in table(pages, "T2.2").columns]
    assert len(regions) == len(REGIONS) + 2
    assert regions[-1] == "Regio onbekend"


def test_a_sector_is_judged_by_what_it_may_hold_so_that_it_is_not_short_where_the_need_is_not() -> None:
    """At the cap of ten days a sector is full, whatever the chance that it would last eight weeks by itself."""
    covers = {10.0: "enough", 9.0: "watch", 4.9: "short"}
    for cover, tone in covers.items():
        chances = ("p_out_2w", "p_out_4w", "p_out_8w", "p_out_most_4w")
        part = dict.fromkeys(chances, 1.0) | {"cover_days": cover, "unknown_share": 0.3}
        nation = (pl.col("sector") == ALL) & (pl.col("region") == ALL)
        well = dict.fromkeys(chances, 0.0) | {"cover_days": 60.0, "unknown_share": 0.3}
        figures = {name: pl.when(nation).then(well[name]).otherwise(value).alias(name) for name, value in part.items()}
        situation = plan().situation.filter(pl.col("cover_days").is_not_null()).with_columns(**figures)
        situation = situation.with_columns(cover_least_days="cover_days")
        about = About(Text("t", "t"), AS_OF, 1, "v", "d", "r")
        drawn = judged(story(inputs(), policy(), dataclasses.replace(plan(), situation=situation), about))
        assert set(drawn.filter(nation)["tone"]) == {"enough"}
        assert set(drawn.filter(~nation)["tone"]) == {tone}


@pytest.mark.parametrize(("cover", "tone"), [(3.0, "short"), (9.0, "watch"), (90.0, "enough")])
def test_cells_are_judged_by_the_thresholds_of_the_policy(cover: float, tone: str) -> None:
    calm = plan()
    none = dict.fromkeys(("p_out_2w", "p_out_4w", "p_out_8w", "p_out_most_4w", "unknown_share"), pl.lit(0.0))
    quiet = calm.situation.with_columns(cover_days=pl.lit(cover), cover_least_days=pl.lit(cover), **none)
    made = report(
        inputs(),
        policy(),
        dataclasses.replace(calm, situation=quiet),
        about=About(Text("t", "t"), AS_OF, 1, "v", "d", "r"),
    )
    assert {cell.tone for row in table(made, "T2.1").rows for cell in row[2:] if not cell.unknown} == {tone}


@pytest.mark.parametrize("cover", [3.0, 20.0, 90.0])
@pytest.mark.parametrize("chances", [(0.0, 0.0), (0.2, 0.9), (0.9, 0.9)])
def test_a_total_has_the_tone_of_the_regime_that_is_computed_from_it(
    cover: float, chances: tuple[float, float]
) -> None:
    short, long = chances
    figures = {"cover_days": pl.lit(cover), "p_out_2w": pl.lit(short), "p_out_4w": pl.lit(long)}
    situation = plan().situation.with_columns(**figures)
    rules = policy().known(AS_OF)
    found = regimes(present(inputs().known(), rules), situation)
    about = About(Text("t", "t"), AS_OF, 1, "v", "d", "r")
    drawn = judged(story(inputs(), policy(), dataclasses.replace(plan(), situation=situation), about))
    total = drawn.filter((pl.col("sector") == ALL) & (pl.col("region") == ALL)).join(found, on="need")
    assert total.height
    assert total["tone"].to_list() == [REGIME_TONES[regime] for regime in total["computed"]]


def test_inbound_sets_late_and_undated_lines_apart(pages: Report) -> None:
    assert [row[0] for row in lines(pages, "T4.2")] == ["O5/1", "O1/1", "O2/1"]
    assert [row[0] for row in lines(pages, "T4.3")] == ["O3/1"]
    assert [row[0] for row in lines(pages, "T4.4")] == ["O4/1"]
    assert lines(pages, "T4.4")[0][5] == "no date"


def test_freight_adds_up_and_counts_what_is_not_measured(pages: Report) -> None:
    total = table(pages, "T4.1").foot[0]
    packs = 1200 + 4000  # of O1 and O2; O5 has no measures
    assert total[3].value == pytest.approx(1.5 * packs)
    assert total[4].value == pytest.approx(0.012 * packs)
    assert total[5].value == 1


@pytest.mark.parametrize("ref", ["T4.1", "T9.1"])
def test_pieces_of_different_goods_are_not_added_up(pages: Report, ref: str) -> None:
    assert all(cell.value is None for cell in table(pages, ref).foot[0] if cell.kind == "pieces")


def test_money_of_what_was_bought_leaves_unknown_prices_out_and_counts_them(pages: Report) -> None:
    cents = 1200 * 5_000 + 50 * 4_500 + 50 * 150  # O1, O5 and O6; O4 has no price
    assert table(pages, "T9.1").foot[0][3].value == cents
    assert "of them have no price" in said(pages.chapters[8].blocks[0].words, "en")  # type: ignore[union-attr]


def test_a_need_without_a_price_shows_no_money_and_not_zero(pages: Report) -> None:
    visor = next(row for row in table(pages, "T8.3").rows if shown(row[0], "en") == "Visor")
    assert [cell.why for cell in visor if cell.unknown] == ["no_price", "not_measured", "not_measured", "no_price"]
    assert table(pages, "T8.1").rows[1][-1].value == 1


def test_the_sum_of_purchases_names_what_it_leaves_out(pages: Report) -> None:
    words = [said(one, "en") for one in table(pages, "T8.1").notes]
    assert words[-1] in points(pages, "headline")
    assert words[-1] == "Not in these sums, for want of a price: Visor."


def test_buying_at_maximum_is_put_in_words(pages: Report) -> None:
    told = points(pages, "purchase")
    assert (
        told[0]
        == "Buying for base costs €1.7 million; buying at maximum costs €3.4 million, which is €1.7 million more."
    )
    assert "9.5 weeks of demand" in told[2]


def test_scenarios_show_what_they_add_to_base(pages: Report) -> None:
    gown = table(pages, "T5.3").rows[0]
    assert gown[-1].value == round(8 * 1000 * 0.4)
    assert said(gown[-1].below, "en") == "40% of base"  # type: ignore[arg-type]


def test_the_effect_of_a_scenario_is_one_figure_on_both_pages(pages: Report) -> None:
    """That of the paired draws, in the table of effects as in that of costs."""
    effect = {row[0]: row[-1].value for row in table(pages, "T5.3").rows}
    costs = [row for row in table(pages, "T5.7").rows if said(row[1].value, "en") == "Preventive masks in care"]
    assert {row[0]: row[6].value for row in costs} == effect != {}
    assert "median of a sum" in said(table(pages, "T5.7").notes[0], "en")


def test_the_worked_example_adds_up(pages: Report) -> None:
    steps = table(pages, "T7.4").rows
    assert sum(row[1].value for row in steps[:-1]) == steps[-1][1].value
    sentence = [said(block.words, "en") for block in pages.chapters[6].blocks if hasattr(block, "words")][2]
    assert "10 × 5 − 12 = 38.0 pieces" in sentence


def test_ours_stands_beside_the_simple_rule_for_each_scarce_need(pages: Report) -> None:
    assert [row[:2] for row in lines(pages, "T7.5")] == [
        [need, rule] for need in ("Gown", "FFP2 mask") for rule in ("Ours", "Simple rule")
    ]
    assert lines(pages, "T7.5")[0][2:] == [
        "48%",
        "0",
        "5.2",
        "0%",
        "0.0",
    ]  # everyone (12 + 40) / 10 days of the 10 wanted


def test_the_simple_rule_lets_who_asks_for_more_have_more() -> None:
    even = plan()
    loud = even.claim.with_columns(requested=pl.when(pl.col("site") == "east-nursing").then(800).otherwise("requested"))
    made = report(
        inputs(), policy(), dataclasses.replace(even, claim=loud), about=About(Text("t", "t"), AS_OF, 1, "v", "d", "r")
    )
    ours, simple = ([cell.value for cell in row[2:]] for row in table(made, "T7.5").rows[:2])
    assert ours == pytest.approx([0.48, 0, 5.2, 0, 0])
    assert all(theirs > mine for mine, theirs in zip(ours[:2] + ours[4:], simple[:2] + simple[4:], strict=True))
    assert simple[2] < ours[2]


def test_a_line_has_one_product_also_where_nothing_was_awarded() -> None:
    full = plan()
    some = dataclasses.replace(full, award=full.award.filter(pl.col("site") != "east-nursing"))
    made = report(inputs(), policy(), some, about=About(Text("t", "t"), AS_OF, 1, "v", "d", "r")).lines
    assert [name for name in made.columns if name.endswith("_right")] == []
    assert made.height == made.unique(["site", "need", "risk_class"]).height == full.claim.height
    idle = made.filter(pl.col("site") == "east-nursing").sort("need")
    assert idle.select("product", "packs").rows() == [("ffp2-p", None), ("gown-p", None)]


def test_who_did_not_answer_is_counted_and_listed(pages: Report) -> None:
    east = next(row for row in table(pages, "T12.2").rows if shown(row[0], "en") == "East")
    assert [cell.value for cell in east[1:4]] == [4, 1, 1]
    assert east[4].value == pytest.approx(0.25)
    assert pages.silent["site"].to_list() == ["east-nursing"]


def test_held_lots_are_listed_by_status(pages: Report) -> None:
    assert [row[0] for row in lines(pages, "T12.5", "nl")] == ["geblokkeerd"]


def test_a_request_for_what_is_not_listed_is_on_the_review_list(pages: Report) -> None:
    assert lines(pages, "T6.3")[0] == ["tent", "1", "1", "12", "25 Apr 2020"]
    assert lines(pages, "T6.2")[0][:2] == ["tent", "proposed"]


def test_a_figure_of_others_stands_beside_ours_with_its_definition(pages: Report) -> None:
    first, second = table(pages, "T11.1").rows
    assert (first[6].value, first[8].value) == (1234.5, 270)
    assert [row[1] for row in lines(pages, "T11.2")] == ["What they count"]
    assert (second[6].value, second[6].why) == (None, "refused")


def test_a_figure_of_others_on_another_day_or_in_another_unit_says_so() -> None:
    world = inputs()
    other = pl.concat([world.external_figure.filter(pl.col("value").is_not_null())] * 2).with_columns(
        figure=pl.Series(["a", "b"]), day=pl.Series([world.today - dt.timedelta(days=7), world.today])
    )
    other = other.with_columns(unit=pl.Series(["boxes", "stuks"]))
    pages = report(
        dataclasses.replace(world, external_figure=other),
        policy(),
        plan(),
        about=About(Text("t", "t"), AS_OF, 7, "0.1.0", "sha256:abc", "run-1"),
    )
    said = table(pages, "T11.1")
    assert [column.heading for column in said.columns[-2:]] == [Say("col.days_apart"), Say("col.same_unit")]
    assert [row[-2:] for row in lines(pages, "T11.1")] == [["7", "no"], ["0", "yes"]]


def test_truth_is_a_best_reply_about_requests_and_nowhere_about_all() -> None:
    for place in [*ROOT.glob("src/**/*.toml"), *ROOT.glob("docs/**/*.md"), ROOT / "README.md"]:
        for sentence in re.split(r"[.\n]", place.read_text(encoding="utf-8")):
            if re.search(r"(truth|truthful).*best reply|waarheid.*beste antwoord", sentence, re.IGNORECASE):
                assert re.search("about requests|over aanvragen", sentence, re.IGNORECASE), (place.name, sentence)


def test_chapter_6_says_what_is_not_recorded_as_the_requirements_do(pages: Report) -> None:
    requirements = (ROOT / "docs" / "requirements.md").read_text(encoding="utf-8")
    assert "that it was reviewed is not recorded" in requirements
    for lang, words in (("en", "not recorded"), ("nl", "niet vastgelegd")):
        assert words in word("regimes.review.intro", lang)


def test_every_rule_in_force_says_how_it_is_known(pages: Report) -> None:
    known = {shown(row[4], "en") for row in table(pages, "T13.2").rows}
    assert "assumed" in known
    assert all(not row[5].unknown for row in table(pages, "T13.2").rows)


def test_sources_put_their_notice_on_every_page(pages: Report) -> None:
    assert [notice.en for notice in pages.notices] == [
        "Exercise only.",
        "Made-up numbers: sites and their figures are a fictional example.",
        "Final data, not what was known then.",
    ]


def test_a_report_knows_nothing_that_became_known_later() -> None:
    now = inputs()
    late = now.inbound.with_columns(
        known_at=pl.lit(AS_OF.replace(day=28)).cast(now.inbound.schema["known_at"]), order=pl.lit("LATE")
    )
    later = dataclasses.replace(now, inbound=pl.concat([now.inbound, late.head(1)]))
    made = About(Text("t", "t"), AS_OF, 1, "v", "d", "r")
    assert report(later, policy(), plan(), about=made).chapters == report(now, policy(), plan(), about=made).chapters


def test_an_empty_plan_still_makes_a_report() -> None:
    full = plan()
    empty = dataclasses.replace(full, **{name: frame.clear() for name, frame in full.tables().items()})
    made = report(inputs(), policy(), empty, about=About(Text("t", "t"), AS_OF, 1, "v", "d", "r"))
    assert len(made.chapters) == len(ORDER)
    assert table(made, "T1.1").rows == ()


def test_a_forecast_that_lost_says_so_and_one_with_few_scores_says_that(pages: Report) -> None:
    nation = {shown(row[0], "en"): row for row in table(pages, "T5.4").rows}
    assert [shown(row[1], "nl") for row in nation.values()] == [
        "Cure",
        "Care",
        "Alle",
    ]  # cure and care apart, then what both rest on
    assert [shown(row[3], "en") for row in nation.values()][::2] == [
        "better",
        "lost: no better than saying that all stays as it is",
    ]
    assert shown(table(pages, "T5.4").rows[1][3], "nl") == "te weinig om iets te zeggen"  # x 1.5, of seven forecasts
    assert all(row[2].value for ref in ("T5.4", "T5.5", "T5.6") for row in table(pages, ref).rows)


def test_the_regions_in_which_the_forecast_lost_stand_worst_first(pages: Report) -> None:
    assert [shown(row[1], "en") for row in table(pages, "T5.6").rows] == ["West", "East"]


def test_the_reference_page_names_every_table_and_figure(pages: Report) -> None:
    page = (Path(__file__).resolve().parents[3] / "docs/reference/report.md").read_text("utf-8")
    named = set(re.findall(r"\b[TF]\d+\.\d+\b", page))
    fans = {f"F{chapter}.{place}" for chapter in (2, 5) for place in range(2, 30)}
    refs = {t.ref for _, t in pages.tables() if t.ref.startswith("T")}
    refs |= {figure.ref for chapter in pages.chapters for block in chapter.blocks for figure in figures(block)} - fans
    assert named == refs


def test_the_page_on_reading_the_report_goes_through_all_chapters() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs/explanation/reading-the-report.md").read_text("utf-8")
    told = re.findall(r"^(\d+)\. \*\*", page, flags=re.MULTILINE)
    assert told == [str(number) for number in range(1, len(ORDER) + 1)]


def test_no_verdict_is_called_in_doubt_by_figures_that_say_nothing() -> None:
    about = About(Text("t", "t"), AS_OF, 1, "v", "d", "r")
    kind = plan().regime.schema["computed"]
    for computed, doubted in (("direct", True), ("unknown", False)):
        regime = plan().regime.with_columns(
            computed=pl.lit(computed, kind),
            effective=pl.lit("scarce", kind),
            verdict=pl.lit("specific_shortage", plan().regime.schema["verdict"]),
        )
        told = story(inputs(), policy(), dataclasses.replace(plan(), regime=regime), about)
        assert (disagreements(told).height > 0) == doubted


def test_a_share_met_stands_beside_the_pieces_that_it_is_of(pages: Report) -> None:
    """It once stood beside what was requested, which it is no share of."""
    gown = table(pages, "T3.2").rows[0]
    cure = next(
        cell
        for cell, column in zip(gown, table(pages, "T3.2").columns, strict=True)
        if said(column.heading, "en") == "Cure"
    )
    delivered, norm = (gap.value for _, gap in cure.below.gaps)  # type: ignore[union-attr]
    assert cure.value == pytest.approx(delivered / norm)
    assert [row[1].below is not None for row in table(pages, "F3.1t").rows] == [
        not row[1].unknown for row in table(pages, "F3.1t").rows
    ]
