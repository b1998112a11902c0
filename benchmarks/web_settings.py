"""The settings of a tower that is measured: as it is served, with `web_bare` beside its pages."""

from dijk_web.settings import *  # noqa: F403

ROOT_URLCONF = "web_bare"
