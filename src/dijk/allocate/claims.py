"""Claims: what each site may claim of each need for each class of treatment risk, and what there is to divide."""

from dataclasses import replace

import polars as pl

from dijk.allocate.rule.fill import MICRO
from dijk.allocate.rule.ladder import Claimants
from dijk.allocate.rule.packs import lot
from dijk.policy import listed
from dijk.present.now import Now
from dijk.tables import ALL

CLAIMANT = ("site", "need", "risk_class")
CLAIM = (*CLAIMANT, "holder")
"""The key of a claim: who claims what, and on whose goods."""

LEVEL = ("need", "tier", "holder", "region", "fence", "product")
"""The key of a level within a run."""

ITS_LEVEL = ("need", "tier", "holder", "level_region", "fence", "product")
"""The columns of a claim that hold the key of the level it is dealt by, in the order of ``LEVEL``."""

ASSUMED_COLUMNS = ("assumed", "assumed_because", "assumed_on")

LOTS = 16**15


def claims(now: Now, asked: pl.DataFrame) -> pl.DataFrame:
    """Claims with norm use where a request is open, before an article and its packs are known. One row per site, need
    and risk class.

    The stock of a site serves its highest class first, up to the cap of norm days; what is left counts for its last
    class. Its request does the same: it fills the room under the cap class by class, and what passes the cap stays with
    the last class.

    Parameters
    ----------
    asked
        As `dijk.present.requests.open_requests` gives them.

    Returns
    -------
    Columns of table ``Claim`` but product, floor and ceiling, and besides: ``capped`` (pieces of the cap), ``room``
    (most it may get: the request, but not more than the cap leaves after stock), ``floor_room`` (the same of the
    floor). Pieces, whole; ``floor_days`` are the days of the floor. Sorted by key.
    """
    day, policy = now.world.today, now.policy
    tiers = now.world.risk_class.select("risk_class", "tier")
    places = now.world.site.select("site", "sector", "region")
    reason = pl.col("reason").cast(pl.String)
    held = now.position.select("site", "need", "counts_as", *ASSUMED_COLUMNS, position_reason=reason)
    rows = (
        now.norm_use.filter(pl.col("mid") > 0)
        .select(*CLAIMANT, norm_use_per_day="mid")
        .join(listed(policy, day), on="need", how="semi")
        .join(asked, on=["site", "need"])
        .join(held, on=["site", "need"], how="left")
        .join(places, on="site")
        .join(tiers, on="risk_class")
        .join(standing_changes(now), on=CLAIMANT, how="left")
        .sort("site", "need", "tier", "risk_class")
    )
    floor_days = policy.numbers("floor_days", day, rows)
    rows = rows.with_columns(
        capped=_days(rows["norm_use_per_day"], policy.numbers("cap_days", day, rows)),
        floor_pieces=_days(rows["norm_use_per_day"], floor_days),
        floor_days=floor_days,
        stock=pl.col("counts_as").fill_null(0),
        not_assumed=pl.col("counts_as").fill_null(0) - pl.col("assumed").fill_null(0),
    )
    return _by_class(rows).sort(CLAIMANT)


def own_claims(now: Now, rows: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """Add ``own_room``, ``own_floor_room`` and ``own_floor_days``: what a claim comes to under the rules that its
    region set for itself.

    ``rows`` are claims under the national rules, which decide what a region gets; its own rules divide that. Empty
    where a region set none. Classes that ask for nothing are left out.
    """
    rules = now.policy.in_force("policy_rule", now.world.today)
    regions = rules.filter((pl.col("region") != ALL) & pl.col("rule").is_in(["cap_days", "floor_days"]))[
        "region"
    ].unique()
    inside = now.world.site.filter(pl.col("region").is_in(regions.implode()))["site"]
    there = replace(now, norm_use=now.norm_use.filter(pl.col("site").is_in(inside.implode())))
    own = claims(there, asked).select(
        *CLAIMANT, own_room="room", own_floor_room="floor_room", own_floor_days="floor_days"
    )
    joined = rows.join(own, on=CLAIMANT, how="left", maintain_order="left")
    return joined.filter((pl.col("requested") > 0) | (pl.col("own_room") > 0))


def nationally(now: Now) -> Now:
    """The present without the rules that regions set for themselves."""
    rules = now.policy.policy_rule.filter(pl.col("region") == ALL)
    return replace(now, policy=replace(now.policy, policy_rule=rules))


def _days(norm_use: pl.Series, days: pl.Series) -> pl.Series:
    """Pieces of so many days of norm use, rounded up; norm use is in millionths, so 0.1 a day for 10 days is 1
    piece.
    """
    return ((norm_use * 1e6).round() * days / 1e6).ceil().cast(pl.Int64)


NEW = pl.any_horizontal(pl.col(c).ne_missing(pl.col(c).shift()) for c in ("site", "need"))
"""The first class of a site and need, in rows sorted so."""

LAST = pl.any_horizontal(pl.col(c).ne_missing(pl.col(c).shift(-1)) for c in ("site", "need"))


def _so_far(column: str) -> pl.Expr:
    """Running total over the classes of a site and need; rows are sorted so, which is why no grouping is needed."""
    total = pl.col(column).cum_sum()
    return total - pl.when(NEW).then(total - pl.col(column)).forward_fill()


def _by_class(rows: pl.DataFrame) -> pl.DataFrame:
    """Split the stock and the request of a site over its risk classes, highest first; rows are sorted so."""
    before = _so_far("capped") - pl.col("capped")
    left, known = ((pl.col(c) - before).clip(lower_bound=0) for c in ("stock", "not_assumed"))
    rows = rows.with_columns(position=pl.when(LAST).then(left).otherwise(pl.min_horizontal(left, "capped")))
    rows = rows.with_columns(position=(pl.col("position") - pl.col("moved").fill_null(0)).clip(lower_bound=0))
    rows = rows.with_columns(assumed=(pl.col("position") - known).clip(lower_bound=0))
    rows = rows.with_columns(open_room=(pl.col("capped") - pl.col("position")).clip(lower_bound=0))
    asked = (pl.col("pieces") - (_so_far("open_room") - pl.col("open_room"))).clip(lower_bound=0)
    rows = rows.with_columns(asked=asked, room=pl.min_horizontal(asked, "open_room"))
    return rows.with_columns(
        requested=pl.when(LAST).then("asked").otherwise("room"),
        floor_room=pl.min_horizontal("room", (pl.col("floor_pieces") - pl.col("position")).clip(lower_bound=0)),
    ).drop("stock", "not_assumed", "counts_as", "pieces", "open_room", "asked", "floor_pieces", "urgent", "moved")


def in_packs(rows: pl.DataFrame) -> pl.DataFrame:
    """Add ``ceiling`` and ``floor``: room and floor in whole packs of the claim's article, rounded up over the classes
    of a site together.

    So a site of three classes is rounded up once and not three times. ``rows`` has ``pieces_per_pack``, and gets
    ``own_ceiling`` and ``own_floor`` in the same way.
    """
    pack = pl.col("pieces_per_pack")

    def up(pieces: pl.Expr) -> pl.Expr:
        return (pieces + pack - 1) // pack * pack

    rows = rows.sort("site", "need", "tier", "risk_class")
    for prefix in ("", "own_"):
        so_far = _so_far(f"{prefix}room")
        ceiling = (up(so_far) - up(so_far - pl.col(f"{prefix}room"))).alias(f"{prefix}ceiling")
        rows = rows.with_columns(ceiling).with_columns(
            pl.min_horizontal(f"{prefix}ceiling", up(pl.col(f"{prefix}floor_room"))).alias(f"{prefix}floor")
        )
    return rows.sort(CLAIMANT)


def in_line(rows: pl.DataFrame, *, seed: int) -> pl.DataFrame:
    """Add ``lot`` and ``order``: who goes first at equal cover. Longest wait first, then the lowest lot, then the
    highest class.

    The lot of a claim is the lot of its site plus the lot of its need, modulo 16**15; see
    `dijk.allocate.rule.packs.lot`.
    """
    lots = pl.concat([_lots(rows, column, seed) for column in ("site", "need")], how="horizontal")
    rows = rows.with_columns(lot=(lots["site"] + lots["need"]) % LOTS)
    line = rows.select(*CLAIMANT, "waiting_since", "lot", "tier").sort(
        "waiting_since", "lot", "tier", *CLAIMANT, nulls_last=True
    )
    return rows.join(
        line.select(*CLAIMANT).with_row_index("order").cast({"order": pl.Int64}),
        on=CLAIMANT,
        how="left",
        maintain_order="left",
    )


def _lots(rows: pl.DataFrame, column: str, seed: int) -> pl.DataFrame:
    drawn = rows.select(pl.col(column).unique().sort())
    drawn = drawn.with_columns(pl.Series("_lot", [lot(seed, [word]) for word in drawn[column]], dtype=pl.Int64))
    return (
        rows.select(column)
        .join(drawn, on=column, how="left", maintain_order="left")
        .select(pl.col("_lot").alias(column))
    )


def supply(now: Now) -> pl.DataFrame:
    """What can be divided of each article, for the need it serves first.

    Approved goods less the share that policy keeps back, in whole packs per article; what is promised is no longer
    approved, so what an earlier run awarded is not divided again while it is on its way. A warehouse's are for the
    whole country, a hub's for its region: a hub keeps back what its region decides, and besides a share for urgent
    requests.

    Returns
    -------
    Columns need, product, pieces_per_pack, ``packs``, ``kept_packs``, ``region`` (all, or that of the hub), ``fence``
    (all: no fence splits them yet) and ``counted_packs``: what counts for the region of a hub, whether the hub hands it
    out or not. That is what the nation would have it hand out, with what it keeps for urgent requests, whoever set
    that, and what is in quarantine for longer than the term.
    """
    hub, day = pl.col("holder") == "regional_hub", now.world.today
    approved = now.central_stock.filter(pl.col("status") == "approved").with_columns(
        region=pl.when(hub).then("region").otherwise(pl.lit(ALL))
    )
    key = ["need", "product", "region"]
    there = approved.group_by(key).agg(pl.col("pieces").sum())
    goods = there.join(_long_in_quarantine(now), on=key, how="full", coalesce=True).with_columns(
        pl.col("pieces", "waiting").fill_null(0)
    )
    rules = {"kept": now.policy, "kept_nationally": nationally(now).policy}
    shares = {name: policy.numbers("buffer_share", day, goods) for name, policy in rules.items()}
    shares["urgent"] = now.policy.numbers("urgent_reserve_share", day, goods)
    packs, pack = now.world.product.select("product", "pieces_per_pack"), pl.col("pieces_per_pack")
    counted = (_less("pieces", "kept_nationally") + pl.col("waiting")) // pack
    urgent = pl.when(pl.col("region") != ALL).then(_part("pieces", "urgent")).otherwise(0)
    return (
        goods.with_columns(**shares)
        .join(packs, on="product")
        .with_columns(handed_out=(_less("pieces", "kept") - urgent).clip(lower_bound=0))
        .with_columns(packs=pl.col("handed_out") // pack, all_packs=pl.col("pieces") // pack)
        .with_columns(counted_packs=pl.max_horizontal("packs", counted))
        .filter((pl.col("all_packs") > 0) | (pl.col("counted_packs") > 0))
        .with_columns(fence=pl.lit(ALL), kept_packs=pl.col("all_packs") - pl.col("packs"))
        .select(*key[:2], "pieces_per_pack", "packs", "kept_packs", "region", "fence", "counted_packs")
        .sort(key)
    )


def _less(pieces: str, share: str) -> pl.Expr:
    """Pieces less a share of them, which is rounded up."""
    return pl.col(pieces) - _part(pieces, share)


def _part(pieces: str, share: str) -> pl.Expr:
    """A share of pieces, rounded up."""
    return (pl.col(pieces) * pl.col(share)).ceil().cast(pl.Int64)


def _long_in_quarantine(now: Now) -> pl.DataFrame:
    """Goods of hubs in quarantine for longer than ``quarantine_days``: need, product, region, ``waiting`` (pieces)."""
    rows = now.held.filter((pl.col("status") == "quarantine") & (pl.col("holder") == "regional_hub"))
    term = now.policy.numbers("quarantine_days", now.world.today, rows.select("need"))
    age = (pl.lit(now.world.today) - pl.col("quarantined_on")).dt.total_days()
    long = rows.with_columns(term=term).filter(age > pl.col("term"))
    return long.group_by("need", "product", "region").agg(waiting=pl.col("pieces").sum())


def standing_changes(now: Now) -> pl.DataFrame:
    """Pieces that regions moved to (above 0) or from (below 0) each claim in earlier runs: site, need, risk_class,
    ``moved``.

    A division reckons with the stock as it would have been without them; else it would give with one hand what the
    region took with the other. A change fades over the days of the cap, as the goods are used.
    """
    age = (pl.lit(now.world.today) - pl.col("known_at").dt.date()).dt.total_days()
    rows = now.world.past_award.filter(pl.col("changed_packs") != 0).with_columns(age=age)
    rows = rows.with_columns(days=now.policy.numbers("cap_days", now.world.today, rows)).filter(age < pl.col("days"))
    moved = pl.col("changed_packs") * pl.col("pieces_per_pack") * (pl.col("days") - pl.col("age")) / pl.col("days")
    return rows.group_by(CLAIMANT).agg(moved=moved.round().cast(pl.Int64).sum())


def claimants(rows: pl.DataFrame, *, floor: str = "floor", ceiling: str = "ceiling") -> Claimants:
    """The claims of a table as arrays; ``floor`` and ``ceiling`` name the columns that hold the limits."""
    w = (rows["norm_use_per_day"] * MICRO).round().to_numpy()
    s, least, most = (rows[column].cast(pl.Float64).to_numpy() for column in ("position", floor, ceiling))
    return Claimants(w, s, least, most, rows["tier"].to_numpy(), rows["order"].to_numpy())
