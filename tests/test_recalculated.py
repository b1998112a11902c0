"""The plan beside an auditor's own recalculation of it (``recalculated.py``): no cell may differ.

In the small country all needs are worked out again, in the national one three that hold the hard parts together:

- ``gown``: scarce, two articles, a guarantee for care that binds, hubs that run out on their floors;
- ``ffp2``: two articles and one whose acceptance ended, hubs, the last packs part of a tier;
- ``swab``: one article, no hubs, few sites, some known by their size alone.

R10 divides its part of each by a floor of its own. No article serves two needs in either country. What rests on the forecast
is not worked out: chances, how a need is routed, and the demand, stock and
inbound from which buying starts, which the auditor is given.
"""

import ast
import datetime as dt
import math
import shutil
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import country_once
import recalculated
from dijk.account import flow
from dijk.allocate import allocate
from dijk.desk.app import run_command
from dijk.inputs import Inputs
from dijk.policy import Policy
from dijk.present import present

Tables = dict[str, list[recalculated.Cells]]

HARD = ("ffp2", "gown", "swab")
KEYS = {
    "norm_use": ("site", "need", "risk_class"),
    "position": ("site", "need"),
    "central_stock": ("need", "product", "region", "holder", "status"),
    "situation": ("need", "sector", "region"),
    "claim": ("site", "need", "risk_class", "holder"),
    "award": ("site", "need", "risk_class", "holder", "product"),
    "award_line": ("site", "need", "risk_class", "holder", "line"),
    "level": ("need", "tier", "holder", "region", "fence", "product"),
    "flow": ("need", "sector", "region"),
    "purchase_need": ("need", "curve"),
}
CHANCES = ["p_out_2w", "p_out_4w", "p_out_8w", "p_out_most_4w", "out_day_10", "out_day_50", "out_day_90"]
NOT_WORKED_OUT = {
    "situation": {*CHANCES, "short_pieces_4w", "known_at"},
    "award": {"route", "known_at"},
    "level": {"known_at"},
    "purchase_need": {"demand_pieces", "stock_pieces", "inbound_pieces", "missing"},
}
DECIMALS = {
    **dict.fromkeys(("low", "mid", "high", "norm_use", "norm_use_per_day"), 6),  # whole millionths
    **dict.fromkeys(("cover_days", "cover_least_days", "cover_before_days", "cover_after_days", "net_m3"), 6),
    **dict.fromkeys(("net_kg", "weeks_left_over"), 3),
}
"""Decimals of columns that are published rounded; of others the whole float64 is compared."""
QUOTIENTS = ("level_days", "need_met")
"""Columns of which the last bits are left free: float64 was reckoned with on the way. ``level_exact`` is the level."""


def same(column: str, ours: Any, published: Any) -> bool:
    if not isinstance(ours, Fraction) or published is None:
        return bool(ours == published)
    if column in DECIMALS:
        return float(round(ours, DECIMALS[column])) == round(published, DECIMALS[column])
    return math.isclose(ours, published, rel_tol=1e-14) if column in QUOTIENTS else float(ours) == published


def differences(ours: list[recalculated.Cells], table: pl.DataFrame, key: tuple[str, ...]) -> tuple[list[str], int]:
    """What differs, and how many cells were compared."""
    audited = {tuple(row[name] for name in key): row for row in ours}
    published = {tuple(row[name] for name in key): row for row in table.iter_rows(named=True)}
    assert len(audited) == len(ours)
    assert len(published) == table.height
    wrong = [f"{code}: only one of the two has it" for code in audited.keys() ^ published.keys()]
    cells = 0
    for code in audited.keys() & published.keys():
        for column, figure in audited[code].items():
            cells += 1
            if not same(column, figure, published[code][column]):
                wrong.append(f"{code} {column}: {published[code][column]} published, {figure} worked out")
    return wrong, cells


def of_needs(run: Path, needs: tuple[str, ...]) -> dict[str, pl.DataFrame]:
    """The tables of a run, as far as they speak of some needs."""
    tables = {name: pl.read_parquet(run / "results" / f"{name}.parquet") for name in KEYS}
    return {name: table.filter(pl.col("need").is_in(needs)) for name, table in tables.items()}


def audited(country: Path, published: dict[str, pl.DataFrame], needs: tuple[str, ...]) -> Tables:
    """The same tables, worked out from the raw files; what rests on the forecast as the plan has it."""
    level, buy = published["level"], published["purchase_need"]
    as_of = level["known_at"].max()
    assert isinstance(as_of, dt.datetime)
    columns = ("need", "curve", "demand_pieces", "stock_pieces", "inbound_pieces")
    given = {(need, curve): (*n,) for need, curve, *n in buy.select(columns).iter_rows()}
    raw = recalculated.read(country, as_of.strftime("%Y-%m-%dT%H:%M:%SZ"), needs)
    return recalculated.recalculated(raw, seed=level["tie_seed"].item(0), given=given)


@pytest.fixture(scope="module")
def small_needs() -> tuple[str, ...]:
    return tuple(sorted(country_once.tables()["need"]["need"]))


@pytest.fixture(scope="module")
def small_plan(small_needs: tuple[str, ...]) -> dict[str, pl.DataFrame]:
    return of_needs(country_once.commanded() / "monday", small_needs)


@pytest.fixture(scope="module")
def small_audit(small_plan: dict[str, pl.DataFrame], small_needs: tuple[str, ...]) -> Tables:
    return audited(country_once.commanded() / "country", small_plan, small_needs)


@pytest.mark.slow
@pytest.mark.parametrize("table", KEYS)
def test_an_auditor_finds_every_cell_of_the_small_country(
    table: str, small_plan: dict[str, pl.DataFrame], small_audit: Tables
) -> None:
    wrong, cells = differences(small_audit[table], small_plan[table], KEYS[table])
    assert wrong == []
    assert cells >= 300


def test_what_an_auditor_leaves_out_is_the_forecasts(small_plan: dict[str, pl.DataFrame], small_audit: Tables) -> None:
    for table in KEYS:
        left = set(small_plan[table].columns) - set(small_audit[table][0])
        assert left == NOT_WORKED_OUT.get(table, set()), table


def test_the_hard_parts_are_among_what_is_audited(small_plan: dict[str, pl.DataFrame]) -> None:
    level, position, line = (small_plan[name] for name in ("level", "position", "award_line"))
    for need in HARD:
        assert "R10" in level.filter(pl.col("need") == need)["region"]
    assert {"all", "care_gowns"} == set(level["fence"])
    assert level.filter(pl.col("need") == "gown", pl.col("fence") == "care_gowns")["product"].n_unique() == 2
    assert set(level["reach"]) == {"all", "part", "floor", "part_of_floor", "nothing"}
    assert set(line["line"]) >= {"over_norm", "in_stock", "scarcity", "tier", "pack_rounding", "fence", "region_change"}
    assert position["doubted"].sum() > 50
    assert set(position["reason"].drop_nulls()) == {"no_answer", "not_asked", "refused", "stale"}
    assert set(small_plan["central_stock"]["status"]) >= {"approved", "quarantine", "blocked", "expired", "unaccepted"}
    assert set(small_plan["norm_use"]["how"]) == {"counted", "estimated"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("part", "mistake", "seen_in"),
    [
        ("up", lambda pieces: int(pieces), {"position", "claim", "award"}),  # caps rounded down
        ("used", lambda w, days: w * (days + 1) // 10**6, {"position", "claim", "award", "situation"}),
        ("_cover", lambda claim, had: claim.s + had, {"award", "level"}),  # packs to the fewest pieces
        ("_doubles", lambda country, rows: set(), {"flow", "claim", "award"}),
        ("_most_told", lambda country: [row for row in country.tables["stock"] if row["pieces"]], {"position"}),
    ],
)
def test_a_mistake_of_the_auditor_is_seen(
    part: str,
    mistake: Any,
    seen_in: set[str],
    small_plan: dict[str, pl.DataFrame],
    small_needs: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recalculated, part, mistake)
    wrong = audited(country_once.commanded() / "country", small_plan, small_needs)
    found = {table for table in KEYS if differences(wrong[table], small_plan[table], KEYS[table])[0]}
    assert found >= seen_in


def test_the_auditor_shares_nothing_with_dijk() -> None:
    tree = ast.parse(Path(recalculated.__file__).read_text("utf-8"))
    named = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    named += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert {name.split(".")[0] for name in named} <= sys.stdlib_module_names


OTHER_RULES = [
    ("cap_days", "all", "nursing_home", "all", 15.0),
    ("cap_days", "ffp2", "all", "R05", 21.0),
    ("floor_days", "gown", "all", "all", 1.0),
    ("floor_days", "all", "hospital", "R03", 5.0),
    ("buffer_share", "gown", "all", "all", 0.29),
    ("buffer_share", "ffp2", "all", "R10", 0.07),
    ("buffer_share", "all", "all", "R03", 1.0),
    ("urgent_reserve_share", "all", "all", "all", 0.13),
    ("urgent_reserve_share", "ffp2", "all", "R10", 1.0),
    ("urgent_reserve_share", "all", "all", "R09", 0.5),
    ("quarantine_days", "gown", "all", "all", 1.0),
    ("floor_days", "gown", "all", "R09", 6.0),
    ("cap_days", "gown", "all", "R09", 7.0),
    ("silent_cover_days", "all", "home_care", "all", 4.0),
    ("count_margin", "iir", "all", "all", 1.25),
    ("absurd_times_norm", "all", "gp", "all", 2.0),
    ("double_within_days", "glove_m", "all", "all", 9.0),
]


def as_rules(table: pl.DataFrame) -> pl.DataFrame:
    """``OTHER_RULES`` as rows of the table of rules."""
    own = pl.DataFrame(OTHER_RULES, schema=["rule", "need", "sector", "region", "value"], orient="row")
    rest = table.head(1).drop(own.columns).with_columns(valid_from=dt.date(2020, 4, 2))
    return own.join(rest, how="cross").select(table.columns).cast(dict(table.schema))


@pytest.mark.slow
def test_an_auditor_finds_every_cell_under_other_rules(tmp_path: Path, small_needs: tuple[str, ...]) -> None:
    shutil.copytree(country_once.commanded() / "country", tmp_path, dirs_exist_ok=True)
    said = "2020-04-01T09:00:00Z,2020-04-02,,test,test,assumed,test"
    with (tmp_path / "policy_rule.csv").open("a", encoding="utf-8") as lines:
        lines.writelines(f"{said},{','.join(map(str, rule))},\n" for rule in OTHER_RULES)
    world, as_of = country_once.tables(), dt.datetime(2020, 4, 27, 8, tzinfo=dt.UTC)
    rules = pl.concat([world["policy_rule"], as_rules(world["policy_rule"])])
    policy = Policy.of(world | {"policy_rule": rules}).known(as_of)
    now = present(Inputs.of(world, as_of=as_of).known(), policy)
    division = allocate(now, country_once.plan().regime, seed=12)
    published = {name: getattr(now, name) for name in ("norm_use", "position", "central_stock")}
    published |= {name: getattr(division, name) for name in ("claim", "award", "award_line", "level")} | {
        "flow": flow(now)
    }
    ours = recalculated.recalculated(
        recalculated.read(tmp_path, "2020-04-27T08:00:00Z", small_needs), seed=12, given={}
    )
    for name, table in published.items():
        assert differences(ours[name], table, KEYS[name])[0] == [], name
    assert division.claim.filter(pl.col("at_hub") > 0)["region"].n_unique() > 1
    assert {("R09", "care_gowns"), ("R09", "all")} <= set(division.level.select("region", "fence").iter_rows())


@pytest.mark.slow
def test_an_auditor_finds_every_cell_where_awards_are_on_their_way(
    tmp_path: Path, small_needs: tuple[str, ...]
) -> None:
    """Half of what the plan awards was awarded nine days before, and again three days before."""
    shutil.copytree(country_once.commanded() / "country", tmp_path, dirs_exist_ok=True)
    world, as_of = country_once.tables(), dt.datetime(2020, 4, 27, 8, tzinfo=dt.UTC)
    half = country_once.plan().award.with_columns(packs=(pl.col("packs") + 1) // 2)
    past = pl.concat([half.with_columns(known_at=pl.lit(as_of) - dt.timedelta(days=days)) for days in (9, 3)])
    told = past.with_columns(known_at=pl.col("known_at").dt.strftime("%Y-%m-%dT%H:%M:%SZ"))
    told.write_csv(tmp_path / "past_award.csv")
    now = present(Inputs.of(world | {"past_award": past}, as_of=as_of).known(), Policy.of(world).known(as_of))
    division = allocate(now, country_once.plan().regime, seed=12)
    published = {name: getattr(now, name) for name in ("norm_use", "position", "central_stock")}
    published |= {name: getattr(division, name) for name in ("claim", "award", "award_line", "level")}
    ours = recalculated.recalculated(
        recalculated.read(tmp_path, "2020-04-27T08:00:00Z", small_needs), seed=12, given={}
    )
    for name, table in published.items():
        assert differences(ours[name], table, KEYS[name])[0] == [], name
    promised = now.central_stock.filter(pl.col("status") == "promised")
    assert set(promised["holder"]) == {"warehouse", "regional_hub"} and promised.height > 10
    assert 0 < now.position["promised"].gt(0).mean() < 1


@pytest.mark.long
def test_an_auditor_finds_every_cell_of_three_needs_of_the_nation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_command(["example", "nation", "--size", "national", "--form", "csv"]) == 0
    assert run_command(["plan", "nation", "-o", "monday"]) == 0
    published = of_needs(tmp_path / "monday", HARD)
    ours = audited(tmp_path / "nation", published, HARD)
    compared = 0
    for table, key in KEYS.items():
        wrong, cells = differences(ours[table], published[table], key)
        assert wrong == [], table
        compared += cells
    assert compared > 3_000_000
