"""What other judgements would do: the plan with them beside the plan without them, before anyone approves them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import polars as pl

from dijk.allocate.claims import LEVEL
from dijk.check.findings import key_text
from dijk.fairness.measures import unmet_need
from dijk.fairness.price_of_fences import covers, price_of_fences
from dijk.inputs import Inputs
from dijk.known import latest
from dijk.plan import plan
from dijk.planned import Plan
from dijk.policy import Policy
from dijk.policy.proposed import WITHDRAWN, counted_as_begun
from dijk.present import present
from dijk.tables import ALL, EFFECT, POLICY, empty
from dijk.tables.cells import CELL

PROPOSABLE = ("acceptance", "scope", "norm", "scenario", "policy_rule", "fence")
"""The judgements of which the effect is asked; a verdict is of the experts, and a reason for a warning changes no
figure.
"""


@dataclass(frozen=True)
class Effect:
    """What would be otherwise, as tables; see ``EFFECT`` in `dijk.tables` for what each holds."""

    proposed_row: pl.DataFrame
    compared: pl.DataFrame
    regime_change: pl.DataFrame
    level_change: pl.DataFrame
    unmet_change: pl.DataFrame
    purchase_change: pl.DataFrame
    fence_price: pl.DataFrame

    def tables(self) -> dict[str, pl.DataFrame]:
        """The tables by name."""
        return {f.name: getattr(self, f.name) for f in fields(self)}


def effect(before: Plan, inputs: Inputs, policy: Policy, rows: Mapping[str, pl.DataFrame], *, seed: int) -> Effect:
    """Plan again with proposed judgements, and set that beside the plan without them.

    Parameters
    ----------
    before
        The plan of ``inputs``, ``policy`` and ``seed``.
    rows
        By name of the table, as those of ``PROPOSABLE``; see `dijk.policy.Policy.with_proposed` for how they are taken.

    Returns
    -------
    As `between` gives it, with how each row was taken, and what each proposed fence costs that holds today: the other
    proposals stay.

    Raises
    ------
    BadInput
        A check finds an error in the dataset as it would be with these rows.
    """
    proposed = policy.with_proposed(rows, inputs.as_of)
    after = plan(inputs, proposed, seed=seed)
    found = between(before, after, policy=policy.known(inputs.as_of), today=inputs.today)
    found = replace(found, proposed_row=taken(proposed.known(inputs.as_of), rows, inputs.as_of))
    if not rows.get("fence", empty("fence")).height:
        return found
    now = present(inputs.known(), proposed.known(inputs.as_of))
    prices = price_of_fences(now, after.regime, seed=seed, only=rows["fence"]["fence"])
    return replace(found, fence_price=_valid("fence_price", prices.fill_nan(None)))


def between(before: Plan, after: Plan, *, policy: Policy, today: dt.date) -> Effect:
    """What differs between two plans, ``before`` on the side of what holds.

    Parameters
    ----------
    policy
        As known; unmet need of both plans is held against its caps on ``today``.

    Returns
    -------
    The effect without proposed rows and without prices of fences. Rows that are alike in both plans are left out;
    ``compared`` counts them. What only one plan has is empty on the side of the other, and 0 where it is a number of
    packs or pieces awarded.
    """
    two = (before, after)
    both = {
        "regime_change": _beside("regime_change", *map(_regimes, two)),
        "level_change": _beside("level_change", *map(_levels, two)),
        "unmet_change": _beside("unmet_change", *(_unmet(one, policy, today) for one in two)).with_columns(
            pl.col("^(packs|pieces)_.*$").fill_null(0)
        ),
        "purchase_change": _beside("purchase_change", *map(_purchases, two)).with_columns(
            *map(_absent, ("before", "after"))
        ),
    }
    changed = {part: _changed(part, rows) for part, rows in both.items()}
    counts = [{"part": p, "compared": rows.height, "changed": changed[p].height} for p, rows in both.items()]
    found = changed | {"compared": _valid("compared", pl.DataFrame(counts))}
    return Effect(**({name: empty(name) for name in EFFECT} | found))


def taken(policy: Policy, rows: Mapping[str, pl.DataFrame], as_of: dt.datetime) -> pl.DataFrame:
    """How each proposed row was taken, in the order of ``POLICY`` and then of key.

    Parameters
    ----------
    policy
        As known, with the proposal in it.

    Returns
    -------
    Table ``ProposedRow``.
    """
    parts = [_taken(policy, name, rows[name], as_of) for name in POLICY if name in rows]
    return _valid("proposed_row", pl.concat([empty("proposed_row"), *parts]))


def _taken(policy: Policy, name: str, rows: pl.DataFrame, as_of: dt.datetime) -> pl.DataFrame:
    schema, today = POLICY[name], as_of.date()
    key = [one for one in schema.primary_key() if one != "known_at"]
    same = [one for one in key if one != "valid_from"]
    said = latest(rows, schema)
    begun = counted_as_begun(said, schema, today).select(key).with_columns(begun=True)
    holds = policy.in_force(name, today).select(key).with_columns(holds=True)
    looked = said.join(begun, on=key, how="left").join(holds, on=key, how="left")
    how = (
        pl.when(WITHDRAWN)
        .then(pl.lit("takes_back"))
        .when("begun")
        .then(pl.lit("from_today"))
        .when("holds")
        .then(pl.lit("as_said"))
        .otherwise(pl.lit("not_today"))
    )
    return looked.select(
        table=pl.lit(name), key=key_text(same), valid_from="valid_from", valid_to="valid_to", taken=how
    ).cast(dict(empty("proposed_row").schema))  # type: ignore[arg-type]


def _regimes(of: Plan) -> pl.DataFrame:
    return of.regime.select("need", "effective")


def _levels(of: Plan) -> pl.DataFrame:
    return of.level.select(*LEVEL, "reach", "level_days")


def _unmet(of: Plan, policy: Policy, today: dt.date) -> pl.DataFrame:
    """Unmet need, packs and pieces of each need: of all claimants, per sector and per region."""
    claimed = covers(of.claim, of.award, policy, today).select(*CELL, "cover", "cap", w="norm_use_per_day")
    got = of.award.select(*CELL, "packs", pieces=pl.col("packs") * pl.col("pieces_per_pack"))
    share = [
        {
            **dict(zip(CELL, cell, strict=True)),
            "unmet": unmet_need(*(some[x].to_numpy() for x in ("cover", "cap", "w"))),
        }
        for cell, some in _in_cells(claimed).group_by(*CELL, maintain_order=True)
    ]
    shares = pl.DataFrame(share, schema=dict.fromkeys(CELL, pl.String) | {"unmet": pl.Float64}).fill_nan(None)
    sums = _in_cells(got).group_by(CELL).agg(pl.col("packs", "pieces").sum())
    return shares.join(sums, on=CELL, how="full", coalesce=True).with_columns(pl.col("packs", "pieces").fill_null(0))


def _in_cells(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows once for all, once for their sector and once for their region."""
    every = pl.lit(ALL)
    return pl.concat(
        [
            rows.with_columns(sector=every, region=every),
            rows.with_columns(region=every),
            rows.with_columns(sector=every),
        ]
    )


def _purchases(of: Plan) -> pl.DataFrame:
    """What to buy net, in pieces and money, and why there is no money."""
    why = pl.coalesce(
        pl.col("missing").cast(pl.String),
        pl.when(pl.col("product").is_null()).then(pl.lit("no_article")).otherwise(pl.lit("no_price")),
    )
    return of.purchase_need.select(
        "need",
        "curve",
        pieces="net_pieces",
        cents="net_cents",
        reason=pl.when(pl.col("net_cents").is_null()).then(why),
    )


def _beside(part: str, before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Two sides by the key of their table; what only one has is empty on the other."""
    key = EFFECT[part].primary_key()
    names = [name for name in before.columns if name not in key]
    two = (
        side.rename({name: f"{name}_{when}" for name in names}) for side, when in ((before, "before"), (after, "after"))
    )
    return next(two).join(next(two), on=key, how="full", coalesce=True)


def _absent(when: str) -> pl.Expr:
    """Why there is no money, also where the plan says nothing of the need."""
    cents, reason = f"cents_{when}", pl.col(f"reason_{when}")
    return pl.when(pl.col(cents).is_null()).then(reason.fill_null("not_in_plan")).alias(f"reason_{when}")


def _changed(part: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of which anything differs, sorted by key."""
    names = [name.removesuffix("_before") for name in rows.columns if name.endswith("_before")]
    differs = [pl.col(f"{name}_before").ne_missing(pl.col(f"{name}_after")) for name in names]
    return _valid(part, rows.filter(pl.any_horizontal(differs))).sort(EFFECT[part].primary_key())


def _valid(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    return EFFECT[name].validate(rows.select(EFFECT[name].column_names()), cast=True)
