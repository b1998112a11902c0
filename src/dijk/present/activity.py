"""Activity as it counts: what a site told of its care, as far as its own past and its peers bear it out.

A claim grows with activity, and nobody sees it but the site itself. So what passes by far the site's own past, moved as
its peers moved, or its busy peers, waits for a check by another; and what is no longer told fades to what quiet peers
have. Forecasts of the nation's demand take activity as told; only the weight in a division is held back.
"""

import datetime as dt

import polars as pl

from dijk.inputs import CONFIRMED, OWN_WORD, Inputs
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

FEWEST_VALUES = 3
"""Fewer values may be the same at two sites by chance; assumed."""

QUIET, TYPICAL, BUSY = 0.25, 0.5, 0.75
"""Quantiles of activity per unit of size: over all peers that tell, and the others over those with any; assumed."""

SERIES = ("site", "driver", "risk_class")
KIND = ("sector", "size_unit", "driver", "risk_class")


def open_places(world: Inputs) -> pl.DataFrame:
    """Sites with a sector that are not closed today, with the size that counts: site, sector, size_unit, size. A site
    that was registered again stands there once; see `registered_again`.
    """
    known = world.site.filter(pl.col("sector").is_not_null()).join(registered_again(world), on="site", how="anti")
    return with_believed_size(known, world).filter(_is_open(world)).select("site", "sector", "size_unit", "size")


def _is_open(world: Inputs) -> pl.Expr:
    return pl.col("closed_on").fill_null(dt.date.max) >= world.today


def with_believed_size(places: pl.DataFrame, world: Inputs) -> pl.DataFrame:
    """Rows of ``site`` with the ``size`` that counts: one that only the applicant vouches for counts up to the last one
    of its own that another confirmed, else up to the median of those of its kind that others confirmed, and as told
    where there is neither to hold it against.
    """
    kind = ["sector", "size_unit"]
    last = world.confirmed_site.sort("known_at").group_by("site", "size_unit").agg(last=pl.col("size").last())
    median = pl.col("size").filter(~OWN_WORD).median().floor().cast(pl.Int64).over(kind)
    rows = places.with_columns(median=median).join(last, on=["site", "size_unit"], how="left", maintain_order="left")
    most = pl.coalesce("last", "median")
    return rows.with_columns(size=pl.when(OWN_WORD).then(pl.min_horizontal("size", most)).otherwise("size"))


def registered_again(world: Inputs) -> pl.DataFrame:
    """Sites that count as another one until a register or the region confirms them: site, ``other``, sorted.

    Those that nobody ever confirmed, on the applicant's own word, beside a confirmed site of the same organisation,
    kind, sector and region that is open; and those, confirmed by nobody, that told day by day the very activity of
    another site of their sector: three values or more in the five weeks to today, not all alike. Of several such sites
    the one that others confirmed counts, then the one that was known first, then the first by code.
    """
    rows = pl.concat([_beside_a_confirmed_one(world), _of_the_same_activity(world)])
    return rows.unique("site", keep="first", maintain_order=True).sort("site")


def _beside_a_confirmed_one(world: Inputs) -> pl.DataFrame:
    group = ["organisation", "kind", "sector", "region"]
    places = world.site.filter(pl.col("sector").is_not_null() & _is_open(world)).sort("site")
    first = places.filter(CONFIRMED).group_by(group).agg(other=pl.col("site").first())
    new = places.filter(OWN_WORD).join(world.confirmed_site, on="site", how="anti")
    return new.join(first, on=group).select("site", "other")


def _of_the_same_activity(world: Inputs) -> pl.DataFrame:
    places = world.site.select("site", "sector", "known_at", sure=CONFIRMED).drop_nulls("sector")
    since = world.today - dt.timedelta(days=RECENT_DAYS + PAST_DAYS)
    told = world.activity.filter(pl.col("units").is_not_null() & pl.col("day").is_between(since, world.today))
    same = pl.struct("driver", "risk_class", "day", "units").hash(seed=0).sum()
    series = told.group_by("site").agg(same=same, values=pl.len(), kinds=pl.col("units").n_unique())
    alike = series.filter((pl.col("values") >= FEWEST_VALUES) & (pl.col("kinds") > 1)).join(places, on="site")
    group = ("sector", "same", "values")
    alike = alike.filter(pl.len().over(group) > 1).sort("sure", "known_at", "site", descending=[True, False, False])
    alike = alike.with_columns(other=pl.col("site").first().over(group))
    return alike.filter(~pl.col("sure") & (pl.col("site") != pl.col("other"))).select("site", "other")


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
    are left out, and those that count as another. Unchecked units count up to ``activity_margin`` times the site's own
    past, moved as its peers moved, and in the first week of a rise up to ``activity_jump`` times; after a past of
    nothing up to what it told before and a typical peer of its size has; a first telling up to a typical peer; and
    never above as many times a busy peer, or, without a size, what the middle one of the peers with a confirmed size
    tells. Where there is neither past nor peer they count as told.
    """
    rows = _told(world).join(open_places(world), on="site").join(_among_peers(world), on=_PEERS, how="left")
    rows = rows.join(_per_size(rows, world), on=KIND, how="left", nulls_equal=True)
    typical, quiet = pl.col("typical") * pl.col("size"), pl.col("quiet") * pl.col("size")
    jump, margin = (policy.number(rule, world.today) for rule in ("activity_jump", "activity_margin"))
    factor = pl.when(_just_rose(world, margin)).then(max(jump, margin)).otherwise(margin)
    past = pl.col("base") * pl.col("trend").fill_null(1.0) * factor
    from_nothing = pl.when(pl.col("base") == 0).then(pl.min_horizontal("before", typical))
    before = pl.when(pl.col("base").is_null()).then(typical).otherwise(from_nothing)
    busy = pl.when(pl.col("size").is_null()).then("usual").otherwise(pl.col("busy") * pl.col("size") * factor)
    explained = pl.min_horizontal(pl.max_horizontal(past, before), busy)
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


def _just_rose(world: Inputs, margin: float) -> pl.Expr:
    """Series that rise for the first week: still told, told the week before as well, and never far above their past
    till then. So a jump is granted once, and neither keeping it up nor a silence before it grants another.
    """
    told_before = pl.col("before_on") > pl.col("on") - dt.timedelta(days=2 * RECENT_DAYS)
    calm, usual = pl.col("base") * margin, pl.col("base") * pl.col("trend").fill_null(1.0) * margin
    return _is_recent(world) & told_before & (pl.col("most") <= calm) & (pl.col("told") > usual)


def _told(world: Inputs) -> pl.DataFrame:
    """Each series as told: ``told``, ``on``, ``checked`` (by another, every value of it), ``base`` (median of its past,
    the lower of two), ``most`` (the highest of it), ``before`` and ``before_on`` (the value before, and its day); these
    four are empty for a first telling.
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
        base=pl.col("units").quantile(0.5, "lower"),
        most=pl.col("units").max(),
        before=pl.col("units").sort_by("day").last(),
        before_on=pl.col("day").max(),
    )
    return told.join(known, on=SERIES, how="left")


def _among_peers(world: Inputs) -> pl.DataFrame:
    """What the peers of a series do, whatever their size: ``trend``, how they moved from their past to now, as the
    median of their ratios, which no tenth of them that agree can lift; and ``usual``, what the middle one tells now of
    those with any whose size another confirmed. Each is empty with fewer than `FEWEST_PEERS`.
    """
    rows = _told(world).join(world.site.select("site", "sector", sure=CONFIRMED), on="site").filter(_is_recent(world))
    had, has = pl.col("base") > 0, pl.col("sure") & (pl.col("told") > 0)
    return rows.group_by(_PEERS).agg(
        trend=pl.when(had.sum() >= FEWEST_PEERS).then((pl.col("told") / pl.col("base")).filter(had).median()),
        usual=pl.when(has.sum() >= FEWEST_PEERS).then(pl.col("told").filter(has).quantile(TYPICAL, "lower")),
    )


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
    """Sites that were asked for their activity, are past the due day, and told nothing of that day or later: site,
    asked_on.
    """
    due = world.asked.filter((pl.col("topic") == "activity") & (pl.col("due") < world.today))
    asked = due.group_by("site").agg(asked_on=pl.col("day").max())
    told = world.activity.filter(pl.col("units").is_not_null()).group_by("site").agg(on=pl.col("day").max())
    return (
        asked.join(told, on="site", how="left")
        .filter(pl.col("on").is_null() | (pl.col("on") < pl.col("asked_on")))
        .select("site", "asked_on")
    )
