"""The fictional country: regions, sectors, risk classes, drivers, organisations and sites."""

import datetime as dt

import numpy as np
import polars as pl

from dijk.example.names import REGIONS, places
from dijk.example.start import FICTIONAL, LONG_KNOWN, Size, catalogue, shaped, stream
from dijk.tables import REGISTERS, UNKNOWN

NATION = "nation"
OVERSEAS = "R12"
MILLIONS = [1.73, 0.955, 1.045, 1.27, 1.36, 1.76, 1.56, 1.94, 2.18, 2.58, 1.12]
"""Inhabitants of the eleven regions in millions: the published public-health regions, added up by an assumed
grouping.
"""

REGION_CODES = [f"R{i:02d}" for i in range(1, 12)]
TILES = {
    "R01": (1, 3),
    "R02": (2, 3),
    "R03": (2, 4),
    "R04": (3, 3),
    "R05": (3, 2),
    "R06": (2, 2),
    "R07": (2, 1),
    "R08": (3, 1),
    "R09": (4, 1),
    "R10": (4, 2),
    "R11": (4, 3),
    "R12": (5, 1),
    UNKNOWN: (5, 3),
}
"""Row and column of each region on a map of tiles."""
ABROAD_SHARE = 0.004
"""Share of the nation's sites and activity that lies overseas; assumed."""

LOST_SHARE = 0.003
"""Share of the nation's sites and activity whose region nobody wrote down; assumed."""

# Population in thousands and region of the 25 districts; two districts lie in two regions, as borders cut through real
# ones.
DISTRICTS = {
    "R01": [590, 650, 490],
    "R02": [540, 830],
    "R03": [630],
    "R04": [710, 560],
    "R05": [1360],
    "R06": [1100, 420, 240],
    "R07": [670, 550, 340],
    "R08": [1130, 810],
    "R09": [1330, 390, 460],
    "R10": [1130, 660, 790],
    "R11": [520, 600],
}
CUT_THROUGH = {"D05": ("R03", 0.5), "D24": ("R10", 0.1)}
"""District, the region that has the rest of it, and how much that is."""
CLASSES = [
    ("aerosol", 1, "Aerosol-forming care", "Aerosolvormende zorg"),
    ("splash", 2, "Close care of infected people", "Nabije zorg voor besmette mensen"),
    ("contact", 3, "Close contact, not suspected", "Nauw contact, niet verdacht"),
    ("fleeting", 4, "Fleeting contact", "Vluchtig contact"),
]


def registers(size: Size, *, seed: int) -> dict[str, pl.DataFrame]:
    """Who and what there is, without needs and products."""
    sites = _sites(size, seed)
    rows = {
        "region": pl.concat([_regions(size), _districts(size)], how="diagonal_relaxed"),
        "region_share": _shares(size),
        "sector": catalogue("sectors").select("sector", "group", "name_en", "name_nl", "source"),
        "risk_class": pl.DataFrame(CLASSES, schema=["risk_class", "tier", "name_en", "name_nl"], orient="row"),
        "driver": catalogue("drivers"),
        "site": sites,
        "organisation": _organisations(sites),
    }
    stamps = {"known_at": pl.lit(LONG_KNOWN), "source": pl.lit(FICTIONAL)}
    return {
        name: shaped(
            table.with_columns(value.alias(c) for c, value in stamps.items() if c not in table.columns), REGISTERS[name]
        )
        for name, table in rows.items()
    }


def _regions(size: Size) -> pl.DataFrame:
    eleven = pl.DataFrame(
        {
            "region": REGION_CODES,
            "name": REGIONS,
            "population": [round(m * 1e6 * size.scale) for m in MILLIONS],
            "scheme": "roaz",
        }
    ).with_columns(
        source=pl.lit("assumed: published populations of public-health regions, grouped by us; names invented")
    )
    others = pl.DataFrame(
        [
            (OVERSEAS, "Overzeese eilanden", round(70_000 * size.scale), "overseas", FICTIONAL),
            (NATION, "Merlenland", int(eleven["population"].sum()), "nation", "assumed: the eleven regions together"),
            (UNKNOWN, "Onbekend", None, "roaz", "for what cannot be placed"),
        ],
        schema=["region", "name", "population", "scheme", "source"],
        orient="row",
    )
    tile = (
        pl.col("region").replace_strict(
            {code: tile[at] for code, tile in TILES.items()}, default=None, return_dtype=pl.Int64
        )
        for at in (0, 1)
    )
    return pl.concat([eleven, others], how="diagonal_relaxed").with_columns(
        valid_from=pl.lit(dt.date(2015, 1, 1)), tile_row=next(tile), tile_column=next(tile)
    )


def district_codes() -> pl.DataFrame:
    """The 25 districts: district, region it mostly lies in, persons (whole country)."""
    rows = [(region, 1000 * k) for region, thousands in DISTRICTS.items() for k in thousands]
    table = pl.DataFrame(rows, schema=["region", "persons"], orient="row")
    return table.with_row_index("district", offset=1).with_columns(
        pl.format("D{}", pl.col("district").cast(pl.String).str.zfill(2)).alias("district")
    )


def district_shares() -> pl.DataFrame:
    """Which share of each district lies in which region: from_region, to_region, share."""
    rows: list[tuple[str, str, float]] = []
    for district, region in district_codes().select("district", "region").iter_rows():
        other, part = CUT_THROUGH.get(district, ("", 0.0))
        rows += [(district, region, 1.0 - part), (district, other, part)]
    return pl.DataFrame(rows, schema=["from_region", "to_region", "share"], orient="row").filter(pl.col("share") > 0)


def _districts(size: Size) -> pl.DataFrame:
    rows = (
        district_codes()
        .select(
            region="district",
            name=pl.format("District {}", "district"),
            population="persons",
            scheme=pl.lit("safety_region"),
        )
        .with_columns(source=pl.lit("assumed: populations near those of the real safety regions"))
    )
    return rows.with_columns(valid_from=pl.lit(dt.date(2010, 1, 1))).head(rows.height if size.districts else 0)


def _shares(size: Size) -> pl.DataFrame:
    if not size.districts:
        return REGISTERS["region_share"].create_empty()
    own = pl.DataFrame({"from_region": [UNKNOWN], "to_region": [UNKNOWN], "share": [1.0]})
    source = pl.lit("assumed grouping; two borders cut through a district")
    return pl.concat([district_shares(), own]).with_columns(how=pl.lit("assumed"), source=source)


def placed(counts: np.ndarray, people: np.ndarray) -> np.ndarray:
    """Share whole numbers over regions by population, largest remainder, one each first where there are enough.

    Parameters
    ----------
    counts
        Sites per sector, shape (sectors,).
    people
        Inhabitants, shape (regions,), above 0.

    Returns
    -------
    Sites per sector and region, shape (sectors, regions); rows add up to ``counts``. Ties go to the first region.
    """
    first = np.where(counts >= len(people), 1, 0)[:, None] * np.ones(len(people), dtype=np.int64)
    exact = (counts - first.sum(axis=1))[:, None] * people / people.sum()
    given = np.floor(exact).astype(np.int64)
    left = counts - first.sum(axis=1) - given.sum(axis=1)
    order = np.argsort(-(exact - given), axis=1, kind="stable")
    extra = np.zeros_like(given)
    np.put_along_axis(extra, order, (np.arange(len(people)) < left[:, None]).astype(np.int64), axis=1)
    return np.asarray(first + given + extra, dtype=np.int64)


def _sites(size: Size, seed: int) -> pl.DataFrame:
    rng = stream(seed, "site")
    care = _care_sites(size, rng)
    hubs = pl.DataFrame({"region": REGION_CODES, "kind": "regional_hub", "sector": None})
    stores = pl.DataFrame(
        {"region": [REGION_CODES[i % 11] for i in range(size.warehouses)], "kind": "warehouse", "sector": None}
    )
    rows = pl.concat([care, hubs, stores], how="diagonal_relaxed").with_row_index("number", offset=1)
    town = pl.Series("town", places(rng, rows.height))
    what = pl.coalesce(
        pl.col("name_nl"),
        pl.when(pl.col("kind") == "warehouse").then(pl.lit("Magazijn")).otherwise(pl.lit("Regiodepot")),
    )
    return rows.with_columns(
        site=pl.format("S{}", pl.col("number").cast(pl.String).str.zfill(5)),
        organisation=pl.when(pl.col("kind") == "warehouse").then(pl.lit("O00000")).otherwise(_owner()),
        name=pl.format("{} {} {}", what, town, "number"),
    )


def _owner() -> pl.Expr:
    """Large sectors have several sites to an organisation, numbered from 50,000; elsewhere each site is its own."""
    several = pl.col("sector").is_in(["nursing_home", "disability", "home_care"]).fill_null(False)
    return pl.format(
        "O{}",
        pl.when(several).then(50_000 + pl.col("number") // 4).otherwise(pl.col("number")).cast(pl.String).str.zfill(5),
    )


def _care_sites(size: Size, rng: np.random.Generator) -> pl.DataFrame:
    sectors = catalogue("sectors")
    counts = sectors[size.column].to_numpy()
    abroad = np.where(counts >= 12, np.maximum(1, np.round(counts * ABROAD_SHARE)), 0).astype(np.int64)
    lost = np.where(counts >= 40, np.maximum(1, np.round(counts * LOST_SHARE)), 0).astype(np.int64)
    grid = np.hstack([placed(counts - abroad - lost, np.array(MILLIONS)), abroad[:, None], lost[:, None]])
    codes = np.array([*REGION_CODES, OVERSEAS, UNKNOWN])
    which = np.repeat(np.arange(grid.size), grid.ravel())
    table: pl.DataFrame = sectors[which // grid.shape[1]].select(
        "sector", "name_nl", "kind", "staff", "spread", "size_unit"
    )
    weight = np.exp(rng.normal(size=len(which)) * table["spread"].to_numpy()) * _people(
        codes[which % grid.shape[1]], grid, which
    )
    rows = table.with_columns(region=pl.Series(codes[which % grid.shape[1]]), weight=pl.Series(weight))
    exact = pl.col("weight") / pl.col("weight").sum().over("sector") * pl.col("staff") * size.scale
    rows = rows.with_columns(size=exact.round().clip(lower_bound=1).cast(pl.Int64))
    confirmed = rng.choice(["register", "region", "applicant"], size=rows.height, p=[0.8, 0.17, 0.03])
    return rows.drop("weight", "staff", "spread").with_columns(size_confirmed_by=pl.Series(confirmed))


def _people(region: np.ndarray, grid: np.ndarray, which: np.ndarray) -> np.ndarray:
    """Mean size of a site: inhabitants per site, so that a region's staff follow its inhabitants."""
    people = dict(
        zip([*REGION_CODES, OVERSEAS, UNKNOWN], [*MILLIONS, 17.475 * ABROAD_SHARE, 17.475 * LOST_SHARE], strict=True)
    )
    in_region = np.array([people[code] for code in region])
    return np.asarray(in_region / grid.ravel()[which])


def with_corrected_sizes(sites: pl.DataFrame, *, seed: int) -> pl.DataFrame:
    """Two applicants that first gave a size ten times too high; the region set it right on 10 April."""
    large = sites.filter((pl.col("sector") == "home_care") & (pl.col("size") > 50))
    wrong = large.sample(2, seed=seed).with_columns(
        size=pl.col("size") * 10, size_confirmed_by=pl.lit("applicant").cast(large.schema["size_confirmed_by"])
    )
    right = large.filter(pl.col("site").is_in(wrong["site"].implode())).with_columns(
        known_at=pl.lit(dt.datetime(2020, 4, 10, 9, tzinfo=dt.UTC)),
        size_confirmed_by=pl.lit("region").cast(large.schema["size_confirmed_by"]),
    )
    return pl.concat([sites.filter(~pl.col("site").is_in(wrong["site"].implode())), wrong, right]).sort(
        "site", "known_at"
    )


def _organisations(sites: pl.DataFrame) -> pl.DataFrame:
    owners = sites.unique("organisation", keep="first", maintain_order=True)
    number = pl.col("organisation").str.slice(1)
    own_name = (
        pl.when(pl.col("organisation") == "O00000")
        .then(pl.lit("Consortium hulpmiddelen"))
        .otherwise(pl.format("Stichting {}", "name"))
    )
    return owners.select("organisation", name=own_name, legal_id=pl.format("00{}", number.str.zfill(6))).sort(
        "organisation"
    )
