"""Norm use: norms times the activity that counts."""

from fractions import Fraction

import polars as pl
import pytest

from dijk.policy import Policy
from dijk.present.norm_use import norm_use_of
from small import AS_OF, registers, rows, world


@pytest.mark.slow
def test_a_product_exactly_halfway_is_rounded_as_anyone_would_by_hand():
    norm = {"low": 0.2625, "mid": 1.3125, "high": 2.6275, "coverage": 0.35}
    tables = registers() | {"norm": rows("norm", norm)}
    hundredths = range(1, 2001)
    told = pl.DataFrame({"site": [f"home-{n:04}" for n in hundredths], "units": [n / 100 for n in hundredths]})
    told = told.with_columns(sector=pl.lit("home"), driver=pl.lit("shift"), risk_class=pl.lit("contact"))
    per_day = norm_use_of(told, world(tables), Policy.of(tables).known(AS_OF)).sort("site")
    for name in ("low", "mid", "high"):
        per_hundredth = Fraction(str(norm[name])) * Fraction(35, 100) / 100 * 10**6
        assert any(n * per_hundredth % 1 == Fraction(1, 2) for n in hundredths)
        assert [round(w * 10**6) for w in per_day[name]] == [round(n * per_hundredth) for n in hundredths]
