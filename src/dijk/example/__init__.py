"""A fictional country with the wave, the goods and the dirt of spring 2020. Made by code; nothing is copied.

What is calibrated on published figures and what is assumed stands in docs/explanation/example-country.md.

Examples in docstrings that name ``tables``, ``now`` or ``made`` speak of the small country of seed 1::

    tables = example("small", seed=1)
    inputs, policy = Inputs.of(tables, as_of=AS_OF), Policy.of(tables)
    now = present(inputs.known(), policy.known(AS_OF))
    made = plan(inputs, policy, seed=1)
"""

from typing import Literal

import polars as pl

from dijk.example import articles, care, centre, country, earlier, judged, ledger, wave
from dijk.example.dutch import in_dutch
from dijk.example.start import AS_OF, SIZES, Size, shaped
from dijk.tables import ON_DISK, PUBLISHED, empty
from dijk.tables.languages import Lang

__all__ = ["AS_OF", "SIZES", "country_with", "example"]


def example(size: Literal["small", "national"], *, seed: int, lang: Lang = "en") -> dict[str, pl.DataFrame]:
    """All tables of the fictional country, as known on Monday 27 April 2020 at 10:00 UTC.

    Parameters
    ----------
    size
        ``small``: a country of a tenth of the Dutch inhabitants, about 200 sites and 12 needs. ``national``: 20,000
        sites, 60 needs, indicators of 25 districts with a crosswalk to the eleven regions.
    seed
        Of every random draw; each table has a stream of its own. Same seed, same tables.
    lang
        Of its texts: articles, bases, advice. Figures and codes are the same in both languages.

    Returns
    -------
    Table by name: all that a dataset may hold; of the results of earlier runs the forecasts of indicators alone. Every
    row is valid.
    """
    how_large = SIZES[size]
    level = wave.levels(how_large, care.stated_days(how_large), seed=seed)
    tables = country_with(level, how_large, seed=seed) | {"indicator": wave.observed(how_large, seed=seed)}
    tables |= {"past_driver_forecast": earlier.driver_forecasts(tables["indicator"], tables["region"], seed=seed)}
    return in_dutch(tables) if lang == "nl" else tables


def country_with(level: pl.DataFrame, how_large: Size, *, seed: int) -> dict[str, pl.DataFrame]:
    """All tables of the country but the indicators, on a wave of the caller's.

    Parameters
    ----------
    level
        region, indicator, day, level: an indicator in a region as a share of the nation's top, on each of
        ``care.stated_days``.
    """
    registers = country.registers(how_large, seed=seed)
    judgements = {
        "norm": judged.norms(how_large),
        "scenario": judged.scenarios(),
        "policy_rule": judged.rules(),
        "fence": judged.fences(),
        "mandate": judged.mandates(),
        "policy_text": judged.texts(),
        "verdict": articles.verdicts(how_large),
    }
    known = registers | articles.articles(how_large) | judgements
    facts = _facts(known, level, how_large, seed)
    known["site"] = country.with_corrected_sizes(known["site"], seed=seed)
    none = {name: empty(name) for name in ON_DISK if name not in PUBLISHED and name != "indicator"}
    return none | known | facts


def _facts(known: dict[str, pl.DataFrame], level: pl.DataFrame, size: Size, seed: int) -> dict[str, pl.DataFrame]:
    sites = known["site"]
    activity = care.activity(sites, level, size, seed=seed)
    wanted = _cells(activity, known, size)
    cells = wanted.filter(pl.col("state") == "listed")
    answers = ledger.behaviour(sites, seed=seed)
    per_need = ["need", "article", "pack", "cent", "central_days", "inbound_days", "family"]
    national = cells.group_by(per_need, maintain_order=True).agg(pl.col("w").sum())
    regional = cells.group_by(*per_need, "region", maintain_order=True).agg(pl.col("w").sum())
    delivered = ledger.deliveries(cells, size, seed=seed)
    at_sites = ledger.stock(cells, answers, delivered, size, seed=seed)
    asked_for = ledger.requests(wanted, size, seed=seed)
    return {
        "asked": ledger.asked(answers, size),
        "activity": care.told(activity, seed=seed),
        "use": ledger.use(cells, seed=seed),
        "stock": pl.concat([at_sites, centre.central_stock(national, regional, sites, size, seed=seed)]),
        "request": shaped(asked_for, ON_DISK["request"]),
        "delivery": pl.concat([ledger.linked(delivered, asked_for), centre.rejected_deliveries(cells, size, sites)]),
        "inbound": centre.inbound(national, sites, size, seed=seed),
        "external_figure": centre.monitor(_counted(at_sites, cells), seed=seed),
    }


def _cells(activity: pl.DataFrame, known: dict[str, pl.DataFrame], size: Size) -> pl.DataFrame:
    """Each site and need with norm use, and all that the ledger needs of both."""
    sites = known["site"]
    stores = sites.filter(pl.col("kind") == "warehouse")["site"]
    hubs = sites.filter(pl.col("kind") == "regional_hub").select("region", hub="site")
    place = sites.select("site", warehouse=stores.gather(pl.int_range(sites.height, eager=True) % stores.len()))
    needs = articles.needs(size).select(
        "need", "article", "pack", "cent", "state", "central_days", "inbound_days", "site_days", "family"
    )
    rows = care.weight(activity, sites, known["norm"]).join(needs, on="need", maintain_order="left")
    groups = known["sector"].select("sector", pl.col("group").cast(pl.String))
    return (
        rows.join(place, on="site", maintain_order="left")
        .join(hubs, on="region", how="left", maintain_order="left")
        .join(groups, on="sector", maintain_order="left")
    )


def _counted(stock: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    rows = stock.join(
        cells.select("site", "need", "sector", "pack", product="article"), on=["site", "product"], maintain_order="left"
    )
    last = rows.filter((pl.col("day") == pl.col("day").max().over("site", "product")) & pl.col("pieces").is_not_null())
    return last.group_by("need", "sector", "pack", maintain_order=True).agg(pl.col("pieces").sum())
