"""Revisions of the newest weeks."""

import numpy as np
import pytest

from dijk.forecast.nowcast import nowcast, revision


def test_a_source_that_always_starts_at_half_is_doubled():
    final = np.arange(100.0, 130.0)
    learnt = revision(np.stack([(1 + final) / 2 - 1, final]), final)
    assert learnt.factor == pytest.approx([2.0, 1.0])
    assert nowcast(np.array([[100.0, 49.5]]), [learnt]) == pytest.approx(np.array([[100.0, 100.0]]))


def test_revisions_that_go_either_way_change_nothing():
    rng = np.random.default_rng(1)
    final = rng.uniform(100, 200, 40)
    learnt = revision((final * rng.choice([0.8, 1.25], 40))[None], final)
    assert learnt.factor.tolist() == [1.0]


def test_few_past_weeks_are_not_trusted():
    assert revision(np.full((1, 5), 50.0), np.full(5, 100.0)).factor.tolist() == [1.0]


def test_missing_stays_missing():
    learnt = revision(np.full((1, 20), 50.0), np.full(20, 100.0))
    assert np.isnan(nowcast(np.array([[5.0, np.nan]]), [learnt])[0, 1])
