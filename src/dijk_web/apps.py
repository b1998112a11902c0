"""The one app."""

from django.apps import AppConfig


class Tower(AppConfig):
    """The tower."""

    name = "dijk_web"
    verbose_name = "dijk"
