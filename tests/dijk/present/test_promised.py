"""What earlier runs awarded and has not come: it counts as there for a while, and then a finding says that it did not."""

import datetime as dt

import polars as pl

from dijk.present.doubts import check_present
from small import AS_OF, ago, at, present, registers, rows, rule


def award(days: int, packs: int) -> dict[str, object]:
    covers = {"cover_before_days": 0.0, "cover_after_days": 1.0, "route": "direct", "changed_packs": 0}
    return {
        "known_at": at(ago(days), 12),
        "site": "home-1",
        "holder": "warehouse",
        "pieces_per_pack": 5,
        "packs": packs,
    } | covers


def country(*awards: dict[str, object], came: list[dict[str, object]] | None = None) -> dict[str, pl.DataFrame]:
    count = rows("stock", {"site": "home-1", "day": ago(1), "pieces": 100})
    lines = [{"delivery": f"d{i}", "site": "home-1", "pieces": 5} | line for i, line in enumerate(came or [])]
    return registers() | {
        "past_award": rows("past_award", *awards),
        "stock": count,
        "delivery": rows("delivery", *lines),
    }


def held(tables: dict[str, pl.DataFrame]) -> tuple[int, int]:
    """What is promised to the first home, and what counts as its stock."""
    row = present(tables).position.filter(pl.col("site") == "home-1").row(0, named=True)
    return row["promised"], row["counts_as"]


def lapsed(tables: dict[str, pl.DataFrame]) -> list[str]:
    return check_present(present(tables)).filter(pl.col("code") == "AWARD-01")["found"].to_list()


def test_what_was_awarded_and_has_not_come_counts_as_there():
    assert held(country()) == (0, 90)
    assert held(country(award(3, 4))) == (20, 110)


def test_what_came_is_promised_no_more_and_the_oldest_award_is_met_first():
    came = [{"day": ago(2), "pieces": 15}]
    assert held(country(award(3, 4), came=came))[0] == 5
    assert held(country(award(6, 2), award(3, 4), came=came))[0] == 15


def test_goods_that_a_site_bought_or_was_given_answer_no_award():
    for channel in ("own_purchase", "donated"):
        assert held(country(award(3, 4), came=[{"day": ago(2), "pieces": 15, "channel": channel}]))[0] == 20


def test_after_its_term_a_promise_lapses_and_is_named_until_as_long_again():
    assert held(country(award(7, 4)))[0] == 20 and lapsed(country(award(7, 4))) == []
    assert held(country(award(8, 4)))[0] == 0
    assert lapsed(country(award(8, 4))) == [f"{ago(8)} home-1 mask: 20"]
    assert lapsed(country(award(15, 4))) == []
    assert held(country(award(8, 4)) | {"policy_rule": rule("promised_days", 10)})[0] == 20
    assert lapsed(country(award(8, 4), came=[{"day": ago(5), "pieces": 20}])) == []


def test_an_award_of_this_moment_or_later_is_no_promise_yet():
    now = award(0, 4) | {"known_at": AS_OF}
    assert held(country(now))[0] == held(country(now | {"known_at": AS_OF + dt.timedelta(hours=1)}))[0] == 0
