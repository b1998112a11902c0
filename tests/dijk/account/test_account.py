import polars as pl
import pytest

from dijk.account import flow, not_answered
from dijk.fairness.share_range import share_range
from small import ago, present, registers, rows


def nation(table: pl.DataFrame) -> dict[str, object]:
    return table.filter((pl.col("sector") == "all") & (pl.col("region") == "all")).row(0, named=True)


def test_asked_and_delivered_stand_beside_norm_use_by_channel():
    channels = ("consortium", "own_purchase", "donated", "region")
    sent = [
        {"delivery": c, "site": "home-1", "day": ago(i), "pieces": 10 * (i + 1), "channel": c}
        for i, c in enumerate(channels)
    ]
    tables = registers() | {
        "request": rows("request", {"site": "home-1", "day": ago(2), "pieces": 75}),
        "delivery": rows("delivery", *sent, {"delivery": "old", "site": "home-1", "day": ago(14), "pieces": 999}),
    }
    row = nation(flow(present(tables)))
    assert [row[c] for c in ("requested", "requested_counted", "out_of_scope")] == [75, 75, 0]
    assert [row[c] for c in ("consortium", "own_purchase", "donated", "from_region")] == [10, 20, 30, 40]
    assert (row["norm_use"], row["need_met"]) == (2 * 10 * 14, pytest.approx(100 / 280))


def test_need_met_is_over_the_activity_of_the_period_not_over_that_of_today():
    """Ten shifts a day for half of the fortnight and none since: what was needed is half of fourteen times ten."""
    told = [{"site": "home-1", "day": ago(day), "units": 10.0 if day >= 7 else 0.0} for day in range(14)]
    sent = rows("delivery", {"site": "home-1", "day": ago(9), "pieces": 70})
    row = nation(flow(present(registers(("home-1",)) | {"activity": rows("activity", *told), "delivery": sent})))
    assert (row["norm_use"], row["need_met"]) == (14 * 5 * 2, 0.5)


def test_a_need_outside_the_list_adds_up_what_is_not_listed_is_part_of_what_counts():
    tables = registers() | {
        "need": rows("need", {}, {"need": "oxygen"}),
        "request": rows("request", {"site": "home-1", "day": ago(2), "pieces": 75, "need": "oxygen"}),
    }
    row = nation(flow(present(tables)).filter(pl.col("need") == "oxygen"))
    assert [row[c] for c in ("requested", "requested_counted", "out_of_scope")] == [75, 75, 75]


def test_totals_add_up_to_the_group_and_to_all():
    tables = registers() | {"delivery": rows("delivery", {"site": "home-2", "day": ago(1), "pieces": 8})}
    table = flow(present(tables))
    assert set(table["sector"]) == {"home", "care", "all"}
    assert table.filter(pl.col("region") == "all")["consortium"].to_list() == [8, 8, 8]


def test_who_was_asked_and_did_not_answer_is_named():
    asked = rows("asked", *({"site": f"home-{i}", "topic": "stock", "day": ago(5), "due": ago(2)} for i in (1, 2)))
    answer = rows(
        "stock", {"site": "home-1", "day": ago(4), "pieces": 3}, {"site": "home-2", "day": ago(9), "pieces": 3}
    )
    table = not_answered(present(registers() | {"asked": asked, "stock": answer}).world)
    assert table.select("site", "asked_on", "last_answer").rows() == [("home-2", ago(5), ago(9))]


def test_a_refusal_is_an_answer():
    asked = rows("asked", {"site": "home-1", "topic": "stock", "day": ago(5), "due": ago(2)})
    said = rows("stock", {"site": "home-1", "day": ago(4), "pieces": None, "reason": "refused"})
    assert not_answered(present(registers() | {"asked": asked, "stock": said}).world).height == 0


def test_shares_over_the_ranges_of_the_norms_hold_the_share_at_the_norms():
    tables = registers()
    tables["site"] = pl.concat(
        [tables["site"], rows("site", {"site": "clinic", "sector": "hospital", "region": "south"})]
    )
    tables["norm"] = pl.concat(
        [tables["norm"], rows("norm", {"sector": "hospital", "low": 3.0, "mid": 4.0, "high": 9.0})]
    )
    tables["activity"] = pl.concat(
        [tables["activity"], rows("activity", {"site": "clinic", "day": ago(1), "units": 10.0})]
    )
    table = share_range(present(tables)).filter(pl.col("sector") == "hospital")
    row = table.row(0, named=True)
    # two homes of 5 shifts (5, 10, 20 pieces each at low, mid, high) beside a clinic of 10 shifts (30, 40, 90)
    assert (row["low"], row["mid"], row["high"]) == (
        pytest.approx(30 / 70),
        pytest.approx(40 / 60),
        pytest.approx(90 / 100),
    )
