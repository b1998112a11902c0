"""What lying brings: each attack by one site alone and by a tenth of all sites at once, on the small example.

    python benchmarks/attacks.py [--quick] [--sites N] [--json FILE] [--docs docs/explanation/allocation.md]

A lie begins in the newest weekly round (report 1), in the round before it (report 2), or was there from the beginning.
Gain is what a liar gets of the scarcest need beyond what the truth brings it, in packs, and in days of its true norm
use without the one pack that rounding may bring; loss is what the honest get less. A finding names a liar when its code
stands in one. A lie of a region is weighed by what all its sites get. The example has three rounds of activity, so that
a third report is one from the beginning. The honest under change are two: an outbreak and a theft. What they get when
they tell it and nobody has checked it yet is set beside what they get once somebody has. ``--quick``
tries three sites each, ``--sites`` so many.
"""

import argparse
import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from figures import Figure, publish, put

from dijk.allocate import allocate
from dijk.check import check, findings
from dijk.example import AS_OF, example
from dijk.inputs import Inputs
from dijk.policy import Policy
from dijk.present import present
from dijk.present.doubts import check_present
from dijk.tables.facts import FILL_ORDERS

Tables = dict[str, pl.DataFrame]
Attack = Callable[[Tables, pl.Series, dt.date], Tables]

BEGINS = {
    "1": AS_OF.date() - dt.timedelta(days=7),
    "2": AS_OF.date() - dt.timedelta(days=14),
    "ever": dt.date(2020, 1, 1),
}
"""After which day a lie is told, by the report at which it is seen."""

REPORTS = {"1": "first report", "2": "second", "ever": "lied ever since"}

SEED = 11
SCARCE, PACK = "gown", 10
GRAVE = ("icu_patient_day", "aerosol_procedure")


def lied(table: pl.DataFrame, sites: pl.Series, since: dt.date, **values: pl.Expr) -> pl.DataFrame:
    """A table in which some sites tell other values, which nobody checks, after a day."""
    theirs = pl.col("site").is_in(sites.implode()) & (pl.col("day") > since)
    told = {"checked_by": pl.lit(None, dtype=pl.String)} | values
    kind = table.schema
    return table.with_columns(
        **{name: pl.when(theirs).then(value.cast(kind[name])).otherwise(name) for name, value in told.items()}
    )


def times(table: str, column: str, factor: float) -> Attack:
    """Tell so many times a number."""

    def attack(tables: Tables, sites: pl.Series, since: dt.date) -> Tables:
        more = (pl.col(column) * factor).round(2 if tables[table].schema[column].is_float() else 0)
        return tables | {table: lied(tables[table], sites, since, **{column: more})}

    return attack


def untold(table: str, tables: Tables, sites: pl.Series, since: dt.date) -> Tables:
    """Tell nothing."""
    theirs = pl.col("site").is_in(sites.implode()) & (pl.col("day") > since)
    return tables | {table: tables[table].filter(~theirs)}


def own_not_told(tables: Tables, sites: pl.Series, since: dt.date) -> Tables:
    """Tell nothing of what it bought or was given; what the consortium and the region sent these tell themselves."""
    own = ~pl.col("channel").is_in(list(FILL_ORDERS))
    theirs = pl.col("site").is_in(sites.implode()) & (pl.col("day") > since)
    return tables | {"delivery": tables["delivery"].filter(~(theirs & own))}


def graver(tables: Tables, sites: pl.Series, since: dt.date) -> Tables:
    """Tell all care as the gravest that the site has."""
    rows = tables["activity"]
    grave = pl.col("driver").is_in(GRAVE)
    here = rows.filter(grave)["site"].unique()
    each = pl.col("units").sum().over("site", "day") / grave.sum().over("site", "day").clip(1)
    units = (
        pl.when(~pl.col("site").is_in(here.implode())).then("units").otherwise(pl.when(grave).then(each).otherwise(0.0))
    )
    return tables | {"activity": lied(rows, sites, since, units=units)}


def larger(tables: Tables, sites: pl.Series, since: dt.date) -> Tables:
    """Say to be ten times as large, on one's own word."""
    theirs = tables["site"].filter(pl.col("site").is_in(sites.implode()) & pl.col("size").is_not_null())
    told = theirs.with_columns(
        size=pl.min_horizontal(pl.col("size") * 10, 10**6),
        known_at=pl.lit(max(since, dt.date(2020, 2, 1))).cast(theirs.schema["known_at"]),
        size_confirmed_by=pl.lit("applicant").cast(theirs.schema["size_confirmed_by"]),
    )
    return tables | {"site": pl.concat([tables["site"], told])}


def counted(share: float) -> Attack:
    """Count so much of what is there."""

    def attack(tables: Tables, sites: pl.Series, since: dt.date) -> Tables:
        return tables | {"stock": lied(tables["stock"], sites, since, pieces=(pl.col("pieces") * share).floor())}

    return attack


def twice(tables: Tables, sites: pl.Series, since: dt.date) -> Tables:
    """Register a second time on one's own word, with the same activity and requests and no stock."""
    made = dict(tables)
    for name in ("site", "activity", "request"):
        theirs = tables[name].filter(pl.col("site").is_in(sites.implode()))
        theirs = theirs.filter(pl.col("day") > since) if name != "site" else theirs
        again = {"site": pl.col("site") + "b"} | ({"request": pl.col("request") + "b"} if name == "request" else {})
        if name == "site":
            own = pl.lit("applicant").cast(theirs.schema["size_confirmed_by"])
            again |= {"size_confirmed_by": pl.when(pl.col("size").is_not_null()).then(own)}
        made[name] = pl.concat([tables[name], theirs.with_columns(**again)])
    return made


def asked_again(tables: Tables, sites: pl.Series, since: dt.date) -> Tables:
    """Send each request again a day later."""
    theirs = tables["request"].filter(pl.col("site").is_in(sites.implode()) & (pl.col("day") > since))
    again = theirs.with_columns(request=pl.col("request") + "x", day=pl.col("day") + dt.timedelta(days=1))
    return tables | {"request": pl.concat([tables["request"], again])}


def blocked(tables: Tables, sites: pl.Series, since: dt.date) -> Tables:
    """Count all stock as blocked."""
    return tables | {"stock": lied(tables["stock"], sites, since, status=pl.lit("blocked"))}


def passed_on(tables: Tables, sites: pl.Series, since: dt.date) -> Tables:
    """Say to have given all stock to a place that asks for nothing."""
    held = tables["stock"].filter(
        pl.col("site").is_in(sites.implode()) & (pl.col("pieces") > 0) & (pl.col("day") > since)
    )
    last = held.filter(pl.col("day") == pl.col("day").max().over("site", "product"))
    other = tables["site"].filter(pl.col("kind") == "warehouse")["site"].sort()[0]
    sent = last.join(tables["acceptance"].select("product", "need").unique("product"), on="product").with_columns(
        delivery=pl.format("gift-{}-{}-{}", "site", "product", "lot"),
        from_site="site",
        site=pl.lit(other),
        day=pl.lit(AS_OF.date()),
        channel=pl.lit("donated"),
        request=pl.lit(None),
    )
    columns = [pl.col(name).cast(kind) for name, kind in tables["delivery"].schema.items()]
    return tables | {"delivery": pl.concat([tables["delivery"], sent.select(columns)])}


def twice_otherwise(tables: Tables, sites: pl.Series, since: dt.date) -> Tables:
    """Register a second time under another name, with activity that differs by one in a hundred."""
    made = twice(tables, sites, since)
    more = times("activity", "units", 1.01)(made, sites + "b", since)
    name = pl.when(pl.col("site").is_in((sites + "b").implode())).then(pl.lit("Annex")).otherwise("name")
    return more | {"site": more["site"].with_columns(name=name)}


def twice_by_size(tables: Tables, sites: pl.Series, since: dt.date) -> Tables:
    """Register a second time and tell no activity there."""
    made = twice(tables, sites, since)
    return made | {"activity": tables["activity"]}


def twice_elsewhere(tables: Tables, sites: pl.Series, since: dt.date) -> Tables:
    """Register a second time under another organisation and name, without a size, with activity times five."""
    made = twice_otherwise(tables, sites, since)
    made = times("activity", "units", 5)(made, sites + "b", since)
    second = pl.col("site").is_in((sites + "b").implode())
    other = tables["organisation"].filter(pl.col("organisation") != tables["site"]["organisation"][0])["organisation"]
    hidden = {name: pl.when(~second).then(name) for name in ("size", "size_unit", "size_confirmed_by")}
    hidden |= {"organisation": pl.when(second).then(pl.lit(other.min())).otherwise("organisation")}
    return made | {"site": made["site"].with_columns(**hidden)}


def gravest(tables: Tables, sites: pl.Series, since: dt.date) -> Tables:
    """Tell three times as much of the gravest care only."""
    more = pl.when(pl.col("driver").is_in(GRAVE)).then(pl.col("units") * 3).otherwise("units")
    return tables | {"activity": lied(tables["activity"], sites, since, units=more)}


def creeping(tables: Tables, sites: pl.Series, since: dt.date) -> Tables:
    """Tell a fifth more than is so in the first week, two fifths more in the second, and so on."""
    begin = max(since, AS_OF.date() - dt.timedelta(days=70))
    weeks = ((pl.col("day") - pl.lit(begin)).dt.total_days() / 7).ceil().clip(0)
    return tables | {"activity": lied(tables["activity"], sites, since, units=pl.col("units") * (1 + 0.2 * weeks))}


def pulsing(tables: Tables, sites: pl.Series, since: dt.date) -> Tables:
    """Tell five times as much, and only every other week."""
    more = times("activity", "units", 5)(tables, sites, since)
    week = (pl.lit(AS_OF.date()) - pl.col("day")).dt.total_days() // 7
    skipped = pl.col("site").is_in(sites.implode()) & (pl.col("day") > since) & (week % 2 == 1)
    return more | {"activity": more["activity"].filter(~skipped)}


def left_out(tables: Tables, sites: pl.Series, since: dt.date) -> Tables:
    """Leave the first article of each count out."""
    theirs = pl.col("site").is_in(sites.implode()) & (pl.col("day") > since)
    first = pl.col("product") == pl.col("product").min().over("site", "day")
    return tables | {"stock": tables["stock"].filter(~(theirs & first))}


def expired(tables: Tables, sites: pl.Series, since: dt.date) -> Tables:
    """Tell all stock as expired yesterday."""
    past = pl.lit(AS_OF.date() - dt.timedelta(days=1))
    return tables | {"stock": lied(tables["stock"], sites, since, expires_on=past)}


def told_as_earlier(tables: Tables, sites: pl.Series, since: dt.date) -> Tables:
    """Tell each delivery as of three weeks earlier."""
    theirs = pl.col("site").is_in(sites.implode()) & (pl.col("day") > since)
    day = pl.when(theirs).then(pl.col("day") - dt.timedelta(days=21)).otherwise("day")
    return tables | {"delivery": tables["delivery"].with_columns(day=day)}


def split(tables: Tables, sites: pl.Series, since: dt.date) -> Tables:
    """Send each request as three, each for as much."""
    theirs = tables["request"].filter(pl.col("site").is_in(sites.implode()) & (pl.col("day") > since))
    parts = [theirs.with_columns(request=pl.col("request") + f"p{n}", pieces=pl.col("pieces") + n) for n in range(1, 3)]
    return tables | {"request": pl.concat([tables["request"], *parts])}


def hubs_of(tables: Tables, sites: pl.Series) -> pl.DataFrame:
    """Hubs of the regions of some sites."""
    regions = tables["site"].filter(pl.col("site").is_in(sites.implode()))["region"].unique()
    return tables["site"].filter((pl.col("kind") == "regional_hub") & pl.col("region").is_in(regions.implode()))


def hub_in_quarantine(tables: Tables, sites: pl.Series, since: dt.date) -> Tables:
    """Count all that the regional hub holds as in quarantine."""
    hubs = hubs_of(tables, sites)["site"]
    return tables | {"stock": lied(tables["stock"], hubs, since, status=pl.lit("quarantine"))}


def buffer_of_its_own(tables: Tables, sites: pl.Series, since: dt.date) -> Tables:
    """Set a rule for the region by which its hub keeps all."""
    rule = tables["policy_rule"].head(1)
    regions = hubs_of(tables, sites)["region"].unique().to_list()
    own = [
        rule.with_columns(
            rule=pl.lit("buffer_share"),
            region=pl.lit(region),
            need=pl.lit("all"),
            sector=pl.lit("all"),
            value=pl.lit(1.0),
            word=pl.lit(None),
        ).select(pl.col(name).cast(kind) for name, kind in rule.schema.items())
        for region in regions
    ]
    return tables | {"policy_rule": pl.concat([tables["policy_rule"], *own])}


ATTACKS: dict[str, Attack] = {
    "activity doubled": times("activity", "units", 2),
    "activity times five": times("activity", "units", 5),
    "all care told as the gravest": graver,
    "activity no longer told": lambda t, s, d: untold("activity", t, s, d),
    "size times ten": larger,
    "size times ten, activity not told": lambda t, s, d: untold("activity", larger(t, s, d), s, d),
    "counts of nothing": counted(0),
    "counts halved": counted(0.5),
    "no longer counting": lambda t, s, d: untold("stock", t, s, d),
    "own purchases and gifts not told": own_not_told,
    "requests doubled": times("request", "pieces", 2),
    "requests times ten": times("request", "pieces", 10),
    "each request twice": asked_again,
    "registered twice": twice,
    "all stock blocked": blocked,
    "all stock passed on": passed_on,
    "registered again, activity one per cent more": twice_otherwise,
    "registered again, no activity told": twice_by_size,
    "registered again elsewhere, no size, activity times five": twice_elsewhere,
    "three times as much of the gravest care": gravest,
    "activity creeping up by a fifth a week": creeping,
    "activity times five, every other week": pulsing,
    "first article left out of counts": left_out,
    "all stock expired": expired,
    "deliveries told as three weeks earlier": told_as_earlier,
    "each request as three": split,
    "a region's hub in quarantine": hub_in_quarantine,
    "a region's buffer_share of 1": buffer_of_its_own,
    "activity doubled and counts halved": lambda t, s, d: counted(0.5)(times("activity", "units", 2)(t, s, d), s, d),
}
OF_A_REGION = ("a region's hub in quarantine", "a region's buffer_share of 1")
CHANGES: dict[str, Attack] = {
    "an outbreak: activity times three": times("activity", "units", 3),
    "a theft of all stock": counted(0),
}
"""What befalls the honest."""


@dataclass(frozen=True)
class Dealt:
    """Pieces of the scarcest need per site, and all that findings named."""

    pieces: dict[str, int]
    names: Callable[[], str]


def dealt(tables: Tables, seed: int) -> Dealt:
    """Divide what one telling of the world leaves to divide."""
    world, policy = Inputs.of(tables, as_of=AS_OF).known(), Policy.of(tables).known(AS_OF)
    now = present(world, policy)
    award = allocate(now, world.need.select("need", effective=pl.lit("scarce")), seed=seed).award
    got = (
        award.filter(pl.col("need") == SCARCE).group_by("site").agg((pl.col("packs") * pl.col("pieces_per_pack")).sum())
    )

    def names() -> str:
        with every_name() as named:
            check(world, policy)
            check_present(now)
        return " ".join(named)

    return Dealt(dict(got.rows()), names)


@contextmanager
def every_name() -> Iterator[list[str]]:
    """All that findings found, and not the first few examples that are shown."""
    named: list[str] = []
    make, shown = findings.finding, findings.SHOWN
    findings.SHOWN = 10**6
    findings.finding = lambda code, place, found=None, **more: (
        named.append(str(found)) or make(code, place, found, **more)
    )
    yield named
    findings.finding, findings.SHOWN = make, shown


def norm_use(tables: Tables) -> dict[str, float]:
    """Pieces a day of the scarcest need, per site."""
    now = present(Inputs.of(tables, as_of=AS_OF).known(), Policy.of(tables).known(AS_OF))
    return dict(now.norm_use.filter(pl.col("need") == SCARCE).group_by("site").agg(pl.col("mid").sum()).rows())


def tried(tables: Tables, sites: Sequence[str], *, seed: int) -> Iterator[dict[str, object]]:
    """A row per attack, report, group and site: what it got more, and what the honest got less."""
    truth, weight = dealt(tables, seed), norm_use(tables)
    for name, attack in ATTACKS.items():
        for report, since in BEGINS.items():
            for group in [*([site] for site in sites), list(sites)]:
                told = dealt(attack(tables, pl.Series(group), since), seed)
                gainers = who_gains(tables, name, group)
                yield from gains(
                    truth, told, gainers, weight, {"attack": name, "report": report, "alone": len(group) == 1}
                )


def who_gains(tables: Tables, attack: str, group: Sequence[str]) -> dict[str, list[str]]:
    """Per liar the sites that get its gain: itself and its second registration, or all sites of its region."""
    if attack not in OF_A_REGION:
        return {site: [site, f"{site}b"] for site in group}
    regions = tables["site"].filter(pl.col("site").is_in(list(group)))["region"].unique().sort()
    return {region: tables["site"].filter(pl.col("region") == region)["site"].to_list() for region in regions}


def gains(
    truth: Dealt, told: Dealt, gainers: dict[str, list[str]], weight: dict[str, float], row: dict[str, object]
) -> Iterator[dict[str, object]]:
    """A row per liar: what it got more, in packs and days, and what all others got less."""
    inside = {site for sites in gainers.values() for site in sites}
    lost = sum(pieces - told.pieces.get(site, 0) for site, pieces in truth.pieces.items() if site not in inside)
    more = {
        liar: sum(told.pieces.get(site, 0) - truth.pieces.get(site, 0) for site in sites)
        for liar, sites in gainers.items()
    }
    named = told.names() if any(pieces > PACK for pieces in more.values()) else ""
    for liar, pieces in more.items():
        use = sum(weight.get(site, 0.0) for site in gainers[liar])
        days = (pieces - PACK * (pieces > 0)) / use
        yield row | {"packs": pieces // PACK, "days": days, "named": liar in named, "lost_packs": lost // PACK}


def changed(tables: Tables, sites: Sequence[str], *, seed: int) -> Iterator[dict[str, object]]:
    """A row per change and site: days short of what it gets once another has seen it, at the first report and at the
    second.
    """
    weight = norm_use(tables)
    for name, change in CHANGES.items():
        for site in sites:
            one = pl.Series([site])
            for report, since in list(BEGINS.items())[:2]:
                told = change(tables, one, since)
                seen = {
                    k: told[k].with_columns(
                        checked_by=pl.when(pl.col("site") == site).then(pl.lit("region")).otherwise("checked_by")
                    )
                    for k in ("activity", "stock")
                }
                short = dealt(told | seen, seed).pieces.get(site, 0) - dealt(told, seed).pieces.get(site, 0)
                yield {"change": name, "report": report, "days": short / weight[site]}


def table(rows: pl.DataFrame) -> pl.DataFrame:
    """Per attack what one liar gains at most at each report, how many gain and how many of those nobody names, and what
    all of them gain together and cost the others.
    """
    alone, more = rows.filter("alone"), pl.col("days") > 0
    by_report = {f"days, {name}": pl.col("days").filter(pl.col("report") == r).max() for r, name in REPORTS.items()}
    one = alone.group_by("attack", maintain_order=True).agg(
        **by_report,
        most_packs=pl.col("packs").max(),
        gain=more.sum(),
        unnamed=(more & ~pl.col("named")).sum(),
        tried=pl.len(),
        aim_met=pl.when(~((pl.col("days") > 2) & (pl.col("report") != "1")).any() & ~(more & ~pl.col("named")).any())
        .then(pl.lit("yes"))
        .otherwise(pl.lit("no")),
    )
    all_at_once = rows.filter(~pl.col("alone") & (pl.col("report") == "2")).group_by("attack")
    together = all_at_once.agg(packs_together=pl.col("packs").sum(), others_lose=pl.col("lost_packs").max())
    return one.join(together, on="attack", how="left", maintain_order="left").rename({"attack": "lie"})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--docs", type=Path, help="put the table into this page")
    parser.add_argument("--sites", type=int, help="try so many sites; one in ten if not given")
    given = parser.parse_args()
    tables = example(size="small", seed=SEED)
    weight = norm_use(tables)
    asks = tables["request"].filter(pl.col("need") == SCARCE)["site"].unique().sort()
    liars = [site for site in asks if weight.get(site, 0) > 0.5]
    many = given.sites or (3 if given.quick else len(liars) // 10 + 1)
    drawn = np.random.default_rng(SEED).permutation(len(liars))[:many]
    sites = [liars[i] for i in sorted(drawn)]
    rows = pl.DataFrame(list(tried(tables, sites, seed=SEED)))
    honest = pl.DataFrame(list(changed(tables, sites, seed=SEED)))
    with pl.Config(
        tbl_rows=100,
        tbl_width_chars=240,
        tbl_cols=20,
        float_precision=1,
        fmt_str_lengths=60,
        tbl_hide_dataframe_shape=True,
        tbl_hide_column_data_types=True,
    ):
        print(
            table(rows),
            honest.group_by("change", "report").agg(pl.col("days").max(), tried=pl.len()).sort("change", "report"),
            sep="\n",
        )
    if given.docs:
        put(given.docs, "attacks", table(rows))
    later = rows.filter(pl.col("alone") & (pl.col("report") != "1"))["days"].max()
    unnamed = rows.filter(pl.col("alone") & (pl.col("days") > 0) & ~pl.col("named")).height
    publish(
        [
            Figure("most that one liar gains after two reports", round(later, 1), "days", "<= 2", later <= 2),
            Figure(
                "gains by one liar without a finding that names it",
                unnamed,
                f"of {rows.filter('alone').height}",
                "0",
                unnamed == 0,
            ),
            Figure(
                "most that an honest site loses at the second report, unchecked",
                round(honest.filter(pl.col("report") == "2")["days"].max(), 1),
                "days",
            ),
        ],
        given.json,
    )


if __name__ == "__main__":
    main()
