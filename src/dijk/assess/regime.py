"""The routing of each need: computed with hysteresis, the experts' verdict over it, since when, why, and whether an
action runs.
"""

import datetime as dt

import polars as pl

from dijk.policy import Policy, listed
from dijk.present.now import Now
from dijk.tables import ALL
from dijk.tables.results import Regime

VERDICT_REGIME = {
    "no_shortage": "direct",
    "early_warning": "early_warning",
    "specific_shortage": "scarce",
    "absolute_shortage": "scarce",
}


LIMITS = (
    "scarce_below_days",
    "scarce_until_days",
    "scarce_above_chance",
    "early_below_days",
    "early_until_days",
    "early_above_chance",
    "hysteresis_chance",
)
"""The rules that say when figures are short."""

CHANCE_WITHIN = {"scarce": 14, "early": 28}
"""The days within which the chance is asked that a regime looks at."""


def regimes(now: Now, situation: pl.DataFrame) -> pl.DataFrame:
    """The computed regime with hysteresis, the experts' verdict over it, since when, why, and whether an action
    runs.

    Examples
    --------
    In the example country (see `dijk.example`):

    >>> regimes(now, made.situation).filter(need="gown").select("computed", "effective", "action").row(0)
    ('scarce', 'scarce', 'buying')
    """
    day = now.world.today
    nation = situation.filter((pl.col("sector") == ALL) & (pl.col("region") == ALL)).sort("need")
    before = (
        now.world.past_regime.sort("known_at")
        .group_by("need")
        .agg(pl.col("computed", "effective", "since").last().name.prefix("past_"))
    )
    scope = now.policy.in_force("scope", day).select("need", action=pl.col("action").cast(pl.String))
    verdict = now.policy.in_force("verdict", day).select("need", pl.col("verdict").cast(pl.String))
    needs = listed(now.policy, day).sort("need").join(nation, on="need", how="left", maintain_order="left")
    rows = needs.join(before, on="need", how="left", maintain_order="left").join(
        scope, on="need", how="left", maintain_order="left"
    )
    rows = rows.join(verdict, on="need", how="left", maintain_order="left").hstack(
        limits(now.policy, day, nation_of(needs)).select(LIMITS)
    )
    rows = rows.with_columns(
        computed=called_for(pl.col("past_computed").cast(pl.String).fill_null("direct"))
    ).with_columns(
        effective=pl.coalesce(
            pl.col("verdict").replace_strict(VERDICT_REGIME, default=None, return_dtype=pl.String), "computed"
        )
    )
    rows = rows.join(_verdicts_begun(now), on="need", how="left", maintain_order="left").with_columns(
        since=_since(day),
        alarm=pl.col("action").fill_null("none") == "none",
        action=pl.col("action").fill_null("none"),
        known_at=pl.lit(now.world.as_of),
        evidence_en=_evidence(
            "cover {} days (scarce below {}); chance to run out in 2 weeks {}%, in 4 weeks {}%; stock unknown for "
            "{}% of norm use"
        ),
        evidence_nl=_evidence(
            "dekking {} dagen (schaars onder {}); kans op tekort in 2 weken {}%, in 4 weken {}%; voorraad "
            "onbekend bij {}% van verbruik",
            point=",",
        ),
    )
    return Regime.cast(rows.select(Regime.column_names()).sort("need"))


def _since(today: dt.date) -> pl.Expr:
    """The day on which what holds began: when the experts set it, else when a run first saw it change.

    Empty where it held already at the first run: nobody knows since when.
    """
    same = pl.col("past_effective").cast(pl.String) == pl.col("effective")
    seen = pl.when(same).then("past_since").when(pl.col("past_effective").is_not_null()).then(pl.lit(today))
    return pl.min_horizontal(seen, "verdict_begun")


def _verdicts_begun(now: Now) -> pl.DataFrame:
    """Since when the experts' verdicts in force have led to the regime they lead to, without a day between: need,
    verdict_begun.
    """
    found = []
    for need, (regime, begun) in _verdicts_on(now, now.world.today).items():
        first = begun
        while (before := _verdicts_on(now, first - dt.timedelta(days=1)).get(need)) and before[0] == regime:
            first = before[1]
        found.append((need, first))
    return pl.DataFrame(found, schema={"need": pl.String, "verdict_begun": pl.Date}, orient="row")


def _verdicts_on(now: Now, day: dt.date) -> dict[str, tuple[str, dt.date]]:
    """By need the regime that the verdict of a day leads to, and its first day."""
    rows = now.policy.in_force("verdict", day).select("need", pl.col("verdict").cast(pl.String), "valid_from")
    return {need: (VERDICT_REGIME[verdict], first) for need, verdict, first in rows.iter_rows()}


def nation_of(needs: pl.DataFrame) -> pl.DataFrame:
    """The national cell of each need, in the order of the rows."""
    return needs.select("need", sector=pl.lit(ALL), region=pl.lit(ALL))


def limits(policy: Policy, day: dt.date, cells: pl.DataFrame) -> pl.DataFrame:
    """The cells with ``LIMITS``: the figures below or above which each is short.

    The nation is judged by the rules as they stand. A part of it holds what its sites hold, and these are given
    ``cap_days`` at most: where that is less than the cover below which the rules warn, all covers shrink with it, and
    a chance within more days than that is not judged. Else a need of which there is enough would be short in every
    sector. What is set for the sector or region itself holds as it stands.

    Parameters
    ----------
    cells
        Among others need, sector and region.

    Returns
    -------
    The cells with ``LIMITS``; a chance that is not judged has 1.
    """
    whole = nation_of(cells)
    told = cells.select(policy.numbers(rule, day, cells).alias(rule) for rule in (*LIMITS, "cap_days"))
    usual = whole.select(policy.numbers(rule, day, whole).alias(f"usual_{rule}") for rule in LIMITS)
    part = (pl.col("sector") != ALL) | (pl.col("region") != ALL)
    cap, watch = pl.col("cap_days"), pl.col("usual_early_below_days")
    times = pl.when(cap < watch).then(cap / watch).otherwise(1.0)
    fitted = {rule: pl.col(rule) * times for rule in LIMITS if rule.endswith("_days")} | {
        f"{regime}_above_chance": pl.when(cap < days).then(1.0).otherwise(f"{regime}_above_chance")
        for regime, days in CHANCE_WITHIN.items()
    }
    for_all = {rule: pl.col(rule) == pl.col(f"usual_{rule}") for rule in fitted}
    rows = pl.concat([cells, told, usual], how="horizontal").with_columns(
        pl.when(part & for_all[rule]).then(fits).otherwise(rule).alias(rule) for rule, fits in fitted.items()
    )
    return rows.select(*cells.columns, *LIMITS)


def called_for(was: pl.Expr) -> pl.Expr:
    """The regime that the figures of a row call for: what short means, wherever dijk says it.

    Scarce or early warning when cover or the chance to run out crosses its threshold; a regime in force ends only
    beyond the second, easier threshold.

    Parameters
    ----------
    was
        The regime in force, as text; ``"direct"`` judges the figures by themselves.

    Returns
    -------
    pl.Expr
        ``direct``, ``early_warning`` or ``scarce``, from the columns ``cover_days``, ``p_out_2w``, ``p_out_4w`` and
        ``LIMITS``. An unknown figure crosses no threshold.

    Examples
    --------
    >>> figures = {"cover_days": [9.0, 17.0, 60.0], "p_out_2w": [0.6, 0.1, 0.0], "p_out_4w": [0.9, 0.2, None]}
    >>> limits = {"scarce_below_days": 14, "scarce_until_days": 21, "early_below_days": 28, "early_until_days": 42}
    >>> chances = {"scarce_above_chance": 0.5, "early_above_chance": 0.5, "hysteresis_chance": 0.1}
    >>> rows = pl.DataFrame(figures).with_columns(**limits, **chances)
    >>> rows.select(fresh=called_for(pl.lit("direct")), still=called_for(pl.lit("scarce"))).rows()
    [('scarce', 'scarce'), ('early_warning', 'scarce'), ('direct', 'direct')]
    """

    def holds(regime: str, entered: pl.Expr) -> pl.Expr:
        chance = pl.col("p_out_2w" if regime == "scarce" else "p_out_4w").fill_null(0)
        above = pl.col(f"{regime}_above_chance") - pl.when(entered).then("hysteresis_chance").otherwise(0)
        below = pl.when(entered).then(f"{regime}_until_days").otherwise(f"{regime}_below_days")
        return (pl.col("cover_days") < below).fill_null(False) | (chance > above)

    scarce = holds("scarce", was == "scarce")
    early = holds("early", was != "direct")
    return pl.when(scarce).then(pl.lit("scarce")).when(early).then(pl.lit("early_warning")).otherwise(pl.lit("direct"))


def _evidence(sentence: str, *, point: str = ".") -> pl.Expr:
    """The figures behind a regime in words; a question mark stands for what nobody knows."""

    def days(column: str) -> pl.Expr:
        return pl.col(column).round(1).cast(pl.String).str.replace(".", point, literal=True).fill_null("?")

    def percent(column: str) -> pl.Expr:
        return (pl.col(column) * 100).round().cast(pl.Int64).cast(pl.String).fill_null("?")

    return pl.format(
        sentence,
        days("cover_days"),
        days("scarce_below_days"),
        percent("p_out_2w"),
        percent("p_out_4w"),
        percent("unknown_share"),
    )
