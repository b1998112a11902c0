"""What is held for others and what is on its way: warehouses, regional hubs, orders; and the figures of an outside
monitor.
"""

import datetime as dt

import numpy as np
import polars as pl

from dijk.example.names import SUPPLIERS
from dijk.example.start import FICTIONAL, TODAY, Size, moment, shaped, stream, whole_packs
from dijk.tables import FACTS

COUNTED = TODAY - dt.timedelta(days=1)
LOTS = [
    # lot, status, share of the approved pieces, last day of use
    ("A1", "approved", 0.6, dt.date(2023, 3, 31)),
    ("B7", "approved", 0.4, dt.date(2022, 11, 30)),
    ("Q3", "quarantine", 0.25, dt.date(2023, 3, 31)),
    ("X1", "blocked", 0.08, dt.date(2022, 11, 30)),
    ("E2", "expired", 0.05, dt.date(2019, 12, 31)),
]
HUB_FAMILIES = ["gown", "respirator", "surgical_mask", "glove"]
REJECTED = "KN-0323"
REJECTED_PIECES, REJECTED_SENT = 1_300_000, 600_000
"""The first consignment of 2020: certified, shipped, and recalled on 28 March after hospitals had it tested."""

BULK = {"gown": (1_440_000, "air"), "iir": (20_000_000, "sea"), "ffp2": (20_000_000, "rail")}
"""Pieces ordered for the end of May and June; the gowns fill three aircraft."""


def central_stock(
    national: pl.DataFrame, regional: pl.DataFrame, sites: pl.DataFrame, size: Size, *, seed: int
) -> pl.DataFrame:
    """Table ``stock`` at warehouses and hubs, by lot and status, with the lot that was rejected after it had been sent
    out.

    Parameters
    ----------
    national, regional
        Norm use ``w`` in pieces/day per need (and region), with the article, its pack and the days the centre holds.
    """
    stores = sites.filter(pl.col("kind") == "warehouse").select("site")
    hubs = sites.filter(pl.col("kind") == "regional_hub").select("site", "region")
    rows = pl.concat(
        [_warehouses(national, stores, seed), _substitutes(national, stores, size), _hubs(regional, hubs, seed)],
        how="diagonal_relaxed",
    )
    rows = rows.with_columns(
        known_at=moment(pl.lit(COUNTED), hour=17),
        day=pl.lit(COUNTED),
        source=pl.lit("stock system of the warehouse"),
        how=pl.lit("counted"),
    )
    return pl.concat([shaped(rows, FACTS["stock"]), shaped(_rejected(stores["site"][0], size), FACTS["stock"])])


def _warehouses(national: pl.DataFrame, stores: pl.DataFrame, seed: int) -> pl.DataFrame:
    rng = stream(seed, "warehouse")
    lots = pl.DataFrame(LOTS, schema=["lot", "status", "part", "expires_on"], orient="row")
    rows = national.filter(pl.col("central_days") > 0).join(stores, how="cross").join(lots, how="cross")
    part = pl.Series(rng.uniform(0.5, 1.5, rows.height))
    rows = rows.with_columns(part=pl.col("part") * part).with_columns(
        part=pl.col("part") / pl.col("part").filter(pl.col("status") == "approved").sum().over("need")
    )
    return rows.with_columns(
        product="article",
        lot=pl.format("{}-{}", "need", "lot"),
        pieces=whole_packs(pl.col("w") * pl.col("central_days") * pl.col("part"), pl.col("pack")),
    )


def _substitutes(national: pl.DataFrame, stores: pl.DataFrame, size: Size) -> pl.DataFrame:
    """Articles that serve a need for a time: one accepted, one no longer, one that can be washed."""
    use = dict(national.select("need", "w").iter_rows())
    rows = [
        ("P-kn95", "KN-0411", "approved", use["ffp2"] * 0.6, 20),
        ("P-kn95", "KN-0416", "quarantine", use["ffp2"] * 1.5, 20),
        ("P-kp95", "KP-0402", "approved", use["ffp2"] * 0.8, 20),
        ("P-gown_washable", "GW-0415", "approved", use["gown"] * 0.3, 10),
        ("P-iir_2000", "I2-0409", "approved", use["iir"] * 6.0, 2000),
    ]
    table = pl.DataFrame(rows, schema=["product", "lot", "status", "pieces", "pack"], orient="row")
    return table.with_columns(
        site=pl.lit(stores["site"][-1]),
        pieces=whole_packs(pl.col("pieces"), pl.col("pack")),
        expires_on=pl.lit(dt.date(2022, 3, 31)),
    )


def _hubs(regional: pl.DataFrame, hubs: pl.DataFrame, seed: int) -> pl.DataFrame:
    rng = stream(seed, "hub")
    rows = hubs.join(
        regional.filter(pl.col("family").is_in(HUB_FAMILIES) & (pl.col("central_days") > 0)),
        on="region",
        maintain_order="left",
    )
    days = pl.Series(rng.uniform(0.2, 1.2, rows.height))
    return rows.with_columns(
        product="article",
        lot=pl.format("{}-A1", "need"),
        status=pl.lit("approved"),
        pieces=whole_packs(pl.col("w") * days, pl.col("pack")),
    )


def _rejected(site: str, size: Size) -> pl.DataFrame:
    """The lot as it was counted after the last van left, and the correction of a day later: nothing approved, the rest
    blocked.
    """
    left = round((REJECTED_PIECES - REJECTED_SENT) * size.scale)
    first, later = dt.datetime(2020, 3, 27, 17, tzinfo=dt.UTC), dt.datetime(2020, 3, 28, 12, tzinfo=dt.UTC)
    rows = [
        (first, "approved", left, "count after delivery"),
        (later, "approved", 0, "recall after tests"),
        (later, "blocked", left, "recall after tests"),
    ]
    known_at = pl.Datetime("us", "UTC")
    schema = {"known_at": known_at, "status": pl.String(), "pieces": pl.Int64(), "source": pl.String()}
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        site=pl.lit(site),
        product=pl.lit("P-kn95"),
        lot=pl.lit(REJECTED),
        day=pl.lit(first.date()),
        how=pl.lit("counted"),
        expires_on=pl.lit(dt.date(2022, 3, 1)),
    )


def rejected_deliveries(cells: pl.DataFrame, size: Size, sites: pl.DataFrame) -> pl.DataFrame:
    """Where the rejected lot went before the recall: hospitals, by size, in whole packs of twenty."""
    store = sites.filter(pl.col("kind") == "warehouse")["site"][0]
    rows = cells.filter((pl.col("need") == "ffp2") & pl.col("sector").is_in(["umc", "hospital"]))
    share = pl.col("w") / pl.col("w").sum() * REJECTED_SENT * size.scale
    return shaped(
        rows.with_row_index("number", offset=1).with_columns(
            delivery=pl.format("DK{}", pl.col("number").cast(pl.String).str.zfill(5)),
            product=pl.lit("P-kn95"),
            lot=pl.lit(REJECTED),
            pieces=whole_packs(share, pl.lit(20)),
            day=pl.lit(dt.date(2020, 3, 26)),
            channel=pl.lit("consortium"),
            from_site=pl.lit(store),
            known_at=moment(pl.lit(dt.date(2020, 3, 26)), hour=18),
            source=pl.lit("delivery note"),
            how=pl.lit("counted"),
        ),
        FACTS["delivery"],
    )


def inbound(national: pl.DataFrame, sites: pl.DataFrame, size: Size, *, seed: int) -> pl.DataFrame:
    """Table ``inbound``: open lines near, large lines far, and lines that are late, without a day, received or
    cancelled.
    """
    rng = stream(seed, "inbound")
    near = _lines(
        national.filter(pl.col("inbound_days") > 0).with_columns(open=pl.col("w") * pl.col("inbound_days")), 6, rng
    )
    bulk = pl.DataFrame(
        [(n, p * size.scale, m) for n, (p, m) in BULK.items()], schema=["need", "open", "mode"], orient="row"
    )
    far = _lines(national.drop("inbound_days").join(bulk, on="need", maintain_order="left"), 8, rng).with_columns(
        expected=pl.col("expected") + dt.timedelta(days=35), day=pl.col("day") - dt.timedelta(days=8)
    )
    rows = pl.concat([near, far], how="diagonal_relaxed").with_row_index("number", offset=1)
    stores = sites.filter(pl.col("kind") == "warehouse")["site"].to_numpy()
    rows = _with_states(rows, rng).with_columns(
        order=pl.format("B{}", (pl.col("number") // 3).cast(pl.String).str.zfill(5)),
        line=pl.col("number") % 3 + 1,
        supplier=pl.Series(rng.choice(SUPPLIERS, rows.height)),
        product="article",
        to_site=pl.Series(rng.choice(stores, rows.height)),
        source=pl.lit("order book"),
        how=pl.lit("counted"),
    )
    return shaped(_as_told(rows).sort("order", "line", "known_at"), FACTS["inbound"])


def _as_told(rows: pl.DataFrame) -> pl.DataFrame:
    """Each line twice: as it was ordered, and how far it has come, known on arrival or in the last days."""
    ordered = rows.with_columns(
        state=pl.lit("ordered"), received_pieces=pl.lit(0), known_at=moment(pl.col("day"), hour=6)
    )
    heard = pl.max_horizontal(pl.col("day"), pl.lit(TODAY - dt.timedelta(days=3)))
    arrived = pl.when(pl.col("state") == "received").then("expected").otherwise(heard)
    return pl.concat([ordered, rows.with_columns(known_at=moment(arrived, hour=16))], how="diagonal_relaxed")


def _lines(rows: pl.DataFrame, each: int, rng: np.random.Generator) -> pl.DataFrame:
    """Divide what is open of a need over so many lines, with a price around the catalogue's and a mode that fits the
    day.
    """
    lines = rows.join(pl.DataFrame({"part": range(each)}), how="cross")
    share, price = (
        pl.Series(rng.dirichlet(np.full(each, 4.0), rows.height).ravel()),
        pl.Series(rng.lognormal(0, 0.2, lines.height)),
    )
    ahead = pl.Series(rng.integers(1, 29, lines.height))
    given = pl.col("mode") if "mode" in lines.columns else pl.lit(None, dtype=pl.String)
    fast = pl.when(ahead <= 12).then(pl.lit("air")).when(ahead <= 20).then(pl.lit("rail")).otherwise(pl.lit("sea"))
    return lines.with_columns(
        pieces=whole_packs(pl.col("open") * share, pl.col("pack")),
        cents_per_pack=(pl.col("cent") * pl.col("pack") * price).round().cast(pl.Int64),
        expected=pl.lit(TODAY) + pl.duration(days=pl.lit(ahead)),
        day=pl.lit(TODAY) - pl.duration(days=pl.lit(pl.Series(rng.integers(1, 30, lines.height)))),
        mode=pl.coalesce(given, fast),
    )


def _with_states(rows: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    chance, quantity = pl.Series("chance", rng.random(rows.height)), pl.col("pieces")
    rows = rows.with_columns(chance)
    late, undated, done, gone = (pl.col("chance").is_between(a, a + 0.1) for a in (0.0, 0.12, 0.24, 0.36))
    days_late = pl.duration(days=pl.lit(pl.Series(rng.integers(3, 20, rows.height))))
    state = (
        pl.when(done)
        .then(pl.lit("received"))
        .when(gone)
        .then(pl.lit("cancelled"))
        .when(undated)
        .then(pl.lit("ordered"))
    )
    return rows.with_columns(
        state=state.when(pl.col("chance") < 0.7).then(pl.lit("confirmed")).otherwise(pl.lit("underway")),
        expected=pl.when(undated)
        .then(None)
        .when(late | done)
        .then(pl.lit(TODAY) - days_late)
        .otherwise(pl.col("expected")),
        day=pl.when(late | done).then(pl.col("day") - dt.timedelta(days=25)).otherwise(pl.col("day")),
        received_pieces=pl.when(done).then(quantity).when(pl.col("chance") > 0.93).then(quantity // 2).otherwise(0),
        cents_per_pack=pl.when(pl.col("chance") < 0.97).then("cents_per_pack"),
    )


def monitor(counted: pl.DataFrame, *, seed: int) -> pl.DataFrame:
    """Table ``external_figure``: a monitor that asks four kinds of institution on another day, one article of it in
    boxes.

    Parameters
    ----------
    counted
        Pieces counted at the sites per need and sector in the last round: need, sector, pieces, pack.
    """
    rng = stream(seed, "monitor")
    rows = counted.filter(
        pl.col("sector").is_in(["hospital", "gp", "ambulance", "ggd"])
        & pl.col("need").is_in(["gown", "ffp2", "iir", "glove_m"])
    )
    boxed, silent = pl.col("need") == "iir", (pl.col("need") == "gown") & (pl.col("sector") == "ggd")
    seen = pl.col("pieces") * pl.Series(rng.uniform(0.6, 0.95, rows.height))
    day = TODAY - dt.timedelta(days=7)
    return shaped(
        rows.with_columns(
            figure=pl.format("stock_{}_{}", "need", "sector"),
            publisher=pl.lit("Monitor GGD/GHOR"),
            day=pl.lit(day),
            known_at=pl.lit(dt.datetime(2020, 4, 20, 12, tzinfo=dt.UTC)),
            value=pl.when(~silent).then(pl.when(boxed).then((seen / pl.col("pack")).round()).otherwise(seen.round())),
            reason=pl.when(silent).then(pl.lit("not_asked")),
            unit=pl.when(boxed).then(pl.lit("boxes")).otherwise(pl.lit("pieces")),
            definition=pl.lit(
                "stock at institutions that filled in the app by Monday 12:00; four kinds of institution only"
            ),
            source=pl.lit(FICTIONAL),
            how=pl.lit("estimated"),
        ),
        FACTS["external_figure"],
    )
