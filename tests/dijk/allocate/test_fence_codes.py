"""The code of a fence is a name: whatever it is, it says nothing of whose goods are divided, or in which region."""

import io
from dataclasses import replace

import openpyxl
import polars as pl
import pytest

from dijk.allocate import Division, allocate, explain
from dijk.allocate.band import last_levels
from dijk.allocate.recompute import recompute
from dijk.report import About, Text, region_lists, report
from dijk.report.summary import summary
from dijk.tables import ALL
from report_country import AS_OF, inputs, plan, policy
from small import ago, present, registers, rows, rule

Tables = dict[str, pl.DataFrame]
SITES = ("home-1", "home-2", "home-3")
ABOUT = About(title=Text("Report", "Rapport"), as_of=AS_OF, seed=7, version="0.1.0", digest="sha256:abc", run="run-1")
CODES = ("hub care_gowns", "region north", "hub north")


def country(code: str) -> Tables:
    """Goods at a warehouse and at the hub of the north, which has a rule of its own; a fence for the south."""
    made = registers(SITES)
    south = pl.when(pl.col("site") == "home-3").then(pl.lit("south")).otherwise("region")
    hub_site = rows("site", {"site": "hub", "kind": "regional_hub", "sector": None})
    held = [{"site": s, "product": "mask-a", "day": ago(1), "pieces": n} for s, n in (("store", 90), ("hub", 20))]
    asked = [{"request": f"r-{s}", "site": s, "day": ago(2), "pieces": 100} for s in SITES]
    part = {"fence": code, "kind": "guarantee", "share": 0.6, "sector": ALL, "region": "south", "need": ALL}
    made["site"] = pl.concat([made["site"].with_columns(region=south), hub_site])
    return made | {
        "product": rows("product", {"pieces_per_pack": 5}),
        "stock": rows("stock", *held),
        "request": rows("request", *asked),
        "fence": rows("fence", part),
        "policy_rule": rule("floor_days", 1.0, region="north"),
    }


def divided(tables: Tables) -> Division:
    return allocate(present(tables), pl.DataFrame({"need": ["mask"], "effective": ["scarce"]}), seed=1)


def as_plain(table: pl.DataFrame, code: str) -> pl.DataFrame:
    """The rows that hang on the fence, with its code put back to a plain one."""
    return table.with_columns(pl.col("fence").replace(code, "homes"))


@pytest.mark.parametrize("code", CODES)
def test_the_code_of_a_fence_changes_no_level_and_no_award(code: str) -> None:
    plain, odd = divided(country("homes")), divided(country(code))
    assert set(plain.level["fence"]) == {"all", "homes"}
    key = ("need", "tier", "holder", "region", "fence", "product")
    assert as_plain(odd.level, code).sort(key).equals(plain.level.sort(key))
    assert as_plain(odd.claim, code).equals(plain.claim)
    assert odd.award.equals(plain.award)


@pytest.mark.parametrize("code", CODES)
def test_every_reader_of_the_levels_finds_those_of_a_fence_of_any_code(code: str) -> None:
    def read(tables: Tables) -> tuple[object, ...]:
        division, now = divided(tables), present(tables)
        later = replace(now, world=replace(now.world, past_level=division.level))
        told = [explain(division.claim, division.award_line, division.level, site=s, need="mask") for s in SITES]
        return last_levels(later).rows(), recompute(division.claim, division.level).rows(), told

    assert read(country(code)) == read(country("homes"))


@pytest.mark.parametrize("code", CODES)
def test_the_report_shows_as_many_levels_whatever_the_code_of_the_fence(code: str) -> None:
    def told(fence: str) -> tuple[object, ...]:
        fenced = replace(plan(), level=plan().level.with_columns(fence=pl.lit(fence)))
        pages = report(inputs(), policy(), fenced, about=ABOUT)
        table = next(block for block in pages.chapters[6].blocks if getattr(block, "ref", None) == "T7.1")
        listed = region_lists(pages, "en")["east"]
        levels = openpyxl.load_workbook(io.BytesIO(listed)).worksheets[1]
        return len(table.rows), levels.max_row, summary(inputs(), fenced).need["level_least"].to_list()

    assert told(code) == told("homes")
