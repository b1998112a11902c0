"""What must agree, as goods do not come from nowhere: sent and held, used and had, ordered and received, one lot."""

import math

import polars as pl

from dijk.check.plausible.rows import HeldAgainst
from dijk.check.plausible.seen import Seen

HOLD_FOR_OTHERS = ("warehouse", "regional_hub")


def exact(rows: pl.DataFrame, held: str | pl.Expr) -> pl.DataFrame:
    """Rows that are wrong whatever the factor, with what they were held against."""
    shown = pl.col(held) if isinstance(held, str) else held
    return rows.with_columns(_held=shown.cast(pl.String), _times=pl.lit(None, pl.Float64))


def over(rows: pl.DataFrame, check: HeldAgainst, most: str) -> pl.DataFrame:
    """The rows whose ``_value`` is more than the factor times what there was, and a pack and the floor besides."""
    slack = pl.col("pieces_per_pack").fill_null(1) if "pieces_per_pack" in rows.columns else pl.lit(0)
    off = rows.filter(pl.col("_value") > pl.col(most) * check.factor + slack + check.slack())
    times = pl.when(pl.col(most) > 0).then(pl.col("_value") / pl.col(most))
    return off.with_columns(_held=pl.col(most).round_sig_figs(3), _times=times)


def reckonable(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """A number so large that a division, which is exact to a millionth of a piece, could not hold its sum."""
    rows = seen.table(check.table).filter(pl.col(check.column) > check.factor)
    return exact(rows, pl.lit(f"{check.factor:,.0f}"))


def at_most(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """A column that may not pass another of the same row."""
    rows = seen.table(check.table).filter(pl.col(check.column) > pl.col(str(check.other)) * check.factor)
    return exact(rows, str(check.other))


def received_in_full(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """What is said to be received, of which not all was."""
    part = (pl.col("state") == "received") & (pl.col("received_pieces") * check.factor < pl.col("pieces"))
    return exact(seen.table(check.table).filter(part), pl.format("{} / {}", "received_pieces", "pieces"))


def no_more_than_asked(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """Deliveries on a request against what was asked in it."""
    asked = seen.world.request.drop_nulls("pieces").select("request", asked="pieces")
    rows = seen.beside(check.table, ("pieces_per_pack",)).drop_nulls("request").join(asked, on="request")
    return over(rows.with_columns(_value=pl.col("pieces").sum().over("request")), check, "asked")


def agrees_with_request(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """Site and need of a delivery, and of a repeated request, against those of the request that it names."""
    asked = seen.world.request.select(_asked="request", _held=check.column)
    rows = seen.table(check.table).join(asked, left_on=str(check.other), right_on="_asked")
    return exact(rows.filter(pl.col(check.column) != pl.col("_held")), "_held")


def names_a_request(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """A number of a request that no request has."""
    rows = seen.table(check.table).drop_nulls(check.column)
    lost = rows.filter(~pl.col(check.column).is_in(seen.world.request["request"].implode()))
    return exact(lost, pl.lit("-"))


def accepted_for(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """The need of a delivery against the needs for which its article was ever accepted."""
    known = seen.policy.acceptance.group_by("product").agg(_held=pl.col("need").unique().sort().str.join(", "))
    pairs = seen.policy.acceptance.select("product", "need").unique()
    rows = seen.table(check.table).join(known, on="product")
    return exact(rows.join(pairs, on=["product", "need"], how="anti"), "_held")


def holds_for_others(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """Where goods for others come from or go to: a place that holds goods for others."""
    places = seen.world.site.select(pl.col("site").alias(check.column), _kind=pl.col("kind").cast(pl.String))
    rows = seen.table(check.table).join(places, on=check.column)
    return exact(rows.filter(~pl.col("_kind").is_in(HOLD_FOR_OTHERS)), "_kind")


def from_elsewhere(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """A delivery from the very site that it went to."""
    return exact(seen.table(check.table).filter(pl.col("site") == pl.col(check.column)), "site")


def alike_in_lot(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """What a lot has but one of, against the rows of the same lot: the value that most of them have."""
    rows = seen.table(check.table).filter((pl.col("lot") != "-") & pl.col(check.column).is_not_null())
    many = rows.group_by(check.group).agg(
        _held=pl.col(check.column).mode().sort().first(), _n=pl.col(check.column).n_unique()
    )
    off = rows.join(many.filter(pl.col("_n") > 1), on=list(check.group))
    return exact(off.filter(pl.col(check.column) != pl.col("_held")), "_held")


def counted_once(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """The same pieces of a lot counted on one day under two statuses."""
    same = ["site", "product", "lot", "day", "pieces"]
    rows = seen.table(check.table).filter(pl.col("pieces") > 0)
    twice = rows.filter(pl.len().over(same) > 1).with_columns(_held=pl.col("status").cast(pl.String).first().over(same))
    return exact(twice.filter(pl.col("status").cast(pl.String) != pl.col("_held")), "_held")


def keeps_within_shelf_life(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """A last day of use against the day of the count and the shelf life that goods have when made."""
    rows = seen.beside(check.table, ("shelf_life_days",)).drop_nulls(["expires_on", "shelf_life_days"])
    last = pl.col("day") + pl.duration(days=pl.col("shelf_life_days") * check.factor)
    return exact(rows.filter(pl.col("expires_on") > last), last)


def no_more_than_came(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """A count of a need against the count before it and what came since; use of a week is not doubted."""
    same = (pl.col("site") == pl.col("site").shift()) & (pl.col("need") == pl.col("need").shift())  # they are sorted so
    more = pl.col("had") > pl.col("_had") * check.factor + check.slack()
    counts = seen.counts.with_columns(pl.col("had", "day").shift().name.prefix("_")).filter(same & more)
    had = weeks_use(seen, with_arrivals(seen, counts, since="_day"))
    most = pl.col("_had") + pl.col("_came") + pl.col("_week")
    risen = had.select("site", "need", "day", _most=most, _value="had").filter(
        pl.col("_value") > pl.col("_most") * check.factor
    )
    rows = seen.beside(check.table, ("need", "pieces_per_pack"), of=risen.select("site", "day")).filter(
        pl.col("pieces") > 0
    )
    return over(rows.join(risen, on=["site", "need", "day"]), check, "_most")


def weeks_use(seen: Seen, rows: pl.DataFrame) -> pl.DataFrame:
    """With ``_week``: the norm use of a week, none where it is not known."""
    by_norm = seen.norm_use.select("site", "need", _week=pl.col("norm_use") * 7)
    return rows.join(by_norm, on=["site", "need"], how="left").with_columns(pl.col("_week").fill_null(0))


def no_more_used_than_had(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """Use of a period against the last count before it and what came since."""
    rows = (
        seen.table(check.table)
        .filter(pl.col("pieces") > 0)
        .with_columns(_start=pl.col("day").dt.offset_by("-1d") - pl.duration(days=pl.col("days") - 1))
    )
    counts = seen.counts.rename({"day": "_day", "had": "_had"}).sort("_day")
    first = rows.sort("_start").join_asof(
        counts, left_on="_start", right_on="_day", by=["site", "need"], check_sortedness=False
    )
    had = with_arrivals(seen, first.drop_nulls("_day"), since="_day").with_columns(
        _most=pl.col("_had") + pl.col("_came"), _value=pl.col("pieces")
    )
    return over(weeks_use(seen, had).with_columns(pl.col("_most") + pl.col("_week")), check, "_most")


def with_arrivals(seen: Seen, rows: pl.DataFrame, *, since: str) -> pl.DataFrame:
    """With ``_came``: the pieces delivered from the day ``since`` to the day of each row."""
    own = ["site", "need"]
    came = (
        seen.world.delivery.drop_nulls("pieces")
        .join(rows.select(own), on=own, how="semi")
        .group_by(*own, "day")
        .agg(pl.col("pieces").sum())
    )
    summed = came.sort(*own, "day").select(*own, _at="day", _sum=pl.col("pieces").cum_sum().over(own)).sort("_at")
    upto = (
        rows.sort("day")
        .join_asof(summed, left_on="day", right_on="_at", by=own, check_sortedness=False)
        .drop("_at")
        .rename({"_sum": "_to"})
    )
    edge = upto.with_columns(_edge=pl.col(since).dt.offset_by("-1d")).sort("_edge")
    both = edge.join_asof(summed, left_on="_edge", right_on="_at", by=own, check_sortedness=False)
    return both.with_columns(_came=pl.col("_to").fill_null(0) - pl.col("_sum").fill_null(0)).drop(
        "_at", "_edge", "_to", "_sum"
    )


def no_more_sent_than_held(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """What left a place of a lot against the most of it that was ever counted there, and what was ordered to it."""
    lot = ["site", "product", "lot"]
    held = (
        seen.world.stock.group_by(lot).agg(_most=pl.col("pieces").max(), _first=pl.col("day").min()).drop_nulls("_most")
    )
    sent = seen.beside(check.table, ("pieces_per_pack",)).filter(pl.col("pieces") > 0)
    rows = sent.join(held, left_on=["from_site", "product", "lot"], right_on=lot).filter(
        pl.col("day") >= pl.col("_first")
    )
    rows = rows.with_columns(_value=pl.col("pieces").sum().over("from_site", "product", "lot"))
    return over(rows, check, "_most")


def beside_our_counts(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """A figure of stock from elsewhere, of a need and sector, against the counts that we have of the same."""
    kept = pl.col("figure").str.starts_with("stock") & (pl.col("unit") == "pieces") & pl.col("region").is_null()
    rows = seen.table(check.table).filter(kept & (pl.col("value") > 0))
    counts = seen.counts.sort("day").group_by("site", "need").agg(pl.col("had").last())
    ours = (
        counts.join(seen.world.site.select("site", "sector"), on="site")
        .group_by("need", "sector")
        .agg(_ours=pl.col("had").sum())
    )
    both = rows.join(ours.filter(pl.col("_ours") > 0), on=["need", "sector"]).with_columns(
        _times=pl.col("value") / pl.col("_ours")
    )
    return both.filter(pl.col("_times").log().abs() > math.log(check.factor)).with_columns(_held=pl.col("_ours"))
