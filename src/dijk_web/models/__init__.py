"""What the database holds."""

from dijk_web.models.person import Person

__all__ = ["Person"]
