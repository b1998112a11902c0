"""The present: what follows from the known world and the policy in force before anything is forecast or divided."""

from dijk.inputs import Inputs
from dijk.policy import Policy
from dijk.present.held import by_status, held_stock
from dijk.present.norm_use import norm_use
from dijk.present.now import Now
from dijk.present.position import position
from dijk.present.requests import counted_requests


def present(world: Inputs, policy: Policy) -> Now:
    """What each site uses a day and has, what it asked for, and what there is to share."""
    weight, held = norm_use(world, policy), held_stock(world, policy)
    return Now(
        world=world,
        policy=policy,
        norm_use=weight,
        position=position(world, policy, weight),
        held=held,
        central_stock=by_status(held),
        request=counted_requests(world, policy, weight),
    )
