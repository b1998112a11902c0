"""Where deliveries went, of the facts of a run: for each as far as they may see sites, overseas as well."""

import csv
from typing import Any

import polars as pl
import pytest

import country_once
from dijk_web.models import Site
from four_people import browser


def told(client: Any, question: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/delivered/?{question}&as=csv")
    return list(csv.DictReader(answer.content.decode("utf-8-sig").splitlines()))


@pytest.mark.slow
def test_where_it_went_is_that_of_the_facts_for_each_as_far_as_they_see(planned: Any) -> None:
    facts = country_once.tables()["delivery"]
    place = {row.site: row.region for row in Site.objects.all()}
    pim = browser(planned.pim)
    for by in ("need", "region", "site", "lot"):
        rows = told(pim, f"by={by}")
        assert sum(int(row["deliveries"]) for row in rows) == facts.height, by
        assert sum(int(row["pieces"] or 0) for row in rows) == facts["pieces"].sum(), by
    overseas = told(pim, "by=region&overseas=on")
    (far,) = country_once.tables()["region"].filter(scheme="overseas")["region"]
    wanted = facts.filter(pl.col("site").is_in([site for site, region in place.items() if region == far]))
    assert {row["region"] for row in overseas} == {far}
    assert sum(int(row["pieces"] or 0) for row in overseas) == wanted["pieces"].sum() > 0
    page = pim.get("/delivered/?by=site&overseas=on").content.decode()
    assert "Overzeese eilanden" in page and "Sent and received" in page
    own = facts.filter(pl.col("site") == planned.home.site)
    assert {row["site"] for row in told(browser(planned.mila), "by=site")} == {planned.home.site}
    assert sum(int(row["deliveries"]) for row in told(browser(planned.mila), "by=lot")) == own.height > 0
    assert {row["region"] for row in told(browser(planned.ravi))} == {planned.home.region}
    assert browser(planned.eva).get("/delivered/").status_code == 403


@pytest.mark.slow
def test_a_filter_of_lot_way_and_days_leaves_the_rest_out(planned: Any) -> None:
    facts = country_once.tables()["delivery"].filter(channel="consortium")
    one = facts.filter(pl.col("lot") != "-").row(0, named=True)
    day = one["day"].isoformat()
    rows = told(browser(planned.pim), f"by=lot&article={one['lot']}&channel=consortium&first={day}&last={day}")
    same = facts.filter(lot=one["lot"], day=one["day"])
    assert [row["lot"] for row in rows] == [one["lot"]] * same["product"].n_unique()
    assert sum(int(row["deliveries"]) for row in rows) == same.height
    assert told(browser(planned.pim), "first=2021-01-01") == []
