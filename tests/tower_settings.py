"""The settings of the tower under test: a demo in a folder of its own, on the database that the environment names."""

import os
import tempfile

os.environ["DIJK_DEMO"] = "1"
os.environ.setdefault("DIJK_TOWER_TESTS", tempfile.mkdtemp(prefix="dijk-tower-"))
os.environ["DIJK_DATA"] = os.environ["DIJK_TOWER_TESTS"]

from dijk_web.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a test need not be dear to guess
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
