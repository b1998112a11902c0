"""A country of a few sites in which all is short, so that a whole plan and its report are made in seconds."""

from functools import cache

import polars as pl

from small import ago, registers, rows, rule

SITES = [(f"home-{n}", "home", "north") for n in (1, 2, 3)] + [("hospital-1", "hospital", "south")]

FAST = pl.concat([rule("sample_paths", 50), rule("horizon_weeks", 4), rule("known_share_least", 0)])
"""Quick, and with a regime though most of the small country is silent."""


@cache
def country() -> dict[str, pl.DataFrame]:
    """Three homes in the north, a hospital in the south, a warehouse and a hub; everything short, late, silent or doubted."""
    places = [{"site": s, "sector": sector, "region": region} for s, sector, region in SITES]
    holders = [{"site": "store", "kind": "warehouse", "region": "south"}, {"site": "hub", "kind": "regional_hub"}]
    norm = {"low": 1.0, "mid": 2.0, "high": 4.0}
    asked = [{"request": f"{s}-{n}", "site": s, "day": ago(n), "pieces": 150} for s, *_ in SITES for n in (1, 9)]
    counts = [{"site": "store", "day": ago(1), "pieces": 120}, {"site": "hub", "day": ago(1), "pieces": 31}]
    counts += [{"site": "home-1", "day": ago(day), "pieces": pieces} for day, pieces in ((30, 400), (9, 3))]
    counts += [{"site": "home-3", "day": ago(day), "pieces": 5} for day in (3, 2)]
    sent = {"from_site": "store", "channel": "consortium"}
    return registers(()) | {
        "site": rows("site", *({"sector": None} | one for one in holders), *places),
        "norm": rows(
            "norm",
            *(norm | {"sector": sector} for sector in ("home", "hospital")),
            *(
                {"low": 0.5, "mid": 1.0, "high": 1.5, "reuse_stage": "crisis", "sector": s}
                for s in ("home", "hospital")
            ),
        ),
        "activity": rows("activity", *({"site": s, "day": ago(1), "units": 5.0} for s, *_ in SITES)),
        "asked": rows(
            "asked",
            *({"site": s, "topic": "stock", "day": ago(6), "due": ago(2)} for s in ("home-2", "hospital-1")),
        ),
        "request": rows("request", *asked, {"request": "wild", "site": "home-2", "day": ago(3), "pieces": 10**5}),
        "stock": rows("stock", *counts),
        "delivery": rows(
            "delivery",
            *(
                sent | {"delivery": s, "site": s, "day": ago(5), "pieces": n}
                for s, n in (("home-1", 7), ("hospital-1", 90))
            ),
        ),
        "inbound": rows(
            "inbound",
            {"day": ago(9), "pieces": 900, "expected": ago(-5), "state": "underway", "cents_per_pack": 250},
        ),
    }
