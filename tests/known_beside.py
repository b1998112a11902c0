"""Registers and judgements that are known beside one table that somebody sends."""

import datetime as dt

import polars as pl

from dijk.tables import ON_DISK

KNOWN = dt.datetime(2020, 3, 1, tzinfo=dt.UTC)
CAME = dt.datetime(2020, 4, 27, 9, tzinfo=dt.UTC)


def known(name: str, *rows: dict[str, object]) -> pl.DataFrame:
    schema = ON_DISK[name]
    judged = {"valid_from": dt.date(2020, 3, 1), "basis": "test", "set_by": "test", "how": "assumed"}
    said = dict.fromkeys(schema.column_names()) | {"known_at": KNOWN, "source": "test"} | judged
    filled = [{column: (said | row)[column] for column in schema.column_names()} for row in rows]
    return schema.validate(pl.DataFrame(filled, infer_schema_length=None), cast=True)


def article(product: str, pack: int) -> dict[str, object]:
    return {"product": product, "name": product, "pieces_per_pack": pack, "storage": "ambient"}


def need(code: str, piece: str) -> dict[str, object]:
    return dict.fromkeys(("need", "name_en", "name_nl", "family", "specification"), code) | {"piece": piece}


def place(code: str) -> dict[str, object]:
    return {"site": code, "organisation": "o-1", "name": code, "kind": "care", "sector": "home", "region": "north"}


NORM = {
    "sector": "home",
    "driver": "shift",
    "reuse_stage": "conventional",
    "low": 1,
    "mid": 2,
    "high": 3,
    "coverage": 1,
}
REGION = {"name": "x", "scheme": "roaz"}
BESIDE = {
    "product": known("product", article("P-iir", 50), article("P-glove", 100)),
    "need": known("need", need("iir", "each"), need("glove", "pair")),
    "acceptance": known(
        "acceptance",
        {"product": "P-iir", "need": "iir", "preference": 1},
        {"product": "P-glove", "need": "glove", "preference": 1},
    ),
    "norm": known("norm", NORM | {"need": "iir", "risk_class": "splash"}),
    "site": known("site", place("home-1"), place("home-2")),
    "organisation": known("organisation", {"organisation": "o-1", "name": "One"}),
    "region": known("region", REGION | {"region": "north"}, REGION | {"region": "unknown"}),
    "sector": known("sector", {"sector": "home", "group": "care", "name_en": "x", "name_nl": "x"}),
}
