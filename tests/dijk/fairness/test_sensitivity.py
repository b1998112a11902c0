"""Shares under norms that are wrong: positions, claims and division are done again, as if the norm had stood in the
policy.
"""

import polars as pl
import pytest

from dijk.allocate import allocate
from dijk.fairness.sensitivity import CASES, division_shares, moved, under
from small import ago, present, registers, rows

Tables = dict[str, pl.DataFrame]
REGIME = pl.DataFrame({"need": ["mask"], "effective": ["scarce"]})


def two_sectors(factor: float = 1.0, *, counted: int = 20) -> Tables:
    """A home in the north and a clinic in the south, alike; the norm of the clinic's sector times a factor; the clinic
    counted long ago.
    """
    clinic = {"site": "clinic", "sector": "hospital", "region": "south"}
    norms = ({"sector": s, "low": 1.0, "mid": 2.0 * f, "high": 4.0} for s, f in (("home", 1.0), ("hospital", factor)))
    stock = ({"site": "store", "pieces": 100, "day": ago(1)}, {"site": "clinic", "pieces": 60 + counted, "day": ago(5)})
    return registers(("home-1",)) | {
        "site": rows(
            "site", {"site": "store", "kind": "warehouse", "sector": None}, {"site": "home-1", "sector": "home"}, clinic
        ),
        "norm": rows("norm", *norms),
        "activity": rows("activity", *({"site": s, "day": ago(1), "units": 5.0} for s in ("home-1", "clinic"))),
        "request": rows(
            "request", *({"request": s, "site": s, "day": ago(2), "pieces": 500} for s in ("home-1", "clinic"))
        ),
        "stock": rows("stock", *stock),
    }


def share(tables: Tables) -> float:
    award = allocate(present(tables), REGIME, seed=1).award.with_columns(
        pieces=pl.col("packs") * pl.col("pieces_per_pack")
    )
    return float(award.filter(pl.col("site") == "clinic")["pieces"].sum() / award["pieces"].sum())


@pytest.mark.slow
def test_a_wrong_norm_gives_the_share_that_a_plan_with_that_norm_would_give() -> None:
    row = division_shares(present(two_sectors()), REGIME, seed=1).row(
        by_predicate=pl.col("sector") == "hospital", named=True
    )
    assert (row["share"], row["lower"], row["higher"]) == pytest.approx(
        [share(two_sectors(factor)) for factor in (1, 0.8, 1.2)], abs=1e-9
    )


def test_under_a_higher_norm_less_is_left_of_the_same_count() -> None:
    now = present(two_sectors())
    higher = under(now, now.norm_use.with_columns(mid=pl.col("mid") * 1.2))
    left = [each.position.filter(pl.col("site") == "clinic")["counts_as"].item() for each in (now, higher)]
    assert left == [80 - 50, 80 - 60]


@pytest.mark.slow
def test_shares_add_up_over_sectors_and_over_regions_and_the_ends_lie_about_the_middle() -> None:
    table = division_shares(present(two_sectors(counted=0)), REGIME, seed=1)
    for axis in ("sector", "region"):
        assert table.filter(pl.col(axis) != "all")["share"].sum() == pytest.approx(1)
    assert table.select(
        (pl.col("at_low") <= pl.col("share")).all() & (pl.col("share") <= pl.col("at_high")).all()
    ).item()
    assert moved(table).select("share", *CASES).equals(table.sort("sector", "region").select("share", *CASES))
