"""Opening the tower from the command line, where no web server did."""

import os

import django
from django.core.exceptions import ImproperlyConfigured


class CannotOpen(Exception):
    """A setting is missing or wrong; says which."""


def open_tower() -> None:
    """Make models and actions usable in this process, by the settings of the environment.

    Raises
    ------
    CannotOpen
        A setting is missing or wrong.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dijk_web.settings")
    try:
        django.setup()
    except ImproperlyConfigured as wrong:
        raise CannotOpen(str(wrong)) from None
