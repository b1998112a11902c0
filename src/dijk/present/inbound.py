"""Orders that are on their way: the lines of which something is still to come, what they measure, and how the day on
which they are expected moved.
"""

import datetime as dt

import polars as pl

from dijk.inputs import Inputs
from dijk.policy import Policy, served_need
from dijk.present.now import Now
from dijk.tables.facts import CLOSED, still_to_come

TWO_WEEKS = 14
"""Days ahead that are told day by day, and days back of what was bought lately."""

MEASURES = ("packs", "kg", "m3")
"""What the lines of a day add up to."""


def open_lines(now: Now) -> pl.DataFrame:
    """Order lines of which something is still to come, with the need they serve and ``open_pieces``."""
    return (
        now.world.inbound.filter(still_to_come())
        .join(served_need(now.policy, now.world.today), on="product")
        .with_columns(open_pieces=pl.col("pieces") - pl.col("received_pieces"))
        .sort("order", "line")
    )


def measured(lines: pl.DataFrame, world: Inputs, policy: Policy) -> pl.DataFrame:
    """Add to order lines the need they serve, and what their pieces are in whole packs, kg, m3 and euro cents.

    What the article does not state, or nobody knows of the line, stays unknown. The need of an article that nothing
    accepts today is unknown.
    """
    need = served_need(policy, world.today)
    measures = world.product.select(
        "product", "pieces_per_pack", "kg_per_pack", "litres_per_pack", "measures_how", "storage"
    )
    return (
        lines.join(measures, on="product", how="left")
        .join(need, on="product", how="left")
        .with_columns(packs=whole_packs("pieces"))
        .with_columns(
            kg=pl.col("packs") * pl.col("kg_per_pack"),
            m3=pl.col("packs") * pl.col("litres_per_pack") / 1000,
            cents=pl.col("packs") * pl.col("cents_per_pack"),
            place=pl.format("{}/{}", "order", "line"),
        )
    )


def whole_packs(pieces: str) -> pl.Expr:
    """Pieces of a line as `measured` in whole packs: a pack that is begun is a pack."""
    return -(-pl.col(pieces) // pl.col("pieces_per_pack"))


def coming(world: Inputs, policy: Policy) -> pl.DataFrame:
    """Order lines of which something is still to come, those of which nobody knows how much among them, as `measured`:
    ``pieces`` are those still to come; ``when`` says on which side of the coming two weeks the expected day lies (late,
    due, later or undated).
    """
    expected, today = pl.col("expected"), world.today
    when = (
        pl.when(expected.is_null())
        .then(pl.lit("undated"))
        .when(expected < today)
        .then(pl.lit("late"))
        .when(expected <= today + dt.timedelta(days=TWO_WEEKS))
        .then(pl.lit("due"))
        .otherwise(pl.lit("later"))
    )
    unknown = ~pl.col("state").is_in(list(CLOSED)) & pl.col("pieces").is_null()
    lines = world.inbound.filter(still_to_come().fill_null(False) | unknown)
    lines = lines.with_columns(pieces=pl.col("pieces") - pl.col("received_pieces"), when=when)
    return measured(lines, world, policy).sort("expected", "order", "line", nulls_last=True)


def added_up(lines: pl.DataFrame, *by: str) -> pl.DataFrame:
    """What order lines, as `measured`, come to: of each group ``lines``, and the sum of what is known of packs, kg and
    m3, each with the number of lines of which it is unknown (``packs_unknown``). A sum of which nothing is known is
    unknown.

    ``cold`` counts the lines that are stored cooled or frozen, ``cold_m3`` is their volume; lines of which the storage
    is unknown are ``storage_unknown``. Groups come in the order of their values, an unknown one last.

    Examples
    --------
    Two lines of a day, one of an article without a weight:

    >>> day = pl.DataFrame({"day": 1, "packs": [2, 3], "kg": [4.0, None], "m3": [0.1, 0.2], "storage": "ambient"})
    >>> added_up(day, "day").select("lines", "packs", "kg", "kg_unknown").row(0)
    (2, 5, 4.0, 1)
    """
    cold = pl.col("storage").cast(pl.String).is_in(["cool_2_8", "frozen"])
    of_cold = pl.col("m3").filter(cold)
    return (
        lines.group_by(by)
        .agg(
            pl.len().alias("lines"),
            *(_known_sum(name) for name in MEASURES),
            *(pl.col(name).null_count().alias(f"{name}_unknown") for name in MEASURES),
            cold=cold.sum(),
            cold_m3=pl.when(of_cold.null_count() < of_cold.len()).then(of_cold.sum()),
            cold_m3_unknown=of_cold.null_count(),
            storage_unknown=pl.col("storage").null_count(),
        )
        .sort(by, nulls_last=True)
    )


def _known_sum(name: str) -> pl.Expr:
    return pl.when(pl.col(name).is_not_null().any()).then(pl.col(name).sum()).alias(name)


def slips(told: pl.DataFrame) -> pl.DataFrame:
    """How the expected day of each order line moved, from all rows ever told of it: order, line, ``first_expected``
    (the first day that was told), ``moves`` (how often another day was told after it) and ``slip_days`` (the day told
    last less the first: below 0 is sooner). Unknown where no day was ever told, the slip also where nobody knows the
    day any more.

    Examples
    --------
    A line that was moved twice, to a later day and then to a sooner one:

    >>> days = [dt.date(2020, 5, day) for day in (4, 11, 8)]
    >>> told = pl.DataFrame({"order": "A", "line": 1, "known_at": [1, 2, 3], "reason": None, "expected": days})
    >>> slips(told.cast({"reason": pl.String})).row(0)
    ('A', 1, datetime.date(2020, 5, 4), 2, 4)
    """
    days = pl.col("expected").drop_nulls()
    rows = told.filter(pl.col("reason").ne_missing("retracted")).sort("order", "line", "known_at")
    return rows.group_by("order", "line", maintain_order=True).agg(
        first_expected=days.first(),
        moves=days.diff().dt.total_days().ne(0).sum(),
        slip_days=(pl.col("expected").last() - days.first()).dt.total_days(),
    )
