"""What care must have, the articles that serve it, and how far each is on the list."""

import datetime as dt

import polars as pl

from dijk.example.names import gtin
from dijk.example.start import FICTIONAL, LONG_KNOWN, TODAY, Size, catalogue, moment, shaped
from dijk.tables import POLICY, REGISTERS

# Articles beside the need's own: product, need it serves second, name, accepted from, accepted to.
SUBSTITUTES = [
    ("P-kn95", "ffp2", "KN95 mask", dt.date(2020, 3, 23), dt.date(2020, 5, 10)),
    ("P-kp95", "ffp2", "KP95 mask", dt.date(2020, 3, 23), dt.date(2020, 4, 19)),
    ("P-gown_washable", "gown", "washable gown", dt.date(2020, 4, 6), None),
    ("P-iir_2000", "iir", "surgical mask IIR, carton", dt.date(2020, 1, 1), None),
]
CARTON = {"P-iir_2000": 2000}
DECIDED = {"basis": "list of the client meeting", "source": FICTIONAL, "how": "assumed", "set_by": "GMT"}
STATES = ["proposed", "specified", "approved", "listed"]


def needs(size: Size) -> pl.DataFrame:
    """The catalogue of this size, with the article's own code."""
    rows = catalogue("needs")
    return rows.filter((pl.col("small") == 1) | size.districts).with_columns(article=pl.format("P-{}", "need"))


def articles(size: Size) -> dict[str, pl.DataFrame]:
    """Tables need, product, acceptance and scope."""
    rows = needs(size)
    stamps = {"known_at": pl.lit(LONG_KNOWN), "source": pl.lit(FICTIONAL)}
    return {
        "need": shaped(rows.with_columns(**stamps), REGISTERS["need"]),
        "product": shaped(_products(rows).with_columns(**stamps), REGISTERS["product"]),
        "acceptance": shaped(_acceptance(rows), POLICY["acceptance"]),
        "scope": shaped(_scope(rows), POLICY["scope"]),
    }


def _products(rows: pl.DataFrame) -> pl.DataFrame:
    own = rows.with_columns(sold="product", product="article")
    second = pl.DataFrame([s[:3] for s in SUBSTITUTES], schema=["product", "need", "sold"], orient="row")
    other = second.join(rows.drop("product", "article"), on="need", how="left").with_columns(
        pack=pl.col("product").replace_strict(CARTON, default=pl.col("pack"), return_dtype=pl.Int64)
    )
    table = pl.concat([own, other], how="diagonal_relaxed")
    return table.select(
        "product",
        name=pl.format("{}, pack of {}", "sold", "pack"),
        gtin=pl.Series([gtin(i + 1) for i in range(table.height)]),
        pieces_per_pack="pack",
        kg_per_pack=(pl.col("gram") * pl.col("pack") / 1000).round(4),
        litres_per_pack=(pl.col("litre") * pl.col("pack")).round(3),
        measures_how=pl.lit("assumed"),
        storage="storage",
        shelf_life_days="shelf_days",
    )


def _acceptance(rows: pl.DataFrame) -> pl.DataFrame:
    own = rows.filter(pl.col("state") == "listed").select(
        product="article",
        need="need",
        preference=pl.lit(1),
        valid_from=pl.lit(dt.date(2020, 1, 1)),
        basis=pl.lit("the need's own article"),
    )
    second = pl.DataFrame(
        [(p, need, start, end) for p, need, _, start, end in SUBSTITUTES],
        schema=["product", "need", "valid_from", "valid_to"],
        orient="row",
    ).with_columns(preference=pl.lit(2), basis=pl.lit("temporary equivalence, announced by the inspectorate"))
    table = pl.concat([own, second], how="diagonal_relaxed")
    return table.with_columns(
        known_at=moment(pl.col("valid_from")), source=pl.lit(FICTIONAL), how=pl.lit("assumed"), set_by=pl.lit("GMT")
    )


def _scope(rows: pl.DataFrame) -> pl.DataFrame:
    """One row for each step a need has taken: a week a step, the first of March at the earliest."""
    place = pl.col("need").rank("ordinal").cast(pl.Int64)
    steps = pl.DataFrame({"state_now": STATES, "step": range(4)})
    table = rows.with_columns(place=place).join(
        steps, left_on="state", right_on="state_now", how="left", maintain_order="left"
    )
    taken = table.join(steps.rename({"step": "taken", "state_now": "taken_state"}), how="cross").filter(
        pl.col("taken") <= pl.col("step")
    )
    start = pl.lit(dt.date(2020, 3, 2)) + pl.duration(days=pl.col("taken") * 7 + pl.col("place") % 5)
    last = pl.col("taken") == pl.col("step")
    return taken.with_columns(
        **{name: pl.lit(value) for name, value in DECIDED.items()},
        state="taken_state",
        valid_from=start,
        known_at=moment(start),
        action=pl.when(last)
        .then(pl.col("action"))
        .otherwise(pl.when(pl.col("taken") == 0).then(pl.lit("none")).otherwise(pl.lit("sourcing"))),
        lead_sourcing=pl.lit("LCH sourcing"),
        lead_buying=pl.lit("LCH buying"),
        lead_distributing=pl.lit("LCH logistics"),
        note=pl.when(last & (pl.col("state") != "listed")).then(pl.format("Asked: {}.", "specification")),
    )


def verdicts(size: Size) -> pl.DataFrame:
    """The experts' verdicts: two that agree, one expired, and one against the figures."""
    day = TODAY
    rows = [
        ("gown", "absolute_shortage", -7, 7, "less than a week in the country; inbound waits for aircraft"),
        ("ffp2", "specific_shortage", -7, 7, "small sizes and approved lots run out first"),
        ("glove_m", "early_warning", -21, -8, "use up by a third since the second week of March"),
        ("goggles", "specific_shortage", -4, 10, "wards report goggles that fog and are not used"),
    ]
    table = pl.DataFrame(
        [(n, v, day + dt.timedelta(a), day + dt.timedelta(b), e) for n, v, a, b, e in rows],
        schema=["need", "verdict", "valid_from", "valid_to", "evidence"],
        orient="row",
    ).with_columns(
        basis=pl.lit("expert meeting on scarcity"),
        source=pl.lit(FICTIONAL),
        how=pl.lit("estimated"),
        set_by=pl.lit("experts"),
    )
    table = table.with_columns(known_at=moment(pl.col("valid_from"), hour=15))
    return shaped(table.filter(pl.col("need").is_in(needs(size)["need"].implode())), POLICY["verdict"])
