"""What an explanation says would have happened, tried: the division is made again with that one thing changed."""

import re
from dataclasses import replace
from functools import cache

import numpy as np
import polars as pl
import pytest

import country_once
from dijk.allocate import Division, allocate, explain
from dijk.example import AS_OF
from dijk.inputs import Inputs
from dijk.policy import Policy
from dijk.present import present
from dijk.present.now import Now
from small import ago, registers, rows
from small import present as small_present

NOTHING, ONE_MORE = "A larger request would change nothing.", r"Of one more pack in the country, ([\d.,]+) pieces"
HOMES = tuple(f"home-{i}" for i in range(1, 6))


def divided(now: Now) -> Division:
    return allocate(now, pl.DataFrame({"need": now.world.need["need"], "effective": "scarce"}), seed=1)


@cache
def country() -> tuple[Now, Division]:
    """The example: regional hubs, a region with rules of its own, a fence, and needs that more than one article
    serves.
    """
    tables = country_once.tables()
    now = present(Inputs.of(tables, as_of=AS_OF).known(), Policy.of(tables).known(AS_OF))
    return now, divided(now)


def sent(division: Division, site: str, need: str) -> dict[tuple[str, str], int]:
    """Pieces per class and holder."""
    own = division.award.filter((pl.col("site") == site) & (pl.col("need") == need))
    pieces = own.group_by("risk_class", "holder").agg((pl.col("packs") * pl.col("pieces_per_pack")).sum())
    return {(risk_class, str(holder)): n for risk_class, holder, n in pieces.iter_rows()}


def asking_more(now: Now, site: str, need: str) -> Now:
    """The present in which one site asked for three times as much, and 500 besides."""
    more = (
        pl.when((pl.col("site") == site) & (pl.col("need") == need))
        .then(pl.col("pieces") * 3 + 500)
        .otherwise("pieces")
    )
    return replace(now, request=now.request.with_columns(pieces=more))


@pytest.mark.slow
@pytest.mark.parametrize("of", ["several articles", "one article"])
def test_where_a_larger_request_is_said_to_change_nothing_it_changes_nothing(of: str) -> None:
    now, division = country()
    accepted = now.policy.in_force("acceptance", AS_OF.date()).group_by("need").len()
    several = accepted.filter(pl.col("len") > 1)["need"].implode()
    asked = division.claim.select("site", "need").unique(maintain_order=True)
    tried = asked.filter(pl.col("need").is_in(several) == (of == "several articles")).sample(
        fraction=1, shuffle=True, seed=2
    )
    count = 0
    for site, need in tried.iter_rows():
        found = explain(division.claim, division.award_line, division.level, site=site, need=need)
        said = [(each.risk_class, each.holder) for each in found if NOTHING in each.en]
        if not said:
            continue
        before, after = sent(division, site, need), sent(divided(asking_more(now, site, need)), site, need)
        assert [after.get(claim, 0) for claim in said] == [before.get(claim, 0) for claim in said], (site, need)
        count += 1
        if count == 4:
            break
    assert count == 4


@pytest.mark.slow
def test_where_all_was_given_and_nothing_is_said_of_a_larger_request_it_brings_more() -> None:
    """So the sentence is left out only where it would be false."""
    now, division = country()
    enough = division.level.group_by("need").agg(pl.col("reach").eq("all").all()).filter("reach")["need"].implode()
    asked = division.claim.filter(pl.col("need").is_in(enough)).select("site", "need").unique(maintain_order=True)
    count = 0
    for site, need in asked.sample(fraction=1, shuffle=True, seed=2).iter_rows():
        found = explain(division.claim, division.award_line, division.level, site=site, need=need)
        if not found or any(NOTHING in each.en for each in found):
            continue
        before, after = sent(division, site, need), sent(divided(asking_more(now, site, need)), site, need)
        assert sum(after.values()) > sum(before.values()), (site, need)
        count += 1
        if count == 3:
            break
    assert count == 3


def test_of_more_packs_in_the_country_each_gets_the_share_it_was_told_within_a_pack() -> None:
    """One article, one pool: there the share of one more pack, times the packs, is what comes."""
    shifts = (5.0, 10.0, 20.0, 40.0, 80.0)
    tables = registers(HOMES) | {
        "product": rows("product", {"pieces_per_pack": 5}),
        "activity": rows(
            "activity", *({"site": s, "day": ago(1), "units": u} for s, u in zip(HOMES, shifts, strict=True))
        ),
        "request": rows("request", *({"request": s, "site": s, "day": ago(2), "pieces": 9999} for s in HOMES)),
        "stock": rows("stock", {"site": "store", "day": ago(1), "pieces": 1000}),
    }
    more = tables | {"stock": rows("stock", {"site": "store", "day": ago(1), "pieces": 1000 + 5 * 60})}
    before, after = (divided(small_present(each)) for each in (tables, more))
    shares = []
    for home in HOMES:
        (said,) = explain(before.claim, before.award_line, before.level, site=home, need="mask")
        found = re.search(ONE_MORE, said.en)
        assert found
        shares.append(float(found.group(1)))
        came = sum(sent(after, home, "mask").values()) - sum(sent(before, home, "mask").values())
        assert came == pytest.approx(60 * shares[-1], abs=5 + 60 * 0.05)  # a pack, and the share was rounded to a tenth
    assert np.isclose(sum(shares), 5, atol=0.05 * len(HOMES))
