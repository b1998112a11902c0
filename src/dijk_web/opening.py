"""Opening the tower from the command line, where no web server did."""

import os

import django
from django.core.exceptions import ImproperlyConfigured


class CannotOpen(Exception):
    """A setting is missing or wrong, or the database is not there; says which."""


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


def on_sqlite() -> bool:
    """Whether the database is SQLite."""
    from django.db import connection

    return connection.vendor == "sqlite"


def must_be_there() -> None:
    """Refuse a database that is not there or not up to date; nothing is made.

    Raises
    ------
    CannotOpen
        It does not answer, or lacks a change of its tables.
    """
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    if on_sqlite() and not os.path.exists(connection.settings_dict["NAME"]):
        raise CannotOpen(connection.settings_dict["NAME"])
    try:
        plan = MigrationExecutor(connection)
        missing = plan.migration_plan(plan.loader.graph.leaf_nodes())
    except DatabaseError as fault:
        raise CannotOpen(" ".join(str(fault).split())) from None
    if missing:
        raise CannotOpen(", ".join(str(one) for one, _ in missing))
