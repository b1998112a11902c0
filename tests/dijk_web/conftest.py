"""A tower of its own for tests that commit, or that use more than one connection: rows that were told cannot be taken
back, so such a test begins with a copy of the empty database and throws it away.
"""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection, connections
from django.test.utils import setup_databases, teardown_databases

import country_once
from four_people import people
from ground import ground, hands
from planned_tower import divided, plan_in, planned

__all__ = ["divided", "ground", "hands", "people", "planned"]


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, shared_place: None, django_db_blocker: Any
) -> Iterator[None]:
    """The empty database, one per worker, also where no test but those with a copy of their own is asked for. On SQLite
    the first worker brings one up to date, which takes long, and the others begin with a copy of it.
    """
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            own = Path(connection.creation._get_test_db_name())
            shutil.copy(country_once.once("empty-tower", migrated) / "empty.sqlite3", own)
        made = databases(keepdb=connection.vendor == "sqlite")
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


def databases(*, keepdb: bool) -> Any:
    """The test database of this worker; one that is there already may be kept, and lacks nothing then."""
    return setup_databases(verbosity=0, interactive=False, aliases={"default"}, serialized_aliases=set(), keepdb=keepdb)


def migrated(folder: Path) -> None:
    """A file with an empty database that is up to date."""
    made = databases(keepdb=False)
    connections.close_all()
    folder.mkdir()
    shutil.copy(connections.settings["default"]["NAME"], folder / "empty.sqlite3")
    teardown_databases(made, verbosity=0)


@pytest.fixture
def tower(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any, tmp_path: Path
) -> Iterator[dict[str, Any]]:
    """A database of its own, empty but for the pen, or with the planned country where a test wants that; its settings,
    as Django has them.
    """
    wants_it = "planned" in request.fixturenames
    source = request.getfixturevalue("planned_once") if wants_it else connections.settings["default"]["NAME"]
    with django_db_blocker.unblock(), own_database(source, tmp_path) as settings:
        yield settings


@pytest.fixture(scope="session")
def planned_once(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The name of a database with the example country, a run of it and people, made once; see `planned_tower`."""
    folder = tmp_path_factory.mktemp("planned")
    empty = connections.settings["default"]["NAME"]
    with django_db_blocker.unblock(), own_database(empty, folder) as settings:
        plan_in(folder)
        connections.close_all()
        made, settings["NAME"] = settings["NAME"], empty
        yield made
        settings["NAME"] = made


@contextmanager
def own_database(source: str, folder: Path) -> Iterator[dict[str, Any]]:
    """A copy of a database that is thrown away; meanwhile it is the one that Django works on."""
    settings = connections.settings["default"]
    connections.close_all()
    before = settings["NAME"]
    settings["NAME"] = copied(source, folder)
    try:
        yield settings
    finally:
        connections.close_all()
        thrown, settings["NAME"] = settings["NAME"], before
        if settings["ENGINE"].endswith("postgresql"):
            on_the_server(f'DROP DATABASE "{thrown}" WITH (FORCE)')


@pytest.fixture
def surroundings(tower: dict[str, Any], tmp_path: Path) -> dict[str, str]:
    """The environment in which a process of its own works on that database, and on its folder."""
    told = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    if url := told.get("DIJK_DATABASE_URL"):
        told["DIJK_DATABASE_URL"] = urlsplit(url)._replace(path=f"/{tower['NAME']}").geturl()
    root = Path(__file__).parents[2]
    return told | {"DIJK_DATA": str(tmp_path), "DIJK_DEMO": "1", "PYTHONPATH": f"{root / 'src'}:{root / 'tests'}"}


def copied(empty: str, folder: Path) -> str:
    """The name of a copy of a database."""
    if connection.vendor == "sqlite":
        return str(shutil.copy(empty, folder / "dijk.sqlite3"))
    name = f"tower_{uuid.uuid4().hex[:12]}"
    on_the_server(f'CREATE DATABASE "{name}" TEMPLATE "{empty}"')
    return name


def on_the_server(statement: str) -> None:
    """A statement that needs a connection to no database in particular."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)
