"""How fast the division is, and what it buys.

    python benchmarks/allocate.py [--quick] [--json FILE] [--docs docs/explanation/allocation.md]

Speed as ratios (the machine does not matter much): the kernel against one pass over the same arrays and against general
solvers, for a country (20,000 sites, 60 needs) and a union of countries (200,000 sites, 200 needs). Fairness: sixteen
weeks of scarcity under six rules; three routings of the regional check; real requests with fantasy numbers; wrong
norms. ``--docs`` writes tables and figures into that page, ``--only rules routing`` makes those alone, ``--quick``
takes smaller instances. Figures on real series are left out where the series are absent (``DIJK_SERIES`` names their
folder).
"""

import argparse
import os
import sys
from pathlib import Path

import allocate_real
import allocate_routing
import allocate_speed
import allocate_wave
import polars as pl
import vl_convert
from figures import Figure, publish, put, require

DATA = Path(os.environ.get("DIJK_SERIES", Path(__file__).resolve().parent.parent.parent / "shared" / "data"))
OURS = "equal cover, packs to the lowest (dijk)"


PARTS = ("rules", "routing", "norms", "requests", "speed")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", choices=PARTS, nargs="+", default=PARTS)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--docs", type=Path)
    given = parser.parse_args()
    if "speed" in given.only:
        require("test", "cvxpy", "clarabel")
    real = (DATA / "README.md").is_file()
    if not real:
        print(f"no real series at {DATA}: real requests and the real wave are left out", file=sys.stderr)
    figures: list[Figure] = []
    tables: dict[str, pl.DataFrame] = {}
    if "rules" in given.only:
        size = {"institutions": 1000, "seeds": 2} if given.quick else {"institutions": 4000, "seeds": 4}
        tables |= {"rules": allocate_wave.compared(pack=1, **size), "rounding": allocate_wave.compared(pack=50, **size)}
        figures += of_rules(tables["rules"], tables["rounding"])
    if "routing" in given.only:
        waves = {"made up": allocate_routing.made_up_wave()} | (
            {"spring 2020": allocate_routing.real_wave(DATA)} if real else {}
        )
        routing = allocate_routing.compared(waves, seeds=2 if given.quick else 5)
        tables |= {"routing": wide(routing), "spread": allocate_routing.by_error(waves, seeds=2 if given.quick else 5)}
        figures += of_routing(routing)
    if "norms" in given.only:
        tables |= {"norms": allocate_real.under_other_norms()}
        figures += of_norms(tables["norms"])
    if given.docs:
        write(given.docs, tables)
    if "requests" in given.only and real:
        figures += of_requests(allocate_real.real_requests(DATA))
    if "speed" in given.only:
        figures += allocate_speed.national(given.quick) + allocate_speed.union(given.quick)
    publish(figures, given.json)


def of_rules(rules: pl.DataFrame, rounding: pl.DataFrame) -> list[Figure]:
    """What our rule does beside the others, without and with packs of 50."""
    found = []
    for name, table in (("pieces", rules), ("packs of 50", rounding)):
        ours, others = table.filter(pl.col("rule") == OURS).row(0, named=True), table.filter(pl.col("rule") != OURS)
        gap = abs(ours["honest less inflating"])
        found += [
            Figure(f"16 weeks, {name}: unmet use", round(ours["unmet use"], 3), "share"),
            Figure(
                f"16 weeks, {name}: honest less inflating",
                round(ours["honest less inflating"], 2),
                "weeks out",
                "within 0.5",
                gap <= 0.5,
            ),
            Figure(f"16 weeks, {name}: weeks out, 95 in 100 stay below", round(ours["p95 weeks out"], 1), "weeks"),
        ]
        if name == "pieces":
            best = float(others.filter(~pl.col("rule").str.starts_with("equal cover"))["unmet use"].min())
            ratio = ours["unmet use"] / best
            found.append(
                Figure("16 weeks, pieces: unmet use / best simple rule", round(ratio, 3), "times", "<= 1", ratio <= 1)
            )
    return found


def of_routing(routing: pl.DataFrame) -> list[Figure]:
    """Unmet use by routing, at the middle assumption: half of the norm error corrected, one day of delay."""
    middle = routing.filter((pl.col("corrected") == 0.5) & (pl.col("delay_days") == 1))
    return [
        Figure(f"{row['wave']}, regional check {row['routing']}: unmet use", round(row["unmet"], 4), "share")
        for row in middle.iter_rows(named=True)
    ]


def of_norms(norms: pl.DataFrame) -> list[Figure]:
    """How far a wrong norm moves shares: largest change of any sector or region when its own norms are 20 % off."""
    far = norms.with_columns(
        change=pl.max_horizontal((pl.col("lower") - pl.col("share")).abs(), (pl.col("higher") - pl.col("share")).abs())
    )
    largest = far.group_by("kind").agg(pl.col("change").max()).sort("kind")
    return [
        Figure(f"norms 20 % off, largest change in a {kind}'s share", round(change, 4), "share")
        for kind, change in largest.iter_rows()
    ]


def of_requests(real: allocate_real.Real) -> list[Figure]:
    fantasy = real.capped.filter(pl.col("qty") > allocate_real.FANTASY)
    print("real requests, the largest that were capped:")
    for row in real.capped.head(5).iter_rows(named=True):
        print(f"  {row['ppe']}, requester {row['rec_id']}: {row['qty']:,} counts as {row['cap']:,}")
    return [
        Figure(
            "real requests, moved by fantasy numbers: dijk",
            round(real.moved, 6),
            "share of pieces",
            "<= 0.01",
            real.moved <= 0.01,
        ),
        Figure(
            "real requests, moved by fantasy numbers: proportional",
            round(real.moved_proportional, 4),
            "share of pieces",
        ),
        Figure("real requests, capped", real.capped.height, "requests"),
        Figure("real requests, above a million and capped", fantasy.height, "requests"),
    ]


def wide(routing: pl.DataFrame) -> pl.DataFrame:
    return routing.pivot("routing", index=["wave", "corrected", "delay_days"], values="unmet")


def write(page: Path, tables: dict[str, pl.DataFrame]) -> None:
    """Put the tables where the page has marks for them, and the figures beside the page."""
    for name, table in tables.items():
        put(page, name, table)
    for name, drawn in (("rules", figure), ("routing", routing_figure)):
        if name in tables:
            (page.parent / f"allocation-{name}.svg").write_text(drawn(tables[name]))


def figure(rules: pl.DataFrame) -> str:
    """Weeks that honest and inflating institutions could not cover their own use, per rule."""
    long = rules.unpivot(["honest", "inflating"], index="rule", variable_name="who", value_name="weeks")
    order, colours = rules["rule"].to_list(), {"domain": ["honest", "inflating"], "range": ["#1f4e79", "#d98c21"]}
    chart = {
        "width": 520,
        "height": 240,
        "data": {"values": long.to_dicts()},
        "mark": "bar",
        "encoding": {
            "x": {"field": "weeks", "type": "quantitative", "title": "weeks of own use not covered, of 16"},
            "y": {"field": "rule", "type": "nominal", "sort": order, "title": None, "axis": {"labelLimit": 260}},
            "yOffset": {"field": "who", "type": "nominal"},
            "color": {"field": "who", "type": "nominal", "title": None, "scale": colours},
        },
    }
    return str(vl_convert.vegalite_to_svg(chart, allowed_base_urls=[]))


def routing_figure(routing: pl.DataFrame) -> str:
    """Unmet use against the part of the norm error that a region corrects, per routing; a panel per wave and days of
    delay.
    """
    long = routing.unpivot(
        list(allocate_routing.ROUTINGS),
        index=["wave", "corrected", "delay_days"],
        variable_name="routing",
        value_name="unmet",
    )
    colours = {"domain": list(allocate_routing.ROUTINGS), "range": ["#6b6b6b", "#d98c21", "#1f4e79"]}
    panel = {
        "width": 150,
        "height": 150,
        "mark": {"type": "line", "point": True},
        "encoding": {
            "x": {
                "field": "corrected",
                "type": "quantitative",
                "title": "part of the error corrected",
                "axis": {"format": "%"},
            },
            "y": {"field": "unmet", "type": "quantitative", "title": "unmet use", "axis": {"format": "%"}},
            "color": {
                "field": "routing",
                "type": "nominal",
                "title": "through the region",
                "scale": colours,
                "sort": colours["domain"],
            },
            "strokeDash": {"field": "routing", "type": "nominal", "sort": colours["domain"], "legend": None},
        },
    }
    facet = {
        "column": {"field": "delay_days", "type": "ordinal", "title": "days of delay by the region's check"},
        "row": {"field": "wave", "type": "nominal", "title": None},
    }
    chart = {
        "data": {"values": long.to_dicts()},
        "facet": facet,
        "spec": panel,
        "resolve": {"scale": {"y": "independent"}},
    }
    return str(vl_convert.vegalite_to_svg(chart, allowed_base_urls=[]))


if __name__ == "__main__":
    main()
