"""Counts that wait for a second: what the last plan doubted, and what somebody bore out since."""

from itertools import takewhile

import polars as pl

from dijk.policy import served_need
from dijk_web import store
from dijk_web.models import Run, Stock
from dijk_web.of_site import moment, policy_now


def counts_that_wait(run: Run) -> pl.DataFrame:
    """The counts that a run doubted and nobody bore out since: site, need, counted_on."""
    doubted = store.scan(str(run.code), "position").filter("doubted").select("site", "need", "counted_on")
    return doubted.collect().join(seconded_since(run), on=["site", "need"], how="anti")


def seconded_since(run: Run) -> pl.DataFrame:
    """Of which sites and needs somebody bore out a count after a run: rows are added in the order of acts."""
    newest = Stock.objects.order_by("-id").only("site_id", "product_id", "act", "checked_by").iterator(chunk_size=500)
    since = takewhile(lambda row: row.act > run.act, newest)
    told = sorted({(row.site_id, row.product_id) for row in since if row.checked_by})
    rows = pl.DataFrame(told, schema={"site": pl.String, "product": pl.String}, orient="row")
    if not told:
        return rows.rename({"product": "need"})
    now = moment()
    return rows.join(served_need(policy_now(), now.date()), on="product").select("site", "need")
