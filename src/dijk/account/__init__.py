"""The account: asked against delivered, where it went, what was bought, and who has not answered."""

from dijk.account.bought import bought_since, money
from dijk.account.delivered_where import delivered_where
from dijk.account.drift import drift
from dijk.account.flow import flow
from dijk.account.not_answered import not_answered

__all__ = [
    "bought_since",
    "delivered_where",
    "drift",
    "flow",
    "money",
    "not_answered",
]
