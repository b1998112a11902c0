"""Forecast: indicators and what they drive, times norms, is what care will need."""

from dijk.forecast.demand import Joint, activity_now, driver_paths, norm_load
from dijk.forecast.horizon import horizon_of
from dijk.forecast.indicators import indicators_seen, weekly_series
from dijk.forecast.members import members_beside
from dijk.forecast.paths import FAN_SAMPLES, driver_busyness, driver_forecast, indicator_paths
from dijk.forecast.result import Forecast
from dijk.forecast.totals import Grid, demand_table
from dijk.forecast.usage_factor import usage_factor
from dijk.forecast.usage_in_demand import usage_samples
from dijk.forecast.vintages import nowcast_series, with_corrections
from dijk.present.now import Now

__all__ = ["Forecast", "forecast"]


def forecast(now: Now, *, seed: int) -> Forecast:
    """Forecast the indicators as joint sample paths, and the demand that follows from them.

    The weeks are named by their Monday and begin with the week of ``as_of``. The newest days of an indicator wait for
    the reporting lag. A driver that follows no indicator stays level; one whose indicator has no past is level with the
    wide spread of a newcomer.

    Raises
    ------
    NoMembers
        The policy asks for the members beside our own model, and their package is not installed.
    """
    world, policy, horizon = now.world, now.policy, horizon_of(now)
    seen = nowcast_series(weekly_series(world, horizon.last_day), world, horizon.last_day)  # newest weeks made whole
    beside = members_beside(seen, policy.word("forecast_members", world.today), seed=seed)
    indicators = indicator_paths(seen, horizon.steps, max(horizon.samples, FAN_SAMPLES), seed=seed, enter=beside)
    care = activity_now(world)  # what drives use today
    busy = driver_busyness(indicators, care, world, horizon, seed=seed)  # and how many times as much it will be
    usage = usage_factor(now, care.units)  # how much of the norms is really used
    common = policy.number("usage_common_share", world.today)
    joint = Joint(
        paths=driver_paths(care, busy),
        load=norm_load(policy, care, horizon.all_mondays, usage),
        times=usage_samples(usage, care.cells, horizon.samples, common=common, seed=seed),
    )
    return Forecast(
        driver_forecast=driver_forecast(indicators, horizon.mondays, as_of=world.as_of),
        indicator_seen=with_corrections(indicators_seen(world, horizon.last_day), seen),
        usage_factor=usage,
        demand=demand_table(joint, Grid.of(care.cells, world.sector), horizon.mondays, as_of=world.as_of),
        cells=care.cells,
        weeks=horizon.mondays,
        joint=joint,
    )
