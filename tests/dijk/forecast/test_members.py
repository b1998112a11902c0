"""Members enter only where they were better of late, and what they change keeps its ranks."""

import datetime as dt
from importlib.util import find_spec

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from dijk.check import check
from dijk.desk.app import app
from dijk.forecast import forecast, members
from dijk.forecast.backtest import backtest, backtest_with_members
from dijk.forecast.drivers import look_ahead, quantile_forecast, sample_paths
from dijk.forecast.members import (
    LEAST_WEEKS,
    MEMBERS,
    ORIGINS,
    NoMembers,
    entering,
    imposed,
    member_quantiles,
    with_members,
)
from dijk.forecast.score import QUANTILE_LEVELS
from dijk.policy import Extra, starter_rules
from small_country import KNOWN, indicator_rows, present, table

needs_package = pytest.mark.skipif(
    find_spec("statsforecast") is None, reason="missing tool: pip install 'dijk[forecast]'"
)
NAMES = ("a", "b", "c")


def walks(weeks: int = 60, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.expm1(np.maximum(np.cumsum(rng.normal(0, 0.2, (3, weeks)), axis=1) + 5, 0.5))


def rules(word: str) -> pl.DataFrame:
    start = starter_rules(KNOWN)
    return start.with_columns(word=pl.when(pl.col("rule") == "forecast_members").then(pl.lit(word)).otherwise("word"))


@needs_package
@pytest.mark.slow
def test_members_give_quantiles_that_do_not_cross_and_the_same_twice():
    made = member_quantiles(walks(), 4)
    assert made.shape == (len(MEMBERS), 3, 4, len(QUANTILE_LEVELS))
    assert (np.diff(made, axis=-1) >= 0).all()
    assert (made >= 0).all()
    assert np.array_equal(made, member_quantiles(walks(), 4))


@needs_package
@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "row", "forecast"),
    [
        ("all zero", np.zeros(40), False),
        ("one value", np.full(40, 7.0), False),
        ("two points", np.array([np.nan] * 38 + [3.0, 5.0]), False),
        ("one short of enough", np.r_[np.full(40 - LEAST_WEEKS + 1, np.nan), walks(LEAST_WEEKS - 1)[0]], False),
        ("a gap that is bridged", np.where(np.arange(40) == 20, np.nan, walks(40)[0]), True),
        (
            "a gap that cuts the past off",
            np.where((np.arange(40) > 20) & (np.arange(40) < 33), np.nan, walks(40)[0]),
            False,
        ),
        ("two silent weeks at the end", np.where(np.arange(40) > 37, np.nan, walks(40)[0]), True),
        ("nothing at all", np.full(40, np.nan), False),
        ("nearly all zero", np.where(np.arange(40) == 30, 1.0, 0.0), True),
    ],
)
def test_an_odd_series_has_a_forecast_or_none_and_never_a_certain_one(name, row, forecast):
    made = member_quantiles(row[None], 3)
    assert np.isfinite(made).all() == forecast, name
    assert np.isnan(made).any() != forecast
    if forecast:
        assert (made[..., -1] > made[..., 0]).all()


@needs_package
@pytest.mark.slow
def test_a_member_enters_only_where_it_was_better(monkeypatch):
    counts = walks()

    def knows_the_future_of_b(past, horizon):
        made = np.full((2, len(past), horizon, 23), 1e6)
        at = past.shape[1]
        made[1, 1] = counts[1, at : at + horizon, None]
        return made

    monkeypatch.setattr(members, "member_quantiles", knows_the_future_of_b)
    assert entering(counts, NAMES).tolist() == [[False, False, False], [False, True, False]]


def test_a_member_that_was_just_as_good_does_not_enter(monkeypatch):
    counts = walks()

    def the_same(past, horizon):
        return np.repeat(quantile_forecast(look_ahead(past, NAMES, horizon))[None], 2, axis=0)

    monkeypatch.setattr(members, "member_quantiles", the_same)
    assert not entering(counts, NAMES).any()


def test_one_that_cannot_forecast_from_each_of_the_last_weeks_does_not_enter(monkeypatch):
    counts = walks()

    def perfect_but_for_once(past, horizon):
        at = past.shape[1]
        made = np.repeat(counts[None, :, at : at + horizon, None], 2, axis=0) * np.ones(23)
        return np.where(at == counts.shape[1] - ORIGINS, np.nan, made)

    monkeypatch.setattr(members, "member_quantiles", perfect_but_for_once)
    assert not entering(counts, NAMES).any()


def test_a_short_past_lets_no_member_in(monkeypatch):
    monkeypatch.setattr(members, "member_quantiles", lambda past, horizon: np.ones((2, len(past), horizon, 23)))
    assert not entering(np.ones((3, ORIGINS)), NAMES).any()


def test_the_ensemble_is_the_median_and_leaves_the_others_to_the_bit(monkeypatch):
    counts = walks()
    own = quantile_forecast(look_ahead(counts, NAMES, 3))
    monkeypatch.setattr(
        members,
        "member_quantiles",
        lambda past, horizon: np.stack([own[: len(past)] * 0 + 10, own[: len(past)] * 0 + 1e6]),
    )
    made = with_members(own, counts, np.array([[True, False, False], [True, False, True]]))
    assert made[0] == pytest.approx(own[0])  # between the two others
    assert np.array_equal(made[1], own[1])
    assert np.log1p(made[2]) == pytest.approx((np.log1p(own[2]) + np.log1p(1e6)) / 2)


@settings(deadline=None, derandomize=True, max_examples=15)
@given(st.integers(0, 10_000), st.floats(0.2, 5.0), st.integers(40, 300))
def test_imposed_paths_keep_their_ranks_and_take_the_quantiles(seed, times, samples):
    counts = walks(seed=seed % 7)
    outlook = look_ahead(counts, NAMES, 3)
    paths, wanted = sample_paths(outlook, samples, seed=seed), quantile_forecast(outlook) * times
    new = imposed(paths, wanted, [0, 2])
    assert np.array_equal(new[:, 1], paths[:, 1])
    for row in (0, 2):
        assert np.array_equal(np.argsort(new[:, row, 1], kind="stable"), np.argsort(paths[:, row, 1], kind="stable"))
        assert np.quantile(new[:, row, 1], 0.5) == pytest.approx(wanted[row, 1, 11], rel=0.15)


def test_a_plan_with_own_never_loads_the_package(monkeypatch):
    monkeypatch.setattr(members, "installed", lambda: pytest.fail("asked for"))
    assert forecast(present(), seed=1).demand.height > 0


def test_all_without_the_package_is_an_error_that_says_what_to_install(monkeypatch):
    monkeypatch.setattr(Extra, "installed", False)
    now = present({"policy_rule": rules("all")})
    found = check(now.world, now.policy).filter(pl.col("code") == "POLICY-05").to_dicts()
    assert found[0]["severity"] == "error"
    assert "pip install 'dijk[forecast]'" in found[0]["wanted_en"]
    monkeypatch.setattr(members, "installed", lambda: False)
    with pytest.raises(NoMembers, match="statsforecast"):
        member_quantiles(walks(), 2)


def test_a_word_that_the_rule_does_not_take_is_told():
    now = present({"policy_rule": rules("every")})
    found = check(now.world, now.policy).filter(pl.col("code") == "POLICY-02")
    assert found["found"].to_list() == ["forecast_members: every"]


@needs_package
@pytest.mark.slow
def test_a_plan_with_all_differs_only_where_a_member_enters(monkeypatch):
    rows = table("indicator", indicator_rows(7 * 30))
    as_of = dt.datetime(2020, 9, 7, 10, tzinfo=dt.UTC)

    def made(word: str) -> pl.DataFrame:
        return forecast(present({"indicator": rows, "policy_rule": rules(word)}, as_of=as_of), seed=1).driver_forecast

    own, north = made("own"), pl.col("region") == "north"
    assert made("all").equals(made("all"))
    monkeypatch.setattr(
        "dijk.forecast.members.entering", lambda counts, *_, **__: np.zeros((2, len(counts)), dtype=bool)
    )
    assert made("all").equals(own)
    monkeypatch.setattr("dijk.forecast.members.entering", lambda *_, **__: np.array([[True, False, False]] * 2))
    every = made("all")
    assert not every.filter(north).equals(own.filter(north))
    assert every.filter(region="south").equals(own.filter(region="south"))
    assert not every.filter(region="all").equals(own.filter(region="all"))


def small_log() -> pl.DataFrame:
    last = dt.date(2021, 2, 27)
    weeks = [last - dt.timedelta(weeks=ago) for ago in range(40)]
    rows = [
        (name, week, float(count), week + dt.timedelta(days=2))
        for name, row in zip("AB", walks(40), strict=False)
        for week, count in zip(weeks, row, strict=True)
    ]
    return pl.DataFrame(
        rows,
        schema={"location": pl.String, "week_end": pl.Date, "value": pl.Float64, "known_from": pl.Date},
        orient="row",
    )


@needs_package
@pytest.mark.slow
def test_the_backtest_with_members_sees_only_what_was_known(tmp_path):
    log, monday = small_log(), dt.date(2021, 2, 15)
    made = backtest_with_members(log, first=monday, last=monday, lead=2)
    assert made.drop("value").equals(backtest(log, first=monday, last=monday, lead=2).drop("value"))
    later = log.with_columns(value=pl.when(pl.col("known_from") > monday).then(pl.col("value") * 9).otherwise("value"))
    assert backtest_with_members(later, first=monday, last=monday, lead=2).equals(made)
    log.write_csv(tmp_path / "log.csv")
    days = ["--from", "2021-02-15", "--to", "2021-02-15", "--lead", "2", "--members", "all"]
    said = CliRunner().invoke(
        app, ["backtest", "--vintages", str(tmp_path / "log.csv"), *days, "-o", str(tmp_path / "made.parquet")]
    )
    assert said.exit_code == 0, said.output
    assert pl.read_parquet(tmp_path / "made.parquet").equals(made)


def test_the_command_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(members, "installed", lambda: False)
    small_log().write_csv(tmp_path / "log.csv")
    days = ["--from", "2021-02-15", "--to", "2021-02-15", "--members", "all"]
    said = CliRunner().invoke(
        app, ["backtest", "--vintages", str(tmp_path / "log.csv"), *days, "-o", str(tmp_path / "made.parquet")]
    )
    assert said.exit_code == 3
    assert "pip install 'dijk[forecast]'" in said.output
