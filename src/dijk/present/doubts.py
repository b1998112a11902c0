"""What a person should doubt in the present: double requests, quantities beyond belief, counts below the ledger."""

import polars as pl

from dijk.check.codes import CODES
from dijk.check.findings import as_table, together
from dijk.present.now import Now
from dijk.present.requests import open_requests


def check_present(now: Now) -> pl.DataFrame:
    """Findings on what follows from the world: double requests, quantities beyond belief, counts below the ledger."""
    absurd = now.request.filter("absurd").sort("asked", descending=True)
    doubted = now.position.filter("doubted")
    weighed = now.norm_use.filter(pl.col("mid") > 0)
    weightless = open_requests(now).join(weighed, on=["site", "need"], how="anti")
    found = [
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
