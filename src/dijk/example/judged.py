"""Norms, scenarios and rules of the example."""

import datetime as dt

import polars as pl

from dijk.example.articles import needs
from dijk.example.start import FICTIONAL, LONG_KNOWN, TODAY, Size, catalogue, moment, shaped
from dijk.policy import starter_rules
from dijk.tables import ALL, POLICY

NORMS_SET = dt.date(2020, 3, 1)


def norms(size: Size) -> pl.DataFrame:
    """Table ``norm``: the catalogue per family, times the need's share of its family, for three stages of reuse.

    The stages scale the whole range; only the first is taken from publications, the other two are assumed.
    """
    rows = (
        needs(size)
        .select("need", "norm_family", "norm_share")
        .join(catalogue("norms"), on="norm_family", maintain_order="left")
        .with_columns(pl.col("sectors").str.split("|"))
        .explode("sectors")
        .rename({"sectors": "sector"})
    )
    stages = pl.concat(
        [
            rows.with_columns(factor=pl.lit(1.0), reuse_stage=pl.lit("conventional")),
            rows.with_columns(
                factor=pl.col("contingency").cast(pl.Float64), reuse_stage=pl.lit("contingency"), how=pl.lit("assumed")
            ),
            rows.with_columns(
                factor=pl.col("crisis").cast(pl.Float64), reuse_stage=pl.lit("crisis"), how=pl.lit("assumed")
            ),
        ]
    )
    table = stages.with_columns(
        (pl.col(c) * pl.col("norm_share") * pl.col("factor")).round(6) for c in ("low", "mid", "high")
    )
    return shaped(
        table.with_columns(
            pl.col("coverage").cast(pl.Float64),
            valid_from=pl.lit(NORMS_SET),
            known_at=moment(pl.lit(NORMS_SET)),
            basis=pl.lit("working norms of the example; not a guideline"),
            set_by=pl.lit("desk of the example"),
        ),
        POLICY["norm"],
    )


SCENARIOS = [
    (
        "preventive_care",
        "Preventive masks in care",
        "Preventief mondmaskers in de zorg",
        "iir",
        "nursing_home",
        "staff_shift",
        1.0,
        7,
        "max",
    ),
    (
        "preventive_care",
        "Preventive masks in care",
        "Preventief mondmaskers in de zorg",
        "iir",
        "disability",
        "staff_shift",
        1.0,
        7,
        "max",
    ),
    (
        "preventive_care",
        "Preventive masks in care",
        "Preventief mondmaskers in de zorg",
        "iir",
        "home_care",
        "staff_shift",
        1.0,
        14,
        "max",
    ),
    (
        "contact_professions",
        "Contact professions",
        "Contactberoepen",
        "iir",
        "contact_profession",
        "client_contact",
        0.9,
        7,
        "none",
    ),
    ("whole_public", "Whole public", "Hele publiek", "iir", "public", "person_day", 0.6, 14, "none"),
]


def scenarios() -> pl.DataFrame:
    """Table ``scenario``: three what-ifs on masks, each from 11 May."""
    columns = ["scenario", "name_en", "name_nl", "need", "sector", "driver", "coverage", "ramp_days", "in_curve"]
    rows = pl.DataFrame(SCENARIOS, schema=columns, orient="row")
    start = dt.date(2020, 5, 11)
    return shaped(
        rows.with_columns(
            advice=pl.lit("question put to the advice team, not yet advice"),
            starts_on=pl.lit(start),
            norm_factor=pl.lit(1.0),
            driver_factor=pl.lit(1.0),
            known_at=moment(pl.lit(TODAY - dt.timedelta(days=5))),
            valid_from=pl.lit(TODAY - dt.timedelta(days=5)),
            basis=pl.lit("scenario for the client meeting"),
            source=pl.lit(FICTIONAL),
            how=pl.lit("assumed"),
            set_by=pl.lit("desk of the example"),
        ),
        POLICY["scenario"],
    )


def fences() -> pl.DataFrame:
    """Table ``fence``: at least three in ten of the gowns for long-term care, until the middle of June."""
    decided = dt.date(2020, 4, 13)
    row = {
        "fence": "care_gowns",
        "need": "gown",
        "sector": "care",
        "region": ALL,
        "kind": "guarantee",
        "share": 0.3,
        "valid_from": decided,
        "valid_to": dt.date(2020, 6, 15),
        "basis": "agreement on the division of 11 to 13 April, as the example has it",
        "source": FICTIONAL,
        "how": "assumed",
        "set_by": "client meeting",
    }
    return shaped(pl.DataFrame([row]).with_columns(known_at=moment(pl.lit(decided))), POLICY["fence"])


MANDATES = [
    ("head_of_buying", ALL, "consortium", 25_000_000),
    ("director_of_the_consortium", ALL, "consortium", 500_000_000),
    ("director_of_the_consortium", "gown", "consortium", 1_000_000_000),
    ("director_general", ALL, "ministry", None),
]
"""Capacity, need, whom it binds, and cents an order at most."""


def mandates() -> pl.DataFrame:
    """Table ``mandate``: who signs orders for the consortium, and when the ministry must; the limits are assumed."""
    decided = dt.date(2020, 3, 30)
    rows = pl.DataFrame(MANDATES, schema=["capacity", "need", "signs_for", "most_cents"], orient="row")
    return shaped(
        rows.with_columns(
            known_at=moment(pl.lit(decided)),
            valid_from=pl.lit(decided),
            valid_to=pl.lit(dt.date(2020, 6, 30)),
            basis=pl.lit("mandate to the consortium, as the example has it"),
            source=pl.lit(FICTIONAL),
            how=pl.lit("assumed"),
            set_by=pl.lit("client meeting"),
        ),
        POLICY["mandate"],
    )


CARER = {
    "english": "An informal carer is whoever looks after somebody at home who has the virus or may have it, is not "
    "paid for it, and has no employer who provides protection. You need not live in the same house. Of each client one "
    "carer comes to the outlet, which counts clients and pieces and writes down no names.",
    "dutch": "Mantelzorger is wie thuis zorgt voor iemand die het virus heeft of kan hebben, daar niet voor betaald "
    "wordt, en geen werkgever heeft die voor bescherming zorgt. U hoeft niet in hetzelfde huis te wonen. Per cliënt "
    "komt één mantelzorger naar het uitgiftepunt, dat cliënten en stuks telt en geen namen opschrijft.",
}


def texts() -> pl.DataFrame:
    """Table ``policy_text``: who counts as an informal carer; the text is ours, in both languages."""
    decided = dt.date(2020, 4, 6)
    row = CARER | {
        "subject": "carer",
        "need": ALL,
        "valid_from": decided,
        "valid_to": dt.date(2020, 7, 1),
        "basis": "agreement on outlets for informal carers, as the example has it",
        "source": FICTIONAL,
        "how": "assumed",
        "set_by": "client meeting",
    }
    return shaped(pl.DataFrame([row]).with_columns(known_at=moment(pl.lit(decided))), POLICY["policy_text"])


def rules() -> pl.DataFrame:
    """Table ``policy_rule``: the starter rows, and one row that a region set for itself, with an end day."""
    start = starter_rules(LONG_KNOWN)
    own = start.filter(pl.col("rule") == "floor_days").with_columns(
        known_at=pl.lit(dt.datetime(2020, 4, 14, 9, tzinfo=dt.UTC)),
        valid_from=pl.lit(dt.date(2020, 4, 15)),
        valid_to=pl.lit(dt.date(2020, 6, 15)),
        region=pl.lit("R10"),
        value=pl.lit(3.0),
        basis=pl.lit("the region's own allocation rules, within its total"),
        source=pl.lit(FICTIONAL),
        set_by=pl.lit("coordinator of the region"),
    )
    return pl.concat([start, POLICY["policy_rule"].cast(own.select(start.columns))])
