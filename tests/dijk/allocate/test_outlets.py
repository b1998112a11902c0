"""Outlets for informal carers: sites of a sector of their own, with a cap per client, and a part of the goods that is
theirs.
"""

from typing import Any

import polars as pl

from dijk.allocate import allocate
from dijk.tables import ALL
from small import AS_OF, ago, present, registers, rows, rule

CLIENTS = 50


def packs(*, stock: int, asked: int, **more: pl.DataFrame) -> dict[str, int]:
    """Masks in packs of 5 for a pharmacy with fifty clients, at 2 a client a day, and a home that uses 100 a day as
    well.
    """
    made = registers(("home-1", "pharmacy"))
    outlet = pl.col("site") == "pharmacy"
    norm: list[dict[str, Any]] = [{}, {"sector": "informal_care", "driver": "client_day"}]
    work = [{"site": "home-1", "units": 50.0}, {"site": "pharmacy", "driver": "client_day", "units": float(CLIENTS)}]
    tables = made | {
        "sector": pl.concat([made["sector"], rows("sector", {"sector": "informal_care"})]),
        "site": made["site"].with_columns(
            sector=pl.when(outlet).then(pl.lit("informal_care")).otherwise("sector"),
            kind=pl.when(outlet).then(pl.lit("outlet")).otherwise("kind").cast(made["site"]["kind"].dtype),
        ),
        "driver": pl.concat([made["driver"], rows("driver", {"driver": "client_day", "unit": "client-day"})]),
        "norm": rows("norm", *({"low": 1.0, "mid": 2.0, "high": 4.0} | one for one in norm)),
        "activity": rows("activity", *({"day": ago(1)} | one for one in work)),
        "product": rows("product", {"pieces_per_pack": 5}),
        "stock": rows("stock", {"site": "store", "day": ago(1), "pieces": stock}),
        "request": rows(
            "request", *({"request": s, "site": s, "day": ago(2), "pieces": asked} for s in ("home-1", "pharmacy"))
        ),
    }
    now = present(tables | more, AS_OF)
    award = allocate(now, pl.DataFrame({"need": ["mask"], "effective": ["scarce"]}), seed=1).award
    return {"home-1": 0, "pharmacy": 0} | dict(award.select("site", "packs").iter_rows())


def test_a_cap_per_client_is_the_cap_in_days_of_the_sector_over_its_norm() -> None:
    """At most 8 masks a client at a time, with a norm of 2 a client a day, is a cap of 4 days."""
    cap = rule("cap_days", 4, sector="informal_care")
    assert packs(stock=50_000, asked=10_000, policy_rule=cap) == {"home-1": 1000 // 5, "pharmacy": 8 * CLIENTS // 5}


def test_what_an_outlet_asks_beyond_its_clients_brings_nothing() -> None:
    cap = rule("cap_days", 4, sector="informal_care")
    assert packs(stock=600, asked=400, policy_rule=cap) == packs(stock=600, asked=10_000, policy_rule=cap)


def test_where_goods_are_scarce_an_outlet_is_brought_to_the_same_days_as_others() -> None:
    assert packs(stock=600, asked=10_000) == {"home-1": 60, "pharmacy": 60}


def test_a_guarantee_keeps_a_part_for_outlets() -> None:
    part = {
        "fence": "carers",
        "kind": "guarantee",
        "share": 0.75,
        "sector": "informal_care",
        "region": ALL,
        "need": ALL,
    }
    assert packs(stock=600, asked=10_000, fence=rows("fence", part)) == {"home-1": 30, "pharmacy": 90}
