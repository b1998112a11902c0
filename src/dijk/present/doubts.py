"""What a person should doubt in the present: double requests, quantities beyond belief, counts below the ledger."""

import polars as pl

from dijk.check.codes import CODES
from dijk.check.findings import as_table, by_row, together
from dijk.policy import served_need
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
    passed = now.position.filter(pl.col("passed_on") > 0)
    found = [
        *together(CODES["ACTIVITY-01"], "activity", "units", _beside(activity.filter("jumps"))),
        *together(CODES["ACTIVITY-02"], "activity", "day", _beside(activity.filter("stale"))),
        *together(
            CODES["ACTIVITY-04"],
            "site",
            "site",
            by_row("site", registered_again(now.world), pl.format("{} = {}", "site", "other")),
        ),
        *together(CODES["ACTIVITY-03"], "asked", "site", by_row("asked", no_answer(now.world), "site")),
        *together(
            CODES["AWARD-01"],
            "past_award",
            "packs",
            by_row(
                "past_award",
                lapsed(now.world, now.policy),
                pl.format("{} {} {}: {}", pl.col("known_at").dt.date(), "site", "need", "open"),
            ),
        ),
        *together(
            CODES["DELIVERY-01"],
            "delivery",
            "from_site",
            passed.select(from_site="site", need="need", found=pl.format("{} {}: {}", "site", "need", "passed_on")),
        ),
        *together(
            CODES["REQUEST-02"], "request", "request", by_row("request", now.request.filter("double"), "request")
        ),
        *together(
            CODES["REQUEST-01"], "request", "pieces", by_row("request", absurd, pl.format("{}: {}", "request", "asked"))
        ),
        *together(
            CODES["REQUEST-03"],
            "request",
            "need",
            weightless.select("site", "need", found=pl.format("{} {}", "site", "need")),
        ),
        *together(
            CODES["STOCK-02"],
            "stock",
            "pieces",
            _counts(now, doubted),
        ),
    ]
    return as_table(found)


def _counts(now: Now, doubted: pl.DataFrame) -> pl.DataFrame:
    """The rows of the counts behind positions, with what they count together."""
    last = doubted.select("site", "need", day="counted_on", said="counted_pieces")
    served = served_need(now.policy, now.world.today)
    rows = last.join(served, on="need").join(now.world.stock, on=["site", "product", "day"])
    gone = last.join(rows, on=["site", "need"], how="anti")  # counts of goods that nothing accepts any more
    return by_row("stock", pl.concat([rows, gone], how="diagonal"), pl.format("{} {}: {}", "site", "need", "said"))


def _beside(activity: pl.DataFrame) -> pl.DataFrame:
    """Activity as told, and as it counts, beside the key of its row."""
    told, units = pl.col("told").round(2), pl.col("units").round(2)
    shown = pl.format("{} {} {}: {} -> {}", "site", "driver", "risk_class", told, units)
    return by_row("activity", activity.rename({"on": "day"}), shown)
