"""The path of stock: what is left day by day, with what comes in, against sums by hand and the chance to run out."""

import numpy as np
import pytest

from dijk.assess.run_out import Inbound, nothing_inbound, run_out
from dijk.assess.stock_path import DAYS, LEVELS, levels_ahead, stock_path

MEDIAN = LEVELS.index(0.5)


def test_stock_goes_down_by_a_day_of_use_and_stops_at_nothing() -> None:
    left = levels_ahead(np.array([21.0]), np.full((1, 8), 14.0), nothing_inbound(1))
    assert left.shape == (len(LEVELS), DAYS + 1)
    assert left[MEDIAN, :12].tolist() == [21, 19, 17, 15, 13, 11, 9, 7, 5, 3, 1, 0]
    assert (left[:, 11:] == 0).all()


def test_what_comes_in_adds_on_its_day_and_pays_what_was_wanted_first() -> None:
    coming = Inbound(np.array([0, 0]), np.array([[2], [-1]]), np.array([30.0, 99.0]))
    left = levels_ahead(np.array([0.0]), np.full((1, 8), 70.0), coming)
    assert left[MEDIAN, :4].tolist() == [0, 0, 0, 0]  # 20 wanted on two days, 10 on the third: all 30 are used
    ample = levels_ahead(np.array([25.0]), np.full((1, 8), 70.0), coming)
    assert ample[MEDIAN, :4].tolist() == [25, 15, 5, 25]


def test_the_bands_hold_the_paths_that_they_name() -> None:
    stock = np.arange(100.0) + 1000
    left = levels_ahead(stock, np.zeros((100, 8)), nothing_inbound(100))
    inside = ((stock >= left[0, 5]) & (stock <= left[-1, 5])).mean()
    assert inside == pytest.approx(0.8, abs=0.02)


def test_the_median_is_out_on_the_day_on_which_half_of_the_futures_are() -> None:
    rng = np.random.default_rng(1)
    demand = rng.lognormal(3, 0.5, (201, 8))
    stock = np.full(201, 40.0)
    day = run_out(stock[None, :], demand[None], nothing_inbound(201)).day[0, 1]
    left = levels_ahead(stock, demand, nothing_inbound(201))[MEDIAN]
    assert abs(int(np.argmax(left == 0)) - day) <= 1


def test_a_need_whose_stock_nobody_knows_has_no_path() -> None:
    unknown = levels_ahead(np.array([np.nan]), np.ones((1, 8)), nothing_inbound(1))
    assert stock_path("gown", unknown).height == 0
    assert stock_path("gown", np.zeros((len(LEVELS), DAYS + 1))).height == len(LEVELS) * (DAYS + 1)
