"""The present, as every step after it sees it."""

from dataclasses import dataclass

import polars as pl

from dijk.inputs import Inputs
from dijk.policy import Policy


@dataclass(frozen=True)
class Now:
    """The present, as every step after it sees it: the known world, the policy in force, and what follows from both.

    ``norm_use``, ``position`` and ``central_stock`` are tables of ``dijk.tables.results``; ``held`` is what
    ``held_stock`` gives, ``request`` what ``counted_requests`` gives.
    """

    world: Inputs
    policy: Policy
    norm_use: pl.DataFrame
    position: pl.DataFrame
    held: pl.DataFrame
    central_stock: pl.DataFrame
    request: pl.DataFrame
