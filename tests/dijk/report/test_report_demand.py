"""What the report says of the factors on the norms, of what scenarios cost, and of warehouses that may run out."""

from dataclasses import replace
from typing import Any

from dijk.report import About, Report, Text, report
from dijk.report.pages import Table
from dijk.report.shown import said, shown
from report_country import AS_OF, framed, inputs, plan, policy


def told(**tables: list[dict[str, Any]]) -> Report:
    made = {name: framed(name, rows) for name, rows in tables.items()}
    about = About(title=Text("Report", "Rapport"), as_of=AS_OF, seed=7, version="-", digest="-", run="-")
    return report(inputs(), policy(), replace(plan(), **made), about=about)


def table(pages: Report, ref: str) -> Table:
    return next(found for _, found in pages.tables() if found.ref == ref)


def lines(pages: Report, ref: str, lang: str = "en") -> list[list[str]]:
    return [[shown(cell, lang) for cell in row] for row in table(pages, ref).rows]


FACTOR = {
    "need": "gown",
    "sector": "hospital",
    "factor": 0.7,
    "low": 0.5,
    "high": 0.9,
    "range_kept": 0.25,
    "how": "estimated",
}
WEEKS = {"use_weeks": 3, "delivery_weeks": 0, "request_weeks": 2, "raising_weeks": 2}


def test_a_factor_that_moved_is_shown_and_one_that_stands_at_the_norm_is_counted():
    still = {"sector": "nursing", "factor": 1.0, "low": 0.5, "high": 2.0, "range_kept": 1.0, "how": "assumed"}
    pages = told(usage_factor=[FACTOR | WEEKS, FACTOR | WEEKS | still])
    (row,) = lines(pages, "T5.8", "nl")
    assert row[2:6] == ["×\u00a00,70", "×\u00a00,50", "×\u00a00,90", "25%"]
    assert row[6:] == ["3", "0", "2", "2"]
    chapter = next(chapter for chapter in pages.chapters if chapter.key == "outlook")
    assert any("1 of the 2 norms" in said(block.words, "en") for block in chapter.blocks if hasattr(block, "words"))


COST = {
    "curve": "preventive",
    "need": "ffp2",
    "sector": "nursing",
    "persons": 400,
    "uptake": 0.5,
    "demand_pieces": 8000,
    "reason": None,
}
MONEY = {
    "demand_cents": 900_00,
    "extra_low": 100,
    "extra_mid": 200,
    "extra_high": 300,
    "price_source": "order B1/1, 2020-04-22",
}


def test_a_scenario_is_shown_with_its_cost_and_an_unknown_price_with_its_reason():
    cents = {"cents_low": 10_00, "cents_mid": 20_00, "cents_high": 30_00}
    unknown = {
        "need": "gown",
        "demand_cents": None,
        "reason": "no_price",
        "price_source": None,
        "persons": None,
        "uptake": None,
    }
    pages = told(scenario_cost=[COST | MONEY | cents, COST | MONEY | dict.fromkeys(cents) | unknown])
    by_need = {row[0]: row for row in lines(pages, "T5.7")}
    assert len(by_need) == 2
    known, empty = sorted(by_need.values(), key=lambda row: row[3] == "–")
    assert known[1] == "Preventive masks in care"
    assert known[3:] == ["400", "50%", "8,000", "+200", "€10", "€20", "€30", "order B1/1, 2020-04-22"]
    assert empty[3:5] == ["–", "–"]
    assert empty[7:] == ["no price"] * 4
    assert "€1.00" in said(table(pages, "T5.7").notes[0], "en")  # handling, told with its amount


PLACE = {"need": "gown", "region": "west", "pieces": 500, "part": 0.25, "p_out_8w": 0.9, "days_of_stock": 3.5}
OUT = {
    "p_out_2w": 0.1,
    "p_out_4w": 0.5,
    "p_out_most_4w": 0.6,
    "out_day_10": 12.0,
    "out_day_50": 28.5,
    "out_day_90": None,
}


def test_places_that_may_run_out_are_shown_the_likeliest_first():
    sites = inputs().site["site"]
    likelier = {"site": sites[1], "p_out_4w": 0.8, "holder": "regional_hub"}
    pages = told(warehouse_outlook=[PLACE | OUT | {"site": sites[0], "holder": "warehouse"}, PLACE | OUT | likelier])
    first, second = lines(pages, "T2.5")
    assert first[7] == "80%"
    assert second[3:] == ["500", "25%", "3.5", "10%", "50%", "90%", "60%", "12.0", "28.5", "not in 8 weeks"]


def test_the_day_of_running_out_and_the_depth_are_shown_for_the_nation():
    whole = plan().situation.with_columns(out_day_10=9.0, out_day_50=21.5, short_pieces_4w=120.2)
    about = About(title=Text("Report", "Rapport"), as_of=AS_OF, seed=7, version="-", digest="-", run="-")
    pages = report(inputs(), policy(), replace(plan(), situation=whole), about=about)
    gown = lines(pages, "T2.4", "nl")[0]
    assert gown[3:] == ["9,0", "21,5", "niet in 8 weken", "121"]
    cover, with_inbound = table(pages, "T2.4").rows[0][1:3]
    assert with_inbound.value >= cover.value
    unknown = next(row for row in table(pages, "T2.4").rows if row[1].unknown)
    assert unknown[2].why == unknown[1].why == "no_answer"
