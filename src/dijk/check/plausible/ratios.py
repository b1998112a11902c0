"""Values that are many times, or a small part of, their own past, their peers, or what else is known."""

import math

import polars as pl

from dijk.check.plausible.rows import HeldAgainst
from dijk.check.plausible.seen import Seen
from dijk.policy import RULES

SPREADS = 4
"""A value is far only beyond so many usual distances too, so that what scatters widely is not doubted each time."""

ENOUGH_PEERS, ENOUGH_TO_SCATTER = 3, 30
TO_SPREAD = 1.4826
"""Makes a median distance comparable with a standard deviation: 1 / the normal distribution's third quartile."""


def past(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """Against the row before with the same key."""
    rows = placed(seen, check).sort(*check.group, check.time)
    return far(rows.with_columns(_base=pl.col("_value").shift().over(check.group)), check)


def peers(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """Against the middle of the rows of the same group; of two, each against the other."""
    value, size = pl.col("_value"), pl.len().over(check.group)
    other = pl.when(size == 2).then(value.sum().over(check.group) - value)
    middle = pl.when(size >= ENOUGH_PEERS).then(value.median().over(check.group)).otherwise(other)
    return far(placed(seen, check).with_columns(_base=middle), check)


def many_peers(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """Against the middle of the rows of the same group, where two of them may well differ."""
    rows = placed(seen, check)
    base = pl.when(pl.len().over(check.group) >= ENOUGH_PEERS).then(pl.col("_value").median().over(check.group))
    return far(rows.with_columns(_base=base), check)


def days_of_norm_use(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """As days of the site's norm use, against the middle of the group's."""
    rows = placed(seen, check).join(seen.norm_use, on=["site", "need"])
    days = pl.col("_value") / pl.col("norm_use")
    return far(rows.with_columns(_base=days.median().over(check.group) * pl.col("norm_use")), check)


def norm_beside_use(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """Norms of a need and sector against what its sites recorded: the middle of use over norm use."""
    use = seen.beside("use", ("sector",)).join(seen.norm_use, on=["site", "need"]).filter(pl.col("pieces") > 0)
    taken = (pl.col("pieces") / pl.col("days") / pl.col("norm_use")).median()
    share = use.group_by(check.group).agg(_share=taken, _seen=pl.len()).filter(pl.col("_seen") >= ENOUGH_PEERS)
    rows = placed(seen, check).join(share, on=list(check.group))
    return far(rows.with_columns(_base=pl.col("_value") * pl.col("_share")), check)


def limit(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """Against another column of the same row."""
    rows = seen.beside(check.table, (str(check.other),))
    rows = rows.with_columns(
        _value=pl.col(check.column).cast(pl.Float64), _base=pl.col(str(check.other)).cast(pl.Float64)
    )
    return far(rows, check)


def start(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """Rules in force against the value that dijk starts from."""
    starts = pl.DataFrame(
        [(name, float(rule.start)) for name, rule in RULES.items() if not rule.is_word],
        schema={"rule": pl.String, "_base": pl.Float64},
        orient="row",
    )
    rows = seen.policy.in_force(check.table, seen.world.today).join(starts, on="rule")
    return far(rows.with_columns(_value=pl.col(check.column)), check)


def no_change(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """Against 1: a factor that changes nothing."""
    return far(placed(seen, check).with_columns(_base=pl.lit(1.0)), check)


def corrected(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """Against the earlier row with the same key, which this one replaced.

    What was corrected was wrong, so that how much corrections scatter tells nothing of how much is usual.
    """
    key = check.key()
    rows = told_again(placed(seen, check), key).sort(*key, "known_at")
    return far(rows.with_columns(_base=pl.col("_value").shift().over(key)), check, scatter=False)


def told_again(rows: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """The rows whose key has more than one; by a number made of the key first, which is quick and loses none."""
    marks = rows.select(pl.struct(key).hash()).to_series()
    return rows.filter(marks.is_duplicated())


def placed(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """The rows with a value above nothing, as ``_value``; per the other column where the check names one."""
    wanted = (*check.group, *((check.other,) if check.other else ()), "pieces_per_pack")
    rows = seen.beside(check.table, wanted).filter(pl.col(check.column) > 0)
    value = pl.col(check.column).cast(pl.Float64)
    return rows.with_columns(_value=value / pl.col(check.other) if check.other else value).filter(
        pl.col("_value").is_finite()
    )


def far(rows: pl.DataFrame, check: HeldAgainst, *, scatter: bool = True) -> pl.DataFrame:
    """The rows whose ``_value`` is more than the factor off its ``_base``, and beyond how all rows usually scatter."""
    floor = check.slack()
    both = rows.filter((pl.col("_base") > 0) & (pl.col("_value") > 0) & (pl.col("_base") + floor).is_finite())
    off = ((pl.col("_value") + floor) / (pl.col("_base") + floor)).log()
    both = both.with_columns(_off=off.abs(), _times=pl.col("_value") / pl.col("_base"))
    spread = usual(both["_off"]) if scatter else 0.0
    return expected(both.filter(pl.col("_off") > max(math.log(check.factor), spread)), check)


def usual(off: pl.Series) -> float:
    """The spread that rows usually have, as a logarithm; none where too few rows tell it."""
    middle = off.median() if off.len() >= ENOUGH_TO_SCATTER else None
    return SPREADS * TO_SPREAD * middle if isinstance(middle, float) else 0.0


def expected(rows: pl.DataFrame, check: HeldAgainst) -> pl.DataFrame:
    """With ``_held``: the value that would have been as the base is, to three figures."""
    value = pl.col(check.column).cast(pl.Float64) / pl.col("_times")
    return rows.with_columns(_held=value.round_sig_figs(3))
