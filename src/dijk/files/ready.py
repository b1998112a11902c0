"""What stands ready in a new workbook: registers and published norms, as rows that people may change.

Each row of a judgement says that it is assumed and where its value was published; nobody in the reader's own country
has set it. None says when it became known: such a row never sets the moment of a plan.
"""

import datetime as dt
from functools import cache
from importlib import resources

import polars as pl

from dijk.tables import ON_DISK, POLICY
from dijk.tables.languages import Lang

READY = ("need", "product", "acceptance", "scope", "norm", "sector", "risk_class", "driver", "region")
"""Tables of which rows stand ready, in the order in which people look at them."""

SINCE = dt.date(2020, 1, 1)
"""First day of the judgements that stand ready: before the facts of any epidemic that dijk is used for."""

SAID = {
    "assumed": (
        "assumed: published elsewhere, set by nobody here; replace it with a decision of your own",
        "aangenomen: elders gepubliceerd, hier door niemand vastgesteld; vervang dit door een eigen besluit",
    ),
    "listed": (
        "assumed: stands ready in this workbook, decided by nobody; change it as your own list says",
        "aangenomen: staat klaar in deze werkmap, door niemand besloten; pas het aan uw eigen lijst aan",
    ),
    "article": (
        "assumed: put the pack of your own supplier here",
        "aangenomen: zet hier de verpakking van uw eigen leverancier",
    ),
    "ready": ("stands ready in this workbook", "staat klaar in deze werkmap"),
    "pack": ("{}, pack of {}", "{}, per {} verpakt"),
}


def ready(table: str, lang: Lang) -> pl.DataFrame:
    """The rows of a table that stand ready, with the columns that say something; texts in a language."""
    rows = ROWS[table](lang) if table in ROWS else in_language(catalogue(table), lang)
    said = {"source": pl.lit(text("ready", lang))} | (judged(lang) if table in POLICY else {})
    rows = rows.with_columns(value.alias(name) for name, value in said.items() if name not in rows.columns)
    return rows.select(name for name in ON_DISK[table].column_names() if name in rows.columns)


@cache
def catalogue(name: str) -> pl.DataFrame:
    """A list that ships with dijk."""
    return pl.read_csv(resources.files("dijk.files").joinpath("ready", f"{name}.csv").read_bytes())


def in_language(rows: pl.DataFrame, lang: Lang) -> pl.DataFrame:
    """Rows with the texts of one language under the plain name of their column; names of things stay in both."""
    endings = [name.removesuffix("_en") for name in rows.columns if name.endswith("_en") and name != "name_en"]
    return rows.with_columns(pl.col(f"{name}_{lang}").alias(name) for name in endings)


def text(key: str, lang: Lang) -> str:
    """A text of ``SAID``."""
    return SAID[key][lang == "nl"]


def judged(lang: Lang) -> dict[str, pl.Expr]:
    """What each judgement says of itself."""
    return {
        "valid_from": pl.lit(SINCE),
        "basis": pl.lit(text("listed", lang)),
        "how": pl.lit("assumed"),
        "set_by": pl.lit("dijk"),
    }


def products(lang: Lang) -> pl.DataFrame:
    """An article for each need, under the same code."""
    name = pl.format(text("pack", lang), f"name_{lang}", "pieces_per_pack")
    return catalogue("need").with_columns(
        product="need", name=name, storage=pl.lit("ambient"), source=pl.lit(text("article", lang))
    )


def acceptances(lang: Lang) -> pl.DataFrame:
    """Each article serves the need it is named after."""
    return catalogue("need").select(product="need", need="need", preference=pl.lit(1))


def scopes(lang: Lang) -> pl.DataFrame:
    """Four needs that any epidemic of the airways asks for are listed, the others proposed; no action runs."""
    return catalogue("need").select("need", "state", action=pl.lit("none"))


def norms(lang: Lang) -> pl.DataFrame:
    """Published norms, a row per sector."""
    rows = in_language(catalogue("norm"), lang)
    return (
        rows.with_columns(sector=pl.col("sectors").str.split("|"))
        .explode("sector")
        .with_columns(reuse_stage=pl.lit("conventional"), coverage=pl.lit(1.0), basis=pl.lit(text("assumed", lang)))
    )


ROWS = {"product": products, "acceptance": acceptances, "scope": scopes, "norm": norms}
