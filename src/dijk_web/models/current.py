"""What is current of registers and requests: of each code the row told last, also where that withdraws it. Written in
the act that tells it; ``dijk rebuild --check`` makes all of it anew from the rows and compares.
"""

from django.db import models
from django.db.models import Index

from dijk_web.models.of_table import current_of


@current_of("organisation")
class Organisation(models.Model):
    """A legal entity."""

    organisation = models.CharField(max_length=80, primary_key=True)


@current_of("site")
class Site(models.Model):
    """A place."""

    site = models.CharField(max_length=80, primary_key=True)

    class Meta:
        """Sites are listed by region and by organisation."""

        indexes = (
            Index(fields=["region", "site"], name="site_of_region"),
            Index(fields=["organisation", "site"], name="site_of_organisation"),
        )


@current_of("need")
class Need(models.Model):
    """What care must have."""

    need = models.CharField(max_length=80, primary_key=True)


@current_of("product")
class Product(models.Model):
    """An article."""

    product = models.CharField(max_length=80, primary_key=True)


@current_of("request")
class Request(models.Model):
    """What a site asked for."""

    request = models.CharField(max_length=80, primary_key=True)

    class Meta:
        """Requests are listed by site and by day."""

        indexes = (
            Index(fields=["site", "day"], name="current_request_of_site"),
            Index(fields=["day", "request"], name="current_request_by_day"),
        )


CURRENT: dict[str, type[models.Model]] = {model.table: model for model in (Organisation, Site, Need, Product, Request)}
"""The projection of each table that has one."""
