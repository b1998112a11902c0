"""The example's own texts in Dutch: articles, specifications, units, bases, advice. Figures and codes are the same in
both languages.
"""

import polars as pl

from dijk.example.start import catalogue

TEXTS = {
    "product": ("name",),
    "need": ("specification",),
    "driver": ("unit",),
    "external_figure": ("definition",),
    "acceptance": ("basis", "set_by"),
    "scope": ("basis", "set_by", "note"),
    "verdict": ("basis", "set_by"),
    "norm": ("basis", "set_by"),
    "scenario": ("basis", "set_by", "advice"),
    "policy_rule": ("basis", "set_by"),
    "fence": ("basis", "set_by"),
    "mandate": ("basis", "set_by"),
    "policy_text": ("basis", "set_by"),
}
"""The columns that hold them, by table. Sources stay as they were published."""

PACK = ", pack of "


def in_dutch(tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The tables of the example with its texts in Dutch; a text without one, such as a standard, stays as it is."""
    dutch = dict(catalogue("dutch").iter_rows())
    return tables | {
        name: tables[name].with_columns(_said(column, dutch) for column in columns) for name, columns in TEXTS.items()
    }


def _said(column: str, dutch: dict[str, str]) -> pl.Expr:
    """A text in Dutch; of an article the size of its pack stands behind it."""
    parts = pl.col(column).str.splitn(PACK, 2)
    article, pack = parts.struct.field("field_0").replace(dutch), parts.struct.field("field_1")
    return pl.when(pack.is_null()).then(article).otherwise(pl.format("{}, per {} verpakt", article, pack)).alias(column)
