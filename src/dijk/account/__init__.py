"""The account: asked against delivered, and who has not answered."""

from dijk.account.drift import drift
from dijk.account.flow import flow
from dijk.account.not_answered import not_answered

__all__ = ["drift", "flow", "not_answered"]
