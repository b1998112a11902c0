"""The routing of each need: computed with hysteresis, the experts' verdict over it, since when, why, and whether an
action runs. Where too little is known to say, that is a regime of its own.
"""

import datetime as dt

import polars as pl

from dijk.policy import Policy, listed
from dijk.present.norm_use import norms_in_force
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
    "known_share_least",
)
"""The rules that say when figures are short, and when they say enough."""

CHANCE_WITHIN = {"scarce": 14, "early": 28}
"""The days within which the chance is asked that a regime looks at."""


def regimes(now: Now, situation: pl.DataFrame) -> pl.DataFrame:
    """The computed regime with hysteresis, the experts' verdict over it, since when, why, and whether an action
    runs.

    One row per need that is listed, and per need of which nobody decided whether it is. Of the latter, and where no
    norm holds or no norm use is known, nothing can be computed; nor where stock is known for less than
    ``known_share_least`` of norm use. Such a need is ``unknown``, ``missing`` says for want of what, and it raises an
    alarm. A regime that was known goes on for the hysteresis when it is known again.

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
        .agg(
            pl.col("effective", "since").last().name.prefix("past_"),
            past_computed=pl.col("computed").filter(pl.col("computed") != "unknown").last(),
        )
    )
    scope = now.policy.in_force("scope", day).select("need", action=pl.col("action").cast(pl.String))
    verdict = now.policy.in_force("verdict", day).select("need", pl.col("verdict").cast(pl.String))
    needs = _needs(now).join(nation, on="need", how="left", maintain_order="left")
    rows = needs.join(before, on="need", how="left", maintain_order="left").join(
        scope, on="need", how="left", maintain_order="left"
    )
    rows = rows.join(verdict, on="need", how="left", maintain_order="left").hstack(
        limits(now.policy, day, nation_of(needs)).select(LIMITS)
    )
    rows = rows.with_columns(
        computed=called_for(pl.col("past_computed").cast(pl.String).fill_null("direct"))
    ).with_columns(
        missing=pl.when(pl.col("computed") == "unknown").then(pl.coalesce("missing", pl.lit("stock"))),
        effective=pl.coalesce(
            pl.col("verdict").replace_strict(VERDICT_REGIME, default=None, return_dtype=pl.String), "computed"
        ),
    )
    rows = (
        rows.join(_verdicts_begun(now), on="need", how="left", maintain_order="left")
        .with_columns(
            since=_since(day),
            alarm=(pl.col("action").fill_null("none") == "none") | (pl.col("effective") == "unknown"),
            action=pl.col("action").fill_null("none"),
            known_at=pl.lit(now.world.as_of),
        )
        .with_columns(
            evidence_en=_evidence(
                "cover {} days (scarce below {}); chance to run out in 2 weeks {}%, in 4 weeks {}%; stock unknown for "
                "{}% of norm use",
                for_want={kind: en for kind, (en, _) in FOR_WANT.items()},
            ),
            evidence_nl=_evidence(
                "dekking {} dagen (schaars onder {}); kans op tekort in 2 weken {}%, in 4 weken {}%; voorraad "
                "onbekend bij {}% van verbruik",
                for_want={kind: nl for kind, (_, nl) in FOR_WANT.items()},
                point=",",
            ),
        )
    )
    return Regime.cast(rows.select(Regime.column_names()).sort("need"))


FOR_WANT = {
    "scope": (
        "cannot be said: nobody decided whether it is on the list",
        "niet te zeggen: niemand besloot of het op de lijst staat",
    ),
    "norm": ("cannot be said: no norm is in force", "niet te zeggen: er geldt geen norm"),
    "activity": (
        "cannot be said: no site told care to which its norms apply",
        "niet te zeggen: geen locatie meldde zorg waarop de normen slaan",
    ),
}
"""Why nothing can be computed where not even norm use is known, in English and Dutch."""


def _needs(now: Now) -> pl.DataFrame:
    """Needs with a regime: the listed, and those of which nobody decided; with ``missing``, what keeps their norm use
    from being known.
    """
    day = now.world.today
    on_list = listed(now.policy, day).select("need")
    decided = now.policy.in_force("scope", day)["need"].implode()
    undecided = now.world.need.filter(~pl.col("need").is_in(decided)).select("need")
    normed = norms_in_force(now.policy, day)["need"].implode()
    used = now.norm_use["need"].implode()
    missing = (
        pl.when(pl.col("need").is_in(undecided["need"].implode()))
        .then(pl.lit("scope"))
        .when(~pl.col("need").is_in(normed))
        .then(pl.lit("norm"))
        .when(~pl.col("need").is_in(used))
        .then(pl.lit("activity"))
    )
    return pl.concat([on_list, undecided]).sort("need").with_columns(missing=missing)


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
    beyond the second, easier threshold. Enough is only what is enough with unknown stock taken as none: where it is
    not, there is an early warning. Where stock is known for too small a share of norm use nobody can say.

    Parameters
    ----------
    was
        The regime in force, as text; ``"direct"`` judges the figures by themselves.

    Returns
    -------
    pl.Expr
        ``direct``, ``early_warning``, ``scarce`` or ``unknown``, from the columns ``cover_days``,
        ``cover_least_days``, ``p_out_2w``, ``p_out_4w``, ``p_out_most_4w``, ``unknown_share`` and ``LIMITS``. Of a
        figure that is unknown nothing can be said.

    Examples
    --------
    >>> figures = {"cover_days": [9.0, 17.0, 60.0, 60.0], "p_out_2w": [0.6, 0.1, 0.0, 0.0]}
    >>> figures |= {"p_out_4w": [0.9, 0.2, 0.0, 0.0], "p_out_most_4w": [0.9, 0.2, 0.1, 0.9]}
    >>> figures |= {"cover_least_days": [6.0, 12.0, 40.0, 20.0], "unknown_share": [0.3, 0.3, 0.3, 0.6]}
    >>> limits = {"scarce_below_days": 14, "scarce_until_days": 21, "early_below_days": 28, "early_until_days": 42}
    >>> chances = {"scarce_above_chance": 0.5, "early_above_chance": 0.5, "hysteresis_chance": 0.1}
    >>> rows = pl.DataFrame(figures).with_columns(**limits, **chances, known_share_least=0.5)  # the last has less
    >>> rows.select(fresh=called_for(pl.lit("direct")), still=called_for(pl.lit("scarce"))).rows()
    [('scarce', 'scarce'), ('early_warning', 'scarce'), ('direct', 'early_warning'), ('unknown', 'unknown')]
    """

    def holds(regime: str, entered: pl.Expr, cover: str, chance: str) -> pl.Expr:
        above = pl.col(f"{regime}_above_chance") - pl.when(entered).then("hysteresis_chance").otherwise(0)
        below = pl.when(entered).then(f"{regime}_until_days").otherwise(f"{regime}_below_days")
        return (pl.col(cover) < below).fill_null(False) | (pl.col(chance) > above).fill_null(False)

    unsaid = pl.col("unknown_share").is_null() | (1 - pl.col("unknown_share") < pl.col("known_share_least"))
    scarce = holds("scarce", was == "scarce", "cover_days", "p_out_2w")
    early = holds("early", was != "direct", "cover_days", "p_out_4w")
    early |= holds("early", was != "direct", "cover_least_days", "p_out_most_4w")
    early |= holds("scarce", was == "scarce", "cover_least_days", "p_out_most_4w")
    return (
        pl.when(unsaid)
        .then(pl.lit("unknown"))
        .when(scarce)
        .then(pl.lit("scarce"))
        .when(early)
        .then(pl.lit("early_warning"))
        .otherwise(pl.lit("direct"))
    )


def _evidence(sentence: str, *, for_want: dict[str, str], point: str = ".") -> pl.Expr:
    """The figures behind a regime in words, or for want of what there are none; a question mark stands for what nobody
    knows.
    """

    def days(column: str) -> pl.Expr:
        written = pl.col(column).round(1).cast(pl.String).str.replace(".", point, literal=True).fill_null("?")
        return pl.when(pl.col(column).is_between(0, 0.05, closed="none")).then(pl.lit(f"<0{point}1")).otherwise(written)

    def percent(column: str) -> pl.Expr:
        written = (pl.col(column) * 100).round().cast(pl.Int64).cast(pl.String).fill_null("?")
        return pl.when(pl.col(column).is_between(0, 0.005, closed="none")).then(pl.lit("<1")).otherwise(written)

    figures = pl.format(
        sentence,
        days("cover_days"),
        days("scarce_below_days"),
        percent("p_out_2w"),
        percent("p_out_4w"),
        percent("unknown_share"),
    )
    return pl.coalesce(pl.col("missing").replace_strict(for_want, default=None, return_dtype=pl.String), figures)
