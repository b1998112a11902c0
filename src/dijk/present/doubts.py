"""What a person should doubt in the present: double requests, quantities beyond belief, counts below the ledger."""

import polars as pl

from dijk.check.codes import CODES
from dijk.check.findings import as_table, together
from dijk.present.activity import believed, no_answer, registered_again
from dijk.present.now import Now
from dijk.present.promised import lapsed
from dijk.present.requests import open_requests


def check_present(now: Now) -> pl.DataFrame:
    """Findings on what follows from the world: double requests, quantities beyond belief, counts below the ledger."""
    absurd = now.request.filter("absurd").sort("asked", descending=True)
    doubted = now.position.filter("doubted")
    weighed = now.norm_use.filter(pl.col("mid") > 0)
    weightless = open_requests(now).join(weighed, on=["site", "need"], how="anti")
    activity = believed(now.world, now.policy)
    found = [
        *together(CODES["ACTIVITY-01"], "activity", "units", _beside(activity.filter("jumps"))),
        *together(CODES["ACTIVITY-02"], "activity", "day", _beside(activity.filter("stale"))),
        *together(
            CODES["ACTIVITY-04"],
            "site",
            "site",
            registered_again(now.world).select(pl.format("{} = {}", "site", "other")).to_series(),
        ),
        *together(CODES["ACTIVITY-03"], "asked", "site", no_answer(now.world)["site"]),
        *together(
            CODES["AWARD-01"],
            "past_award",
            "packs",
            lapsed(now.world, now.policy)
            .select(pl.format("{} {} {}: {}", pl.col("known_at").dt.date(), "site", "need", "open"))
            .to_series(),
        ),
        *together(
            CODES["DELIVERY-01"],
            "delivery",
            "from_site",
            now.position.filter(pl.col("passed_on") > 0)
            .select(pl.format("{} {}: {}", "site", "need", "passed_on"))
            .to_series(),
        ),
        *together(CODES["REQUEST-02"], "request", "request", now.request.filter("double")["request"]),
        *together(
            CODES["REQUEST-01"], "request", "pieces", absurd.select(pl.format("{}: {}", "request", "asked")).to_series()
        ),
        *together(
            CODES["REQUEST-03"], "request", "need", weightless.select(pl.format("{} {}", "site", "need")).to_series()
        ),
        *together(
            CODES["STOCK-02"],
            "stock",
            "pieces",
            doubted.select(pl.format("{} {}: {}", "site", "need", "counted_pieces")).to_series(),
        ),
    ]
    return as_table(found)


def _beside(activity: pl.DataFrame) -> pl.Series:
    """Activity as told, and as it counts."""
    told, units = pl.col("told").round(2), pl.col("units").round(2)
    return activity.select(pl.format("{} {} {}: {} -> {}", "site", "driver", "risk_class", told, units)).to_series()
