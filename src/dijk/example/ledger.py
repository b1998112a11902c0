"""What the sites were asked, counted, used, requested and received; with the dirt of real figures."""

import datetime as dt

import numpy as np
import polars as pl

from dijk.example.start import AS_OF, TODAY, Size, moment, shaped, stream, whole_packs
from dijk.tables import FACTS
from dijk.tables.facts import FILL_ORDERS

ASKED_ON = TODAY - dt.timedelta(days=4)
"""Thursday; the answer is due on Monday, and who answers counts on Friday, Saturday or Sunday."""

ANSWERS = {"answers": 0.77, "stale": 0.08, "silent": 0.08, "not_asked": 0.05, "refused": 0.02}
"""How sites behave when asked to count, and how often; assumed."""

CHANNELS = {"consortium": (0.45, 1.1), "own_purchase": (0.3, 0.75), "donated": (0.03, 0.3), "region": (0.05, 0.3)}
"""Chance of a delivery in a week and its mean share of the week's norm use; assumed."""

LESS_WHEN_SHORT, LESS_TO_CARE = 0.35, 0.6
"""Factors on what the consortium sends: of what is short, and to long-term care, which came late to the list in
2020.
"""

INFLATED_SHARE, INFLATED_TIMES = 0.3, (1.5, 4.0)


def behaviour(sites: pl.DataFrame, *, seed: int) -> pl.DataFrame:
    """How each care site and outlet for carers behaves when asked, and the day of its newest count: site, answer,
    counted_on.
    """
    rows = sites.filter(
        pl.col("size_unit").is_in(["employees", "clients"]) & (pl.col("sector") != "contact_profession")
    ).select("site", "region")
    rng = stream(seed, "behaviour")
    fresh = rng.integers(1, 4, rows.height)
    old = rng.integers(12, 41, rows.height)
    answer = rng.choice(list(ANSWERS), size=rows.height, p=list(ANSWERS.values()))
    ago = pl.Series("ago", np.where(answer == "stale", old, fresh))
    return rows.select("site", answer=pl.Series(answer), counted_on=pl.lit(TODAY) - pl.duration(days=pl.lit(ago)))


def asked(answers: pl.DataFrame, size: Size) -> pl.DataFrame:
    """Table ``asked``: stock and activity each Thursday, of all sites but those that nobody asked."""
    rounds = pl.DataFrame({"back": [7 * i for i in range(size.rounds)]})
    rows = (
        answers.filter(pl.col("answer") != "not_asked")
        .join(rounds, how="cross")
        .join(pl.DataFrame({"topic": ["activity", "stock"]}), how="cross")
    )
    day = pl.lit(ASKED_ON) - pl.duration(days=pl.col("back"))
    rows = rows.with_columns(day=day).with_columns(
        due=pl.col("day") + dt.timedelta(days=4), known_at=moment(pl.col("day"))
    )
    return shaped(
        rows.with_columns(source=pl.lit("weekly round of the consortium")).sort("site", "topic", "day"), FACTS["asked"]
    )


def deliveries(cells: pl.DataFrame, size: Size, *, seed: int) -> pl.DataFrame:
    """Table ``delivery``: by week and channel, in whole packs; what the consortium sends is less where little is in the
    country.
    """
    rng = stream(seed, "delivery")
    weeks = pl.DataFrame({"week": range(size.rounds)})
    channels = pl.DataFrame(
        [(c, p, s) for c, (p, s) in CHANNELS.items()], schema=["channel", "chance", "part"], orient="row"
    )
    rows = cells.join(weeks, how="cross").join(channels, how="cross")
    rows = rows.filter(pl.Series(rng.random(rows.height)) < pl.col("chance") * _packs(pl.col("w") * 7 * pl.col("part")))
    by_consortium, little, care = (
        pl.col("channel") == "consortium",
        pl.col("central_days") < 10,
        pl.col("group") == "care",
    )
    less = pl.when(by_consortium & little).then(LESS_WHEN_SHORT).otherwise(1.0)
    less *= pl.when(by_consortium & care).then(LESS_TO_CARE).otherwise(1.0)
    pieces = whole_packs(
        pl.col("w") * 7 * pl.col("part") * less * pl.Series(rng.uniform(0.5, 1.5, rows.height)), pl.col("pack")
    )
    back = pl.col("week") * 7 + pl.Series(rng.integers(1, 8, rows.height))
    rows = rows.with_columns(pieces=pieces, day=pl.lit(TODAY) - pl.duration(days=back)).with_row_index(
        "number", offset=1
    )
    unseen = pl.Series(rng.random(rows.height)) < 0.01
    return rows.with_columns(
        delivery=pl.format("D{}", pl.col("number").cast(pl.String).str.zfill(7)),
        product="article",
        lot=pl.when(pl.col("channel").is_in(list(FILL_ORDERS))).then(pl.format("{}-A1", "need")).otherwise(pl.lit("-")),
        from_site=pl.when(pl.col("channel") == "consortium")
        .then("warehouse")
        .when(pl.col("channel") == "region")
        .then("hub"),
        pieces=pl.when(~unseen).then("pieces"),
        reason=pl.when(unseen).then(pl.lit("not_counted")),
        known_at=moment(pl.col("day"), hour=18),
        source=pl.when(pl.col("channel") == "own_purchase")
        .then(pl.lit("the institution"))
        .otherwise(pl.lit("delivery note")),
        how=pl.when(pl.col("channel") == "donated").then(pl.lit("estimated")).otherwise(pl.lit("counted")),
    )


def stock(cells: pl.DataFrame, answers: pl.DataFrame, received: pl.DataFrame, size: Size, *, seed: int) -> pl.DataFrame:
    """Table ``stock`` at the sites: the newest count, counts of the weeks before it that fit it, and what went
    wrong.
    """
    rng = stream(seed, "stock")
    rows = cells.join(answers, on="site", maintain_order="left").filter(
        ~pl.col("answer").is_in(["silent", "not_asked"])
    )
    cover = pl.col("site_days") * pl.Series(rng.lognormal(-0.2, 0.7, rows.height))
    exact = pl.Series(rng.random(rows.height)) < 0.3
    loose = (pl.col("w") * cover).round().cast(pl.Int64)
    packed = ((pl.col("w") * cover / pl.col("pack")).round() * pl.col("pack")).cast(pl.Int64)
    newest = rows.with_columns(
        pieces=pl.when(exact).then(loose).otherwise(packed), use_rate=pl.Series(rng.uniform(0.7, 1.0, rows.height))
    )
    counts = _history(newest, received, size.rounds).with_columns(product="article", status=pl.lit("approved"))
    counts = counts.pipe(_with_doubt, rng).pipe(_with_reasons, rng).pipe(_with_lots)
    counts = counts.with_columns(
        known_at=moment(pl.col("day"), hour=17), source=pl.format("count of {}", "site"), how=pl.lit("counted")
    )
    return pl.concat([shaped(counts, FACTS["stock"]), _second_thoughts(shaped(counts, FACTS["stock"]), rng)])


def _history(newest: pl.DataFrame, received: pl.DataFrame, rounds: int) -> pl.DataFrame:
    """Counts a week apart: what was there a week before is what is left, plus use, less what came in between.

    Where that would be less than nothing, all counts of the cell are raised alike, so that the ledger still closes.
    """
    counts = [newest.with_columns(day="counted_on")]
    for _ in range(rounds - 1):
        later = counts[-1]
        came = received.select("site", "need", came_on="day", came="pieces").join(
            later.select("site", "need", "day"), on=["site", "need"]
        )
        between = came.filter(
            (pl.col("came_on") <= pl.col("day")) & (pl.col("came_on") > pl.col("day") - dt.timedelta(days=7))
        )
        before = later.join(
            between.group_by("site", "need").agg(pl.col("came").sum()),
            on=["site", "need"],
            how="left",
            maintain_order="left",
        )
        left = pl.col("pieces") + pl.col("w") * 7 * pl.col("use_rate") - pl.col("came").fill_null(0)
        counts.append(
            before.with_columns(pieces=left.round().cast(pl.Int64), day=pl.col("day") - dt.timedelta(days=7)).drop(
                "came"
            )
        )
    lowest = pl.col("pieces").min().over("site", "need").clip(upper_bound=0)
    return pl.concat(counts).with_columns(pieces=pl.col("pieces") - lowest)


def _with_doubt(rows: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """One site in fifty falls to a fraction of what it counted a week before, more than it can have used."""
    sites = rows.select("site").unique(maintain_order=True)
    fell = sites.filter(pl.Series(rng.random(sites.height)) < 0.02)["site"]
    before = pl.col("site").is_in(fell.implode()) & (pl.col("day") < pl.col("counted_on"))
    return rows.with_columns(pieces=pl.when(before).then(pl.col("pieces") * 4).otherwise(pl.col("pieces")))


def _with_lots(rows: pl.DataFrame) -> pl.DataFrame:
    """Hospitals keep lots, with a last day of use; others put a dash."""
    keeps = pl.col("sector").is_in(["umc", "hospital"])
    plain = rows.filter(~keeps).with_columns(lot=pl.lit("-"), expires_on=pl.lit(None, dtype=pl.Date))
    first = rows.filter(keeps).with_columns(lot=pl.format("{}-A1", "need"), expires_on=pl.lit(dt.date(2022, 6, 30)))
    second = first.with_columns(
        pieces=pl.col("pieces") - pl.col("pieces") * 3 // 5,
        lot=pl.format("{}-B7", "need"),
        expires_on=pl.lit(dt.date(2023, 1, 31)),
    )
    return pl.concat([plain, first.with_columns(pieces=pl.col("pieces") * 3 // 5), second]).sort(
        "site", "need", "lot", "day"
    )


def _with_reasons(rows: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Sites that refuse give no number at all; elsewhere one article in fifty was not counted. A missing count is never
    zero.
    """
    skipped = pl.Series(rng.random(rows.height)) < 0.02
    reason = pl.when(pl.col("answer") == "refused").then(pl.lit("refused")).when(skipped).then(pl.lit("not_counted"))
    rows = rows.with_columns(reason=reason)
    return rows.with_columns(pieces=pl.when(pl.col("reason").is_null()).then("pieces"))


def _second_thoughts(counts: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Counts set right later that week: a box found behind the door, or a whole count withdrawn."""
    known = pl.col("pieces").is_not_null() & (pl.col("day") <= TODAY - dt.timedelta(days=3))
    rows = counts.with_columns(
        chance=pl.Series(rng.random(counts.height)), known_at=pl.lit(AS_OF - dt.timedelta(hours=20))
    )
    upward = rows.filter(known & (pl.col("chance") < 0.01)).with_columns(
        pieces=(pl.col("pieces") * 1.5).ceil().cast(pl.Int64) + 100, source=pl.format("correction of {}", "site")
    )
    withdrawn = rows.filter(known & (pl.col("chance") > 0.995)).with_columns(
        pieces=pl.lit(None, dtype=pl.Int64),
        reason=pl.lit("retracted").cast(counts.schema["reason"]),
        source=pl.format("withdrawn by {}", "site"),
    )
    return pl.concat([upward, withdrawn]).drop("chance").select(counts.columns)


def use(cells: pl.DataFrame, *, seed: int) -> pl.DataFrame:
    """Table ``use``: hospitals and ambulance services record a week; it lies below the norm, as scarce goods are
    spared.
    """
    rng = stream(seed, "use")
    rows = cells.filter(pl.col("sector").is_in(["umc", "hospital", "ambulance"]))
    spared = pl.Series(rng.uniform(0.35, 0.95, rows.height))
    return shaped(
        rows.with_columns(
            day=pl.lit(TODAY - dt.timedelta(days=3)),
            days=pl.lit(7),
            pieces=(pl.col("w") * 7 * spared).round().cast(pl.Int64),
            known_at=pl.lit(AS_OF - dt.timedelta(hours=24)),
            source=pl.format("ward system of {}", "site"),
            how=pl.lit("counted"),
        ),
        FACTS["use"],
    )


def requests(wanted: pl.DataFrame, size: Size, *, seed: int) -> pl.DataFrame:
    """Table ``request``: wishes in whole packs, a good part of them inflated, a few beyond belief, some sent twice."""
    rng = stream(seed, "request")
    chance = pl.when(pl.col("central_days") < 10).then(0.7).when(pl.col("central_days") < 20).then(0.5).otherwise(0.25)
    weekly = wanted.join(pl.DataFrame({"week": range(size.rounds)}), how="cross")
    rows = weekly.filter(pl.Series(rng.random(weekly.height)) < chance * _packs(pl.col("w") * 10)).pipe(
        _with_inflation, rng
    )
    pieces = whole_packs(pl.col("w") * pl.Series(rng.uniform(7, 14, rows.height)) * pl.col("times"), pl.col("pack"))
    day = pl.lit(TODAY) - pl.duration(days=pl.col("week") * 7 + pl.lit(pl.Series(rng.integers(1, 8, rows.height))))
    rows = rows.with_columns(pieces=pieces, day=day, urgent=pl.Series(rng.random(rows.height)) < 0.06).with_row_index(
        "number", offset=1
    )
    rows = rows.with_columns(request=pl.format("A{}", pl.col("number").cast(pl.String).str.zfill(7)))
    called = pl.Series(rng.random(rows.height)) < 0.08
    rows = rows.with_columns(
        checked_pieces=pl.when(called).then(whole_packs(pl.col("pieces") / pl.col("times"), pl.col("pack"))),
        checked_by=pl.when(called).then(pl.lit("call desk")),
        repeats=pl.lit(None, dtype=pl.String),
    )
    return _with_doubles(rows, rng).with_columns(
        known_at=moment(pl.col("day"), hour=20), source=pl.lit("order portal"), how=pl.lit("counted")
    )


def _packs(pieces: pl.Expr) -> pl.Expr:
    """How many packs a week's quantity fills, 1 at most: who uses less than a pack a week orders less than weekly."""
    return (pieces / pl.col("pack")).clip(upper_bound=1.0)


def _with_inflation(rows: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Inflation is a habit of the requester, not of the line; one line in two thousand (three at least) is absurd."""
    sites = rows.select("site").unique(maintain_order=True)
    habit = np.where(rng.random(sites.height) < INFLATED_SHARE, rng.uniform(*INFLATED_TIMES, sites.height), 1.0)
    rows = rows.join(sites.with_columns(times=pl.Series(habit)), on="site", maintain_order="left")
    absurd = rng.choice(rows.height, size=max(3, rows.height // 2000), replace=False)
    factor = np.ones(rows.height)
    factor[absurd] = rng.choice([500.0, 2_000.0, 100_000.0], size=len(absurd))
    return rows.with_columns(times=pl.col("times") * pl.Series(factor))


def _with_doubles(rows: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """One request in twenty comes again within three days; half of those say what they repeat."""
    again = rows.filter((pl.Series(rng.random(rows.height)) < 0.05) & (pl.col("day") <= TODAY - dt.timedelta(days=4)))
    says = pl.Series(rng.random(again.height)) < 0.5
    again = again.with_columns(
        repeats=pl.when(says).then("request"),
        request=pl.format("{}-2", "request"),
        day=pl.col("day") + pl.duration(days=pl.lit(pl.Series(rng.integers(1, 4, again.height)))),
    )
    return pl.concat([rows, again])


def linked(delivered: pl.DataFrame, requested: pl.DataFrame) -> pl.DataFrame:
    """Table ``delivery`` with, on what the consortium sent, the oldest request it can answer."""
    oldest = (
        requested.sort("day", "request")
        .group_by("site", "need", maintain_order=True)
        .agg(answers=pl.col("request").first(), since=pl.col("day").first())
    )
    rows = delivered.join(oldest, on=["site", "need"], how="left", maintain_order="left")
    fits = (pl.col("channel") == "consortium") & (pl.col("since") < pl.col("day"))
    return shaped(rows.with_columns(request=pl.when(fits).then("answers")), FACTS["delivery"])
