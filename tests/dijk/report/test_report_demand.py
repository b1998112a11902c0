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


FACTOR = {"need": "gown", "sector": "hospital", "factor": 0.7, "low": 0.5, "high": 0.9, "range_kept": 0.25, "how": "estimated"}
WEEKS = {"use_weeks": 3, "delivery_weeks": 0, "request_weeks": 2, "raising_weeks": 2}


def test_a_factor_that_moved_is_shown_and_one_that_stands_at_the_norm_is_counted():
    still = {"sector": "nursing", "factor": 1.0, "low": 0.5, "high": 2.0, "range_kept": 1.0, "how": "assumed"}
    pages = told(usage_factor=[FACTOR | WEEKS, FACTOR | WEEKS | still])
    (row,) = lines(pages, "T5.7", "nl")
    assert row[2:6] == ["×\u00a00,70", "×\u00a00,50", "×\u00a00,90", "25%"]
    assert row[6:] == ["3", "0", "2", "2"]
    chapter = next(chapter for chapter in pages.chapters if chapter.key == "outlook")
    assert any("1 of the 2 norms" in said(block.words, "en") for block in chapter.blocks if hasattr(block, "words"))


COST = {"curve": "preventive", "need": "ffp2", "sector": "nursing", "persons": 400, "uptake": 0.5, "demand_pieces": 8000, "reason": None}
MONEY = {"demand_cents": 900_00, "extra_low": 100, "extra_mid": 200, "extra_high": 300, "price_source": "order B1, 2020-04-22"}


def test_a_scenario_is_shown_with_its_cost_and_an_unknown_price_with_its_reason():
    cents = {"cents_low": 10_00, "cents_mid": 20_00, "cents_high": 30_00}
    unknown = {"need": "gown", "demand_cents": None, "reason": "no_price", "price_source": None, "persons": None, "uptake": None}
    pages = told(scenario_cost=[COST | MONEY | cents, COST | MONEY | dict.fromkeys(cents) | unknown])
    by_need = {row[0]: row for row in lines(pages, "T5.8")}
    assert len(by_need) == 2
    known, empty = sorted(by_need.values(), key=lambda row: row[3] == "–")
    assert known[1] == "Preventive masks in care"
    assert known[3:] == ["400", "50%", "8,000", "+200", "€10", "€20", "€30", "order B1, 2020-04-22"]
    assert empty[3:5] == ["–", "–"]
    assert empty[7:] == ["no price"] * 4
    assert "€1.00" in said(table(pages, "T5.8").notes[0], "en")  # handling, told with its amount
