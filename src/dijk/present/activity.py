"""Activity as it counts: what a site told of its care, as far as its own past and its peers bear it out.

A claim grows with activity, and nobody sees it but the site itself. So what passes by far the site's own past, moved as
its peers moved, or its busy peers, waits for a check by another; and what is no longer told fades to what quiet peers
have. Forecasts of the nation's demand take activity as told; only the weight in a division is held back.
"""

import datetime as dt

import polars as pl

from dijk.inputs import Inputs
from dijk.known import exact_sum
from dijk.policy import Policy

RECENT_DAYS = 7
"""Days of which activity is the present; a site whose last value is older is no longer telling."""

PAST_DAYS = 28
"""Days before those that make a site's own past."""

FADES_IN_DAYS = 14
"""Days in which an old value fades to what quiet peers have; assumed."""

FEWEST_PEERS = 5
"""With fewer peers nothing can be said of how they moved, and they are taken to have stood still; assumed."""

QUIET, TYPICAL, BUSY = 0.25, 0.5, 0.75
"""Quantiles of activity per unit of size: over all peers that tell, and the others over those with any; assumed."""

SERIES = ("site", "driver", "risk_class")
KIND = ("sector", "size_unit", "driver", "risk_class")


def open_places(world: Inputs) -> pl.DataFrame:
    """Sites with a sector that are not closed today, with the size that counts: site, sector, size_unit, size."""
    known = world.site.filter(pl.col("sector").is_not_null())
    is_open = pl.col("closed_on").fill_null(dt.date.max) >= world.today
    return known.with_columns(size=believed_size()).filter(is_open).select("site", "sector", "size_unit", "size")


def believed_size() -> pl.Expr:
    """The size of each row of ``site``: one that only the applicant vouches for counts up to the median of those of
    its kind that others confirmed, and as told where there is none to hold it against.
    """
    own = pl.col("size_confirmed_by") == "applicant"
    median = pl.col("size").filter(~own).median().floor().cast(pl.Int64).over("sector", "size_unit")
    return pl.when(own).then(pl.min_horizontal("size", median)).otherwise("size")


def recent_activity(world: Inputs) -> pl.DataFrame:
    """Units a day per site, driver and risk class as told: mean of the last seven days with a value, else the last
    value.
    """
    return _told(world).select(*SERIES, units="told")


def believed(world: Inputs, policy: Policy) -> pl.DataFrame:
    """What of the activity told counts in a division.

    Returns
    -------
    Columns site, sector, driver, risk_class, on (the last day told), ``told`` and ``units`` (units a day: as told, and
    as they count), ``jumps`` (told is more than can be explained, and nobody else checked it), ``stale``. Closed sites
    are left out. Unchecked units count up to ``activity_jump`` times the site's own past, moved as its peers moved; or
    up to what it told before and a typical peer of its size has; a first telling up to a typical peer; and never above
    ``activity_jump`` times a busy peer. Where there is neither past nor peer they count as told.
    """
    rows = _told(world).join(open_places(world), on="site").join(_trend(world), on=_PEERS, how="left")
    rows = rows.join(_per_size(rows, world), on=KIND, how="left", nulls_equal=True)
    typical, quiet = pl.col("typical") * pl.col("size"), pl.col("quiet") * pl.col("size")
    jump = policy.number("activity_jump", world.today)
    past = pl.col("base") * pl.col("trend").fill_null(1.0) * jump
    before = pl.when(pl.col("base").is_null()).then(typical).otherwise(pl.min_horizontal("before", typical))
    explained = pl.min_horizontal(pl.max_horizontal(past, before), pl.col("busy") * pl.col("size") * jump)
    bounded = pl.when("checked").then("told").otherwise(pl.min_horizontal("told", explained))
    age = (pl.lit(world.today) - pl.col("on")).dt.total_days() - RECENT_DAYS
    faded = (age / FADES_IN_DAYS).clip(0, 1)
    rest = pl.min_horizontal("bounded", quiet.fill_null(0.0))
    return (
        rows.with_columns(bounded=bounded)
        .with_columns(units=pl.col("bounded") * (1 - faded) + rest * faded, stale=age > 0)
        .select("site", "sector", *SERIES[1:], "on", "told", "units", "stale", jumps=pl.col("bounded") < pl.col("told"))
    )


_PEERS = ("sector", "driver", "risk_class")


def _told(world: Inputs) -> pl.DataFrame:
    """Each series as told: ``told``, ``on``, ``checked`` (by another, every value of it), ``base`` (median of its past,
    the lower of two) and ``before`` (the value before); the last two are empty for a first telling.
    """
    rows = world.activity.filter(pl.col("units").is_not_null() & (pl.col("day") <= world.today)).sort(*SERIES, "day")
    rows = rows.with_columns(on=pl.col("day").max().over(SERIES))
    newest = (pl.col("day") > world.today - dt.timedelta(days=RECENT_DAYS)) | (pl.col("day") == pl.col("on"))
    is_past = ~newest & (pl.col("day") > pl.col("on") - dt.timedelta(days=RECENT_DAYS + PAST_DAYS))
    now, past = rows.filter(newest), rows.filter(is_past)
    told = now.group_by(SERIES).agg(
        pl.col("on").first(),
        told=exact_sum("units") / pl.len(),
        checked=pl.col("checked_by").is_not_null().all(),
    )
    known = past.group_by(SERIES).agg(
        base=pl.col("units").quantile(0.5, "lower"), before=pl.col("units").sort_by("day").last()
    )
    return told.join(known, on=SERIES, how="left")


def _trend(world: Inputs) -> pl.DataFrame:
    """How the peers of a series moved from their past to now, as the median of their ratios: the middle one, so that no
    tenth of them that agree can lift it.
    """
    places = world.site.select("site", "sector")
    rows = _told(world).join(places, on="site").filter((pl.col("base") > 0) & _is_recent(world))
    moved = rows.group_by(_PEERS).agg(trend=(pl.col("told") / pl.col("base")).median(), peers=pl.len())
    return moved.filter(pl.col("peers") >= FEWEST_PEERS).drop("peers")


def _per_size(rows: pl.DataFrame, world: Inputs) -> pl.DataFrame:
    """Activity per unit of size of the peers that are telling: ``typical`` and ``busy`` of those with any, ``quiet`` of
    all.
    """
    here = rows.filter((pl.col("size") > 0) & _is_recent(world)).with_columns(rate=pl.col("told") / pl.col("size"))
    return here.group_by(KIND).agg(
        typical=pl.col("rate").filter(pl.col("rate") > 0).quantile(TYPICAL, "lower"),
        busy=pl.col("rate").filter(pl.col("rate") > 0).quantile(BUSY, "higher"),
        quiet=pl.col("rate").quantile(QUIET, "lower"),
    )


def _is_recent(world: Inputs) -> pl.Expr:
    return pl.col("on") > world.today - dt.timedelta(days=RECENT_DAYS)


def no_answer(world: Inputs) -> pl.DataFrame:
    """Sites that were asked for their activity, are past the due day, and told nothing of that day or later: site."""
    due = world.asked.filter((pl.col("topic") == "activity") & (pl.col("due") < world.today))
    asked = due.group_by("site").agg(asked_on=pl.col("day").max())
    told = world.activity.filter(pl.col("units").is_not_null()).group_by("site").agg(on=pl.col("day").max())
    return (
        asked.join(told, on="site", how="left")
        .filter(pl.col("on").is_null() | (pl.col("on") < pl.col("asked_on")))
        .select("site")
    )
