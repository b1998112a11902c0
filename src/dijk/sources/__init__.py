"""Importers of outside series, as published: to tables of dijk, with their known defects as findings."""

from dijk.sources.eu_hub import vintages
from dijk.sources.nl2020 import read, real_dataset
from dijk.sources.us2020 import requests

__all__ = ["read", "real_dataset", "requests", "vintages"]
