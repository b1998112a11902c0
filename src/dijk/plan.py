"""The whole story on one page: from what is known at a moment to what we propose."""

import polars as pl

from dijk.account import drift, flow, not_answered
from dijk.allocate import allocate
from dijk.allocate.doubts import check_division
from dijk.assess import assess
from dijk.buy import purchase_need, scenario_cost
from dijk.check import BadInput, check, worst_first
from dijk.fairness.share_range import share_range
from dijk.forecast import forecast
from dijk.forecast.doubts import check_forecast
from dijk.forecast.track import past_scores
from dijk.inputs import Inputs
from dijk.planned import Plan
from dijk.policy import Policy
from dijk.present import present
from dijk.present.doubts import check_present


def plan(inputs: Inputs, policy: Policy, *, seed: int) -> Plan:
    """From what is known at ``inputs.as_of`` to what we propose.

    Same inputs, policy and seed give the same tables, on any number of threads.

    Raises
    ------
    BadInput
        A check finds an error; the findings say what, where and what was wanted.

    Examples
    --------
    A plan that was made of the example country (see `dijk.example`), and a dataset of which none can be made:

    >>> made.regime.filter(effective="scarce")["need"].to_list()
    ['ffp2', 'goggles', 'gown']
    >>> nothing = Inputs.of({}, as_of=now.world.as_of)
    >>> plan(nothing, Policy.of({}), seed=1)
    Traceback (most recent call last):
        ...
    dijk.check.findings.BadInput: 1 error in the input, the first: {'code': 'REG-01', ...
    """
    world, rules = inputs.known(), policy.known(inputs.as_of)
    finding = check(world, rules)
    if finding.filter(pl.col("severity") == "error").height:
        raise BadInput(finding)

    now = present(world, rules)  # what each site uses and has, what it asked for, what there is to share
    future = forecast(now, seed=seed)  # what care will need
    scores = past_scores(now)  # how earlier forecasts did
    picture = assess(now, future, seed=seed)  # what is short, and how each need is routed
    division = allocate(now, picture.regime, seed=seed)  # who gets what is scarce

    flows = flow(now)  # what was asked and delivered

    return Plan(
        finding=worst_first(
            pl.concat([finding, check_present(now), check_forecast(now, future, scores), check_division(division)])
        ),
        norm_use=now.norm_use,
        position=now.position,
        central_stock=now.central_stock,
        driver_forecast=future.driver_forecast,
        indicator_seen=future.indicator_seen,
        forecast_score=scores,
        usage_factor=future.usage_factor,
        demand=future.demand,
        situation=picture.situation,
        warehouse_outlook=picture.warehouse_outlook,
        stock_path=picture.stock_path,
        regime=picture.regime,
        claim=division.claim,
        award=division.award,
        award_line=division.award_line,
        level=division.level,
        purchase_need=purchase_need(now, future, picture.regime),
        scenario_cost=scenario_cost(now, future),
        flow=flows,
        drift=drift(flows, rules, today=world.today),
        share_range=share_range(now),
        not_answered=not_answered(world),
    )
